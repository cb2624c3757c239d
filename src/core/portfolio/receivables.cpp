// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/receivables.h"

#include "ledger/notional.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr Date never{std::numeric_limits<std::int32_t>::max()};

/// Owned when the day began.
Quantity ownedBefore(std::span<const PositionHistory::Point> points, Date day)
{
    const auto next = std::ranges::lower_bound(points, day, {}, &PositionHistory::Point::day);
    return next == points.begin() ? Quantity{} : std::prev(next)->quantity;
}

} // namespace

std::vector<Receivable> receivablesOf(const PositionHistory &history,
                                      const CorporateActionList &actions,
                                      const std::vector<Instrument> &instruments,
                                      const MarketRules &rules)
{
    std::vector<Receivable> receivables;
    for (const CorporateAction &action : actions) {
        const CorporateTerms &terms = action.terms;
        const bool entitled = action.status == CorporateActionStatus::Entitled
                              || action.status == CorporateActionStatus::Paid;
        const bool known = terms.type == CorporateActionType::CashDividend
                           || terms.type == CorporateActionType::StockDividend
                           || terms.type == CorporateActionType::Bonus;
        if (!entitled || !known || terms.instrument >= instruments.size())
            continue;
        const Quantity owned = ownedBefore(history.of(terms.instrument), terms.exDate);
        if (owned.isZero())
            continue;
        const Instrument &instrument = instruments[terms.instrument];
        const int scale = rules.currencyScale(instrument.currency);
        const auto currency =
            std::ranges::find(rules.currencies, instrument.currency, &Currency::code);
        Receivable receivable;
        receivable.instrument = terms.instrument;
        receivable.currency = static_cast<std::uint16_t>(currency - rules.currencies.begin());
        receivable.from = terms.exDate;
        receivable.until =
            action.status == CorporateActionStatus::Paid ? vietnamDate(action.updatedAt) : never;
        if (terms.type == CorporateActionType::CashDividend) {
            const Money gross =
                notional(instrument, scale, terms.cash, owned, Rounding::Down).value_or(Money{});
            receivable.cash =
                gross
                - portion(gross, rules.of(instrument.exchange).ratesOn(terms.payDate).dividendTax);
        } else {
            receivable.shares = terms.sharesFor(owned).value_or(Quantity{});
            receivable.cash =
                notional(instrument, scale, terms.fractionOf(owned),
                         Quantity(powerOfTen(instrument.quantityScale)), Rounding::Down)
                    .value_or(Money{});
        }
        receivables.push_back(receivable);
    }
    return receivables;
}

} // namespace khop
