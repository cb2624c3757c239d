// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/import_dialog.h"

#include "ui/language.h"
#include "ui/numbers.h"
#include "ui/words.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QRandomGenerator>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

enum Column {
    Line,
    State,
    Day,
    What,
    Symbol,
    Shares,
    UnitPrice,
    Value,
    Fee,
    Tax,
    Reason,
    ColumnCount
};
enum HistoryColumn { When, File, Kind, Rows, Status, HistoryColumnCount };
constexpr int importId = Qt::UserRole;
constexpr std::size_t mostShown = 2'000;
constexpr qint64 largestFile = 32 * 1024 * 1024;

QString countText(std::size_t count)
{
    return QLocale::c().toString(static_cast<qulonglong>(count));
}

QString cashText(PortfolioCash::Kind kind)
{
    using Kind = PortfolioCash::Kind;
    switch (kind) {
    case Kind::Deposit: return ImportDialog::tr("Deposit");
    case Kind::Withdraw: return ImportDialog::tr("Withdrawal");
    case Kind::Dividend: return ImportDialog::tr("Dividend");
    case Kind::Interest: return ImportDialog::tr("Interest");
    case Kind::Charge: return ImportDialog::tr("Charge");
    case Kind::Tax: return ImportDialog::tr("Tax");
    case Kind::Exchange:
    case Kind::Adjustment: break;
    }
    return ImportDialog::tr("Adjustment");
}

} // namespace

ImportDialog::ImportDialog(DeskFeed &feed, AccountNo account, QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_account(account)
    , m_path(new QLineEdit(this))
    , m_kind(new QComboBox(this))
    , m_preset(new QComboBox(this))
    , m_unit(new QComboBox(this))
    , m_cover(new QCheckBox(tr("Cover missing cash"), this))
    , m_leaveOut(new QCheckBox(tr("Leave refused rows out"), this))
    , m_rows(new QTreeWidget(this))
    , m_counts(new QLabel(this))
    , m_problem(new QLabel(this))
    , m_imports(new QTreeWidget(this))
{
    setObjectName(u"importDialog"_s);
    setWindowTitle(tr("Import a broker's statement"));
    resize(900, 560);
    auto *tabs = new QTabWidget(this);
    tabs->addTab(buildFile(), tr("Statement"));
    tabs->addTab(buildHistory(), tr("Imported before"));
    m_problem->setObjectName(u"importProblem"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *buttons = new QDialogButtonBox(this);
    m_apply = buttons->addButton(tr("Import"), QDialogButtonBox::ActionRole);
    m_apply->setObjectName(u"importApply"_s);
    m_apply->setDefault(true);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(tabs);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    connect(m_apply, &QPushButton::clicked, this, &ImportDialog::apply);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    fillHistory();
    showState();
}

QWidget *ImportDialog::buildFile()
{
    auto *page = new QWidget(this);
    m_path->setObjectName(u"importPath"_s);
    m_path->setReadOnly(true);
    m_path->setPlaceholderText(tr("A CSV file exported by a broker"));
    auto *open = new QPushButton(tr("Choose…"), page);
    connect(open, &QPushButton::clicked, this, [this] {
        const QString path =
            QFileDialog::getOpenFileName(this, tr("Import a broker's statement"), {},
                                         tr("Statements (*.csv *.txt);;All files (*)"));
        if (!path.isEmpty())
            choose(path);
    });
    auto *file = new QHBoxLayout;
    file->addWidget(m_path, 1);
    file->addWidget(open);
    m_rows->setObjectName(u"importRows"_s);
    m_rows->setRootIsDecorated(false);
    m_rows->setUniformRowHeights(true);
    m_rows->setHeaderLabels({tr("Line"), tr("State"), tr("Date"), tr("What"), tr("Symbol"),
                             tr("Quantity"), tr("Price"), tr("Value"), tr("Fee"), tr("Tax"),
                             tr("Reason")});
    m_counts->setObjectName(u"importCounts"_s);
    auto *layout = new QVBoxLayout(page);
    layout->addLayout(file);
    layout->addWidget(buildChoices());
    layout->addWidget(m_rows, 1);
    layout->addWidget(m_counts);
    return page;
}

QWidget *ImportDialog::buildChoices()
{
    auto *row = new QWidget(this);
    m_kind->setObjectName(u"importKind"_s);
    m_kind->addItem(tr("Executions"), static_cast<int>(StatementKind::Trades));
    m_kind->addItem(tr("Cash statement"), static_cast<int>(StatementKind::Cash));
    m_preset->setObjectName(u"importPreset"_s);
    for (const std::string_view name : statementPresets()) {
        const QString text = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        m_preset->addItem(text == "ANY"_L1 ? tr("Any broker") : text, text);
    }
    m_unit->setObjectName(u"importUnit"_s);
    m_unit->addItem(tr("Prices in dong"), static_cast<int>(StatementUnit::Vnd));
    m_unit->addItem(tr("Prices in thousand dong"), static_cast<int>(StatementUnit::ThousandVnd));
    m_cover->setObjectName(u"importCover"_s);
    m_cover->setToolTip(tr("What the rows pay more than there is comes from outside as one "
                           "adjustment."));
    m_leaveOut->setObjectName(u"importLeaveOut"_s);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    for (QWidget *choice : {static_cast<QWidget *>(m_kind), static_cast<QWidget *>(m_preset),
                            static_cast<QWidget *>(m_unit), static_cast<QWidget *>(m_cover),
                            static_cast<QWidget *>(m_leaveOut)})
        layout->addWidget(choice);
    layout->addStretch();
    for (const QComboBox *choice : {m_kind, m_preset, m_unit})
        connect(choice, &QComboBox::currentIndexChanged, this, &ImportDialog::read);
    connect(m_cover, &QCheckBox::toggled, this, &ImportDialog::read);
    connect(m_leaveOut, &QCheckBox::toggled, this, &ImportDialog::showState);
    return row;
}

QWidget *ImportDialog::buildHistory()
{
    auto *page = new QWidget(this);
    m_imports->setObjectName(u"importHistory"_s);
    m_imports->setRootIsDecorated(false);
    m_imports->setHeaderLabels({tr("Imported"), tr("File"), tr("Kind"), tr("Rows"), tr("Status")});
    m_undo = new QPushButton(tr("Undo this import"), page);
    m_undo->setObjectName(u"importUndo"_s);
    auto *last = new QHBoxLayout;
    last->addStretch();
    last->addWidget(m_undo);
    auto *layout = new QVBoxLayout(page);
    layout->addWidget(m_imports, 1);
    layout->addLayout(last);
    connect(m_undo, &QPushButton::clicked, this, &ImportDialog::undo);
    connect(m_imports, &QTreeWidget::itemSelectionChanged, this, &ImportDialog::showState);
    return page;
}

void ImportDialog::choose(const QString &path)
{
    QFile file(path);
    m_preview.reset();
    m_bytes.clear();
    m_name = QFileInfo(path).fileName();
    m_path->setText(path);
    if (!file.open(QIODevice::ReadOnly))
        report(tr("The file %1 cannot be read: %2").arg(path, file.errorString()), Tone::Down);
    else if (file.size() > largestFile)
        report(tr("The file %1 is too large.").arg(path), Tone::Down);
    else
        m_bytes = file.readAll();
    read();
}

void ImportDialog::read()
{
    m_preview.reset();
    m_rows->clear();
    m_counts->clear();
    if (m_bytes.isEmpty()) {
        showState();
        return;
    }
    m_problem->hide();
    StatementFormat format = *statementPreset(m_preset->currentData().toString().toStdString());
    format.priceUnit = static_cast<StatementUnit>(m_unit->currentData().toInt());
    QApplication::setOverrideCursor(Qt::WaitCursor);
    auto preview = previewImport(
        m_feed.service(), m_account,
        {m_bytes.constData(), static_cast<std::size_t>(m_bytes.size())}, m_name.toStdString(),
        static_cast<StatementKind>(m_kind->currentData().toInt()), format, m_cover->isChecked());
    QApplication::restoreOverrideCursor();
    if (!preview) {
        report(preview.error());
        showState();
        return;
    }
    m_preview = std::move(*preview);
    m_id = uuid7(m_feed.service().now(), QRandomGenerator::global()->generate64() >> 52,
                 QRandomGenerator::global()->generate64() >> 2);
    showPreview();
}

void ImportDialog::showPreview()
{
    const StatementPreview &statement = m_preview->statement;
    for (const StatementFault &fault :
         std::span(statement.refused).first(std::min(statement.refused.size(), mostShown)))
        addRow(fault.line, tr("Refused"), Tone::Down,
               QStringList(Reason - Day) << sentenceText(fault.error));
    addRows(statement.added, tr("New"), Tone::Up);
    addRows(statement.duplicates, tr("Known"), Tone::Muted);
    for (int column = 0; column < ColumnCount; ++column)
        m_rows->resizeColumnToContents(column);
    QString counts =
        tr("%1 new · %2 known · %3 refused · %4 left out")
            .arg(countText(statement.added.size()), countText(statement.duplicates.size()),
                 countText(statement.refusedCount), countText(statement.skipped.size()));
    if (!m_preview->covered.isZero())
        counts += u" · "_s + tr("%1 dong come from outside").arg(moneyText(m_preview->covered, 0));
    m_counts->setText(counts);
    if (m_preview->fault)
        report(m_preview->fault->error);
    showState();
}

void ImportDialog::addRow(std::size_t line, const QString &state, Tone tone,
                          const QStringList &cells)
{
    auto *item = new QTreeWidgetItem(m_rows);
    item->setText(Line, countText(line));
    item->setText(State, state);
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const int column = Day + static_cast<int>(i);
        item->setText(column, cells[i]);
        if (column >= Shares && column < Reason)
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    item->setTextAlignment(Line, Qt::AlignRight | Qt::AlignVCenter);
    item->setDisabled(tone == Tone::Muted);
}

void ImportDialog::addRows(const std::vector<StatementRow> &rows, const QString &state, Tone tone)
{
    for (const StatementRow &row : std::span(rows).first(std::min(rows.size(), mostShown))) {
        QStringList cells{dateText(row.time.day)};
        if (const auto *trade = std::get_if<StatementTrade>(&row.body)) {
            const Instrument &instrument = m_feed.listing().instrument(trade->instrument);
            cells << sideText(trade->side) << QString::fromStdString(instrument.symbol)
                  << quantityText(trade->quantity, instrument)
                  << priceText(trade->price, instrument) << moneyText(trade->value, 0)
                  << moneyText(trade->fee, 0) << moneyText(trade->tax, 0);
        } else {
            const auto &cash = std::get<StatementCash>(row.body);
            const QString symbol =
                cash.instrument == noInstrument
                    ? QString()
                    : QString::fromStdString(m_feed.listing().instrument(cash.instrument).symbol);
            cells << cashText(cash.kind) << symbol << QString() << QString()
                  << moneyText(cash.amount, 0);
        }
        addRow(row.line, state, tone, cells);
    }
}

void ImportDialog::apply()
{
    if (!m_apply->isEnabled())
        return;
    m_busy = true;
    showState();
    m_feed.submit(
        importCommand(*m_preview, m_account, m_id, m_name.toStdString()),
        [this, self = QPointer(this)](const CommandResult &result) {
            if (!self)
                return;
            m_busy = false;
            if (!result.ok()) {
                report(result.error);
            } else {
                read(); // all of it is known now
                report(tr("%1 rows were imported.").arg(countText(result.import->record.rows)),
                       Tone::Good);
                fillHistory();
            }
            showState();
        });
}

void ImportDialog::undo()
{
    const QTreeWidgetItem *item = m_imports->currentItem();
    const auto id =
        item ? Uuid::parse(item->data(When, importId).toString().toStdString()) : std::nullopt;
    if (!id)
        return;
    m_busy = true;
    showState();
    m_feed.submit(UndoImport{m_account, *id},
                  [this, self = QPointer(this)](const CommandResult &result) {
                      if (!self)
                          return;
                      m_busy = false;
                      if (result.ok()) {
                          read();
                          report(tr("The import was undone."), Tone::Good);
                          fillHistory();
                      } else {
                          report(result.error);
                      }
                      showState();
                  });
}

/// The newest first; the answer comes from a reader's thread.
void ImportDialog::fillHistory()
{
    ImportQuery query;
    query.account = m_account;
    query.limit = 200;
    m_feed.service().queryImports(query, [self = QPointer(this)](Result<Page<ImportRecord>> page) {
        QMetaObject::invokeMethod(qApp, [self, page = std::move(page)] {
            if (!self || !page)
                return;
            self->m_imports->clear();
            for (const ImportRecord &record : page->rows) {
                auto *item = new QTreeWidgetItem(self->m_imports);
                item->setText(When, dateText(vietnamDate(record.appliedAt)) + u' '
                                        + timeOfDayText(record.appliedAt));
                item->setData(When, importId, QString::fromStdString(record.id.text()));
                item->setText(File, QString::fromStdString(record.fileName));
                item->setText(Kind, record.kind == ImportKind::Trades ? tr("Executions")
                                                                      : tr("Cash statement"));
                item->setText(Rows, countText(record.rows));
                item->setText(Status, record.undoneAt ? tr("Undone") : tr("Applied"));
                item->setDisabled(record.undoneAt.has_value());
            }
            for (int column = 0; column < HistoryColumnCount; ++column)
                self->m_imports->resizeColumnToContents(column);
            self->showState();
        });
    });
}

void ImportDialog::report(const QString &sentence, Tone tone)
{
    m_problem->setText(sentence);
    m_problem->setProperty("tone", static_cast<int>(tone));
    m_problem->show();
}

void ImportDialog::report(const Error &error) { report(sentenceText(error), Tone::Down); }

void ImportDialog::showState()
{
    const bool ready = m_preview && !m_busy && !m_preview->fault && m_preview->added > 0
                       && (m_preview->statement.clean() || m_leaveOut->isChecked());
    m_apply->setEnabled(ready);
    m_leaveOut->setVisible(m_preview && !m_preview->statement.clean());
    const QTreeWidgetItem *item = m_imports->currentItem();
    m_undo->setEnabled(!m_busy && item && !item->isDisabled());
}

} // namespace khop::ui
