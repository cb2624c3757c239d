// SPDX-License-Identifier: GPL-3.0-or-later
// Money beside orders: agreed fees, advances on sale proceeds, conversions, trades settled by hand; and what
// the turn of the day brings, interest and custody.
#include "engine/engine.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;

namespace {

constexpr std::int64_t million = 1'000'000;

/// Errors show percentages, as clients write them.
std::string rateText(std::int64_t ppm) { return formatDecimal(ppm, 4, true); }

template <class Bytes>
void addBytes(RollingHash &hash, const Bytes &bytes)
{
    for (const char c : bytes)
        hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
}

/// Months are told apart by YYYY-MM.
std::string monthOf(Date date) { return isoDate(date).substr(0, 7); }

} // namespace

void Engine::refreshFees()
{
    FeeBook::Days days{};
    for (int e = 0; e < exchangeCount; ++e)
        days[static_cast<std::size_t>(e)] = m_exchange.day(static_cast<Exchange>(e));
    m_money.fees.refresh(m_exchange.rules(), days, m_byId.empty());
}

std::vector<std::pair<OrderNo, Rates>> Engine::ordersOnOlderFees() const
{
    std::vector<std::pair<OrderNo, Rates>> older;
    for (const Slot slot : openSlots()) {
        const LiveOrder &order = m_orders[slot];
        const Exchange exchange = m_exchange.instrument(order.record.instrument).exchange;
        if (order.fees != m_money.fees.termsOf(order.record.account, exchange))
            older.emplace_back(order.record.no, ratesOf(order));
    }
    return older;
}

Error Engine::run(const SetFeeSchedule &set, CommandResult &result)
{
    if (!m_ledger.exists(set.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    const MarketRules &rules = m_exchange.rules();
    std::vector<Exchange> exchanges;
    for (int e = 0; e < exchangeCount; ++e) {
        if (set.exchanges >> e & 1)
            exchanges.push_back(static_cast<Exchange>(e));
    }
    if (exchanges.empty() || set.exchanges >> exchangeCount != 0)
        return {Code::VALIDATION_ERROR, "exchanges", std::to_string(set.exchanges), "HOSE, …"};
    const std::string &currency = rules.of(exchanges.front()).currency;
    const auto off = [](const std::string &field, std::int64_t rate) -> Error {
        return {Code::VALIDATION_ERROR, field, rateText(rate),
                "0 … " + rateText(highestCommission)};
    };
    if (set.fee && (*set.fee < 0 || *set.fee > highestCommission))
        return off("fee", *set.fee);
    if (set.tiers.size() > (set.fee ? mostFeeTiers : 0))
        return {Code::VALIDATION_ERROR, "tiers", std::to_string(set.tiers.size()),
                set.fee ? "<= " + std::to_string(mostFeeTiers) : "fee"};
    const int scale = rules.currencyScale(currency);
    Money below;
    for (std::size_t i = 0; i < set.tiers.size(); ++i) {
        const std::string field = "tiers[" + std::to_string(i) + "]";
        if (set.tiers[i].above <= below)
            return {Code::VALIDATION_ERROR, field + ".above",
                    formatDecimal(set.tiers[i].above.raw(), scale),
                    "> " + formatDecimal(below.raw(), scale)};
        if (set.tiers[i].fee < 0 || set.tiers[i].fee > highestCommission)
            return off(field + ".fee", set.tiers[i].fee);
        below = set.tiers[i].above;
    }
    for (const Exchange exchange : exchanges) {
        if (rules.of(exchange).currency != currency)
            return {Code::VALIDATION_ERROR, "exchanges", rules.of(exchange).currency, currency};
        const Date today = m_exchange.day(exchange);
        // what a proposal holds was reckoned with today's fee
        const bool proposes = m_deals.proposals(set.account) > 0;
        if (set.from < today || (set.from == today && proposes))
            return {Code::VALIDATION_ERROR, "from", isoDate(set.from),
                    (proposes ? "> " : ">= ") + isoDate(today)};
        const auto &known = m_money.fees.inForce().schedules;
        const auto rows = known.find({set.account, exchange});
        if (rows != known.end() && rows->second.size() >= mostFeeSchedules
            && std::ranges::find(rows->second, set.from, &FeeSchedule::from) == rows->second.end())
            return {Code::VALIDATION_ERROR, "from", isoDate(set.from),
                    "<= " + std::to_string(mostFeeSchedules) + " rows"};
    }
    const FeeSchedule schedule{set.from, set.fee, set.tiers};
    for (const Exchange exchange : exchanges)
        m_money.fees.set(set.account, exchange, schedule);
    refreshFees();
    ByteWriter bytes;
    encodeSchedule(bytes, schedule);
    addBytes(m_hash, bytes.bytes());
    m_hash.add(std::uint64_t{set.account} << 8 | set.exchanges);
    result.account = set.account;
    return {};
}

Error Engine::run(const AdvanceCash &advance, CommandResult &result)
{
    const auto currency = cashOf(advance.account, advance.currency);
    if (!currency)
        return currency.error();
    const int scale = m_exchange.rules().currencies[*currency].scale;
    const Date today = vietnamDate(m_now);
    const CashRates *const rates = m_exchange.rules().cashRatesOn(*currency, today);
    if (!rates)
        return {Code::VALIDATION_ERROR, "currency", advance.currency,
                "an advance fee in the rules"};
    if (advance.amount <= Money{})
        return {Code::VALIDATION_ERROR, "amount", formatDecimal(advance.amount.raw(), scale),
                "> 0"};
    std::vector<std::pair<Time, Money>> free;
    if (const Ledger::Cash *const cash = m_ledger.account(advance.account).cash.find(*currency)) {
        for (auto &&[at, amount] : cash->arriving) {
            const Money *const advanced = cash->advanced.find(at);
            free.emplace_back(at, advanced ? amount - *advanced : amount);
        }
    }
    const AdvanceQuote quote = quoteAdvance(free, today, rates->advanceFee, advance.amount);
    if (quote.amount < advance.amount)
        return {Code::INSUFFICIENT_CASH, "amount", formatDecimal(advance.amount.raw(), scale),
                formatDecimal(quote.amount.raw(), scale)};
    for (const AdvanceQuote::Part &part : quote.parts)
        m_ledger.advance(advance.account, *currency, part.at, part.amount, part.fee, m_now);
    noteBalance(advance.account, *currency);
    result.amount = quote.amount;
    result.fee = quote.fee;
    return {};
}

Error Engine::run(const ConvertCash &convert, CommandResult &result)
{
    auto from = cashOf(convert.account, convert.from);
    if (!from) {
        Error error = from.error();
        error.field = error.field == "currency" ? "from" : error.field;
        return error;
    }
    auto to = cashOf(convert.account, convert.to);
    if (!to || *to == *from) {
        Error error =
            to ? Error{Code::VALIDATION_ERROR, "to", convert.to, "!= " + convert.from} : to.error();
        error.field = error.field == "currency" ? "to" : error.field;
        return error;
    }
    const MarketRules &rules = m_exchange.rules();
    const int scale = rules.currencies[*from].scale, scaleTo = rules.currencies[*to].scale;
    const Date today = vietnamDate(m_now);
    for (const auto &[field, code, currency] :
         {std::tuple("from", &convert.from, *from), std::tuple("to", &convert.to, *to)}) {
        if (!rules.fx.rateOn(currency, today))
            return {Code::VALIDATION_ERROR, field, *code, "a rate of " + isoDate(today)};
    }
    const std::string text = formatDecimal(convert.amount.raw(), scale);
    if (convert.amount <= Money{})
        return {Code::VALIDATION_ERROR, "amount", text, "> 0"};
    const Money available = m_ledger.available(convert.account, *from);
    if (convert.amount > available)
        return {Code::INSUFFICIENT_CASH, "amount", text, formatDecimal(available.raw(), scale)};
    const auto received = converted(rules, *from, *to, convert.amount, today);
    const std::int64_t most = m_ledger.endowableCash(*to, m_ledger.available(convert.account, *to));
    if (!received || received->raw() < 1 || received->raw() > most)
        return {Code::VALIDATION_ERROR, "amount", text,
                "0 < " + convert.to + " <= " + formatDecimal(most, scaleTo)};
    const Reason reason{LedgerEntry::Type::Fx};
    m_ledger.moveCash(convert.account, *from, convert.amount, Bucket::Available, Bucket::Street,
                      reason, m_now);
    m_ledger.moveCash(convert.account, *to, *received, Bucket::Street, Bucket::Available, reason,
                      m_now);
    noteBalance(convert.account, *from);
    noteBalance(convert.account, *to);
    result.amount = *received;
    return {};
}

/// Both legs at once, or nothing; again changes nothing.
Error Engine::run(const SettleTrade &settle, CommandResult &)
{
    if (settle.trade == 0 || settle.trade > m_lastTrade)
        return {Code::NOT_FOUND, "trade_id", std::to_string(settle.trade)};
    if (m_money.settledEarly.contains(settle.trade))
        return {};
    Time last;
    for (const SettleTrade::Leg &leg : settle.legs)
        last = std::max(last, leg.settlesAt);
    if (last <= m_now)
        return {}; // it has settled by itself
    const auto buys = std::ranges::count(settle.legs, Side::Buy, &SettleTrade::Leg::side);
    const auto legs = static_cast<std::ptrdiff_t>(settle.legs.size());
    if (buys > 1 || legs - buys > 1)
        return {Code::VALIDATION_ERROR, "legs", std::to_string(legs), "a buy and a sell"};
    for (const SettleTrade::Leg &leg : settle.legs) {
        if (!m_ledger.exists(leg.account))
            return {Code::ACCOUNT_UNKNOWN, "account_id"};
        if (leg.instrument >= m_exchange.instruments().size())
            return {Code::INSTRUMENT_UNKNOWN, "symbol"};
        const auto &holdings = m_ledger.account(leg.account).holdings;
        const Ledger::Holding *const holding = holdings.find(leg.instrument);
        const auto *const arriving = holding ? holding->arriving.find(leg.settlesAt) : nullptr;
        const Quantity most = arriving ? arriving->second : Quantity{};
        if (leg.side == Side::Buy && (leg.quantity <= Quantity{} || leg.quantity > most))
            return {Code::VALIDATION_ERROR, "quantity", std::to_string(leg.quantity.raw()),
                    "1 … " + std::to_string(most.raw())};
        if (leg.side == Side::Sell && leg.proceeds < Money{})
            return {Code::VALIDATION_ERROR, "proceeds", std::to_string(leg.proceeds.raw()), ">= 0"};
    }
    for (const SettleTrade::Leg &leg : settle.legs) {
        const std::uint16_t currency = currencyOf(m_exchange.instrument(leg.instrument));
        if (leg.side == Side::Buy) {
            m_ledger.settleSecuritiesEarly(leg.account, leg.instrument, leg.quantity, leg.settlesAt,
                                           settle.trade, m_now);
            notePosition(leg.account, leg.instrument);
        } else {
            m_ledger.settleCashEarly(leg.account, currency, leg.proceeds, leg.settlesAt,
                                     settle.trade, m_now);
            noteBalance(leg.account, currency);
        }
    }
    m_money.settledEarly.emplace(settle.trade, last);
    m_hash.add(settle.trade);
    EarlySettlement settled{settle.trade, m_now, {}};
    for (const SettleTrade::Leg &leg : settle.legs)
        settled.accounts.push_back(leg.account);
    m_out->settled.push_back(std::move(settled));
    m_retryMet = !m_met.empty(); // for the shares that came
    return {};
}

/// Where the rules say so a withdrawal waits: what it asks for is held, and its entry is pending.
Error Engine::askToWithdraw(const WithdrawCash &withdraw, std::uint16_t currency)
{
    const auto &known = *m_money.withdrawals;
    const auto waiting = static_cast<std::size_t>(std::ranges::count_if(
        known, [&](const auto &one) { return one.second.account == withdraw.account; }));
    if (waiting >= mostPendingWithdrawals)
        return {Code::VALIDATION_ERROR, "withdrawals", std::to_string(waiting + 1),
                "<= " + std::to_string(mostPendingWithdrawals)};
    m_ledger.moveCash(withdraw.account, currency, withdraw.amount, Bucket::Available, Bucket::Held,
                      {LedgerEntry::Type::Withdraw}, m_now);
    LedgerEntry &entry = m_out->entries.back();
    entry.status = LedgerEntry::Status::Pending;
    auto changed = std::make_shared<PendingWithdrawals>(known);
    changed->emplace(entry.no,
                     PendingWithdrawal{withdraw.account, currency, withdraw.amount, m_now});
    m_money.withdrawals = std::move(changed);
    noteBalance(withdraw.account, currency);
    return {};
}

Error Engine::run(const DecideWithdrawal &decide, CommandResult &result)
{
    const auto found = m_money.withdrawals->find(decide.entry);
    if (found == m_money.withdrawals->end())
        return {Code::NOT_FOUND, "transaction_id", std::to_string(decide.entry)};
    const PendingWithdrawal waiting = found->second;
    const bool goes = decide.status == LedgerEntry::Status::Completed;
    if (decide.status == LedgerEntry::Status::Pending)
        return {Code::VALIDATION_ERROR, "status", std::string(name(decide.status)),
                "COMPLETED, FAILED, CANCELLED"};
    auto changed = std::make_shared<PendingWithdrawals>(*m_money.withdrawals);
    changed->erase(decide.entry);
    m_money.withdrawals = std::move(changed);
    m_ledger.moveCash(waiting.account, waiting.currency, waiting.amount, Bucket::Held,
                      goes ? Bucket::Outside : Bucket::Available, {LedgerEntry::Type::Withdraw},
                      m_now);
    noteBalance(waiting.account, waiting.currency);
    m_hash.add(decide.entry << 2 | static_cast<std::uint64_t>(decide.status));
    m_out->decided.push_back({decide.entry, decide.status});
    result.account = waiting.account;
    result.amount = waiting.amount;
    return {};
}

/// At the turn of the day: interest of the nights since the last one, and once a month what is to be booked.
void Engine::turnMoney()
{
    const Date today = m_exchange.day(Exchange::HOSE);
    const int days = today - m_money.day;
    if (days <= 0)
        return;
    const bool newMonth = monthOf(today) != monthOf(m_money.day);
    for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
        accrue(no, days);
        if (newMonth)
            bookMonth(no, m_money.day);
    }
    std::vector<AccountDues::Key> owing;
    for (const auto &[key, of] : m_money.dues.all()) {
        m_hash.add(std::uint64_t{key.first} << 16 | key.second);
        m_hash.add(of.loan ^ of.idle << 1 ^ of.custody.raw());
        if (!of.custody.isZero())
            owing.push_back(key);
    }
    for (const auto &[account, currency] : owing)
        payDues(account, currency);
    m_money.day = today;
    std::erase_if(m_money.settledEarly, [&](const auto &one) { return one.second <= m_now; });
}

void Engine::accrue(AccountNo account, int days)
{
    const MarginTerms *const terms = m_money.margin.find(account);
    for (auto &&[currency, cash] : m_ledger.account(account).cash) {
        const auto add = [&](std::int64_t AccountDues::Of::*to, std::int64_t interest) {
            if (interest == 0)
                return;
            std::int64_t &sum = m_money.dues.of(account, currency).*to;
            sum = checkedAdd(sum, interest).value_or(sum);
        };
        if (!cash.loan.isZero() && terms)
            add(&AccountDues::Of::loan, interestOf(cash.loan, terms->interest, days));
        const CashRates *const rates = m_exchange.rules().cashRatesOn(currency, m_money.day);
        if (rates && rates->interest > 0)
            add(&AccountDues::Of::idle, interestOf(cash.available, rates->interest, days));
    }
}

/// Books what a month has brought: custody of what is settled at its end, interest both ways.
void Engine::bookMonth(AccountNo account, Date month)
{
    std::map<std::uint16_t, Int128> custody; // millionths of the currency's unit
    for (auto &&[index, holding] : m_ledger.account(account).holdings) {
        const Instrument &instrument = m_exchange.instrument(index);
        const std::int64_t rate = m_exchange.rules().of(instrument.exchange).ratesOn(month).custody;
        const Quantity settled = holding.available + holding.held;
        if (m_exchange.rules().policies.custodyByAccount && rate > 0 && !settled.isZero())
            custody[currencyOf(instrument)] +=
                Int128(settled.raw()) * rate / powerOfTen(instrument.quantityScale);
    }
    for (const auto &[currency, sum] : custody) {
        const int scale = m_exchange.rules().currencies[currency].scale;
        const Int128 due = (sum * powerOfTen(scale) + million / 2) / million;
        Money &owed = m_money.dues.of(account, currency).custody;
        owed = Money(
            static_cast<std::int64_t>(std::min<Int128>(Int128(owed.raw()) + due, mostEndowed)));
        m_money.dues.tidy(account, currency);
    }
    std::vector<std::uint16_t> currencies;
    for (auto &&[currency, cash] : m_ledger.account(account).cash)
        currencies.push_back(currency);
    for (const std::uint16_t currency : currencies) {
        const AccountDues::Of *const due = m_money.dues.find(account, currency);
        if (!due)
            continue;
        const Money most(m_ledger.endowableCash(currency, m_ledger.available(account, currency)));
        const Money earned = std::min(wholeUnits(due->idle), most);
        m_money.dues.of(account, currency).idle = 0;
        m_ledger.moveCash(account, currency, earned, Bucket::FeeIncome, Bucket::Available,
                          {LedgerEntry::Type::Interest}, m_now);
        bookInterest(account, currency);
        m_money.dues.tidy(account, currency);
        noteBalance(account, currency);
    }
}

/// Takes custody that is due as far as there is cash.
void Engine::payDues(AccountNo account, std::uint16_t currency)
{
    Money &owed = m_money.dues.of(account, currency).custody;
    const Money paid = std::min(owed, m_ledger.available(account, currency));
    owed -= paid;
    m_ledger.moveCash(account, currency, paid, Bucket::Available, Bucket::FeeIncome,
                      {LedgerEntry::Type::Custody}, m_now);
    m_money.dues.tidy(account, currency);
    noteBalance(account, currency);
}

} // namespace khop
