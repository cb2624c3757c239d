// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/portfolio_book.h"

#include "portfolio/recorded_events.h"

#include <algorithm>
#include <utility>

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

bool isOfImport(const LedgerEntry &entry, const ImportList &applied)
{
    if (entry.order == 0 || entry.execution != 0)
        return false;
    const auto found = std::ranges::lower_bound(applied, entry.order, {}, &ImportRecord::no);
    return found != applied.end() && found->no == entry.order;
}

/// Of an undone import neither what it booked nor what was taken back counts.
bool isUndone(const LedgerEntry &entry, const std::vector<OrderNo> &undone)
{
    return entry.order != 0 && std::ranges::binary_search(undone, entry.order);
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
        if (isUndone(entry, *context.imports.undone)) {
            m_lastEntry = entry.no;
            continue;
        }
        if (isOfImport(entry, *context.imports.batches)) {
            if (auto taken = takeImported(entry, context); !taken)
                return taken;
            m_lastEntry = entry.no;
            continue;
        }
        if (auto ended = endImported(); !ended)
            return ended;
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
            if (auto applied = applyOn(*event); !applied)
                return applied;
        }
        m_lastEntry = entry.no;
        m_lastExecution = std::max(m_lastExecution, entry.execution);
    }
    if (through != Date{}) { // all entries of a command come at once: nothing is missing
        if (auto ended = endImported(); !ended)
            return ended;
    }
    return applyFurther(through);
}

/// A trade of a statement is a transfer of the securities, then its value, fee and tax. It counts on the day
/// of the import: only then do the holdings add up at every moment.
Result<void> PortfolioBook::takeImported(const LedgerEntry &entry, const RecordContext &context)
{
    const Date day = vietnamDate(entry.time);
    const bool comes = entry.to == LedgerEntry::Bucket::Available;
    if (entry.securities) {
        if (auto ended = endImported(); !ended)
            return ended;
        if (entry.instrument >= context.market.listings.size())
            return refuse(Code::STORE_ERROR, "instrument", std::to_string(entry.instrument));
        m_imported = PortfolioEvent{
            day,
            PortfolioTrade{entry.instrument, context.market.listings[entry.instrument].currency,
                           comes ? Side::Buy : Side::Sell, Quantity(entry.amount), Price{}, Money{},
                           Money{}, Money{}}};
        m_importing = entry.order;
        return {};
    }
    if (m_imported && m_importing == entry.order) {
        auto &trade = std::get<PortfolioTrade>(m_imported->body);
        const Money amount(entry.amount);
        if (entry.type == Type::OrderPayment) {
            trade.value = amount;
            LedgerEntry paid = entry;
            paid.instrument = trade.instrument;
            paid.cost = amount;
            paid.amount = trade.quantity.raw();
            trade.price = priceOf(paid, context.market);
            return {};
        }
        if (entry.type == Type::Fee || entry.type == Type::Tax) {
            (entry.type == Type::Fee ? trade.fee : trade.tax) = amount;
            return {};
        }
    }
    if (auto ended = endImported(); !ended)
        return ended;
    auto event = portfolioEvent(entry);
    if (!event)
        return {};
    // which security a dividend was of is not in the entry
    if (auto *cash = std::get_if<PortfolioCash>(&event->body);
        cash && cash->kind == PortfolioCash::Kind::Dividend)
        cash->kind = PortfolioCash::Kind::Interest;
    return applyOn(*event);
}

Result<void> PortfolioBook::endImported()
{
    if (!m_imported)
        return {};
    const PortfolioEvent event = *std::exchange(m_imported, std::nullopt);
    return applyOn(event);
}

Result<void> PortfolioBook::applyOn(const PortfolioEvent &event)
{
    if (auto applied = applyFurther(event.day); !applied)
        return applied;
    return apply(event);
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
