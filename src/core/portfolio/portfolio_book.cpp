// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/portfolio_book.h"

#include "portfolio/recorded_events.h"

#include <algorithm>

namespace khop {

namespace {

using Type = LedgerEntry::Type;

const CorporateAction *actionOf(const LedgerEntry &entry, const CorporateActionList &actions)
{
    const auto found = std::ranges::lower_bound(actions, entry.order, {}, &CorporateAction::no);
    return found != actions.end() && found->no == entry.order ? &*found : nullptr;
}

/// What one whole unit cost; 0 where nothing was paid or the instrument is not listed.
Price priceOf(const LedgerEntry &entry, const PortfolioMarket &market)
{
    if (entry.instrument >= market.listings.size() || entry.cost.raw() <= 0)
        return {};
    const int shift = market.listings[entry.instrument].shift;
    const auto price =
        shift >= 0 ? mulDiv(entry.cost.raw(), powerOfTen(shift), entry.amount, Rounding::HalfUp)
                   : mulDiv(entry.cost.raw(), 1, powerOfTen(-shift), Rounding::HalfUp);
    return Price(price.value_or(0));
}

std::optional<PortfolioEvent> eventOf(const LedgerEntry &entry, const RecordContext &context)
{
    const CorporateAction *const action = actionOf(entry, context.actions);
    if (auto event = portfolioEvent(entry, action ? action->terms.instrument : noInstrument,
                                    action ? std::optional(action->terms.exDate) : std::nullopt))
        return event;
    const bool listed = entry.securities && entry.instrument < context.market.listings.size();
    return listed ? portfolioTransfer(entry, context.market.listings[entry.instrument].currency,
                                      entry.cost, priceOf(entry, context.market))
                  : std::nullopt;
}

bool isExecution(const LedgerEntry &entry) { return entry.securities && entry.execution != 0; }

} // namespace

bool tellsOfPortfolio(const LedgerEntry &entry)
{
    const bool within = entry.type == Type::OrderHold || entry.type == Type::OrderRelease
                        || entry.type == Type::OrderRefund || entry.type == Type::Settlement;
    return !within && (entry.execution == 0 || entry.securities);
}

Result<void> PortfolioBook::take(const AccountRecords &records, const RecordContext &context,
                                 Date through)
{
    for (const LedgerEntry &entry : records.entries) {
        if (entry.no <= m_lastEntry)
            continue;
        std::optional<PortfolioEvent> event;
        if (isExecution(entry)) {
            const Side side = entry.to == LedgerEntry::Bucket::Available
                                      || entry.to == LedgerEntry::Bucket::Pending
                                  ? Side::Buy
                                  : Side::Sell;
            auto at = std::ranges::lower_bound(records.executions, entry.execution, {},
                                               &ExecutionRecord::no);
            while (at != records.executions.end() && at->no == entry.execution && at->side != side)
                ++at; // an account that trades with itself
            if (at == records.executions.end() || at->no != entry.execution
                || entry.instrument >= context.market.listings.size())
                return refuse(Code::STORE_ERROR, "execution", std::to_string(entry.execution));
            event = portfolioEvent(*at, context.market.listings[entry.instrument].currency);
        } else {
            event = eventOf(entry, context);
        }
        if (event) {
            if (auto applied = applyFurther(event->day); !applied)
                return applied;
            if (auto applied = apply(*event); !applied)
                return applied;
        }
        m_lastEntry = entry.no;
        m_lastExecution = std::max(m_lastExecution, entry.execution);
    }
    return applyFurther(through);
}

Result<void> PortfolioBook::applyFurther(Date through)
{
    while (m_nextFurther < m_further.size() && m_further[m_nextFurther].day <= through) {
        if (auto applied = apply(m_further[m_nextFurther]); !applied)
            return applied;
        ++m_nextFurther;
    }
    return {};
}

Result<void> PortfolioBook::apply(const PortfolioEvent &event)
{
    if (m_past.use_count() > 1) // somebody is looking at it
        m_past = std::make_shared<PortfolioPast>(*m_past);
    if (auto applied = m_past->portfolio.apply(event); !applied)
        return applied;
    m_past->history.note(event, m_past->portfolio);
    m_past->activity.note(event);
    return {};
}

} // namespace khop
