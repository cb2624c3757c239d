// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cell_table.h"

#include "ui/models/cell_model.h"
#include "ui/models/table_writer.h"

#include <QAbstractProxyModel>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QMenu>
#include <QSaveFile>
#include <QSettings>
#include <QStandardPaths>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 flashMilliseconds = 400;
constexpr int narrowestColumn = 36;

std::int64_t cellKey(int row, int column) { return (std::int64_t{row} << 16) | column; }

} // namespace

CellTable::CellTable(const Theme &theme, const QString &objectName, QWidget *parent)
    : QTableView(parent)
    , m_delegate(new CellDelegate(theme, this))
    , m_copy(new QAction(this))
    , m_export(new QAction(this))
    , m_columns(new QAction(this))
{
    setObjectName(objectName);
    // Rows of numbers are read side by side: a little smaller than running text.
    QFont dense = font();
    dense.setPointSizeF(dense.pointSizeF() * 0.92);
    setFont(dense);
    horizontalHeader()->setFont(dense);
    setItemDelegate(m_delegate);
    setShowGrid(false);
    setWordWrap(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setHorizontalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setMinimumSectionSize(narrowestColumn);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
            [this](const QPoint &at) { showColumnMenu(horizontalHeader()->mapToGlobal(at)); });

    m_delegate->setFlashing([this](const QModelIndex &index) {
        if (m_flashes.empty())
            return false;
        const auto *proxy = qobject_cast<const QAbstractProxyModel *>(model());
        const QModelIndex source = proxy ? proxy->mapToSource(index) : index;
        const auto flash = m_flashes.find(cellKey(source.row(), source.column()));
        return flash != m_flashes.end() && flash->second > m_clock.elapsed();
    });
    m_clock.start();
    m_flashTimer.setInterval(100);
    connect(&m_flashTimer, &QTimer::timeout, this, &CellTable::endFlashes);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));

    m_copy->setShortcut(QKeySequence::Copy);
    m_copy->setShortcutContext(Qt::WidgetShortcut);
    addAction(m_copy);
    connect(m_copy, &QAction::triggered, this, &CellTable::copySelection);
    connect(m_export, &QAction::triggered, this, [this] { exportCsv(this->objectName()); });
    connect(m_columns, &QAction::triggered, this, [this] { showColumnMenu(QCursor::pos()); });
    retranslate();
}

void CellTable::setModel(QAbstractItemModel *model)
{
    QTableView::setModel(model);
    showDefaultColumns();
}

void CellTable::flash(int sourceRow, int sourceColumn)
{
    m_flashes[cellKey(sourceRow, sourceColumn)] = m_clock.elapsed() + flashMilliseconds;
    if (!m_flashTimer.isActive())
        m_flashTimer.start();
}

void CellTable::clearFlashes() { m_flashes.clear(); }

void CellTable::endFlashes()
{
    const qint64 now = m_clock.elapsed();
    const auto *proxy = qobject_cast<const QAbstractProxyModel *>(model());
    const QAbstractItemModel *source = proxy ? proxy->sourceModel() : model();
    const QRect visible = viewport()->rect();
    for (auto it = m_flashes.begin(); it != m_flashes.end();) {
        if (it->second > now) {
            ++it;
            continue;
        }
        const QModelIndex cell =
            source->index(static_cast<int>(it->first >> 16), static_cast<int>(it->first & 0xFFFF));
        const QRect rect = visualRect(proxy ? proxy->mapFromSource(cell) : cell);
        if (rect.intersects(visible))
            viewport()->update(rect);
        it = m_flashes.erase(it);
    }
    if (m_flashes.empty())
        m_flashTimer.stop();
}

void CellTable::fitColumns()
{
    const QFontMetrics metrics(horizontalHeader()->font());
    QStyleOptionViewItem option;
    option.font = font();
    const int rows = std::min(model()->rowCount(), 200);
    for (int column = 0; column < model()->columnCount(); ++column) {
        int width = metrics.horizontalAdvance(
                        model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString())
                    + 12;
        const QString widest = model()->headerData(column, Qt::Horizontal, WidestRole).toString();
        width = std::max(width, QFontMetrics(option.font).horizontalAdvance(widest) + 12);
        for (int row = 0; row < rows; ++row)
            width =
                std::max(width, m_delegate->sizeHint(option, model()->index(row, column)).width());
        setColumnWidth(column, std::max(width, narrowestColumn));
    }
}

std::vector<int> CellTable::shownColumns() const
{
    std::vector<int> columns;
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int logical = horizontalHeader()->logicalIndex(visual);
        if (!isColumnHidden(logical))
            columns.push_back(logical);
    }
    return columns;
}

std::vector<int> CellTable::selectedRowNumbers() const
{
    std::vector<int> rows;
    if (!selectionModel())
        return rows;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void CellTable::copySelection() const
{
    QApplication::clipboard()->setText(toTsv(*model(), selectedRowNumbers(), shownColumns()));
}

void CellTable::exportCsv(const QString &suggestedName)
{
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export CSV"), folder.filePath(u"khop-%1.csv"_s.arg(suggestedName)),
        tr("CSV files (*.csv)"));
    if (path.isEmpty())
        return;
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !writeCsv(*model(), shownColumns(), file)
        || !file.commit())
        Q_EMIT problem(tr("The file %1 was not written: %2").arg(path, file.errorString()));
}

void CellTable::saveState(QSettings &settings) const
{
    settings.setValue(u"tables/"_s + objectName(), horizontalHeader()->saveState());
}

bool CellTable::restoreState(const QSettings &settings)
{
    return horizontalHeader()->restoreState(
        settings.value(u"tables/"_s + objectName()).toByteArray());
}

void CellTable::setDefaultHidden(std::vector<int> columns)
{
    m_defaultHidden = std::move(columns);
    showDefaultColumns();
}

void CellTable::showDefaultColumns()
{
    if (!model())
        return;
    for (int column = 0; column < model()->columnCount(); ++column) {
        const bool hidden = std::find(m_defaultHidden.begin(), m_defaultHidden.end(), column)
                            != m_defaultHidden.end();
        setColumnHidden(column, hidden);
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), column);
    }
}

QList<QAction *> CellTable::tableActions() { return {m_copy, m_export, m_columns}; }

void CellTable::showColumnMenu(const QPoint &where)
{
    QMenu menu(this);
    for (int column = 0; column < model()->columnCount(); ++column) {
        QAction *action =
            menu.addAction(model()->headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        // The last shown column stays: without a header there is no way back.
        action->setEnabled(isColumnHidden(column) || shownColumns().size() > 1);
        connect(action, &QAction::toggled, this,
                [this, column](bool on) { setColumnHidden(column, !on); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Fit columns to contents")), &QAction::triggered, this,
            &CellTable::fitColumns);
    connect(menu.addAction(tr("Restore columns")), &QAction::triggered, this, [this] {
        showDefaultColumns();
        fitColumns();
    });
    menu.exec(where);
}

void CellTable::retranslate()
{
    m_copy->setText(tr("Copy"));
    m_export->setText(tr("Export CSV"));
    m_columns->setText(tr("Columns"));
}

void CellTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    Q_EMIT resized();
}

void CellTable::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    if (event->type() == QEvent::FontChange)
        verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 4);
    QTableView::changeEvent(event);
}

} // namespace khop::ui
