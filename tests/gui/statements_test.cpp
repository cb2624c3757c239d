// SPDX-License-Identifier: GPL-3.0-or-later
// Statements on the desktop: looked at, imported, undone; records and the year written to files.
#include "../support/desk_fixture.h"
#include "ui/window/desk_actions.h"
#include "ui/window/export_dialogs.h"
#include "ui/window/import_dialog.h"
#include "ui/window/main_window.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QtTest>

using namespace khop;
using namespace khop::test;
using namespace khop::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr auto trades = "Ngày GD,Mã CK,Loại lệnh,KL khớp,Giá khớp,Giá trị khớp,Phí,Thuế\n"
                        "05/11/2026,SSI,Bán,500,\"32,000\",\"16,000,000\",\"24,000\",\"16,000\"\n"
                        "02/11/2026,SSI,Mua,\"1,000\",\"31,000\",\"31,000,000\",\"46,500\",0\n";

struct Desktop {
    DeskFixture desk;
    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;

    explicit Desktop(const QString &language = u"en"_s)
    {
        window = std::make_unique<MainWindow>(
            Options{.service = *desk.desk,
                    .account = desk.account,
                    .language = language,
                    .theme = u"dark"_s,
                    .settingsFile = folder.filePath(u"desktop.ini"_s)});
        window->show();
    }
    template <class Dialog>
    Dialog *open(QAction *action)
    {
        action->trigger();
        return window->findChild<Dialog *>();
    }
    QString file(const QString &name, const QByteArray &content) const
    {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(content);
        return file.fileName();
    }
    QByteArray content(const QString &name) const
    {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

template <class Widget>
Widget *in(QWidget *dialog, const char *name)
{
    return dialog->findChild<Widget *>(QLatin1String(name));
}

} // namespace

class StatementsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStatementIsLookedAtImportedAndUndone();
    void brokenFilesSayWhere();
    void recordsAndTheYearBecomeFiles();
};

void StatementsTest::aStatementIsLookedAtImportedAndUndone()
{
    Desktop d;
    auto *dialog = d.open<ImportDialog>(d.window->actions()->importStatement);
    QVERIFY(dialog);
    auto *apply = in<QPushButton>(dialog, "importApply");
    QVERIFY(!apply->isEnabled());
    in<QComboBox>(dialog, "importPreset")->setCurrentText(u"SSI"_s);
    dialog->choose(d.file(u"T.csv"_s, trades));
    const auto *rows = in<QTreeWidget>(dialog, "importRows");
    QCOMPARE(rows->topLevelItemCount(), 2);
    QCOMPARE(rows->topLevelItem(0)->text(1), u"New"_s);
    const auto *problem = in<QLabel>(dialog, "importProblem");
    QVERIFY(problem->text().contains(u"line 3"_s)); // nothing is there to pay with
    QVERIFY(!apply->isEnabled());
    in<QCheckBox>(dialog, "importCover")->setChecked(true);
    QVERIFY(in<QLabel>(dialog, "importCounts")->text().contains(u"31,046,500"_s));
    QVERIFY(apply->isEnabled());
    apply->click();
    QTRY_COMPARE(problem->text(), u"2 rows were imported."_s);
    QCOMPARE(d.desk.position(d.desk.account, "SSI").quantity, Quantity(500));
    QCOMPARE(rows->topLevelItem(0)->text(1), u"Known"_s);
    QVERIFY(!apply->isEnabled());

    auto *history = in<QTreeWidget>(dialog, "importHistory");
    QTRY_COMPARE(history->topLevelItemCount(), 1);
    history->setCurrentItem(history->topLevelItem(0));
    auto *undo = in<QPushButton>(dialog, "importUndo");
    QVERIFY(undo->isEnabled());
    undo->click();
    QTRY_COMPARE(problem->text(), u"The import was undone."_s);
    QVERIFY(d.desk.position(d.desk.account, "SSI").quantity.isZero());
    QTRY_VERIFY(history->topLevelItem(0)->isDisabled());
    QCOMPARE(rows->topLevelItem(0)->text(1), u"New"_s);
}

void StatementsTest::brokenFilesSayWhere()
{
    Desktop d(u"vi"_s);
    auto *dialog = d.open<ImportDialog>(d.window->actions()->importStatement);
    dialog->choose(d.file(u"T.csv"_s, "hello\nworld\n"));
    const auto *problem = in<QLabel>(dialog, "importProblem");
    QVERIFY(!problem->isHidden());
    QVERIFY2(problem->text().contains(u"T.csv: line 1"_s), qPrintable(problem->text()));
    in<QCheckBox>(dialog, "importCover")->setChecked(true);
    dialog->choose(
        d.file(u"T.csv"_s, QByteArray(trades) + "06/11/2026,NOPE,Mua,100,\"31,000\",,,\n"));
    auto *apply = in<QPushButton>(dialog, "importApply");
    QVERIFY(!apply->isEnabled()); // one row was refused
    auto *leaveOut = in<QCheckBox>(dialog, "importLeaveOut");
    QVERIFY(!leaveOut->isHidden());
    leaveOut->setChecked(true);
    QVERIFY(apply->isEnabled());
    dialog->choose(d.folder.filePath(u"nowhere.csv"_s));
    QVERIFY(problem->text().contains(u"nowhere.csv"_s));
    QVERIFY(!apply->isEnabled());
}

void StatementsTest::recordsAndTheYearBecomeFiles()
{
    Desktop d;
    d.desk.cash(d.desk.account, 100'000'000);
    d.desk.order(d.desk.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000);
    auto *records = d.open<ExportDialog>(d.window->actions()->exportRecords);
    QVERIFY(records);
    records->writeTo(d.folder.filePath(u"orders.csv"_s));
    const auto *saved = in<QLabel>(records, "fileOutcome");
    QTRY_VERIFY(saved->text().startsWith(u"Saved"_s));
    QVERIFY(d.content(u"orders.csv"_s).contains("SSI"));
    records->close();

    auto *year = d.open<YearDialog>(d.window->actions()->yearStatement);
    QVERIFY(year);
    const auto *outcome = in<QLabel>(year, "fileOutcome");
    year->writeTo(d.folder.filePath(u"2026.pdf"_s));
    QTRY_VERIFY(outcome->text().startsWith(u"Saved"_s));
    QVERIFY(d.content(u"2026.pdf"_s).startsWith("%PDF-"));
    year->writeTo(d.folder.filePath(u"nowhere/2026.pdf"_s));
    QTRY_VERIFY(outcome->text().contains(u"not written"_s));
}

QTEST_MAIN(StatementsTest)
#include "statements_test.moc"
