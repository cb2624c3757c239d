// SPDX-License-Identifier: GPL-3.0-or-later
// Put-through deals: two accounts agree outside the book, the exchange checks and books. What the
// proposer gives is held from the proposal on; the acceptance takes the other side and executes at once.
// Executed deals stand: nothing cancels them.
#include "engine/engine.h"

#include "base/decimal.h"
#include "base/invariant.h"
#include "ledger/order_cost.h"
#include "market/put_through_entry.h"

namespace khop {

using Bucket = LedgerEntry::Bucket;
using Deal = PutThroughDeals::Deal;

void Engine::emitDeal(PutThroughRecord &record)
{
    record.updatedAt = m_now;
    m_hash.add(record.no << 8 | static_cast<std::uint64_t>(record.status));
    m_hash.add(record.price.raw());
    m_hash.add(record.quantity.raw());
    m_hash.add(record.held.raw());
    m_hash.add(std::uint64_t{record.proposer} << 32 | record.counterparty);
    m_out->putThroughs.push_back(record);
    ++record.version;
}

Error Engine::run(const ProposePutThrough &propose, CommandResult &result)
{
    if (!m_ledger.exists(propose.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    if (!m_ledger.exists(propose.counterparty))
        return {Code::ACCOUNT_UNKNOWN, "counterparty"};
    if (propose.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    if (propose.id.isNull() || m_deals.find(propose.id))
        return {Code::VALIDATION_ERROR, "put_through_id", propose.id.text()};
    if (propose.counterparty == propose.account)
        return {Code::SELF_TRADE, "counterparty", m_ledger.account(propose.account).info.name};
    const Instrument &instrument = m_exchange.instrument(propose.instrument);
    if (auto refusal =
            checkPutThrough(propose.quantity, propose.price, instrument, m_exchange.rules(), m_now,
                            m_exchange.hasMatchPrice(propose.instrument)))
        return *refusal;
    if (m_deals.proposals(propose.account) >= mostProposals)
        return {Code::OPEN_ORDER_LIMIT, "account_id", std::to_string(mostProposals + 1),
                std::to_string(mostProposals)};
    if (m_risk.any()) {
        if (auto refusal = checkRiskOfDeal(propose.account, propose.side, propose.instrument,
                                           propose.price, propose.quantity))
            return *refusal;
    }
    Deal deal;
    PutThroughRecord &record = deal.record;
    record.no = m_sequence;
    record.id = propose.id;
    record.instrument = propose.instrument;
    record.proposer = propose.account;
    record.counterparty = propose.counterparty;
    record.side = propose.side;
    record.price = propose.price;
    record.quantity = propose.quantity;
    record.createdAt = record.updatedAt = m_now;
    record.expiresAt = putThroughEnd(instrument, m_exchange.rules(), m_now);
    record.description = propose.description;
    if (auto refusal = holdProposal(deal))
        return *refusal;
    Deal &added = m_deals.add(std::move(deal));
    result.putThrough = added.record;
    emitDeal(added.record);
    return {};
}

/// Takes what the proposer gives out of reach of other orders.
std::optional<Error> Engine::holdProposal(Deal &deal)
{
    PutThroughRecord &record = deal.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const int scale = scaleOf(instrument);
    if (record.side == Side::Sell) {
        const Quantity sellable = m_ledger.sellable(record.proposer, record.instrument);
        if (record.quantity > sellable)
            return Error{Code::INSUFFICIENT_SECURITIES, "quantity",
                         formatDecimal(record.quantity.raw(), instrument.quantityScale, true),
                         formatDecimal(sellable.raw(), instrument.quantityScale, true)};
        m_ledger.moveSecurities(record.proposer, record.instrument, record.quantity,
                                Bucket::Available, Bucket::Held,
                                {LedgerEntry::Type::OrderHold, record.no}, m_now);
        notePosition(record.proposer, record.instrument);
        return std::nullopt;
    }
    if (auto refusal = checkRoom(record.proposer, record.instrument, record.quantity))
        return refusal;
    const std::uint16_t currency = currencyOf(instrument);
    const Money available = m_ledger.available(record.proposer, currency);
    const auto need = buyHold(instrument, scale, rates(record.proposer, instrument), record.price,
                              record.quantity, Money{});
    if (!need || *need > available)
        return Error{Code::INSUFFICIENT_CASH, "quantity",
                     need ? formatDecimal(need->raw(), scale) : "",
                     formatDecimal(available.raw(), scale)};
    record.held = *need;
    m_ledger.moveCash(record.proposer, currency, *need, Bucket::Available, Bucket::Held,
                      {LedgerEntry::Type::OrderHold, record.no}, m_now);
    noteBalance(record.proposer, currency);
    if (m_exchange.rules().policies.roomOnEntry && isForeign(record.proposer)
        && m_exchange.room(record.instrument)) {
        deal.room = record.quantity;
        m_exchange.takeRoom(record.instrument, deal.room);
    }
    return std::nullopt;
}

void Engine::releaseProposal(Deal &deal)
{
    PutThroughRecord &record = deal.record;
    m_exchange.takeRoom(record.instrument, -deal.room);
    deal.room = {};
    if (record.side == Side::Sell) {
        m_ledger.moveSecurities(record.proposer, record.instrument, record.quantity, Bucket::Held,
                                Bucket::Available, {LedgerEntry::Type::OrderRelease, record.no},
                                m_now);
        notePosition(record.proposer, record.instrument);
        return;
    }
    const std::uint16_t currency = currencyOf(m_exchange.instrument(record.instrument));
    m_ledger.moveCash(record.proposer, currency, record.held, Bucket::Held, Bucket::Available,
                      {LedgerEntry::Type::OrderRelease, record.no}, m_now);
    record.held = {};
    noteBalance(record.proposer, currency);
}

Error Engine::run(const AnswerPutThrough &answer, CommandResult &result)
{
    Deal *deal = m_deals.find(answer.id);
    const bool concerns =
        deal
        && (answer.account == deal->record.proposer || answer.account == deal->record.counterparty);
    if (!concerns)
        return {Code::NOT_FOUND, "put_through_id", answer.id.text()};
    PutThroughRecord &record = deal->record;
    result.putThrough = record;
    const bool proposers = answer.answer == AnswerPutThrough::Answer::Cancel;
    if (proposers != (answer.account == record.proposer))
        return {Code::FORBIDDEN, "put_through_id", answer.id.text(),
                proposers ? "proposer" : "counterparty"};
    switch (answer.answer) {
    case AnswerPutThrough::Answer::Accept:
        if (auto refusal = checkAcceptance(*deal))
            return *refusal;
        execute(*deal);
        break;
    case AnswerPutThrough::Answer::Reject:
        releaseProposal(*deal);
        record.status = PutThroughStatus::Rejected;
        break;
    case AnswerPutThrough::Answer::Cancel:
        releaseProposal(*deal);
        record.status = PutThroughStatus::Cancelled;
        break;
    }
    result.putThrough = record;
    result.putThrough->updatedAt = m_now;
    endDeal(*deal, record.status);
    return {};
}

void Engine::endDeal(Deal &deal, PutThroughStatus status)
{
    deal.record.status = status;
    emitDeal(deal.record);
    m_deals.remove(deal.record.id);
}

void Engine::cancelDeal(const Uuid &id)
{
    Deal &deal = *m_deals.find(id);
    releaseProposal(deal);
    endDeal(deal, PutThroughStatus::Cancelled);
}

void Engine::expireDeals()
{
    for (const Uuid &id : m_deals.due(m_now)) {
        Deal &deal = *m_deals.find(id);
        releaseProposal(deal);
        endDeal(deal, PutThroughStatus::Expired);
    }
}

std::optional<Error> Engine::checkAcceptance(const Deal &deal) const
{
    const PutThroughRecord &record = deal.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    if (auto refusal = checkPutThroughHours(instrument, m_exchange.rules(), m_now))
        return refusal;
    if (m_risk.any()) {
        if (auto refusal = checkRiskOfDeal(record.counterparty, opposite(record.side),
                                           record.instrument, record.price, record.quantity))
            return refusal;
    }
    const int scale = scaleOf(instrument);
    if (record.side == Side::Buy) {
        const Quantity sellable = m_ledger.sellable(record.counterparty, record.instrument);
        if (record.quantity <= sellable)
            return std::nullopt;
        return Error{Code::INSUFFICIENT_SECURITIES, "quantity",
                     formatDecimal(record.quantity.raw(), instrument.quantityScale, true),
                     formatDecimal(sellable.raw(), instrument.quantityScale, true)};
    }
    if (auto refusal = checkRoom(record.counterparty, record.instrument, record.quantity))
        return refusal;
    const Money available = m_ledger.available(record.counterparty, currencyOf(instrument));
    const auto need = buyHold(instrument, scale, rates(record.counterparty, instrument),
                              record.price, record.quantity, Money{});
    if (need && *need <= available)
        return std::nullopt;
    return Error{Code::INSUFFICIENT_CASH, "quantity", need ? formatDecimal(need->raw(), scale) : "",
                 formatDecimal(available.raw(), scale)};
}

void Engine::execute(Deal &deal)
{
    PutThroughRecord &record = deal.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const bool buyerProposed = record.side == Side::Buy;
    const auto value =
        notional(instrument, scaleOf(instrument), record.price, record.quantity, Rounding::Down);
    KHOP_INVARIANT(value.has_value());
    TradeRecord trade;
    trade.no = ++m_lastTrade;
    trade.id = uuid7(m_now, 0, trade.no);
    trade.instrument = record.instrument;
    trade.price = record.price;
    trade.quantity = record.quantity;
    trade.value = *value;
    trade.aggressor = opposite(record.side); // who came second
    trade.buyOrder = trade.sellOrder = record.no;
    trade.buyOrderId = trade.sellOrderId = record.id;
    trade.buyAccount = record.buyer();
    trade.sellAccount = record.seller();
    trade.putThrough = true;
    trade.phase = m_exchange.phaseOf(record.instrument);
    trade.time = m_now;
    trade.settlesAt = m_exchange.settlementTime(instrument.exchange);
    payDeal(trade, buyerProposed ? Bucket::Held : Bucket::Available);
    deliverDeal(trade, buyerProposed ? Bucket::Available : Bucket::Held);
    if (buyerProposed) {
        // the hold was rounded up, the payment is not
        const Money paid = *value + commission(rates(record.proposer, instrument), *value);
        m_ledger.moveCash(record.proposer, currencyOf(instrument), record.held - paid, Bucket::Held,
                          Bucket::Available, {LedgerEntry::Type::OrderRelease, record.no, trade.no},
                          m_now);
        record.held = {};
    }
    if (isForeign(trade.buyAccount))
        m_exchange.takeRoom(record.instrument, record.quantity - deal.room);
    else
        m_exchange.takeRoom(record.instrument, -deal.room);
    deal.room = {};
    if (isForeign(trade.sellAccount))
        m_exchange.takeRoom(record.instrument, -record.quantity);
    m_exchange.recordPutThrough(record.instrument, record.price, record.quantity);
    record.status = PutThroughStatus::Executed;
    record.trade = trade.no;
    m_out->trades.push_back(std::move(trade));
}

/// The buyer's side of a deal: value and fee out of a bucket, the securities on their way.
void Engine::payDeal(const TradeRecord &trade, Bucket from)
{
    const AccountNo buyer = trade.buyAccount;
    const Instrument &instrument = m_exchange.instrument(trade.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    const Money fee = commission(rates(buyer, instrument), trade.value);
    const bool atOnce = trade.settlesAt <= m_now;
    m_ledger.moveCash(buyer, currency, trade.value, from, Bucket::Street,
                      {LedgerEntry::Type::OrderPayment, trade.buyOrder, trade.no}, m_now);
    m_ledger.moveCash(buyer, currency, fee, from, Bucket::FeeIncome,
                      {LedgerEntry::Type::Fee, trade.buyOrder, trade.no}, m_now);
    m_ledger.moveSecurities(buyer, trade.instrument, trade.quantity, Bucket::Street,
                            atOnce ? Bucket::Available : Bucket::Pending,
                            {LedgerEntry::Type::OrderPayment, trade.buyOrder, trade.no}, m_now);
    if (!atOnce)
        m_ledger.securitiesArrive(buyer, trade.instrument, trade.quantity, trade.settlesAt,
                                  vietnamDate(m_now));
    m_ledger.bought(buyer, trade.instrument, trade.value + fee);
    m_out->executions.push_back({uuid7(m_now, 1, trade.no), trade.no, trade.buyOrder,
                                 trade.buyOrderId, buyer, trade.instrument, Side::Buy, trade.price,
                                 trade.quantity, trade.value, fee, Money{}, m_now, trade.settlesAt,
                                 Money{}});
    noteBalance(buyer, currency);
    notePosition(buyer, trade.instrument);
}

/// The seller's side of a deal: securities out of a bucket, the proceeds less fee and tax on their way.
void Engine::deliverDeal(const TradeRecord &trade, Bucket from)
{
    const AccountNo seller = trade.sellAccount;
    const Instrument &instrument = m_exchange.instrument(trade.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    const Rates &rate = rates(seller, instrument);
    const Money fee = commission(rate, trade.value);
    const Money saleTax = portion(trade.value, rate.sellTax);
    const Money ofIncome =
        incomeTax(seller, instrument, trade.quantity, trade.price, trade.value - fee - saleTax);
    const Money tax = saleTax + ofIncome;
    const Money net = trade.value - fee - tax;
    const bool atOnce = trade.settlesAt <= m_now;
    const Bucket proceeds = atOnce ? Bucket::Available : Bucket::Pending;
    const Quantity owned = m_ledger.account(seller).holdings.find(trade.instrument)->owned();
    m_ledger.moveSecurities(seller, trade.instrument, trade.quantity, from, Bucket::Street,
                            {LedgerEntry::Type::OrderPayment, trade.sellOrder, trade.no}, m_now);
    m_ledger.moveCash(seller, currency, trade.value, Bucket::Street, proceeds,
                      {LedgerEntry::Type::OrderPayment, trade.sellOrder, trade.no}, m_now);
    m_ledger.moveCash(seller, currency, fee, proceeds, Bucket::FeeIncome,
                      {LedgerEntry::Type::Fee, trade.sellOrder, trade.no}, m_now);
    for (const Money part : {saleTax, ofIncome})
        m_ledger.moveCash(seller, currency, part, proceeds, Bucket::TaxDue,
                          {LedgerEntry::Type::Tax, trade.sellOrder, trade.no}, m_now);
    if (!atOnce)
        m_ledger.cashArrives(seller, currency, net, trade.settlesAt);
    const Money realized = m_ledger.sold(seller, trade.instrument, trade.quantity, owned, net);
    m_out->executions.push_back({uuid7(m_now, 2, trade.no), trade.no, trade.sellOrder,
                                 trade.sellOrderId, seller, trade.instrument, Side::Sell,
                                 trade.price, trade.quantity, trade.value, fee, tax, m_now,
                                 trade.settlesAt, realized});
    noteBalance(seller, currency);
    notePosition(seller, trade.instrument);
}

} // namespace khop
