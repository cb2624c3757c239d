// SPDX-License-Identifier: GPL-3.0-or-later
// The venue's reports: trades and their money, resting, killed and expired orders, sessions.
#include "engine/engine.h"

#include "base/invariant.h"
#include "ledger/order_cost.h"

namespace khop {

using Bucket = LedgerEntry::Bucket;

void Engine::traded(const VenueTrade &venueTrade)
{
    const Instrument &instrument = m_exchange.instrument(venueTrade.instrument);
    TradeRecord trade;
    trade.no = ++m_lastTrade;
    trade.id = uuid7(m_now, 0, trade.no);
    trade.instrument = venueTrade.instrument;
    trade.price = venueTrade.price;
    trade.quantity = venueTrade.quantity;
    trade.value = venueTrade.value;
    trade.aggressor = venueTrade.aggressor;
    trade.oddLot = venueTrade.oddLot;
    trade.phase = venueTrade.phase;
    trade.time = m_now;
    trade.settlesAt = m_exchange.settlementTime(instrument.exchange);
    if (venueTrade.buyer != 0) {
        LiveOrder &order = orderOf(venueTrade.buy);
        trade.buyOrder = order.record.no;
        trade.buyOrderId = order.record.id;
        trade.buyAccount = venueTrade.buyer;
        fillBuy(order, trade);
        touch(slotOf(venueTrade.buy));
    } else {
        marketTraded(venueTrade.buy, venueTrade.quantity);
    }
    if (venueTrade.seller != 0) {
        LiveOrder &order = orderOf(venueTrade.sell);
        trade.sellOrder = order.record.no;
        trade.sellOrderId = order.record.id;
        trade.sellAccount = venueTrade.seller;
        fillSell(order, trade);
        touch(slotOf(venueTrade.sell));
    } else {
        marketTraded(venueTrade.sell, venueTrade.quantity);
    }
    m_out->trades.push_back(std::move(trade));
    if (venueTrade.phase == Phase::Continuous && !venueTrade.oddLot)
        noteLast(venueTrade.instrument, venueTrade.price);
}

void Engine::fillBuy(LiveOrder &order, const TradeRecord &trade)
{
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    const Rates &rate = ratesOf(order);
    const Money feeBefore = record.fee;
    record.tradedValue += trade.value;
    record.fee = commission(rate, record.tradedValue);
    const Money fee = record.fee - feeBefore;
    record.traded += trade.quantity;
    record.remaining -= trade.quantity;
    useRoom(order, trade.quantity);
    m_ledger.moveCash(record.account, currency, trade.value, Bucket::Held, Bucket::Street,
                      {LedgerEntry::Type::OrderPayment, record.no, trade.no}, m_now);
    m_ledger.moveCash(record.account, currency, fee, Bucket::Held, Bucket::FeeIncome,
                      {LedgerEntry::Type::Fee, record.no, trade.no}, m_now);
    const Money left = record.held - trade.value - fee;
    const auto need = buyHold(instrument, scaleOf(instrument), rate, order.holdPrice,
                              record.remaining, record.tradedValue);
    KHOP_INVARIANT(need.has_value() && *need <= left);
    m_ledger.moveCash(record.account, currency, left - *need, Bucket::Held, Bucket::Available,
                      {LedgerEntry::Type::OrderRelease, record.no, trade.no}, m_now);
    record.held = *need;
    const bool atOnce = trade.settlesAt <= m_now;
    m_ledger.moveSecurities(record.account, record.instrument, trade.quantity, Bucket::Street,
                            atOnce ? Bucket::Available : Bucket::Pending,
                            {LedgerEntry::Type::OrderPayment, record.no, trade.no}, m_now);
    if (!atOnce)
        m_ledger.securitiesArrive(record.account, record.instrument, trade.quantity,
                                  trade.settlesAt, vietnamDate(m_now));
    m_ledger.bought(record.account, record.instrument, trade.value + fee);
    if (record.status != OrderStatus::PendingCancel)
        record.status = OrderStatus::PartiallyFilled;
    if (record.remaining.isZero()) {
        record.status = OrderStatus::Filled;
        order.ref = 0; // the venue gives the number to someone else now
    }
    m_out->executions.push_back({uuid7(m_now, 1, trade.no), trade.no, record.no, record.id,
                                 record.account, record.instrument, Side::Buy, trade.price,
                                 trade.quantity, trade.value, fee, Money{}, m_now, trade.settlesAt,
                                 Money{}});
    noteBalance(record.account, currency);
    notePosition(record.account, record.instrument);
}

void Engine::fillSell(LiveOrder &order, const TradeRecord &trade)
{
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    const Rates &rate = ratesOf(order);
    const Money feeBefore = record.fee, taxBefore = portion(record.tradedValue, rate.sellTax);
    record.tradedValue += trade.value;
    record.fee = commission(rate, record.tradedValue);
    const Money fee = record.fee - feeBefore;
    const Money saleTax = portion(record.tradedValue, rate.sellTax) - taxBefore;
    const Ledger::Holding &holding =
        *m_ledger.account(record.account).holdings.find(record.instrument);
    const Quantity owned = holding.owned();
    const Money ofIncome = holding.taxable.isZero()
                               ? Money{}
                               : incomeTax(record.account, instrument, trade.quantity, trade.price,
                                           trade.value - fee - saleTax);
    const Money tax = saleTax + ofIncome;
    record.tax += tax;
    record.traded += trade.quantity;
    record.remaining -= trade.quantity;
    if (isForeign(record.account))
        m_exchange.takeRoom(record.instrument, -trade.quantity);
    m_ledger.moveSecurities(record.account, record.instrument, trade.quantity, Bucket::Held,
                            Bucket::Street, {LedgerEntry::Type::OrderPayment, record.no, trade.no},
                            m_now);
    const bool atOnce = trade.settlesAt <= m_now;
    const Bucket proceeds = atOnce ? Bucket::Available : Bucket::Pending;
    m_ledger.moveCash(record.account, currency, trade.value, Bucket::Street, proceeds,
                      {LedgerEntry::Type::OrderPayment, record.no, trade.no}, m_now);
    m_ledger.moveCash(record.account, currency, fee, proceeds, Bucket::FeeIncome,
                      {LedgerEntry::Type::Fee, record.no, trade.no}, m_now);
    for (const Money part : {saleTax, ofIncome})
        m_ledger.moveCash(record.account, currency, part, proceeds, Bucket::TaxDue,
                          {LedgerEntry::Type::Tax, record.no, trade.no}, m_now);
    const Money net = trade.value - fee - tax;
    if (!atOnce)
        m_ledger.cashArrives(record.account, currency, net, trade.settlesAt);
    const Money realized =
        m_ledger.sold(record.account, record.instrument, trade.quantity, owned, net);
    if (record.status != OrderStatus::PendingCancel)
        record.status = OrderStatus::PartiallyFilled;
    if (record.remaining.isZero()) {
        record.status = OrderStatus::Filled;
        order.ref = 0; // the venue gives the number to someone else now
    }
    m_out->executions.push_back({uuid7(m_now, 2, trade.no), trade.no, record.no, record.id,
                                 record.account, record.instrument, Side::Sell, trade.price,
                                 trade.quantity, trade.value, fee, tax, m_now, trade.settlesAt,
                                 realized});
    noteBalance(record.account, currency);
    notePosition(record.account, record.instrument);
}

Engine::LiveOrder *Engine::ownOrder(OrderRef ref)
{
    if (ref >= m_slotByRef.size() || m_slotByRef[ref] >= m_orders.size())
        return nullptr;
    LiveOrder &order = m_orders[m_slotByRef[ref]];
    return order.live && order.ref == ref ? &order : nullptr;
}

void Engine::resting(OrderRef ref, Price price)
{
    LiveOrder *own = ownOrder(ref);
    if (!own)
        return; // a participant's
    LiveOrder &order = *own;
    touch(slotOf(ref));
    if (order.record.type == OrderType::MTL)
        order.record.price =
            price; // the remainder of a market-to-limit order is a limit order from here
    if (order.record.side == Side::Buy && price < order.holdPrice) {
        order.holdPrice = price;
        const Instrument &instrument = m_exchange.instrument(order.record.instrument);
        const auto need = buyHold(instrument, scaleOf(instrument), ratesOf(order), price,
                                  order.record.remaining, order.record.tradedValue);
        KHOP_INVARIANT(need.has_value());
        rehold(order, *need);
    }
}

void Engine::killed(OrderRef ref, Quantity quantity, KillReason reason)
{
    LiveOrder *own = ownOrder(ref);
    if (!own) {
        marketGone(ref);
        return;
    }
    LiveOrder &order = *own;
    const Slot slot = slotOf(ref);
    if (reason == KillReason::SelfTrade)
        order.record.rejectCode = Code::SELF_TRADE;
    order.ref = 0;
    finish(order, OrderStatus::Cancelled, quantity);
    touch(slot);
}

void Engine::expired(OrderRef ref, Quantity quantity)
{
    LiveOrder *own = ownOrder(ref);
    if (!own) {
        marketGone(ref);
        return;
    }
    LiveOrder &order = *own;
    const Slot slot = slotOf(ref);
    order.ref = 0;
    // LO live until the end of their day; what is left of PLO is cancelled at 15:00
    finish(order,
           order.record.type == OrderType::PLO ? OrderStatus::Cancelled : OrderStatus::Expired,
           quantity);
    touch(slot);
}

void Engine::phaseChanged(Board board, Phase from, Phase to, Time at)
{
    if (!board.restricted)
        m_out->sessions.push_back({board.exchange, to, vietnamDate(at), at});
    if (from == Phase::Break) {
        const auto pending = m_pendingCancel;
        for (const auto &[no, slot] : pending) {
            if (m_exchange.boardOf(m_orders[slot].record.instrument) == board)
                cancelNow(slot);
        }
        emitTouched();
    }
    if (m_risk.any())
        sweepKilled();
    m_retryMet = !m_met.empty();
    if (to != Phase::Closed && to != Phase::Break) {
        releaseQueued(board);
        m_forceDue = m_forceDue || m_money.margin.any();
    }
    emitTouched();
}

void Engine::dayEnded(Board board, Time)
{
    const auto queued = m_queued;
    for (const auto &[no, slot] : queued) {
        LiveOrder &order = m_orders[slot];
        if (m_exchange.boardOf(order.record.instrument) != board)
            continue;
        m_queued.erase({no, slot});
        finish(order, OrderStatus::Expired, order.record.remaining);
        touch(slot);
    }
    emitTouched();
}

void Engine::closed(InstrumentIndex instrument, Date day, Price price)
{
    m_out->closes.push_back({instrument, day, price});
}

void Engine::newDay(Exchange exchange, Time at)
{
    m_out->newDay = true;
    for (const Instrument &instrument : m_exchange.instruments()) {
        if (instrument.exchange == exchange)
            m_last[instrument.index].reset();
    }
    refreshFees();
    turnCorporateActions(exchange);
    if (exchange != Exchange::HOSE)
        return;
    m_dayTurned = true;
    // the trading day of client order ids is Vietnam's
    m_clientOrders.clear();
    m_newClientOrders.clear();
    m_clientOrderDay = vietnamDate(at);
    m_dayStarts = true; // once the other exchanges have rolled too
}

} // namespace khop
