// SPDX-License-Identifier: GPL-3.0-or-later
// What booking the rows of a statement would do, reckoned on figures of its own: preview and engine ask
// the same.
#include "base/decimal.h"
#include "base/wide.h"
#include "engine/imports.h"
#include "ledger/ledger.h"
#include "market/instrument.h"

#include <algorithm>
#include <array>
#include <set>

namespace khop {

namespace {

constexpr std::size_t longestWords = 200;
using Refusal = std::optional<Error>;

constexpr bool isWithin(std::int64_t value, std::int64_t most)
{
    return value >= -most && value <= most;
}

/// No sum here leaves 63 bits: figures stay within the most an account or the desk can have after every
/// row, and what one row adds is at most three times that of an account.
class Planning
{
public:
    Planning(ImportFigures before, DeskFigures desk, const ImportTerms &terms)
        : m_terms(terms)
        , m_lowest(before.available)
        , m_highest(before.available)
    {
        m_plan.after = std::move(before);
        m_plan.desk = std::move(desk);
    }

    Refusal add(const ImportRow &row, std::size_t position);
    Refusal cover();
    ImportPlan take() { return std::move(m_plan); }
    std::string place(std::uint32_t line) const
    {
        return m_terms.fileName + ": line " + std::to_string(line);
    }

private:
    Refusal checkDay(const ImportRow &row);
    Refusal check(const ImportTrade &trade) const;
    Refusal check(const ImportCash &cash) const;
    Refusal trade(const ImportTrade &trade, Money &realized);
    Refusal sell(const ImportTrade &trade, Money &realized);
    void move(const ImportCash &cash);
    Refusal checkCash(Money before);
    Refusal checkDesk() const;
    std::string money(Money amount) const { return formatDecimal(amount.raw(), m_terms.scale); }
    std::string money(std::int64_t amount) const { return formatDecimal(amount, m_terms.scale); }
    Error beyond(std::int64_t value, std::int64_t most) const
    {
        return {Code::VALIDATION_ERROR, {}, money(value), "<= " + money(most)};
    }

    const ImportTerms &m_terms;
    ImportPlan m_plan;
    Date m_day;
    std::set<ImportKey> m_seen;
    Money m_lowest, m_highest;
};

Refusal Planning::checkDay(const ImportRow &row)
{
    if (row.day < m_day)
        return Error{Code::VALIDATION_ERROR, {}, isoDate(row.day), ">= " + isoDate(m_day)};
    if (row.day > m_terms.today)
        return Error{Code::VALIDATION_ERROR, {}, isoDate(row.day), "<= " + isoDate(m_terms.today)};
    m_day = row.day;
    if (!m_seen.insert(row.key).second)
        return Error{Code::VALIDATION_ERROR, {}, "the same row twice", "a row of its own"};
    if (row.words.size() > longestWords)
        return Error{Code::VALIDATION_ERROR,
                     {},
                     std::to_string(row.words.size()) + " bytes",
                     "<= " + std::to_string(longestWords)};
    return std::nullopt;
}

Refusal Planning::check(const ImportTrade &trade) const
{
    if (trade.instrument >= m_terms.instruments.size())
        return Error{Code::INSTRUMENT_UNKNOWN};
    const Instrument &instrument = m_terms.instruments[trade.instrument];
    if (instrument.currency != m_terms.currencyCode)
        return Error{Code::VALIDATION_ERROR,
                     {},
                     instrument.symbol,
                     "a security in " + std::string(m_terms.currencyCode)};
    if (trade.quantity.raw() <= 0 || trade.quantity.raw() > mostEndowed)
        return Error{Code::INVALID_QUANTITY,
                     {},
                     formatDecimal(trade.quantity.raw(), instrument.quantityScale, true),
                     "1"};
    if (trade.price.raw() <= 0)
        return Error{Code::INVALID_PRICE,
                     {},
                     formatDecimal(trade.price.raw(), instrument.priceScale),
                     "> 0"};
    for (const Money amount : {trade.value, trade.fee, trade.tax}) {
        if (amount.raw() < 0 || amount.raw() > mostEndowed)
            return Error{Code::VALIDATION_ERROR, {}, money(amount), "0 … " + money(mostEndowed)};
    }
    return std::nullopt;
}

Refusal Planning::check(const ImportCash &cash) const
{
    using Kind = PortfolioCash::Kind;
    if (cash.instrument != noInstrument && cash.instrument >= m_terms.instruments.size())
        return Error{Code::INSTRUMENT_UNKNOWN};
    const bool comes = cash.kind == Kind::Deposit || cash.kind == Kind::Dividend;
    const bool goes =
        cash.kind == Kind::Withdraw || cash.kind == Kind::Charge || cash.kind == Kind::Tax;
    if (cash.amount.isZero() || !isWithin(cash.amount.raw(), mostEndowed)
        || (comes && cash.amount.raw() < 0) || (goes && cash.amount.raw() > 0)
        || cash.kind == Kind::Exchange)
        return Error{Code::VALIDATION_ERROR,
                     {},
                     money(cash.amount),
                     comes  ? "> 0"
                     : goes ? "< 0"
                            : "other than 0"};
    return std::nullopt;
}

Refusal Planning::sell(const ImportTrade &trade, Money &realized)
{
    const Instrument &instrument = m_terms.instruments[trade.instrument];
    ImportFigures::Holding &holding = m_plan.after.holdings[trade.instrument];
    if (trade.quantity > holding.available)
        return Error{Code::IMPORT_SECURITIES_SHORT,
                     {},
                     formatDecimal(trade.quantity.raw(), instrument.quantityScale, true) + ' '
                         + instrument.symbol,
                     formatDecimal(holding.available.raw(), instrument.quantityScale, true)};
    const Money net = trade.value - trade.fee - trade.tax;
    const Money share(
        *mulDiv(holding.cost.raw(), trade.quantity.raw(), holding.owned.raw(), Rounding::HalfUp));
    realized = net - share;
    if (!isWithin(holding.realized.raw() + realized.raw(), mostEndowedToAll))
        return beyond(holding.realized.raw() + realized.raw(), mostEndowedToAll);
    holding.available -= trade.quantity;
    holding.owned -= trade.quantity;
    holding.cost -= share;
    holding.realized += realized;
    holding.taxable -= std::min(holding.taxable, trade.quantity);
    m_plan.desk.streetSecurities[trade.instrument] += trade.quantity;
    m_plan.after.available += net;
    m_plan.desk.street -= trade.value;
    return std::nullopt;
}

Refusal Planning::trade(const ImportTrade &trade, Money &realized)
{
    m_plan.desk.fees += trade.fee;
    m_plan.desk.taxes += trade.tax;
    if (trade.side == Side::Sell)
        return sell(trade, realized);
    ImportFigures::Holding &holding = m_plan.after.holdings[trade.instrument];
    const Money cost = trade.value + trade.fee + trade.tax;
    if (trade.quantity.raw() > mostEndowed - holding.owned.raw())
        return Error{Code::INVALID_QUANTITY,
                     {},
                     std::to_string(trade.quantity.raw()),
                     "1 … " + std::to_string(mostEndowed - holding.owned.raw())};
    if (cost.raw() > mostEndowed - holding.cost.raw())
        return beyond(cost.raw(), mostEndowed - holding.cost.raw());
    holding.available += trade.quantity;
    holding.owned += trade.quantity;
    holding.cost += cost;
    m_plan.desk.streetSecurities[trade.instrument] -= trade.quantity;
    m_plan.after.available -= cost;
    m_plan.desk.street += trade.value;
    return std::nullopt;
}

void Planning::move(const ImportCash &cash)
{
    using Kind = PortfolioCash::Kind;
    ImportFigures &after = m_plan.after;
    after.available += cash.amount;
    if (cash.kind == Kind::Deposit)
        after.deposited += cash.amount;
    if (cash.kind == Kind::Withdraw)
        after.withdrawn -= cash.amount;
    Money &bucket = cash.kind == Kind::Charge ? m_plan.desk.fees
                    : cash.kind == Kind::Tax  ? m_plan.desk.taxes
                                              : m_plan.desk.outside;
    bucket -= cash.amount;
}

Refusal Planning::checkCash(Money before)
{
    const ImportFigures &after = m_plan.after;
    if (after.available.raw() < 0 && !m_terms.coverCash)
        return Error{Code::IMPORT_CASH_SHORT, {}, money(before - after.available), money(before)};
    if (!isWithin(after.available.raw(), mostEndowed))
        return beyond(after.available.raw(), mostEndowed);
    for (const Money total : {after.deposited, after.withdrawn}) {
        if (total.raw() > mostEndowedToAll)
            return beyond(total.raw(), mostEndowedToAll);
    }
    m_lowest = std::min(m_lowest, after.available);
    m_highest = std::max(m_highest, after.available);
    return std::nullopt;
}

Refusal Planning::checkDesk() const
{
    const DeskFigures &desk = m_plan.desk;
    for (const Money bucket : {desk.street, desk.fees, desk.taxes, desk.outside}) {
        if (!isWithin(bucket.raw(), mostEndowedToAll))
            return beyond(bucket.raw(), mostEndowedToAll);
    }
    return std::nullopt;
}

Refusal Planning::add(const ImportRow &row, std::size_t position)
{
    if (auto refused = checkDay(row))
        return refused;
    if (m_terms.known && isKnown(*m_terms.known, row.key)) {
        ++m_plan.duplicates;
        return std::nullopt;
    }
    if (auto refused = std::visit([this](const auto &body) { return check(body); }, row.body))
        return refused;
    const Money before = m_plan.after.available;
    Money realized;
    if (const auto *traded = std::get_if<ImportTrade>(&row.body)) {
        if (auto refused = trade(*traded, realized))
            return refused;
        const Quantity street = m_plan.desk.streetSecurities[traded->instrument];
        if (!isWithin(street.raw(), mostEndowedToAll))
            return beyond(street.raw(), mostEndowedToAll);
    } else {
        move(std::get<ImportCash>(row.body));
    }
    if (auto refused = checkCash(before))
        return refused;
    if (auto refused = checkDesk())
        return refused;
    m_plan.booked.push_back(position);
    m_plan.realized.push_back(realized);
    return std::nullopt;
}

/// What was missing at the worst moment comes before the first row.
Refusal Planning::cover()
{
    if (m_lowest.raw() >= 0)
        return std::nullopt;
    m_plan.covered = -m_lowest;
    if (m_highest.raw() > mostEndowed - m_plan.covered.raw())
        return beyond(m_plan.covered.raw(), mostEndowed - m_highest.raw());
    m_plan.after.available += m_plan.covered;
    m_plan.desk.outside -= m_plan.covered;
    return checkDesk();
}

} // namespace

std::expected<ImportPlan, ImportFault> planImport(const ImportRows &rows, ImportFigures before,
                                                  DeskFigures desk, const ImportTerms &terms)
{
    Planning planning(std::move(before), std::move(desk), terms);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto refused = planning.add(rows[i], i)) {
            refused->field = planning.place(rows[i].line);
            return std::unexpected(ImportFault{rows[i].line, std::move(*refused)});
        }
    }
    const std::uint32_t first = rows.empty() ? 0 : rows.front().line;
    if (auto refused = planning.cover()) {
        refused->field = planning.place(first);
        return std::unexpected(ImportFault{first, std::move(*refused)});
    }
    return planning.take();
}

} // namespace khop
