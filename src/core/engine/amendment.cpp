// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/amendment.h"

#include "base/decimal.h"

namespace khop {

namespace {

std::unexpected<Error> refused(Code code, const char *field, std::string value = {},
                               std::string bound = {})
{
    return std::unexpected(Error{code, field, std::move(value), std::move(bound)});
}

} // namespace

Result<Amendment> checkAmendment(const OrderRecord &record, const AmendOrder &amend, bool atVenue,
                                 const Instrument &instrument, const MarketRules &rules,
                                 const EntryContext &context)
{
    const auto text = [&](Quantity quantity) {
        return formatDecimal(quantity.raw(), instrument.quantityScale, true);
    };
    if (amend.trigger)
        return refused(Code::ORDER_NOT_AMENDABLE, "condition.trigger_price");
    if (!record.price || !(carriesPrice(record.type) || record.type == OrderType::MTL))
        return refused(Code::ORDER_NOT_AMENDABLE, "order_type", std::string(name(record.type)));
    const Price price = amend.price.value_or(*record.price);
    const Quantity total = amend.quantity.value_or(record.quantity);
    const bool newPrice = price != *record.price;
    const bool newQuantity = total != record.quantity;
    if (newPrice && newQuantity && instrument.banded && !rules.policies.amendBoth)
        return refused(Code::AMEND_PRICE_OR_QUANTITY, "price",
                       formatDecimal(price.raw(), instrument.priceScale));
    if (total <= record.traded)
        return refused(Code::INVALID_QUANTITY, "quantity", text(total),
                       text(record.traded + Quantity(1)));
    if (isOddLot(total, instrument) != isOddLot(record.quantity, instrument))
        return refused(Code::INVALID_LOT, "quantity", text(total), text(instrument.lot));
    if (atVenue && isAuction(context.session.phase))
        return refused(Code::CANCEL_NOT_ALLOWED_IN_AUCTION, "symbol", instrument.symbol,
                       std::string(name(context.session.phase)));
    const OrderType restsAs = instrument.banded ? OrderType::LO : OrderType::Limit;
    const OrderEntry entry{record.side, restsAs, record.timeInForce, total, price};
    const auto refusal = atVenue ? checkEntry(entry, instrument, rules, context)
                                 : checkQueuedEntry(entry, instrument, rules, context);
    if (refusal)
        return std::unexpected(*refusal);
    return Amendment{price, total, newPrice || newQuantity};
}

} // namespace khop
