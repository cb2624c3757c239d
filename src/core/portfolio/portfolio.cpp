// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/portfolio.h"

#include "base/wide.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

/// Additions with one verdict at the end.
class CheckedSums
{
public:
    void add(Money &sum, Money amount)
    {
        const auto result = checkedAdd(sum.raw(), amount.raw());
        if (result)
            sum = Money(*result);
        else
            m_fit = false;
    }
    Money of(Money a, Money b)
    {
        add(a, b);
        return a;
    }
    bool fit() const { return m_fit; }

private:
    bool m_fit = true;
};

std::unexpected<Error> tooLarge(const char *field, std::int64_t value)
{
    return refuse(Code::VALIDATION_ERROR, field, std::to_string(value),
                  "within sums of " + std::to_string(std::numeric_limits<std::int64_t>::max()));
}

Result<void> checkAmount(const char *field, Money amount)
{
    if (amount < Money{})
        return refuse(Code::VALIDATION_ERROR, field, std::to_string(amount.raw()), "0 or more");
    return {};
}

Result<void> checkQuantity(Quantity quantity)
{
    if (quantity <= Quantity{})
        return refuse(Code::INVALID_QUANTITY, "quantity", std::to_string(quantity.raw()), "1");
    return {};
}

Result<void> checkOwned(Quantity wanted, Quantity owned)
{
    if (wanted > owned)
        return refuse(Code::INSUFFICIENT_SECURITIES, "quantity", std::to_string(wanted.raw()),
                      std::to_string(owned.raw()));
    return {};
}

enum class Direction { Comes, Goes, Either };

Direction directionOf(PortfolioCash::Kind kind)
{
    switch (kind) {
    case PortfolioCash::Kind::Deposit:
    case PortfolioCash::Kind::Dividend: return Direction::Comes;
    case PortfolioCash::Kind::Withdraw:
    case PortfolioCash::Kind::Charge:
    case PortfolioCash::Kind::Tax: return Direction::Goes;
    case PortfolioCash::Kind::Interest:
    case PortfolioCash::Kind::Exchange:
    case PortfolioCash::Kind::Adjustment: break;
    }
    return Direction::Either;
}

Result<void> checkCash(const PortfolioCash &cash)
{
    const Direction direction = directionOf(cash.kind);
    const std::int64_t amount = cash.amount.raw();
    const bool right = direction == Direction::Comes  ? amount > 0
                       : direction == Direction::Goes ? amount < 0
                                                      : amount != 0;
    if (!right || amount == std::numeric_limits<std::int64_t>::min())
        return refuse(Code::VALIDATION_ERROR, "amount", std::to_string(amount),
                      direction == Direction::Comes  ? "above 0"
                      : direction == Direction::Goes ? "below 0"
                                                     : "other than 0");
    return {};
}

Portfolio::Day dayOf(const Portfolio::Holding &holding, Date date)
{
    return holding.day.date == date ? holding.day
                                    : Portfolio::Day{date, holding.lots.quantity(), {}, {}};
}

/// Of what a day began with; it ends at 63 bits.
Quantity sumOf(Quantity opening, Quantity more)
{
    const auto sum = checkedAdd(opening.raw(), more.raw());
    return Quantity(sum.value_or(std::numeric_limits<std::int64_t>::max()));
}

/// What a day began with, after the holding was restated.
Quantity restated(Quantity opening, Quantity before, Quantity after)
{
    const auto quantity = mulDiv(opening.raw(), after.raw(), before.raw(), Rounding::HalfUp);
    return Quantity(quantity.value_or(after.raw()));
}

void addToCash(CheckedSums &sums, Portfolio::Cash &to, const PortfolioCash &cash)
{
    sums.add(to.balance, cash.amount);
    if (isExternal(cash.kind) && cash.amount > Money{})
        sums.add(to.deposited, cash.amount);
    else if (isExternal(cash.kind))
        sums.add(to.withdrawn, -cash.amount);
    else if (cash.kind == PortfolioCash::Kind::Interest)
        sums.add(to.interest, cash.amount);
    else if (cash.kind == PortfolioCash::Kind::Charge)
        sums.add(to.charges, -cash.amount);
    else if (cash.kind == PortfolioCash::Kind::Tax && cash.instrument == noInstrument)
        sums.add(to.taxes, -cash.amount);
}

template <class Key, class Value>
const Value *found(const std::map<Key, Value> &map, Key key)
{
    const auto place = map.find(key);
    return place == map.end() ? nullptr : &place->second;
}

template <class Key, class Value>
Value valueOr(const std::map<Key, Value> &map, Key key)
{
    const Value *const value = found(map, key);
    return value ? *value : Value{};
}

} // namespace

const Portfolio::Holding *Portfolio::find(InstrumentIndex instrument) const
{
    return found(m_holdings, instrument);
}

const Portfolio::Cash *Portfolio::cashIn(std::uint16_t currency) const
{
    return found(m_cash, currency);
}

Result<void> Portfolio::apply(const PortfolioEvent &event)
{
    if (event.day < m_lastDay)
        return refuse(Code::VALIDATION_ERROR, "day", isoDate(event.day),
                      isoDate(m_lastDay) + " or later");
    Result<void> done =
        std::visit([&](const auto &body) { return book(event.day, body); }, event.body);
    if (done)
        m_lastDay = event.day;
    return done;
}

Result<const Portfolio::Holding *> Portfolio::holdingFor(InstrumentIndex instrument,
                                                         std::uint16_t currency) const
{
    static const Holding none;
    if (instrument == noInstrument)
        return refuse(Code::INSTRUMENT_UNKNOWN, "instrument");
    const Holding *const held = find(instrument);
    if (held && held->currency != currency)
        return refuse(Code::VALIDATION_ERROR, "currency", std::to_string(currency),
                      std::to_string(held->currency));
    return held ? held : &none;
}

Result<void> Portfolio::book(Date day, const PortfolioTrade &trade)
{
    const auto holding = holdingFor(trade.instrument, trade.currency);
    if (!holding)
        return std::unexpected(holding.error());
    if (const auto checked = checkQuantity(trade.quantity); !checked)
        return checked;
    for (const auto &[field, amount] :
         {std::pair{"value", trade.value}, {"fee", trade.fee}, {"tax", trade.tax}}) {
        if (const auto checked = checkAmount(field, amount); !checked)
            return checked;
    }
    return trade.side == Side::Buy ? buy(day, trade, **holding) : sell(day, trade, **holding);
}

Result<void> Portfolio::buy(Date date, const PortfolioTrade &trade, const Holding &before)
{
    CheckedSums sums;
    const Money fees = sums.of(trade.fee, trade.tax);
    const Money paid = sums.of(trade.value, fees);
    Figures figures = before.figures;
    sums.add(figures.bought, trade.value);
    sums.add(figures.fees, trade.fee);
    sums.add(figures.taxes, trade.tax);
    Day day = dayOf(before, date);
    sums.add(day.paid, paid);
    Cash cash = valueOr(m_cash, trade.currency);
    sums.add(cash.balance, -paid);
    if (!sums.fit())
        return tooLarge("value", trade.value.raw());
    Holding &holding = m_holdings[trade.instrument];
    if (!holding.lots.add({date, trade.quantity, {trade.value, paid}}))
        return tooLarge("quantity", trade.quantity.raw());
    holding.currency = trade.currency;
    holding.figures = figures;
    holding.day = day;
    holding.mark = trade.price;
    m_cash[trade.currency] = cash;
    return {};
}

Result<void> Portfolio::sell(Date date, const PortfolioTrade &trade, const Holding &before)
{
    if (const auto checked = checkOwned(trade.quantity, before.lots.quantity()); !checked)
        return checked;
    CheckedSums sums;
    Money received = trade.value;
    sums.add(received, -trade.fee);
    sums.add(received, -trade.tax);
    Figures figures = before.figures;
    sums.add(figures.sold, trade.value);
    sums.add(figures.fees, trade.fee);
    sums.add(figures.taxes, trade.tax);
    Day day = dayOf(before, date);
    sums.add(day.received, received);
    Cash cash = valueOr(m_cash, trade.currency);
    sums.add(cash.balance, received);
    // the costs taken out are at most those that are there
    for (Gain *realized : {&figures.byAverage, &figures.byLots}) {
        const bool lots = realized == &figures.byLots;
        const Cost &most = lots ? before.lots.lotCost() : before.lots.averageCost();
        sums.of(sums.of(realized->beforeCosts, trade.value), -most.value);
        sums.of(sums.of(realized->afterCosts, received), -most.total);
    }
    if (!sums.fit())
        return tooLarge("value", trade.value.raw());
    Holding &holding = m_holdings[trade.instrument];
    const Lots::Taken taken = holding.lots.take(trade.quantity);
    figures.byAverage.beforeCosts += trade.value - taken.average.value;
    figures.byAverage.afterCosts += received - taken.average.total;
    figures.byLots.beforeCosts += trade.value - taken.lots.value;
    figures.byLots.afterCosts += received - taken.lots.total;
    holding.figures = figures;
    holding.day = day;
    holding.mark = trade.price;
    m_cash[trade.currency] = cash;
    return {};
}

Result<void> Portfolio::book(Date, const PortfolioCash &cash)
{
    if (const auto checked = checkCash(cash); !checked)
        return checked;
    CheckedSums sums;
    Cash after = valueOr(m_cash, cash.currency);
    addToCash(sums, after, cash);
    const bool ofHolding =
        cash.kind == PortfolioCash::Kind::Dividend
        || (cash.kind == PortfolioCash::Kind::Tax && cash.instrument != noInstrument);
    const Holding *const holding = find(cash.instrument);
    if (ofHolding && !holding)
        return refuse(Code::INSUFFICIENT_SECURITIES, "instrument", "0", "1");
    Figures figures = ofHolding ? holding->figures : Figures{};
    if (cash.kind == PortfolioCash::Kind::Dividend)
        sums.add(figures.dividends, cash.amount);
    else if (ofHolding)
        sums.add(figures.taxes, -cash.amount);
    if (!sums.fit())
        return tooLarge("amount", cash.amount.raw());
    if (ofHolding)
        m_holdings[cash.instrument].figures = figures;
    m_cash[cash.currency] = after;
    return {};
}

Result<void> Portfolio::book(Date date, const PortfolioTransfer &transfer)
{
    const auto before = holdingFor(transfer.instrument, transfer.currency);
    if (!before)
        return std::unexpected(before.error());
    if (const auto checked = checkAmount("cost", transfer.cost); !checked)
        return checked;
    if (transfer.quantity.isZero()
        || transfer.quantity.raw() == std::numeric_limits<std::int64_t>::min())
        return refuse(Code::INVALID_QUANTITY, "quantity", std::to_string(transfer.quantity.raw()),
                      "1");
    const bool comes = transfer.quantity > Quantity{};
    if (!comes) {
        if (const auto checked = checkOwned(-transfer.quantity, (*before)->lots.quantity());
            !checked)
            return checked;
    }
    Day day = dayOf(**before, date);
    CheckedSums sums;
    Money transferred = (*before)->figures.transferred;
    sums.of(transferred, -(*before)->lots.averageCost().total);
    sums.add(transferred, comes ? transfer.cost : Money{});
    if (!sums.fit())
        return tooLarge("cost", transfer.cost.raw());
    Holding &holding = m_holdings[transfer.instrument];
    if (!comes)
        transferred -= holding.lots.take(-transfer.quantity).average.total;
    else if (!holding.lots.add({date, transfer.quantity, {transfer.cost, transfer.cost}}))
        return tooLarge("quantity", transfer.quantity.raw());
    holding.figures.transferred = transferred;
    // what came or went without a price is no gain or loss of the day
    day.opening = std::max(sumOf(day.opening, transfer.quantity), Quantity{});
    holding.currency = transfer.currency;
    holding.day = day;
    if (!transfer.price.isZero())
        holding.mark = transfer.price;
    return {};
}

Result<void> Portfolio::book(Date date, const PortfolioShareDividend &dividend)
{
    if (const auto checked = checkQuantity(dividend.quantity); !checked)
        return checked;
    const Holding *const held = find(dividend.instrument);
    if (!held)
        return refuse(Code::INSUFFICIENT_SECURITIES, "instrument", "0", "1");
    Day day = dayOf(*held, date);
    Holding &holding = m_holdings[dividend.instrument];
    if (!holding.lots.give(dividend.quantity, date, dividend.exDate.value_or(date)))
        return tooLarge("quantity", dividend.quantity.raw());
    // the price fell for them on the ex-date: they are no gain of today
    day.opening = sumOf(day.opening, dividend.quantity);
    holding.day = day;
    return {};
}

Result<void> Portfolio::book(Date date, const PortfolioRestatement &restatement)
{
    if (const auto checked = checkQuantity(restatement.quantity); !checked)
        return checked;
    const Holding *const held = find(restatement.instrument);
    const Quantity before = held ? held->lots.quantity() : Quantity{};
    if (before.isZero())
        return refuse(Code::INSUFFICIENT_SECURITIES, "quantity", "0", "1");
    Holding &from = m_holdings[restatement.instrument];
    Day day = dayOf(from, date);
    if (restatement.into == restatement.instrument) {
        from.lots.spreadOver(restatement.quantity);
        day.opening = restated(day.opening, before, restatement.quantity);
        from.day = day;
        return {};
    }
    const auto other = holdingFor(restatement.into, from.currency);
    if (!other)
        return std::unexpected(other.error());
    Lots moved = from.lots;
    moved.spreadOver(restatement.quantity);
    Day otherDay = dayOf(**other, date);
    otherDay.opening = sumOf(otherDay.opening, restated(day.opening, before, restatement.quantity));
    Holding &into = m_holdings[restatement.into];
    if (!into.lots.absorb(moved))
        return tooLarge("quantity", restatement.quantity.raw());
    into.currency = from.currency;
    into.day = otherDay;
    from.lots = {};
    day.opening = {};
    from.day = day;
    return {};
}

} // namespace khop
