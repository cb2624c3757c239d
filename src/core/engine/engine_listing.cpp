// SPDX-License-Identifier: GPL-3.0-or-later
// What the exchange decides on instruments and who is foreign: halts, ex-rights, foreign room.
#include "engine/engine.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t mostAnnounced = 20'000;

} // namespace

Error Engine::run(const SetAccountForeign &set, CommandResult &result)
{
    if (!m_ledger.exists(set.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    m_ledger.setForeign(set.account, set.foreign);
    m_hash.add(std::uint64_t{set.account} << 1 | std::uint64_t{set.foreign});
    m_out->accounts.push_back(set.account);
    result.account = set.account;
    return {};
}

Error Engine::run(const SetInstrumentState &set, CommandResult &)
{
    if (set.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    const Instrument &instrument = m_exchange.instrument(set.instrument);
    bool halted = instrument.halted, active = instrument.active;
    switch (set.action) {
    case SetInstrumentState::Action::Halt: halted = true; break;
    case SetInstrumentState::Action::Resume: halted = false; break;
    case SetInstrumentState::Action::Activate: active = true; break;
    case SetInstrumentState::Action::Deactivate: active = false; break;
    }
    if (halted == instrument.halted && active == instrument.active)
        return {};
    m_exchange.setState(set.instrument, halted, active);
    m_retryMet = !m_met.empty(); // for those that wait for a resume
    m_out->newDay = true;        // readers take the instruments anew
    return {};
}

Error Engine::run(const AnnounceExRights &announce, CommandResult &)
{
    if (announce.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    const Instrument &instrument = m_exchange.instrument(announce.instrument);
    const ExRights &rights = announce.rights;
    const Date today = m_exchange.day(instrument.exchange);
    if (announce.exDate <= today)
        return {Code::VALIDATION_ERROR, "ex_date", isoDate(announce.exDate), "> " + isoDate(today)};
    if (!m_exchange.rules().isTradingDay(instrument.exchange, announce.exDate))
        return {Code::HOLIDAY, "ex_date", isoDate(announce.exDate)};
    if (m_corporate.exRights(announce.instrument, announce.exDate) != ExRights{})
        return {Code::VALIDATION_ERROR, "ex_date", isoDate(announce.exDate),
                "a day without corporate actions of " + instrument.symbol};
    const auto within = [&](const char *field, std::int64_t value, std::int64_t most, int scale) {
        return value >= 0 && value <= most
                   ? Error{}
                   : Error{Code::VALIDATION_ERROR, field, formatDecimal(value, scale),
                           "0 … " + formatDecimal(most, scale)};
    };
    for (const Error &error :
         {within("cash_dividend", rights.cashDividend.raw(), highestPrice.raw(),
                 instrument.priceScale),
          within("issue_price", rights.issuePrice.raw(), highestPrice.raw(), instrument.priceScale),
          within("bonus_ratio", rights.bonusRatio, highestRatio, 6),
          within("rights_ratio", rights.rightsRatio, highestRatio, 6)}) {
        if (error.code != Code::OK)
            return error;
    }
    if (m_exchange.announced() >= mostAnnounced && rights != ExRights{})
        return {Code::VALIDATION_ERROR, "symbol", instrument.symbol, std::to_string(mostAnnounced)};
    m_exchange.announce(announce.instrument, announce.exDate, rights);
    return {};
}

/// Refuses a foreign account's buy of more than the room left.
std::optional<Error> Engine::checkRoom(AccountNo account, InstrumentIndex index,
                                       Quantity more) const
{
    const auto room = m_exchange.room(index);
    if (!room || !isForeign(account) || more <= *room)
        return std::nullopt;
    const int scale = m_exchange.instrument(index).quantityScale;
    return Error{Code::FOREIGN_ROOM, "quantity", formatDecimal(more.raw(), scale, true),
                 formatDecimal(std::max(Quantity{}, *room).raw(), scale, true)};
}

/// Takes the room for what remains of a foreign buy, where it is taken on entry.
void Engine::reserveRoom(LiveOrder &order)
{
    const OrderRecord &record = order.record;
    if (record.side != Side::Buy || !m_exchange.rules().policies.roomOnEntry
        || !isForeign(record.account) || !m_exchange.room(record.instrument))
        return;
    m_exchange.takeRoom(record.instrument, record.remaining - order.room);
    order.room = record.remaining;
}

/// Gives back what is taken beyond `leaves`.
void Engine::keepRoom(LiveOrder &order, Quantity leaves)
{
    if (order.room <= leaves)
        return;
    m_exchange.takeRoom(order.record.instrument, leaves - order.room);
    order.room = leaves;
}

/// A fill of a foreign buy uses the room it has taken, else takes it now. Several orders that stood
/// before may overdraw it in one match; what foreign investors sell then goes to that first.
void Engine::useRoom(LiveOrder &order, Quantity traded)
{
    const Quantity taken = std::min(order.room, traded);
    order.room -= taken;
    if (isForeign(order.record.account))
        m_exchange.takeRoom(order.record.instrument, traded - taken);
    else
        m_exchange.takeRoom(order.record.instrument, -taken);
}

} // namespace khop
