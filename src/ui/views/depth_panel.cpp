// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/depth_panel.h"

#include "ui/numbers.h"
#include "ui/words.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

namespace khop::ui {

using namespace Qt::StringLiterals;

DepthPanel::DepthPanel(DeskFeed &feed, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_table(new CellTable(theme, u"depth"_s, this))
    , m_title(new QLabel(this))
{
    m_table->setModel(&m_model);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->horizontalHeader()->setSectionsMovable(false);
    m_table->horizontalHeader()->setMinimumSectionSize(20);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_title->setObjectName(u"depthTitle"_s);
    m_title->setTextFormat(Qt::PlainText);

    // wide enough for volumes of a million on both sides
    setMinimumWidth(2 * fontMetrics().horizontalAdvance(u"000 100.00 10,000,000"_s));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(4, 2, 4, 2);
    column->setSpacing(2);
    column->addWidget(m_title);
    column->addWidget(m_table, 1);

    connect(&feed, &DeskFeed::depthChanged, this, [this](const BookDepth &depth) {
        if (depth.instrument != m_instrument)
            return;
        m_model.setDepth(depth);
        writeTitle();
    });
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        if (m_instrument == noInstrument)
            return;
        const Side side = index.column() <= DepthModel::BidPrice ? Side::Sell : Side::Buy;
        const int priceColumn = side == Side::Sell ? DepthModel::BidPrice : DepthModel::AskPrice;
        Q_EMIT ticketWanted(m_instrument, side, m_model.priceAt(index.row(), priceColumn));
    });
    connect(m_table, &CellTable::resized, this, &DepthPanel::spreadColumns);
    writeTitle();
}

void DepthPanel::setInstrument(InstrumentIndex instrument)
{
    if (m_instrument == instrument)
        return;
    m_instrument = instrument;
    m_model.setInstrument(m_feed.listing().instrument(instrument));
    m_feed.followDepth(instrument);
    spreadColumns();
    writeTitle();
}

void DepthPanel::writeTitle()
{
    if (m_instrument == noInstrument) {
        m_title->setText(tr("Choose a symbol on the board."));
        return;
    }
    const Instrument &instrument = m_feed.listing().instrument(m_instrument);
    const BookDepth &depth = m_model.depth();
    QString text = QString::fromStdString(instrument.symbol);
    if (depth.halted) {
        text += u" · "_s + tr("trading halted");
    } else if (isAuction(depth.phase) && depth.indicativePrice) {
        text += u" · "_s
                + tr("expected match %1 × %2")
                      .arg(priceText(*depth.indicativePrice, instrument),
                           quantityText(depth.indicativeVolume, instrument));
    } else if (!depth.bids.empty() && !depth.asks.empty()) {
        text +=
            u" · "_s
            + tr("spread %1")
                  .arg(priceText(depth.asks.front().price - depth.bids.front().price, instrument));
    }
    m_title->setText(text);
}

void DepthPanel::spreadColumns()
{
    const int width = m_table->viewport()->width();
    QFont strong = m_table->font();
    strong.setBold(true);
    const Instrument &instrument = m_feed.listing().instrument(m_instrument);
    const Price widest = instrument.banded ? instrument.ceiling : instrument.reference;
    const int needed = QFontMetrics(strong).horizontalAdvance(priceText(widest, instrument)) + 12;
    const int orders = width * 10 / 100;
    const int price = std::max(width * 19 / 100, needed);
    const int volume = std::max(20, (width - 2 * orders - 2 * price) / 2);
    for (const int column : {DepthModel::BidOrders, DepthModel::AskOrders})
        m_table->setColumnWidth(column, orders);
    for (const int column : {DepthModel::BidPrice, DepthModel::AskPrice})
        m_table->setColumnWidth(column, price);
    for (const int column : {DepthModel::BidQuantity, DepthModel::AskQuantity})
        m_table->setColumnWidth(column, volume);
}

void DepthPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        m_model.retranslate();
        writeTitle();
    }
    QWidget::changeEvent(event);
}

} // namespace khop::ui
