// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/recorded_events.h"

namespace khop {

namespace {

using Bucket = LedgerEntry::Bucket;
using Type = LedgerEntry::Type;

bool isOfAccount(Bucket bucket)
{
    return bucket == Bucket::Available || bucket == Bucket::Held || bucket == Bucket::Pending;
}

std::optional<PortfolioCash::Kind> kindOf(const LedgerEntry &entry)
{
    using Kind = PortfolioCash::Kind;
    switch (entry.type) {
    case Type::Deposit: return Kind::Deposit;
    case Type::Withdraw: return Kind::Withdraw;
    case Type::Dividend: return Kind::Dividend;
    case Type::Interest: return Kind::Interest;
    case Type::Custody:
    case Type::Advance: return Kind::Charge;
    case Type::Fx: return Kind::Exchange;
    case Type::SystemAdjustment: return Kind::Adjustment;
    case Type::Fee: return entry.execution == 0 ? std::optional(Kind::Charge) : std::nullopt;
    case Type::Tax: return entry.execution == 0 ? std::optional(Kind::Tax) : std::nullopt;
    case Type::OrderPayment: // of a trade the execution says it; else rights were bought or sold
        if (entry.execution != 0)
            return std::nullopt;
        return isOfAccount(entry.to) ? Kind::Dividend : Kind::Charge;
    case Type::OrderHold:
    case Type::OrderRelease:
    case Type::OrderRefund:
    case Type::Settlement:
    case Type::Loan:
    case Type::Repayment: break; // what is owed counts as cash that is not there
    }
    return std::nullopt;
}

/// A conversion takes the old securities out in one entry and brings the new ones in in one: the second is
/// the event, for all that was held.
std::optional<PortfolioEvent> ofSecurities(const LedgerEntry &entry, InstrumentIndex ofAction,
                                           std::optional<Date> exDate)
{
    const Date day = vietnamDate(entry.time);
    if (entry.type == Type::Dividend)
        return PortfolioEvent{
            day, PortfolioShareDividend{entry.instrument, Quantity(entry.amount), exDate}};
    if (entry.type == Type::SystemAdjustment && ofAction != noInstrument)
        return PortfolioEvent{
            day, PortfolioRestatement{ofAction, entry.instrument, Quantity(entry.amount)}};
    return std::nullopt;
}

} // namespace

PortfolioEvent portfolioEvent(const ExecutionRecord &execution, std::uint16_t currency)
{
    return {vietnamDate(execution.time),
            PortfolioTrade{execution.instrument, currency, execution.side, execution.quantity,
                           execution.price, execution.value, execution.fee, execution.tax}};
}

std::optional<PortfolioEvent> portfolioEvent(const LedgerEntry &entry, InstrumentIndex ofAction,
                                             std::optional<Date> exDate)
{
    const Date day = vietnamDate(entry.time);
    const bool comes = isOfAccount(entry.to);
    const auto kind = kindOf(entry);
    const bool ofNothing = entry.type == Type::OrderPayment && ofAction == noInstrument;
    if (!kind || ofNothing || comes == isOfAccount(entry.from))
        return std::nullopt;
    if (entry.securities)
        return comes ? ofSecurities(entry, ofAction, exDate) : std::nullopt;
    return PortfolioEvent{day,
                          PortfolioCash{*kind, entry.currency,
                                        Money(comes ? entry.amount : -entry.amount), ofAction}};
}

std::optional<PortfolioEvent> portfolioTransfer(const LedgerEntry &entry, std::uint16_t currency,
                                                Money cost, Price price)
{
    const bool comes = entry.from == Bucket::Outside && isOfAccount(entry.to);
    const bool goes = entry.to == Bucket::Outside && isOfAccount(entry.from);
    if (!entry.securities || entry.type == Type::Dividend || entry.order != 0 || comes == goes)
        return std::nullopt;
    return PortfolioEvent{vietnamDate(entry.time),
                          PortfolioTransfer{entry.instrument, currency,
                                            Quantity(comes ? entry.amount : -entry.amount),
                                            comes ? cost : Money{}, price}};
}

} // namespace khop
