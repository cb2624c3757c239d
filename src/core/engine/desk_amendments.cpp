// SPDX-License-Identifier: GPL-3.0-or-later
// What an amendment would cost, before it is sent.
#include "engine/amendment.h"
#include "engine/desk.h"

#include "base/decimal.h"
#include "ledger/order_cost.h"

namespace khop {

namespace {

std::optional<Error> checkFunds(const OrderPreview &preview, const OrderRecord &record,
                                const Amendment &amendment, const Instrument &instrument, int scale)
{
    const auto text = [&](Quantity quantity) {
        return formatDecimal(quantity.raw(), instrument.quantityScale, true);
    };
    const auto &called = preview.called;
    if (record.side == Side::Buy && called && preview.hold > record.held)
        return Error{Code::MARGIN_CALL, "quantity", formatDecimal(called->first, 4, true),
                     formatDecimal(called->second, 4, true)};
    if (record.side == Side::Buy)
        return preview.hold <= preview.buyingPower
                   ? std::nullopt
                   : std::optional(
                         Error{preview.marginable ? Code::MARGIN_LIMIT : Code::INSUFFICIENT_CASH,
                               "quantity", formatDecimal(preview.hold.raw(), scale),
                               formatDecimal(preview.buyingPower.raw(), scale)});
    const Quantity most = record.traded + preview.sellable;
    return amendment.total <= most ? std::nullopt
                                   : std::optional(Error{Code::INSUFFICIENT_SECURITIES, "quantity",
                                                         text(amendment.total), text(most)});
}

} // namespace

/// Its own hold counts as buying power, and what it would sell as sellable.
OrderPreview Desk::previewAmendment(const OrderRecord &record, const AmendOrder &amend) const
{
    OrderPreview preview;
    const auto instruments = m_view.instruments();
    const auto rules = m_view.rules();
    const Instrument &instrument = (*instruments)[record.instrument];
    const Rates rates = m_view.ratesOf(record);
    const int scale = rules->currencyScale(instrument.currency);
    preview.currency = instrument.currency;
    PlaceOrder as; // of the same account and side
    as.account = record.account;
    as.side = record.side;
    previewFunding(as, instrument, preview);
    preview.buyingPower += record.held;
    preview.sellable = m_view.sellable(record.account, record.instrument)
                       + (record.side == Side::Sell ? record.remaining : Quantity{});
    const bool conditional = record.condition && !hasChild(record.condition->type);
    const bool waits =
        record.status == OrderStatus::Queued && (conditional || !record.parent.isNull());
    if (!isOpen(record.status) || record.status == OrderStatus::PendingCancel || waits) {
        preview.refusal =
            Error{Code::ORDER_NOT_AMENDABLE, "status", std::string(name(record.status))};
        return preview;
    }
    const auto amendment =
        checkAmendment(record, amend, record.status != OrderStatus::Queued, instrument, *rules,
                       m_view.entryContext(record.instrument));
    if (!amendment) {
        preview.refusal = amendment.error();
        return preview;
    }
    const Quantity leaves = amendment->total - record.traded;
    preview.holdPrice = amendment->price;
    preview.value =
        notional(instrument, scale, amendment->price, leaves, Rounding::Up).value_or(Money{});
    const auto more = checkedAdd(record.tradedValue.raw(), preview.value.raw());
    if (more) {
        preview.fee = commission(rates, Money(*more)) - record.fee;
        preview.exchangeFee = exchangePart(rates, Money(*more), preview.fee + record.fee)
                              - exchangePart(rates, record.tradedValue, record.fee);
        if (record.side == Side::Sell) {
            const Quantity free =
                std::min(leaves, m_view.taxable(record.account, record.instrument));
            preview.tax = portion(Money(*more), rates.sellTax)
                          - portion(record.tradedValue, rates.sellTax)
                          + incomeTaxOf(instrument, scale, rates, free, amendment->price);
        }
    }
    const auto hold = record.side == Side::Buy ? buyHold(instrument, scale, rates, amendment->price,
                                                         leaves, record.tradedValue)
                                               : std::optional(Money{});
    if (hold)
        preview.hold = *hold;
    if (const Money cash = m_view.available(record.account, instrument.currency) + record.held;
        preview.marginable && preview.hold > cash)
        preview.loan = preview.hold - cash;
    preview.refusal = hold && more ? checkFunds(preview, record, *amendment, instrument, scale)
                                   : std::optional(Error{Code::INSUFFICIENT_CASH, "quantity"});
    return preview;
}

} // namespace khop
