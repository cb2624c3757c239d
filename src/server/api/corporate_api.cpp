// SPDX-License-Identifier: GPL-3.0-or-later
// /corporate-actions: what issuers give; administrators announce and withdraw, everybody reads.
#include "server/api/api.h"

#include "base/decimal.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text announced{"The corporate action was announced.", "Đã công bố sự kiện quyền."};
constexpr Text withdrawn{"The corporate action was withdrawn.", "Đã thu hồi sự kiện quyền."};
constexpr Text actionRead{"The corporate action.", "Thông tin sự kiện quyền."};
constexpr Text actionsRead{"The corporate actions.", "Danh sách sự kiện quyền."};
constexpr std::string_view types = "CASH_DIVIDEND, STOCK_DIVIDEND, BONUS";
constexpr std::string_view statuses = "ANNOUNCED, ENTITLED, PAID, WITHDRAWN";
constexpr int ratioScale = 6;

std::optional<CorporateActionStatus> statusFromName(std::string_view upper)
{
    for (const auto status : {CorporateActionStatus::Announced, CorporateActionStatus::Entitled,
                              CorporateActionStatus::Paid, CorporateActionStatus::Withdrawn}) {
        if (name(status) == upper)
            return status;
    }
    return std::nullopt;
}

void writeAction(JsonWriter &json, const CorporateAction &action, const MarketView &market)
{
    const CorporateTerms &terms = action.terms;
    const Instrument *instrument = market.instrument(terms.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const auto price = [&](const char *field, Price value) {
        json.optionalField(field, value.isZero() ? std::nullopt
                                                 : std::optional(market.price(*instrument, value)));
    };
    json.beginObject()
        .field("corporate_action_id", action.id.text())
        .field("symbol", instrument->symbol)
        .field("type", name(terms.type))
        .field("status", name(action.status))
        .field("ex_date", isoDate(terms.exDate))
        .field("record_date", isoDate(terms.recordDate))
        .field("pay_date", isoDate(terms.payDate));
    price("amount", terms.cash);
    json.optionalField("ratio", terms.givesShares()
                                    ? std::optional(formatDecimal(terms.ratio, ratioScale, true))
                                    : std::nullopt);
    price("fraction_price", terms.fractionPrice);
    json.field("from_treasury", terms.fromTreasury)
        .field("currency", instrument->currency)
        .numberField("holders", static_cast<std::int64_t>(action.holders))
        .field("entitled_quantity", market.quantity(*instrument, action.entitled))
        .field("paid_amount", market.money(instrument->currency, action.cash))
        .field("tax", market.money(instrument->currency, action.tax))
        .field("delivered_quantity", market.quantity(*instrument, action.shares));
    json.optionalField("description",
                       terms.description.empty() ? std::nullopt : std::optional(terms.description));
    json.field("created_at", isoTime(action.createdAt))
        .field("updated_at", isoTime(action.updatedAt))
        .endObject();
}

std::optional<Date> readDate(Body &body, const char *field, bool required)
{
    const auto text = required ? body.requiredText(field, 10) : body.text(field, 10);
    if (!text)
        return std::nullopt;
    const std::optional<Date> date = parseIsoDate(*text);
    if (!date)
        body.mistake(Code::VALIDATION_ERROR, field, *text, "YYYY-MM-DD");
    return date;
}

/// A number above 0 of a field, as a raw integer with so many decimals.
std::optional<std::int64_t> readAmount(Body &body, const char *field, int scale)
{
    const auto text = body.decimal(field);
    if (!text)
        return std::nullopt;
    const auto raw = parseDecimal(*text, scale);
    if (!raw || *raw <= 0)
        body.mistake(Code::VALIDATION_ERROR, field, *text,
                     "above 0, at most " + std::to_string(scale) + " decimals");
    return raw;
}

/// The terms of a body; its mistakes are noted there.
CorporateTerms readTerms(Body &body, const MarketView &market)
{
    CorporateTerms terms;
    const auto symbol = body.requiredText("symbol", 32);
    const Instrument *instrument = symbol ? market.find(*symbol) : nullptr;
    if (symbol && !instrument)
        body.mistake(Code::INSTRUMENT_UNKNOWN, "symbol", *symbol);
    if (const auto type = body.requiredText("type", 32)) {
        const auto known = corporateActionTypeFromName(upperCase(*type));
        if (!known)
            body.mistake(Code::VALIDATION_ERROR, "type", *type, std::string(types));
        terms.type = known.value_or(terms.type);
    }
    terms.exDate = readDate(body, "ex_date", true).value_or(Date{});
    terms.recordDate = readDate(body, "record_date", false).value_or(Date{});
    terms.payDate = readDate(body, "pay_date", true).value_or(Date{});
    const char *needed = terms.givesShares() ? "ratio" : "amount";
    if (!body.has(needed))
        body.mistake(Code::REQUIRED, needed);
    terms.fromTreasury = body.boolean("from_treasury").value_or(false);
    terms.description = body.text("description", 500).value_or("");
    if (!instrument)
        return terms;
    terms.instrument = instrument->index;
    const int scale = instrument->priceScale;
    terms.cash = Price(readAmount(body, "amount", scale).value_or(0));
    terms.ratio = readAmount(body, "ratio", ratioScale).value_or(0);
    terms.fractionPrice = Price(readAmount(body, "fraction_price", scale).value_or(0));
    return terms;
}

} // namespace

void Api::answerCorporateAction(const Answerer &to, const CorporateAction &action, int status)
{
    JsonWriter json;
    writeAction(json, action, m_market);
    const bool isNew = status == 201;
    Response response =
        success(status, isNew ? announced : withdrawn, json.text(), to.requestId, to.language);
    if (isNew)
        response.headers.emplace_back("Location", "/api/v1/corporate-actions/" + action.id.text());
    answer(to, response);
}

void Api::announceCorporateAction(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"symbol", "type", "ex_date", "record_date", "pay_date", "amount",
                                 "ratio", "fraction_price", "from_treasury", "description"});
    AnnounceCorporateAction announce{{}, readTerms(body, m_market)};
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    submit(std::move(announce), call.to, [this](const Answerer &to, CommandResult result) {
        if (result.ok() && result.corporateAction)
            answerCorporateAction(to, *result.corporateAction, 201);
        else
            fail(to, result.error);
    });
}

void Api::withdrawCorporateAction(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    submit(WithdrawCorporateAction{*id}, call.to, [this](const Answerer &to, CommandResult result) {
        if (result.ok() && result.corporateAction)
            answerCorporateAction(to, *result.corporateAction, 200);
        else
            fail(to, result.error);
    });
}

void Api::getCorporateAction(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const auto actions = m_service.corporateActions();
    const auto found = std::ranges::find_if(
        *actions, [&](const CorporateAction &action) { return id && action.id == *id; });
    if (found == actions->end()) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    JsonWriter json;
    writeAction(json, *found, m_market);
    succeed(call.to, 200, actionRead, json.text());
}

/// Newest first.
void Api::listCorporateActions(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "status", "limit", "cursor", "offset", "page",
                          "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto paged = paging(call);
    if (!paged)
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, false, refused);
    if (refused)
        return;
    std::optional<CorporateActionStatus> status;
    if (const auto text = call.query.get("status")) {
        status = statusFromName(upperCase(*text));
        if (!status) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "status",
                                     std::string(text->substr(0, 16)), std::string(statuses)});
            return;
        }
    }
    const auto actions = m_service.corporateActions();
    Page<CorporateAction> page;
    std::size_t skipped = 0;
    for (auto it = actions->rbegin(); it != actions->rend(); ++it) {
        if ((instrument && it->terms.instrument != instrument->index)
            || (status && it->status != *status))
            continue;
        ++page.total;
        if ((paged->before && it->no >= *paged->before) || skipped++ < paged->offset)
            continue;
        if (page.rows.size() < paged->limit)
            page.rows.push_back(*it);
        else
            page.more = true;
    }
    JsonWriter json;
    json.beginObject();
    writePage(json, "corporate_actions", page,
              [&](const CorporateAction &action) { writeAction(json, action, m_market); });
    json.endObject();
    succeed(call.to, 200, actionsRead, json.text());
}

} // namespace khop::server
