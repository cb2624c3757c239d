// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/export_dialogs.h"

#include "statement/year_pdf.h"
#include "ui/language.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

QDate qDate(Date date)
{
    return QDate::fromString(QString::fromStdString(isoDate(date)), Qt::ISODate);
}

std::optional<Date> dateOf(const QDateEdit &edit)
{
    return parseIsoDate(edit.date().toString(Qt::ISODate).toStdString());
}

constexpr int firstYear = 2000;

} // namespace

FileDialogBase::FileDialogBase(DeskFeed &feed, AccountNo account, QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_account(account)
    , m_outcome(new QLabel(this))
{
    m_outcome->setObjectName(u"fileOutcome"_s);
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setWordWrap(true);
    m_outcome->hide();
}

void FileDialogBase::addFoot(QLayout *layout)
{
    auto *buttons = new QDialogButtonBox(this);
    m_save = buttons->addButton(tr("Save as…"), QDialogButtonBox::ActionRole);
    m_save->setDefault(true);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    layout->addWidget(m_outcome);
    layout->addWidget(buttons);
    connect(m_save, &QPushButton::clicked, this, &FileDialogBase::askWhere);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void FileDialogBase::askWhere()
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    const QString path =
        QFileDialog::getSaveFileName(this, windowTitle(), folder.filePath(suggestedName()));
    if (!path.isEmpty())
        writeTo(path);
}

void FileDialogBase::begin()
{
    m_save->setEnabled(false);
    m_outcome->hide();
}

void FileDialogBase::finish(const QString &path, const Result<std::string> &bytes)
{
    m_save->setEnabled(true);
    m_outcome->show();
    if (!bytes) {
        m_outcome->setText(sentenceText(bytes.error()));
        return;
    }
    QSaveFile file(path);
    const auto size = static_cast<qint64>(bytes->size());
    if (file.open(QIODevice::WriteOnly) && file.write(bytes->data(), size) == size && file.commit())
        m_outcome->setText(tr("Saved: %1").arg(path));
    else
        m_outcome->setText(tr("The file %1 was not written: %2").arg(path, file.errorString()));
}

ExportDialog::ExportDialog(DeskFeed &feed, AccountNo account, QWidget *parent)
    : FileDialogBase(feed, account, parent)
    , m_kind(new QComboBox(this))
    , m_period(new QCheckBox(tr("Only a period"), this))
    , m_from(new QDateEdit(this))
    , m_to(new QDateEdit(this))
    , m_mark(new QCheckBox(tr("For spreadsheets that need a byte order mark"), this))
{
    setObjectName(u"exportDialog"_s);
    setWindowTitle(tr("Export records"));
    m_kind->setObjectName(u"exportKind"_s);
    m_kind->addItem(tr("Orders"), static_cast<int>(ExportKind::Orders));
    m_kind->addItem(tr("Executions"), static_cast<int>(ExportKind::Executions));
    m_kind->addItem(tr("Positions"), static_cast<int>(ExportKind::Positions));
    m_kind->addItem(tr("Cash movements"), static_cast<int>(ExportKind::Cash));
    const QDate today = qDate(vietnamDate(feed.service().now()));
    for (QDateEdit *edit : {m_from, m_to}) {
        edit->setDisplayFormat(u"dd/MM/yyyy"_s);
        edit->setCalendarPopup(true);
        edit->setDate(edit == m_from ? QDate(today.year(), today.month(), 1) : today);
        edit->setEnabled(false);
        connect(m_period, &QCheckBox::toggled, edit, &QWidget::setEnabled);
    }
    m_mark->setChecked(true);
    auto *form = new QFormLayout;
    form->addRow(tr("What"), m_kind);
    form->addRow(QString(), m_period);
    form->addRow(tr("From"), m_from);
    form->addRow(tr("To"), m_to);
    form->addRow(QString(), m_mark);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    addFoot(layout);
}

ExportKind ExportDialog::kind() const
{
    return static_cast<ExportKind>(m_kind->currentData().toInt());
}

QString ExportDialog::suggestedName() const
{
    const std::string_view kindName = name(kind());
    return u"khop-%1.csv"_s.arg(
        QLatin1String(kindName.data(), static_cast<qsizetype>(kindName.size())));
}

void ExportDialog::writeTo(const QString &path)
{
    begin();
    ExportRequest request{m_account, kind(), {}, {}, m_mark->isChecked()};
    if (m_period->isChecked()) {
        request.from = dateOf(*m_from);
        request.to = dateOf(*m_to);
    }
    exportCsv(m_feed.service(), request, [self = QPointer(this), path](Result<std::string> csv) {
        QMetaObject::invokeMethod(
            qApp,
            [self, path, csv = std::move(csv)] {
                if (self)
                    self->finish(path, csv);
            },
            Qt::QueuedConnection);
    });
}

YearDialog::YearDialog(DeskFeed &feed, AccountNo account, QWidget *parent)
    : FileDialogBase(feed, account, parent)
    , m_year(new QSpinBox(this))
    , m_language(new QComboBox(this))
    , m_form(new QComboBox(this))
{
    setObjectName(u"yearDialog"_s);
    setWindowTitle(tr("Yearly statement"));
    const int present = yearOf(vietnamDate(feed.service().now()));
    m_year->setRange(firstYear, present);
    m_year->setValue(present);
    m_language->addItem(u"Tiếng Việt"_s, static_cast<int>(Language::Vietnamese));
    m_language->addItem(u"English"_s, static_cast<int>(Language::English));
    m_language->setCurrentIndex(languageCode() == "vi"_L1 ? 0 : 1);
    m_form->setObjectName(u"yearForm"_s);
    m_form->addItem(u"PDF"_s, true);
    m_form->addItem(u"CSV"_s, false);
    auto *form = new QFormLayout;
    form->addRow(tr("Year"), m_year);
    form->addRow(tr("Language"), m_language);
    form->addRow(tr("Format"), m_form);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    addFoot(layout);
}

QString YearDialog::suggestedName() const
{
    return u"khop-%1.%2"_s.arg(m_year->value())
        .arg(m_form->currentData().toBool() ? u"pdf"_s : u"csv"_s);
}

void YearDialog::writeTo(const QString &path)
{
    begin();
    const auto language = static_cast<Language>(m_language->currentData().toInt());
    readYearStatement(m_feed.service(), m_account, m_year->value(),
                      [self = QPointer(this), path, language, pdf = m_form->currentData().toBool(),
                       instruments = m_feed.service().instruments(),
                       rules = m_feed.service().rules()](const Result<YearStatement> &statement) {
                          // on a reader's thread as a rule: the file is made there
                          Result<std::string> bytes =
                              !statement ? Result<std::string>(std::unexpected(statement.error()))
                              : pdf      ? yearPdf(*statement, *instruments, *rules, language)
                                    : Result<std::string>(yearCsv(*statement, *instruments, *rules,
                                                                  language, true));
                          QMetaObject::invokeMethod(
                              qApp,
                              [self, path, bytes = std::move(bytes)] {
                                  if (self)
                                      self->finish(path, bytes);
                              },
                              Qt::QueuedConnection);
                      });
}

} // namespace khop::ui
