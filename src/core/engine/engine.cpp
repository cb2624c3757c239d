// SPDX-License-Identifier: GPL-3.0-or-later
// Time and accounts. Orders are in engine_orders.cpp, fills in engine_fills.cpp, rules and instruments
// in engine_data.cpp, snapshots in engine_snapshot.cpp.
#include "engine/engine.h"

#include "base/decimal.h"
#include "base/invariant.h"
#include "ledger/order_cost.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr Time never{std::numeric_limits<std::int64_t>::max()};

} // namespace

Engine::Engine() : m_exchange(*this, m_hash), m_participants(m_exchange), m_replay(m_exchange) {}
Engine::~Engine() = default;

QueuePlace Engine::queuePlace(const Uuid &order) const
{
    const Slot *const found = m_byId.find(order);
    if (!found || m_orders[*found].ref == 0)
        return {};
    const std::optional<Quantity> ahead = m_exchange.ahead(m_orders[*found].ref);
    return {true, ahead.value_or(Quantity{})};
}

CommandResult Engine::apply(const Command &command, CommittedGroup &group)
{
    m_out = &group;
    m_ledger.writeTo(&group.entries);
    std::size_t firstEntry = group.entries.size();
    m_bookTouched.resize(m_exchange.instruments().size());
    const Time time = std::max(command.time, m_now);
    CommandResult result;
    result.sequence = ++m_sequence;
    const auto *tick = std::get_if<Tick>(&command.body);
    if (m_exchange.configured())
        advance(time, tick && tick->catchUp);
    m_now = time;
    m_exchange.setTime(time);
    if (Error refused =
            std::visit([&](const auto &body) { return run(body, result); }, command.body);
        refused.code != Code::OK)
        result.error = std::move(refused);
    m_forceDue = false; // data that opens a session is no session's start
    runConditions();
    for (; firstEntry < group.entries.size(); ++firstEntry) {
        const LedgerEntry &entry = group.entries[firstEntry];
        m_hash.add(entry.no << 8 | static_cast<std::uint64_t>(entry.type));
        m_hash.add(entry.amount);
        m_hash.add(std::uint64_t{entry.account} << 32 | static_cast<std::uint64_t>(entry.from) << 8
                   | static_cast<std::uint64_t>(entry.to));
    }
    m_ledger.writeTo(nullptr);
    m_hash.add(m_sequence);
    m_hash.add(m_now.ms);
    group.sequence = m_sequence;
    group.time = m_now;
    m_out = nullptr;
    return result;
}

Time Engine::nextTimer() const
{
    if (!m_exchange.configured())
        return never;
    Time next = std::min({m_exchange.nextEvent(), m_ledger.nextArrival(), m_participants.nextStep(),
                          m_deals.nextExpiry(), std::max(m_now, m_replay.nextEvent())});
    if (!m_expiries.empty())
        next = std::min(next, std::get<Time>(*m_expiries.begin()));
    return next;
}

void Engine::advance(Time to, bool catchUp)
{
    if (catchUp)
        m_participants.skipTo(to);
    for (Time next = nextTimer(); next <= to; next = nextTimer()) {
        m_now = next;
        m_exchange.setTime(next);
        if (m_ledger.nextArrival() <= next) {
            m_ledger.settle(next);
            // arrivals change balances and positions of many accounts: subscribers reread them all
            for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
                for (auto &&[currency, cash] : m_ledger.account(no).cash)
                    noteBalance(no, currency);
                for (auto &&[instrument, holding] : m_ledger.account(no).holdings)
                    notePosition(no, instrument);
            }
            m_retryMet = !m_met.empty(); // for the shares that came
        }
        if (m_exchange.nextEvent() == next)
            m_exchange.runEvent(next);
        if (m_dayTurned)
            adoptPendingData();
        if (std::exchange(m_dayStarts, false))
            startDay();
        if (std::exchange(m_forceDue, false))
            forceSales();
        if (m_deals.nextExpiry() <= next)
            expireDeals();
        runConditions();
        while (!m_expiries.empty() && std::get<Time>(*m_expiries.begin()) <= next) {
            const Slot slot = std::get<Slot>(*m_expiries.begin());
            m_expiries.erase(m_expiries.begin());
            LiveOrder &order = m_orders[slot];
            if (order.ref != 0)
                m_exchange.cancel(order.ref);
            order.ref = 0;
            finish(order, OrderStatus::Expired, order.record.remaining);
            touch(slot);
        }
        runConditions();
        if (m_participants.nextStep() == next)
            m_participants.step(next);
        if (m_replay.nextEvent() <= next)
            m_replay.run(next);
        if (m_replay.finished(next))
            endReplay();
        runConditions();
    }
}

Error Engine::run(const Tick &, CommandResult &) { return {}; }

Error Engine::run(const OpenAccount &open, CommandResult &result)
{
    if (const AccountInfo *known = m_ledger.find(open.id)) {
        result.account = known->no;
        return {};
    }
    result.account = m_ledger.open(open.id, open.name);
    m_byAccount.resize(m_ledger.size() + 1);
    m_waitingOf.resize(m_ledger.size() + 1);
    m_hash.add(open.id.high);
    m_hash.add(open.id.low);
    return {};
}

/// The position of a currency in the rules, where the account and it exist.
Result<std::uint16_t> Engine::cashOf(AccountNo account, const std::string &code) const
{
    if (!m_ledger.exists(account))
        return refuse(Code::ACCOUNT_UNKNOWN, "account_id");
    const auto &currencies = m_exchange.rules().currencies;
    const auto it = std::ranges::find(currencies, code, &Currency::code);
    if (it == currencies.end())
        return refuse(Code::VALIDATION_ERROR, "currency", code,
                      currencies.empty() ? "" : currencies[0].code);
    return static_cast<std::uint16_t>(it - currencies.begin());
}

Error Engine::run(const EndowCash &endow, CommandResult &)
{
    const auto currency = cashOf(endow.account, endow.currency);
    if (!currency)
        return currency.error();
    const int scale = m_exchange.rules().currencies[*currency].scale;
    // the total of what ever came is kept too
    const Ledger::Cash *const cash = m_ledger.account(endow.account).cash.find(*currency);
    const std::int64_t most =
        std::min(m_ledger.endowableCash(*currency, cash ? cash->available : Money{}),
                 mostEndowedToAll - (cash ? cash->deposited.raw() : 0));
    if (endow.amount.raw() <= 0 || endow.amount.raw() > most)
        return {Code::VALIDATION_ERROR, "amount", formatDecimal(endow.amount.raw(), scale),
                "1-" + formatDecimal(most, scale)};
    m_ledger.moveCash(endow.account, *currency, endow.amount, LedgerEntry::Bucket::Outside,
                      LedgerEntry::Bucket::Available, {LedgerEntry::Type::Deposit}, m_now);
    noteBalance(endow.account, *currency);
    return {};
}

Error Engine::run(const WithdrawCash &withdraw, CommandResult &)
{
    const auto currency = cashOf(withdraw.account, withdraw.currency);
    if (!currency)
        return currency.error();
    const int scale = m_exchange.rules().currencies[*currency].scale;
    const Money available = m_ledger.available(withdraw.account, *currency);
    if (withdraw.amount.raw() <= 0)
        return {Code::VALIDATION_ERROR, "amount", formatDecimal(withdraw.amount.raw(), scale),
                "> 0"};
    const Ledger::Cash *const cash = m_ledger.account(withdraw.account).cash.find(*currency);
    const std::int64_t most = mostEndowedToAll - (cash ? cash->withdrawn.raw() : 0);
    if (withdraw.amount <= available && withdraw.amount.raw() > most)
        return {Code::VALIDATION_ERROR, "amount", formatDecimal(withdraw.amount.raw(), scale),
                "<= " + formatDecimal(most, scale)};
    if (withdraw.amount > available)
        return {Code::INSUFFICIENT_CASH, "amount", formatDecimal(withdraw.amount.raw(), scale),
                formatDecimal(available.raw(), scale)};
    if (m_exchange.rules().policies.approvedWithdrawals)
        return askToWithdraw(withdraw, *currency);
    m_ledger.moveCash(withdraw.account, *currency, withdraw.amount, LedgerEntry::Bucket::Available,
                      LedgerEntry::Bucket::Outside, {LedgerEntry::Type::Withdraw}, m_now);
    noteBalance(withdraw.account, *currency);
    return {};
}

Error Engine::run(const EndowSecurities &endow, CommandResult &)
{
    if (!m_ledger.exists(endow.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    if (endow.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    const Instrument &instrument = m_exchange.instrument(endow.instrument);
    const Price price = endow.price.value_or(instrument.reference);
    const Ledger::Holding *const holding =
        m_ledger.account(endow.account).holdings.find(endow.instrument);
    const Quantity owned = holding ? holding->owned() : Quantity{};
    const Money paid = holding ? holding->cost : Money{};
    const std::int64_t most = m_ledger.endowableSecurities(endow.instrument, owned);
    const auto cost =
        price.raw() > 0 && endow.quantity.raw() > 0
            ? notional(instrument, scaleOf(instrument), price, endow.quantity, Rounding::HalfUp)
            : std::nullopt;
    if (endow.quantity.raw() <= 0 || endow.quantity.raw() > most)
        return {Code::INVALID_QUANTITY, "quantity",
                formatDecimal(endow.quantity.raw(), instrument.quantityScale, true),
                "1 … " + formatDecimal(most, instrument.quantityScale, true)};
    if (!cost || cost->raw() > mostEndowed - paid.raw())
        return {Code::INVALID_PRICE, "price", formatDecimal(price.raw(), instrument.priceScale)};
    m_ledger.moveSecurities(endow.account, endow.instrument, endow.quantity,
                            LedgerEntry::Bucket::Outside, LedgerEntry::Bucket::Available,
                            {LedgerEntry::Type::Deposit, 0, 0, *cost}, m_now);
    m_ledger.bought(endow.account, endow.instrument, *cost);
    noteGift(endow.account, instrument, endow.quantity, *cost);
    notePosition(endow.account, endow.instrument);
    return {};
}

Error Engine::run(const SetParticipants &set, CommandResult &)
{
    if (!m_exchange.configured())
        return {Code::CONFIGURATION_ERROR, "participants"};
    m_participants.set(set.on, set.seed, m_now);
    return {};
}

void Engine::indexCurrencies()
{
    m_currencyOf.clear();
    const auto &currencies = m_exchange.rules().currencies;
    for (const Instrument &instrument : m_exchange.instruments()) {
        const auto it = std::find_if(currencies.begin(), currencies.end(), [&](const Currency &c) {
            return c.code == instrument.currency;
        });
        KHOP_INVARIANT(it != currencies.end());
        m_currencyOf.push_back(static_cast<std::uint16_t>(it - currencies.begin()));
    }
}

int Engine::scaleOf(const Instrument &instrument) const
{
    return m_exchange.rules().currencies[currencyOf(instrument)].scale;
}

std::string Engine::priceText(const Instrument &instrument, Price price) const
{
    return formatDecimal(price.raw(), instrument.priceScale);
}

void Engine::noteBalance(AccountNo account, std::uint16_t currency)
{
    auto &balances = m_out->balances;
    if (balances.empty() || balances.back() != std::pair(account, currency))
        balances.emplace_back(account, currency);
    if (m_ledger.anyLoan()) [[unlikely]]
        repay(account, currency);
}

void Engine::notePosition(AccountNo account, InstrumentIndex instrument)
{
    auto &positions = m_out->positions;
    if (positions.empty() || positions.back() != std::pair(account, instrument))
        positions.emplace_back(account, instrument);
}

void Engine::quoteChanged(InstrumentIndex instrument)
{
    if (m_bookTouched[instrument] == m_sequence)
        return;
    m_bookTouched[instrument] = m_sequence;
    m_out->books.push_back(instrument);
}

Balance Engine::balance(AccountNo account, std::uint16_t currency) const
{
    Balance balance;
    balance.account = account;
    balance.currency = m_exchange.rules().currencies[currency].code;
    const auto &cells = m_ledger.account(account).cash;
    if (const Ledger::Cash *const found = cells.find(currency)) {
        const Ledger::Cash &cash = *found;
        balance.available = cash.available;
        balance.held = cash.held;
        balance.current = cash.available + cash.held;
        balance.pending = cash.pending;
        for (auto &&[at, amount] : cash.arriving)
            balance.arriving.emplace_back(at, amount);
        balance.deposited = cash.deposited;
        balance.withdrawn = cash.withdrawn;
        balance.loan = cash.loan;
        balance.interestDue = m_money.dues.interestDue(account, currency);
        for (auto &&[at, amount] : cash.advanced) {
            balance.advances.emplace_back(at, amount);
            balance.advanced += amount;
        }
        balance.updatedAt = cash.updatedAt;
    }
    return balance;
}

Position Engine::position(AccountNo account, InstrumentIndex instrument) const
{
    Position position;
    position.account = account;
    position.instrument = instrument;
    const auto &cells = m_ledger.account(account).holdings;
    const Ledger::Holding *const found = cells.find(instrument);
    if (!found)
        return position;
    const Ledger::Holding &holding = *found;
    position.quantity = holding.owned();
    position.sellable = holding.available;
    position.held = holding.held;
    const Calendar &calendar = m_exchange.rules().calendar;
    const Date today = vietnamDate(m_now);
    for (auto &&[at, bought] : holding.arriving) {
        const auto &[date, quantity] = bought;
        if (date >= today)
            position.pendingToday += quantity;
        else if (calendar.addTradingDays(date, 1) >= today)
            position.pendingYesterday += quantity;
        else
            position.pendingBefore += quantity;
    }
    position.taxable = holding.taxable;
    position.costBasis = holding.cost;
    position.realizedPnl = holding.realized;
    position.updatedAt = holding.updatedAt;
    return position;
}

/// Open orders, account by account.
std::vector<Engine::Slot> Engine::openSlots() const
{
    std::vector<Slot> slots;
    slots.reserve(m_byId.size());
    for (const std::vector<Slot> &own : m_byAccount)
        slots.insert(slots.end(), own.begin(), own.end());
    return slots;
}

std::string Engine::checkInvariants() const
{
    if (std::string off = m_ledger.checkBalanced(); !off.empty())
        return off;
    std::map<std::pair<AccountNo, std::uint16_t>, Money> cashHeld;
    std::map<std::pair<AccountNo, InstrumentIndex>, Quantity> securitiesHeld;
    for (const Slot slot : openSlots()) {
        const LiveOrder &order = m_orders[slot];
        const OrderRecord &record = order.record;
        const Instrument &instrument = m_exchange.instrument(record.instrument);
        if (record.quantity != record.remaining + record.traded + record.cancelled)
            return "order " + record.id.text() + ": quantity is not leaves + fills + cancelled";
        if (order.wait != Wait::Nothing)
            continue; // nothing is held: checkConditions()
        if (record.side == Side::Sell) {
            securitiesHeld[{record.account, record.instrument}] += record.remaining;
            continue;
        }
        const auto need = buyHold(instrument, scaleOf(instrument), ratesOf(order), order.holdPrice,
                                  record.remaining, record.tradedValue);
        if (!need || *need != record.held)
            return "order " + record.id.text() + ": hold differs from what the rest needs";
        cashHeld[{record.account, currencyOf(instrument)}] += record.held;
        if (order.room > record.remaining)
            return "order " + record.id.text() + ": more foreign room taken than remains";
    }
    for (const auto &[entry, waiting] : *m_money.withdrawals)
        cashHeld[{waiting.account, waiting.currency}] += waiting.amount;
    for (const auto &[no, deal] : m_deals.open()) {
        const PutThroughRecord &record = deal.record;
        if (record.side == Side::Sell)
            securitiesHeld[{record.proposer, record.instrument}] += record.quantity;
        else
            cashHeld[{record.proposer, currencyOf(m_exchange.instrument(record.instrument))}] +=
                record.held;
    }
    addRightsHolds(cashHeld);
    for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
        for (auto &&[currency, cash] : m_ledger.account(no).cash) {
            if (cash.held != cashHeld[{no, currency}])
                return "account " + std::to_string(no)
                       + ": held cash differs from its orders' holds";
        }
        for (auto &&[instrument, holding] : m_ledger.account(no).holdings) {
            if (holding.held != securitiesHeld[{no, instrument}])
                return "account " + std::to_string(no)
                       + ": held securities differ from its orders' holds";
        }
    }
    if (std::string off = checkMoney(); !off.empty())
        return off;
    return checkConditions();
}

} // namespace khop
