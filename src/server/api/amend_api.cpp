// SPDX-License-Identifier: GPL-3.0-or-later
// Changing orders, and what an order or a change would cost without sending it.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/condition_json.h"
#include "server/api/order_fields.h"

namespace khop::server {

namespace {

constexpr Text validated{"The order was checked and not sent.",
                         "Lệnh đã được kiểm tra, chưa gửi đi."};

} // namespace

std::string Api::previewJson(const OrderPreview &preview, const Instrument &instrument,
                             Language language) const
{
    const std::string &currency = instrument.currency;
    JsonWriter json;
    json.beginObject().field("valid", !preview.refusal.has_value());
    json.key("violations").beginArray();
    if (preview.refusal) {
        json.beginObject()
            .field("pointer", pointerTo(*preview.refusal))
            .field("code", codeName(preview.refusal->code))
            .field("message", sentence(*preview.refusal, language))
            .endObject();
    }
    json.endArray();
    json.field("currency", currency)
        .field("value", m_market.money(currency, preview.value))
        .field("fee", m_market.money(currency, preview.fee))
        .field("exchange_fee", m_market.money(currency, preview.exchangeFee))
        .field("tax", m_market.money(currency, preview.tax))
        .field("hold", m_market.money(currency, preview.hold))
        .field("loan", m_market.money(currency, preview.loan))
        .field("buying_power", m_market.money(currency, preview.buyingPower))
        .field("buying_power_after", m_market.money(currency, preview.buyingPower - preview.hold))
        .field("sellable", m_market.quantity(instrument, preview.sellable))
        .field("maximum_quantity", m_market.quantity(instrument, preview.maximum))
        .endObject();
    return std::string(json.text());
}

void Api::validateOrder(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    std::vector<Error> errors;
    std::optional<Error> refusal;
    const std::optional<OrderRequest> request =
        readOrder(document->root(), *call.caller, errors, refusal);
    if (!request) {
        if (refusal)
            fail(call.to, *refusal);
        else
            fail(call.to, errors);
        return;
    }
    OrderPreview preview = m_service.preview(request->order);
    if (request->fractionalPrice)
        preview.refusal = fractionalPriceError(*request);
    succeed(call.to, 200, validated, previewJson(preview, *request->instrument, call.to.language));
}

void Api::readAmendment(std::string_view id, std::shared_ptr<const JsonDocument> fields,
                        std::string_view ifMatch, std::shared_ptr<const Caller> caller,
                        const Answerer &to, Members beside, OrderDone refuse,
                        std::function<void(const Answerer &to, Amendment amendment)> done)
{
    Body body(fields->root(), {"price", "quantity", "version", "price_unit", "condition"}, beside);
    std::string priceText(body.decimal("price").value_or(""));
    std::string quantityText(body.decimal("quantity").value_or(""));
    std::string unit = upperCase(body.text("price_unit", 8).value_or(""));
    if (!body.has("price") && !body.has("quantity") && !body.has("condition"))
        body.mistake(Code::REQUIRED, "price");
    AmendOrder amend;
    const auto readVersion = [&](std::string_view text, const char *field) {
        const auto version = parseDecimal(text, 0);
        if (version && *version >= 0 && *version <= std::int64_t{0xFFFF'FFFF})
            amend.version = static_cast<std::uint32_t>(*version);
        else
            body.mistake(Code::VALIDATION_ERROR, field, shortened(text, 32), "the order's version");
    };
    if (const auto version = body.decimal("version"))
        readVersion(*version, "version");
    const Result<EntityTags> tags = readIfMatch(ifMatch);
    if (!tags)
        body.mistake(tags.error().code, tags.error().field, tags.error().value, tags.error().bound);
    if (!body.mistakes().empty()) {
        refuse(to, OrderOutcome::misread(body.mistakes()));
        return;
    }
    findOwnOrder(
        id, std::move(caller),
        [this, to, amend, tags, priceText = std::move(priceText),
         quantityText = std::move(quantityText), unit = std::move(unit), kept = std::move(fields),
         refuse = std::move(refuse), done = std::move(done)](Result<OrderRecord> found) mutable {
            if (!found) {
                refuse(to, OrderOutcome::refused(found.error()));
                return;
            }
            const OrderRecord &order = *found;
            if (!tags->match(order.version)) {
                refuse(to, OrderOutcome::refused(versionMismatch(*tags, order)));
                return;
            }
            if (tags->given && !amend.version)
                amend.version = order.version; // as it is when its turn comes
            const Instrument *instrument = m_market.instrument(order.instrument);
            if (!instrument) {
                refuse(to, OrderOutcome::refused(Error{Code::INSTRUMENT_UNKNOWN}));
                return;
            }
            OrderRequest request;
            request.instrument = instrument;
            request.priceText = priceText;
            request.priceInThousands = unit == "KVND" && instrument->currency == "VND";
            if (!unit.empty() && !request.priceInThousands && unit != instrument->currency) {
                refuse(to,
                       OrderOutcome::misread({Error{
                           Code::VALIDATION_ERROR, "price_unit", unit,
                           instrument->currency == "VND" ? "VND, kVND" : instrument->currency}}));
                return;
            }
            if (!priceText.empty()) {
                amend.price = parsePrice(priceText, *instrument, request.priceInThousands);
                if (!amend.price) {
                    const auto whole =
                        parsePrice(priceText.substr(0, priceText.find('.')), *instrument, false);
                    const bool low = whole && *whole < instrument->floor && instrument->banded;
                    const Error error = low ? Error{Code::PRICE_BELOW_FLOOR, "price", priceText,
                                                    m_market.price(*instrument, instrument->floor)}
                                            : Error{Code::INVALID_PRICE, "price", priceText,
                                                    "a price of this market"};
                    refuse(to, OrderOutcome::refused(error, hintFor(error, request, to.language)));
                    return;
                }
                if (amend.price->raw() <= 0) {
                    refuse(to, OrderOutcome::refused(
                                   {Code::INVALID_PRICE, "price", priceText, "a price above 0"}));
                    return;
                }
            }
            if (const auto condition = kept->root().find("condition");
                condition && !condition->isNull()) {
                ConditionReader reader(*instrument, request.priceInThousands);
                const ConditionReader::Change change = reader.readChange(*condition);
                std::vector<Error> mistakes = reader.mistakes();
                if (change.limit && amend.price && *change.limit != *amend.price)
                    mistakes.push_back({Code::VALIDATION_ERROR, "price", priceText,
                                        "the same as condition.limit_price"});
                if (!mistakes.empty()) {
                    refuse(to, OrderOutcome::misread(std::move(mistakes)));
                    return;
                }
                amend.trigger = change.trigger;
                if (change.limit)
                    amend.price = change.limit;
            }
            if (!quantityText.empty()) {
                const auto raw = parseDecimal(quantityText, instrument->quantityScale);
                if (!raw || *raw <= 0) {
                    refuse(to, OrderOutcome::refused(
                                   {Code::INVALID_QUANTITY, "quantity", quantityText, "above 0"}));
                    return;
                }
                amend.quantity = Quantity(*raw);
            }
            amend.account = order.account;
            amend.id = order.id;
            done(to, {std::move(request), order, amend});
        });
}

void Api::amendOrder(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    changeOrder(
        call.parameters.front(), std::make_shared<const JsonDocument>(std::move(*document)),
        call.request.header("if-match"), call.caller, call.to,
        [this](const Answerer &to, const OrderOutcome &outcome) { answerOutcome(to, outcome); });
}

void Api::validateAmendment(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    readAmendment(
        call.parameters.front(), std::make_shared<const JsonDocument>(std::move(*document)),
        call.request.header("if-match"), call.caller, call.to, {},
        [this](const Answerer &to, const OrderOutcome &outcome) { answerOutcome(to, outcome); },
        [this](const Answerer &to, const Amendment &change) {
            const OrderPreview preview = m_service.previewAmendment(change.order, change.amend);
            succeed(to, 200, validated,
                    previewJson(preview, *change.request.instrument, to.language));
        });
}

} // namespace khop::server
