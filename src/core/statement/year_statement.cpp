// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/year_statement.h"

#include "base/wide.h"
#include "risk/limits.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace khop {

namespace {

using Bucket = LedgerEntry::Bucket;
using Type = LedgerEntry::Type;

bool isOwn(Bucket bucket)
{
    return bucket == Bucket::Available || bucket == Bucket::Held || bucket == Bucket::Pending;
}

/// Added up without a limit of 63 bits being passed unseen: what does not fit stays at the most.
void addTo(Money &sum, Money amount)
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    sum = Money(checkedAdd(sum.raw(), amount.raw()).value_or(amount.raw() > 0 ? most : -most));
}

int monthOf(Date day)
{
    const std::string iso = isoDate(day); // YYYY-MM-DD
    return (iso[5] - '0') * 10 + (iso[6] - '0');
}

class YearBook
{
public:
    YearBook(int year, const YearRecords &records, const InstrumentList &instruments,
             const MarketRules &rules)
        : m_from(dateOf(year, 1, 1))
        , m_to(dateOf(year, 12, 31))
        , m_records(records)
        , m_instruments(instruments)
        , m_rules(rules)
    {
        for (const ImportRecord &record : records.imports)
            m_imports[record.no] = &record;
    }

    std::vector<YearSection> sections();

private:
    YearSection &of(std::uint16_t currency)
    {
        YearSection &section = m_sections[currency];
        section.currency = currency;
        return section;
    }
    std::uint16_t currencyOf(InstrumentIndex instrument) const;
    bool isInYear(Date day) const { return day >= m_from && day <= m_to; }
    void startFromNow();
    void addTrade(const YearTrade &trade);
    void addExecutions();
    void addImported();
    void addCovers();
    void addImported(const ImportedRow &row, const ImportTrade &trade);
    void addImported(const ImportedRow &row, const ImportCash &cash);
    void addEntries();
    void cashFlow(Date day, std::uint16_t currency, Money amount);
    void shareFlow(Date day, InstrumentIndex instrument, Quantity amount);
    void classify(YearSection &section, const LedgerEntry &entry, Money amount);
    void finish(YearSection &section);

    Date m_from, m_to;
    const YearRecords &m_records;
    const InstrumentList &m_instruments;
    const MarketRules &m_rules;
    std::map<OrderNo, const ImportRecord *> m_imports;
    std::map<std::uint16_t, YearSection> m_sections;
    std::map<InstrumentIndex, YearHolding> m_holdings;
};

std::uint16_t YearBook::currencyOf(InstrumentIndex instrument) const
{
    const auto &currencies = m_rules.currencies;
    const auto it =
        std::ranges::find(currencies, m_instruments[instrument].currency, &Currency::code);
    return static_cast<std::uint16_t>(it - currencies.begin());
}

/// Opening and closing begin as what there is now; what happened since then is taken out of them.
void YearBook::startFromNow()
{
    for (const Balance &balance : m_records.balances) {
        YearSection &section = of(currencyIndex(m_rules, balance.currency));
        section.opening = section.closing = balance.current + balance.pending;
    }
    for (const Position &position : m_records.positions)
        m_holdings[position.instrument] = {position.instrument, position.quantity,
                                           position.quantity};
}

void YearBook::cashFlow(Date day, std::uint16_t currency, Money amount)
{
    YearSection &section = of(currency);
    if (day > m_to)
        addTo(section.closing, -amount);
    if (day >= m_from)
        addTo(section.opening, -amount);
}

void YearBook::shareFlow(Date day, InstrumentIndex instrument, Quantity amount)
{
    YearHolding &holding = m_holdings[instrument];
    holding.instrument = instrument;
    if (day > m_to)
        holding.closing -= amount;
    if (day >= m_from)
        holding.opening -= amount;
}

void YearBook::addTrade(const YearTrade &trade)
{
    if (isInYear(trade.day))
        of(currencyOf(trade.instrument)).trades.push_back(trade);
}

/// In the order in which they were made; records come newest first.
void YearBook::addExecutions()
{
    std::vector<const ExecutionRecord *> executions;
    executions.reserve(m_records.executions.size());
    for (const ExecutionRecord &execution : m_records.executions)
        executions.push_back(&execution);
    std::ranges::stable_sort(executions, {}, &ExecutionRecord::no);
    for (const ExecutionRecord *execution : executions)
        addTrade({vietnamDate(execution->time), execution->instrument, execution->side,
                  execution->quantity, execution->price, execution->value, execution->fee,
                  execution->tax, execution->realized, false});
}

void YearBook::addImported(const ImportedRow &row, const ImportTrade &trade)
{
    const Date day = row.row.day;
    addTrade({day, trade.instrument, trade.side, trade.quantity, trade.price, trade.value,
              trade.fee, trade.tax, row.realized, true});
    const bool buys = trade.side == Side::Buy;
    cashFlow(day, row.currency, (buys ? -trade.value : trade.value) - trade.fee - trade.tax);
    shareFlow(day, trade.instrument, buys ? trade.quantity : -trade.quantity);
}

void YearBook::addImported(const ImportedRow &row, const ImportCash &cash)
{
    using Kind = PortfolioCash::Kind;
    cashFlow(row.row.day, row.currency, cash.amount);
    if (!isInYear(row.row.day))
        return;
    YearSection &section = of(row.currency);
    switch (cash.kind) {
    case Kind::Deposit: addTo(section.deposited, cash.amount); break;
    case Kind::Withdraw: addTo(section.withdrawn, -cash.amount); break;
    case Kind::Dividend: addTo(section.dividends, cash.amount); break;
    case Kind::Interest: addTo(section.interest, cash.amount); break;
    case Kind::Charge: addTo(section.charges, -cash.amount); break;
    case Kind::Tax:
        addTo(cash.instrument == noInstrument ? section.charges : section.dividendTax,
              -cash.amount);
        break;
    case Kind::Exchange:
    case Kind::Adjustment: break; // other
    }
}

/// What covered an import came before its first row.
void YearBook::addCovers()
{
    std::map<OrderNo, Date> firsts;
    for (const ImportedRow &row : m_records.imported) {
        const auto [at, isNew] = firsts.try_emplace(row.batch, row.row.day);
        if (!isNew)
            at->second = std::min(at->second, row.row.day);
    }
    for (const auto &[no, day] : firsts) {
        const auto found = m_imports.find(no);
        if (found != m_imports.end() && !found->second->covered.isZero())
            cashFlow(day, found->second->currency, found->second->covered);
    }
}

void YearBook::addImported()
{
    for (const ImportedRow &row : m_records.imported)
        std::visit([&](const auto &body) { addImported(row, body); }, row.row.body);
    addCovers();
}

/// What an entry that is no part of a trade was. What is not named here is left to `other`.
void YearBook::classify(YearSection &section, const LedgerEntry &entry, Money amount)
{
    if (entry.execution != 0)
        return; // the execution says so itself
    if (entry.type == Type::Deposit)
        addTo(section.deposited, amount);
    else if (entry.type == Type::Withdraw)
        addTo(section.withdrawn, -amount);
    else if (entry.type == Type::Dividend)
        addTo(section.dividends, amount);
    else if (entry.type == Type::Tax)
        addTo(section.dividendTax, -amount);
    else if (entry.type == Type::Interest)
        addTo(section.interest, amount);
    else if (entry.type == Type::Custody || entry.type == Type::Advance || entry.type == Type::Fee)
        addTo(section.charges, -amount);
}

void YearBook::addEntries()
{
    for (const LedgerEntry &entry : m_records.cash) {
        if (isOwn(entry.from) == isOwn(entry.to) || m_imports.contains(entry.order))
            continue;
        const Date day = vietnamDate(entry.time);
        const Money amount(isOwn(entry.to) ? entry.amount : -entry.amount);
        cashFlow(day, entry.currency, amount);
        if (isInYear(day))
            classify(of(entry.currency), entry, amount);
    }
    for (const LedgerEntry &entry : m_records.securities) {
        if (isOwn(entry.from) == isOwn(entry.to) || m_imports.contains(entry.order))
            continue;
        shareFlow(vietnamDate(entry.time), entry.instrument,
                  Quantity(isOwn(entry.to) ? entry.amount : -entry.amount));
    }
}

void YearBook::finish(YearSection &section)
{
    std::ranges::stable_sort(section.trades, {}, &YearTrade::day);
    for (const YearTrade &trade : section.trades) {
        const int month = monthOf(trade.day);
        for (YearSums *sums :
             {&section.months[static_cast<std::size_t>(month - 1)], &section.total}) {
            addTo(trade.side == Side::Buy ? sums->bought : sums->sold, trade.value);
            addTo(sums->fees, trade.fee);
            addTo(sums->saleTax, trade.tax);
            addTo(sums->realized, trade.realized);
            ++sums->trades;
        }
    }
    for (const auto &[instrument, holding] : m_holdings) {
        if (currencyOf(instrument) == section.currency
            && (!holding.opening.isZero() || !holding.closing.isZero()))
            section.holdings.push_back(holding);
    }
    std::ranges::sort(section.holdings, {}, [&](const YearHolding &holding) {
        return m_instruments[holding.instrument].symbol;
    });
    const YearSums &total = section.total;
    Money rest = section.closing;
    for (const Money part : {-section.opening, -section.deposited, section.withdrawn, -total.sold,
                             total.bought, total.fees, total.saleTax, -section.dividends,
                             section.dividendTax, -section.interest, section.charges})
        addTo(rest, part);
    section.other = rest;
}

bool isEmpty(const YearSection &section)
{
    return section.trades.empty() && section.holdings.empty() && section.opening.isZero()
           && section.closing.isZero() && section.deposited.isZero() && section.withdrawn.isZero()
           && section.dividends.isZero() && section.interest.isZero() && section.charges.isZero();
}

std::vector<YearSection> YearBook::sections()
{
    startFromNow();
    addExecutions();
    addImported();
    addEntries();
    for (const auto &[instrument, holding] : m_holdings)
        of(currencyOf(instrument)); // a currency may be known by its holdings alone
    std::vector<YearSection> sections;
    for (auto &[currency, section] : m_sections) {
        finish(section);
        if (!isEmpty(section))
            sections.push_back(std::move(section));
    }
    return sections;
}

} // namespace

YearStatement yearStatement(int year, const AccountInfo &account, Time now,
                            const YearRecords &records, const InstrumentList &instruments,
                            const MarketRules &rules)
{
    return {year, account.name, account.id.text(), std::min(vietnamDate(now), dateOf(year, 12, 31)),
            YearBook(year, records, instruments, rules).sections()};
}

} // namespace khop
