// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/board_panel.h"

#include "ui/numbers.h"
#include "ui/views/board_header.h"
#include "ui/words.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int allTab = -1;

Side sideWantedBy(int column)
{
    // Whoever clicks an offer wants to buy it; whoever clicks a bid wants to sell into it.
    return column >= BoardModel::BidPrice3 && column <= BoardModel::BidQuantity1 ? Side::Sell
                                                                                 : Side::Buy;
}

} // namespace

BoardPanel::BoardPanel(DeskFeed &feed, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_table(new CellTable(theme, u"board"_s, this))
    , m_tabs(new QTabBar(this))
    , m_search(new QLineEdit(this))
{
    setObjectName(u"boardPanel"_s);
    m_filter.setSourceModel(&m_model);
    m_table->setHorizontalHeader(new BoardHeader(theme, m_table));
    m_table->horizontalHeader()->setContextMenuPolicy(Qt::NoContextMenu);
    m_table->horizontalHeader()->setMinimumSectionSize(32);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setSectionsMovable(false);
    m_table->horizontalHeader()->setFont(m_table->font());
    m_table->setModel(&m_filter);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(BoardModel::Symbol, Qt::AscendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->cells()->setGrouped([](int column) {
        return column >= BoardModel::LastPrice && column <= BoardModel::ChangePercent;
    });
    m_table->installEventFilter(this);

    m_tabs->setObjectName(u"boardTabs"_s);
    m_tabs->setDrawBase(false);
    m_tabs->setFocusPolicy(Qt::NoFocus);
    m_search->setObjectName(u"boardSearch"_s);
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(230);
    m_search->installEventFilter(this);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(4, 2, 4, 0);
    bar->addWidget(m_tabs);
    bar->addStretch(1);
    bar->addWidget(m_search);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addLayout(bar);
    column->addWidget(m_table, 1);

    connect(m_table, &CellTable::resized, this, &BoardPanel::spreadColumns);
    connect(m_tabs, &QTabBar::currentChanged, this, &BoardPanel::applyFilter);
    connect(m_search, &QLineEdit::textChanged, this, &BoardPanel::applyFilter);
    connect(m_table, &QTableView::doubleClicked, this, &BoardPanel::open);
    connect(m_table, &QTableView::customContextMenuRequested, this, &BoardPanel::showMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
                if (const Instrument *instrument = m_model.instrumentAt(sourceRow(current)))
                    Q_EMIT instrumentSelected(instrument->index);
            });
    connect(&m_model, &BoardModel::cellChanged, m_table, &CellTable::flash);
    connect(&feed, &DeskFeed::listingChanged, this, [this] {
        m_table->clearFlashes();
        const InstrumentIndex current = selected();
        m_model.setInstruments(m_feed.listing().instruments());
        fillTabs();
        select(current);
        spreadColumns();
    });
    connect(&feed, &DeskFeed::quotesChanged, this,
            [this](const std::vector<Quote> &quotes) { m_model.updateQuotes(quotes); });
    retranslate();
}

int BoardPanel::sourceRow(const QModelIndex &index) const
{
    return index.isValid() ? m_filter.mapToSource(index).row() : -1;
}

InstrumentIndex BoardPanel::selected() const
{
    const Instrument *instrument = m_model.instrumentAt(sourceRow(m_table->currentIndex()));
    return instrument ? instrument->index : noInstrument;
}

void BoardPanel::select(InstrumentIndex instrument)
{
    const int row = m_model.rowOf(instrument);
    if (row < 0 || instrument == selected())
        return;
    const QModelIndex index = m_filter.mapFromSource(m_model.index(row, BoardModel::Symbol));
    if (index.isValid()) {
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index);
    }
}

void BoardPanel::focusFilter()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void BoardPanel::focusTable()
{
    m_table->setFocus(Qt::ShortcutFocusReason);
    if (!m_table->currentIndex().isValid() && m_filter.rowCount() > 0)
        m_table->setCurrentIndex(m_filter.index(0, 0));
}

void BoardPanel::applyFilter()
{
    const QVariant chosen = m_tabs->tabData(m_tabs->currentIndex());
    const int exchange = chosen.isValid() ? chosen.toInt() : allTab;
    // Whoever types a symbol wants it wherever it is listed.
    const bool everywhere = exchange == allTab || !m_search->text().trimmed().isEmpty();
    m_filter.setCondition([this, exchange, everywhere](int row) {
        const Instrument *instrument = m_model.instrumentAt(row);
        return instrument && (everywhere || static_cast<int>(instrument->exchange) == exchange);
    });
    m_filter.setText(m_search->text(), {BoardModel::Symbol});
    spreadColumns();
}

void BoardPanel::spreadColumns()
{
    // Every column gets what the day can bring to it (prices up to the ceiling, large volumes), so that
    // nothing moves while trading; what is left of the width goes to all alike.
    const QFont font = m_table->font();
    QFont strong = font;
    strong.setBold(true);
    const QFontMetrics metrics(font);
    const QFontMetrics strongMetrics(strong);
    constexpr int margins = 11;
    constexpr int arrow = 10;
    int symbol = 0;
    int price = 0;
    int change = 0;
    bool banded = false;
    for (int row = 0; row < m_filter.rowCount(); ++row) {
        const Instrument &instrument = *m_model.instrumentAt(sourceRow(m_filter.index(row, 0)));
        banded |= instrument.banded;
        const Price highest = instrument.banded ? instrument.ceiling : instrument.reference;
        symbol = std::max(
            symbol, strongMetrics.horizontalAdvance(QString::fromStdString(instrument.symbol)));
        price = std::max(price, strongMetrics.horizontalAdvance(priceText(highest, instrument)));
        const Price widest(
            std::max<std::int64_t>((highest - instrument.reference).raw(), highest.raw() / 20));
        change =
            std::max(change, metrics.horizontalAdvance(changeText(Price(0), widest, instrument)));
    }
    const int volume = metrics.horizontalAdvance(u"188,800"_s);
    std::vector<int> widths(BoardModel::ColumnCount, price);
    widths[BoardModel::Symbol] = symbol;
    for (const int column :
         {BoardModel::BidQuantity3, BoardModel::BidQuantity2, BoardModel::BidQuantity1,
          BoardModel::AskQuantity1, BoardModel::AskQuantity2, BoardModel::AskQuantity3,
          BoardModel::LastQuantity})
        widths[static_cast<std::size_t>(column)] = volume;
    widths[BoardModel::LastPrice] = price + arrow;
    if (!banded)
        widths[BoardModel::Ceiling] = widths[BoardModel::Floor] = 0; // the title's width will do
    widths[BoardModel::Change] = change;
    widths[BoardModel::ChangePercent] = metrics.horizontalAdvance(u"+14.99"_s);
    widths[BoardModel::TotalVolume] = metrics.horizontalAdvance(u"18,888,800"_s);
    int total = 0;
    for (int column = 0; column < BoardModel::ColumnCount; ++column) {
        int &width = widths[static_cast<std::size_t>(column)];
        const QString title =
            m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        width = std::max(width, metrics.horizontalAdvance(title)) + margins;
        total += width;
    }
    const int spare = std::max(0, m_table->viewport()->width() - total);
    for (int column = 0; column < BoardModel::ColumnCount; ++column) {
        const int share =
            spare / BoardModel::ColumnCount + (column < spare % BoardModel::ColumnCount ? 1 : 0);
        m_table->setColumnWidth(column, widths[static_cast<std::size_t>(column)] + share);
    }
}

void BoardPanel::fillTabs()
{
    if (m_tabs->count() > 0)
        return;
    const QSignalBlocker blocker(m_tabs);
    for (int i = 0; i < exchangeCount; ++i) {
        const auto exchange = static_cast<Exchange>(i);
        const int tab = m_tabs->addTab(exchangeText(exchange));
        m_tabs->setTabData(tab, i);
    }
    m_tabs->setTabData(m_tabs->addTab(tr("All")), allTab);
    applyFilter();
}

void BoardPanel::open(const QModelIndex &index)
{
    const int row = sourceRow(index);
    if (const Instrument *instrument = m_model.instrumentAt(row)) {
        Q_EMIT ticketWanted(instrument->index, sideWantedBy(index.column()),
                            m_model.priceAt(row, index.column()));
    }
}

void BoardPanel::showMenu(const QPoint &at)
{
    const QModelIndex index = m_table->indexAt(at);
    const int row = sourceRow(index);
    const Instrument *instrument = m_model.instrumentAt(row);
    if (!instrument)
        return;
    const InstrumentIndex chosen = instrument->index;
    const std::optional<Price> price = m_model.priceAt(row, index.column());
    QMenu menu(this);
    const QString symbol = QString::fromStdString(instrument->symbol);
    connect(menu.addAction(tr("Buy %1").arg(symbol)), &QAction::triggered, this,
            [this, chosen, price] { Q_EMIT ticketWanted(chosen, Side::Buy, price); });
    connect(menu.addAction(tr("Sell %1").arg(symbol)), &QAction::triggered, this,
            [this, chosen, price] { Q_EMIT ticketWanted(chosen, Side::Sell, price); });
    menu.addSeparator();
    menu.addActions(m_table->tableActions());
    menu.exec(m_table->viewport()->mapToGlobal(at));
}

bool BoardPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (watched == m_table && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
            open(m_table->currentIndex());
            return true;
        }
        if (watched == m_search
            && (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Down)) {
            if (m_filter.rowCount() > 0)
                m_table->setCurrentIndex(m_filter.index(0, 0));
            focusTable();
            return true;
        }
        if (watched == m_search && key == Qt::Key_Escape) {
            m_search->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void BoardPanel::saveState(QSettings &settings) const
{
    settings.setValue(u"board/exchange"_s, m_tabs->currentIndex());
}

void BoardPanel::restoreState(const QSettings &settings)
{
    m_tabs->setCurrentIndex(settings.value(u"board/exchange"_s, 0).toInt());
}

void BoardPanel::retranslate()
{
    m_search->setPlaceholderText(tr("Search symbol or name (Ctrl+K)"));
    if (m_tabs->count() > 0)
        m_tabs->setTabText(m_tabs->count() - 1, tr("All"));
    m_model.retranslate();
    spreadColumns();
}

void BoardPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace khop::ui
