// SPDX-License-Identifier: GPL-3.0-or-later
// The practice day on the desktop: record, replay, step, and candles whose unit the user confirms.
#include "../support/desk_fixture.h"
#include "ui/ticket/confirm_dialog.h"
#include "ui/window/candles_dialog.h"
#include "ui/window/desk_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/recordings_dialog.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

using namespace khop;
using namespace khop::test;
using namespace khop::ui;
using namespace Qt::StringLiterals;

namespace {

struct Desktop {
    DeskFixture desk;
    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;

    explicit Desktop(const char *clock = "2026-11-20T10:00:00+07:00") : desk(clock)
    {
        window = std::make_unique<MainWindow>(
            Options{.service = *desk.desk,
                    .account = desk.account,
                    .language = u"en"_s,
                    .theme = u"dark"_s,
                    .settingsFile = folder.filePath(u"desktop.ini"_s)});
        window->show();
    }
    template <class Widget>
    Widget *find(const char *name) const
    {
        return window->findChild<Widget *>(QLatin1String(name));
    }
    QString caption() const { return find<QLabel>("practiceCaption")->text(); }
    QString file(const QString &name, const QByteArray &content) const
    {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(content);
        return file.fileName();
    }
};

} // namespace

class PracticeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDayIsRecordedAndReplayedFromTheMenu();
    void theDayStartsOverOnceConfirmed();
    void candlesWantTheirUnitConfirmed();
    void brokenCandlesSayWhere();
};

void PracticeTest::aDayIsRecordedAndReplayedFromTheMenu()
{
    Desktop d;
    DeskActions *actions = d.window->actions();
    d.desk.send(SetParticipants{true, 5});
    actions->record->trigger();
    QVERIFY(actions->record->isChecked());
    QTRY_VERIFY(d.caption().contains(u"recording"_s));
    QVERIFY(d.desk.desk->setSpeed(100).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(d.desk.desk->now() >= at("2026-11-20T10:02:00+07:00"), 20'000);
    QVERIFY(d.desk.desk->setSpeed(0).has_value());
    actions->record->trigger();
    QVERIFY(!actions->record->isChecked());

    actions->replay->trigger();
    auto *dialog = d.find<RecordingsDialog>("recordingsDialog");
    QVERIFY(dialog);
    auto *list = dialog->findChild<QTreeWidget *>(u"recordingsList"_s);
    QCOMPARE(list->topLevelItemCount(), 1);
    QCOMPARE(list->topLevelItem(0)->text(0), u"2026-11-20"_s);
    dialog->findChild<QPushButton *>(u"replayButton"_s)->click();
    QTRY_VERIFY(!d.find<RecordingsDialog>("recordingsDialog"));
    QCOMPARE(isoDate(vietnamDate(d.desk.desk->now())), std::string("2026-11-23"));
    QTRY_VERIFY(d.caption().startsWith(u"Replay of 2026-11-20"_s));

    // steps, held: each goes to the next recorded event
    QVERIFY(d.desk.desk->setSpeed(0).has_value());
    auto *step = d.find<QToolButton>("practiceStep");
    QTRY_VERIFY(step->isEnabled());
    const std::uint64_t played = d.desk.desk->state().played;
    step->click();
    QTRY_VERIFY(d.desk.desk->state().played > played);
    QCOMPARE(d.desk.desk->clock().speed, 0);

    actions->stopReplay->trigger();
    QVERIFY(!actions->stopReplay->isEnabled());
    QTRY_COMPARE(d.caption(), u"Practice day"_s);

    actions->replay->trigger();
    dialog = d.find<RecordingsDialog>("recordingsDialog");
    dialog->findChild<QPushButton *>(u"removeRecordingButton"_s)->click();
    list = dialog->findChild<QTreeWidget *>(u"recordingsList"_s);
    QCOMPARE(list->topLevelItemCount(), 0);
    QVERIFY(!dialog->findChild<QPushButton *>(u"replayButton"_s)->isEnabled());
}

void PracticeTest::theDayStartsOverOnceConfirmed()
{
    Desktop d;
    d.desk.cash(d.desk.account, 10'000'000);
    const auto order = d.desk.order(d.desk.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000);
    QCOMPARE(order.error.code, Code::OK);
    d.window->actions()->resetPractice->trigger();
    auto *dialog = d.window->findChild<ConfirmDialog *>();
    QVERIFY(dialog);
    dialog->reject();
    QTRY_VERIFY(!d.window->findChild<ConfirmDialog *>());
    QCOMPARE(d.desk.stateOf(*order.order).status, OrderStatus::Active);
    d.window->actions()->resetPractice->trigger();
    dialog = d.window->findChild<ConfirmDialog *>();
    QVERIFY(dialog);
    dialog->accept();
    QTRY_COMPARE(isoTime(d.desk.desk->now()), isoTime(at("2026-11-23T08:59:45+07:00")));
    QTRY_COMPARE(d.desk.stateOf(*order.order).status, OrderStatus::Cancelled);
    QCOMPARE(d.desk.dong(d.desk.account).held.raw(), 0);
}

void PracticeTest::candlesWantTheirUnitConfirmed()
{
    Desktop d("2026-11-20T08:30:00+07:00");
    d.window->actions()->candles->trigger();
    auto *dialog = d.find<CandlesDialog>("candlesDialog");
    QVERIFY(dialog);
    auto *accept = dialog->findChild<QPushButton *>(u"candlesAccept"_s);
    QVERIFY(!accept->isEnabled());
    dialog->choose(d.file(u"FPT.csv"_s, "Date,Open,High,Low,Close,Volume\n"
                                        "2024-01-02,95,96,94,95.5,900000\n"
                                        "2024-01-03,96.1,99.3,95.2,98.4,4200000\n"));
    const QString detected = dialog->findChild<QLabel *>(u"candlesDetected"_s)->text();
    QVERIFY2(detected.contains(u"thousand VND"_s) && detected.contains(u"95.5"_s),
             qPrintable(detected));
    QVERIFY(!accept->isEnabled()); // detected is not confirmed
    dialog->findChild<QRadioButton *>(u"candlesThousand"_s)->click();
    QVERIFY(accept->isEnabled());
    QCOMPARE(dialog->findChild<QComboBox *>(u"candlesDay"_s)->currentText(), u"03/01/2024"_s);
    accept->click();
    const InstrumentIndex fpt = d.desk.symbol("FPT");
    QTRY_COMPARE((*d.desk.desk->instruments())[fpt].reference, Price(95'500));
}

void PracticeTest::brokenCandlesSayWhere()
{
    Desktop d;
    d.window->actions()->candles->trigger();
    auto *dialog = d.find<CandlesDialog>("candlesDialog");
    dialog->choose(
        d.file(u"FPT.csv"_s, "Date,Open,High,Low,Close,Volume\n2024-01-02,95,90,94,95,9\n"));
    const QString problem = dialog->findChild<QLabel *>(u"candlesProblem"_s)->text();
    QVERIFY2(problem.contains(u"FPT.csv: line 2"_s), qPrintable(problem));
    dialog->findChild<QRadioButton *>(u"candlesDong"_s)->click();
    QVERIFY(!dialog->findChild<QPushButton *>(u"candlesAccept"_s)->isEnabled());
}

QTEST_MAIN(PracticeTest)
#include "practice_test.moc"
