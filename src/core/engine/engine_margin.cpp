// SPDX-License-Identifier: GPL-3.0-or-later
// Margin: a buy that holds more than the cash there is draws a loan with its hold; cash that comes to the
// account pays it back at once, so that nothing is available beside a loan. At the start of a session the
// desk sells for accounts below their force-sell ratio: what is lent on most first, by limit orders at the
// floor, which every session takes and which stand until their day ends.
#include "engine/engine.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;

namespace {

std::string percentText(std::int64_t ppm) { return formatDecimal(ppm, 4, true); }

} // namespace

Error Engine::run(const SetMargin &set, CommandResult &result)
{
    if (!m_ledger.exists(set.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    if (set.terms) {
        if (auto off = checkMarginTerms(*set.terms, m_exchange.instruments()))
            return *off;
    } else {
        for (auto &&[currency, cash] : m_ledger.account(set.account).cash) {
            if (!cash.loan.isZero())
                return {
                    Code::VALIDATION_ERROR, "margin",
                    formatDecimal(cash.loan.raw(), m_exchange.rules().currencies[currency].scale),
                    "no loan"};
        }
    }
    ByteWriter bytes;
    bytes.u64(set.account);
    encodeMarginTerms(bytes, set.terms.get());
    for (const char c : bytes.bytes())
        m_hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    m_money.margin.set(set.account, set.terms);
    result.account = set.account;
    return {};
}

MarginAccount Engine::marginAccount(AccountNo no) const
{
    const std::uint16_t currency = loanCurrency();
    const Ledger::Account &account = m_ledger.account(no);
    MarginAccount state;
    if (const Ledger::Cash *const cash = account.cash.find(currency)) {
        state.available = cash->available;
        state.held = cash->held;
        state.pending = cash->pending;
        for (auto &&[at, advanced] : cash->advanced)
            state.pending -= advanced;
        state.loan = cash->loan;
    }
    state.interest = m_money.dues.interestDue(no, currency);
    state.securities.reserve(account.holdings.size());
    for (auto &&[index, holding] : account.holdings) {
        if (!holding.owned().isZero())
            state.securities.emplace_back(index, holding.owned());
    }
    for (const Slot slot : m_byAccount[no]) {
        const OrderRecord &record = m_orders[slot].record;
        if (record.side == Side::Buy && !record.held.isZero())
            state.buying[record.instrument] += record.held;
    }
    for (const auto &[number, deal] : m_deals.open()) {
        if (deal.record.proposer == no && !deal.record.held.isZero())
            state.buying[deal.record.instrument] += deal.record.held;
    }
    return state;
}

/// Loans are in the currency of the exchanges on which one may buy on margin.
std::uint16_t Engine::loanCurrency() const
{
    return currencyIndex(m_exchange.rules(), m_exchange.rules().of(Exchange::HOSE).currency);
}

/// Sees to it that a buy which holds `held` can hold `need`: with cash, else with a loan, which is drawn here.
std::optional<Error> Engine::fund(AccountNo account, const Instrument &instrument,
                                  std::optional<Money> need, Money held)
{
    const std::uint16_t currency = currencyOf(instrument);
    const Money available = m_ledger.available(account, currency) + held;
    const MarginTerms *const terms =
        m_money.margin.any() && currency == loanCurrency() ? m_money.margin.find(account) : nullptr;
    const bool enough = need && *need <= available;
    const bool more = !need || *need > held;
    const auto refusal = [&](Code code, Money most) {
        const int scale = scaleOf(instrument);
        return Error{code, "quantity", need ? formatDecimal(need->raw(), scale) : "",
                     formatDecimal(most.raw(), scale)};
    };
    if (!terms || !more)
        return enough ? std::nullopt : std::optional(refusal(Code::INSUFFICIENT_CASH, available));
    const MarginAccount state = marginAccount(account);
    if (enough && state.loan.isZero())
        return std::nullopt;
    const MarginFigures figures = marginFigures(*terms, state, currency, riskMarket());
    if (figures.state != MarginState::Normal)
        return Error{Code::MARGIN_CALL, "quantity", percentText(figures.ratio),
                     percentText(terms->maintenance)};
    if (enough)
        return std::nullopt;
    const Money loan = borrowable(*terms, state, figures, instrument);
    if (!need || *need > available + loan)
        return refusal(loanRatio(*terms, instrument) > 0 ? Code::MARGIN_LIMIT
                                                         : Code::INSUFFICIENT_CASH,
                       available + loan);
    m_ledger.lend(account, currency, *need - available, m_now);
    return std::nullopt;
}

/// Cash beside a loan pays it back. With the last of it goes the interest, which is lent once more where no
/// cash is left for it.
void Engine::repay(AccountNo account, std::uint16_t currency)
{
    const Ledger::Cash *const cash = m_ledger.account(account).cash.find(currency);
    if (!cash || cash->loan.isZero())
        return;
    m_ledger.repay(account, currency, std::min(cash->loan, cash->available), m_now);
    if (cash->loan.isZero())
        bookInterest(account, currency);
}

/// Interest due becomes part of the loan, of which cash that is there pays back what it can.
void Engine::bookInterest(AccountNo account, std::uint16_t currency)
{
    const AccountDues::Of *const due = m_money.dues.find(account, currency);
    if (!due || due->loan == 0)
        return;
    const Money interest = wholeUnits(due->loan);
    m_money.dues.of(account, currency).loan = 0;
    m_money.dues.tidy(account, currency);
    m_ledger.lend(account, currency, interest, m_now);
    m_ledger.moveCash(account, currency, interest, Bucket::Available, Bucket::FeeIncome,
                      {LedgerEntry::Type::Interest}, m_now);
    repay(account, currency);
}

void Engine::forceSales()
{
    const auto policy = m_money.margin.shared();
    for (const auto &[account, terms] : *policy) {
        const Ledger::Cash *const cash = m_ledger.account(account).cash.find(loanCurrency());
        if (cash && !cash->loan.isZero())
            forceSales(account, *terms);
    }
    emitTouched();
}

void Engine::forceSales(AccountNo account, const MarginTerms &terms)
{
    const std::uint16_t currency = loanCurrency();
    const auto figuresNow = [&] {
        return marginFigures(terms, marginAccount(account), currency, riskMarket());
    };
    if (figuresNow().state != MarginState::ForceSell)
        return;
    std::vector<std::pair<OrderNo, Uuid>> buys;
    for (const Slot slot : m_byAccount[account]) {
        const OrderRecord &record = m_orders[slot].record;
        if (record.side == Side::Buy)
            buys.emplace_back(record.no, record.id);
    }
    std::ranges::sort(buys);
    for (const auto &[no, id] : buys) {
        CommandResult ignored; // an auction may refuse it
        run(CancelOrder{account, id}, ignored);
    }
    emitTouched();
    const MarginFigures figures = figuresNow();
    if (figures.state != MarginState::ForceSell)
        return;
    const RiskMarket market = riskMarket();
    Money needed = saleNeeded(terms, figures);
    struct Candidate {
        std::int64_t ratio = 0;
        InstrumentIndex index = noInstrument;
    };
    std::vector<Candidate> candidates;
    for (auto &&[index, holding] : m_ledger.account(account).holdings) {
        const Instrument &instrument = m_exchange.instrument(index);
        if (currencyOf(instrument) != currency)
            continue;
        needed -= std::min(needed, marketValue(index, holding.held, market)); // is being sold
        if (!holding.available.isZero())
            candidates.push_back({loanRatio(terms, instrument), index});
    }
    std::ranges::sort(candidates, [](const Candidate &a, const Candidate &b) {
        return a.ratio != b.ratio ? a.ratio > b.ratio : a.index < b.index;
    });
    for (const Candidate &candidate : candidates) {
        if (needed <= Money{})
            break;
        const Money price = marketValue(candidate.index, Quantity(1), market);
        const Quantity sellable = m_ledger.sellable(account, candidate.index);
        if (price <= Money{})
            continue;
        const Quantity wanted(std::min(
            sellable.raw(), mulDiv(needed.raw(), 1, price.raw(), Rounding::Up).value_or(0)));
        const Quantity sold = forceSale(account, candidate.index, wanted);
        needed -= std::min(needed, marketValue(candidate.index, sold, market));
    }
}

/// Enters the orders that sell so much, in even lots and what is left over; answers with what they sell.
Quantity Engine::forceSale(AccountNo account, InstrumentIndex index, Quantity quantity)
{
    const Instrument &instrument = m_exchange.instrument(index);
    const Quantity sellable = m_ledger.sellable(account, index);
    const std::int64_t lot = std::max<std::int64_t>(1, instrument.lot.raw());
    std::int64_t even =
        std::min((quantity.raw() + lot - 1) / lot * lot, sellable.raw() / lot * lot);
    std::int64_t odd = std::max<std::int64_t>(0, quantity.raw() - even);
    const std::int64_t most =
        instrument.maxQuantity.isZero() ? even : instrument.maxQuantity.raw() / lot * lot;
    Quantity sold;
    while (even + odd > 0) {
        const std::int64_t next = even > 0 ? std::min(even, std::max(most, lot)) : odd;
        (even > 0 ? even : odd) -= next;
        PlaceOrder sale;
        sale.account = account;
        sale.id = uuid7(m_now, 5, std::max(m_lastOrder + 1, m_sequence));
        sale.instrument = index;
        sale.side = Side::Sell;
        sale.quantity = Quantity(next);
        sale.price = instrument.floor;
        sale.description = "margin: forced sale";
        CommandResult placed;
        m_forcing = true; // no limit of the account's stands against it
        const Error refused = run(sale, placed);
        m_forcing = false;
        emitTouched();
        if (refused.code != Code::OK)
            break; // halted, or its market is closed: the next session tries again
        sold += Quantity(next);
    }
    return sold;
}

std::string Engine::checkMoney() const
{
    for (const auto &[key, of] : m_money.dues.all()) {
        if (of.loan < 0 || of.idle < 0 || of.custody < Money{} || of == AccountDues::Of{})
            return "account " + std::to_string(key.first) + ": dues below zero or empty";
    }
    for (const Slot slot : openSlots()) {
        if (!m_money.fees.knows(m_orders[slot].fees))
            return "order " + m_orders[slot].record.id.text() + ": no fees";
    }
    return {};
}

} // namespace khop
