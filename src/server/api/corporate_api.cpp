// SPDX-License-Identifier: GPL-3.0-or-later
// /corporate-actions: what issuers give and do; administrators announce and withdraw, everybody reads, and
// traders choose what to do with their rights.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text announced{"The corporate action was announced.", "Đã công bố sự kiện quyền."};
constexpr Text withdrawn{"The corporate action was withdrawn.", "Đã thu hồi sự kiện quyền."};
constexpr Text actionRead{"The corporate action.", "Thông tin sự kiện quyền."};
constexpr Text actionsRead{"The corporate actions.", "Danh sách sự kiện quyền."};
constexpr Text elected{"Your choice was noted.", "Đã ghi nhận lựa chọn thực hiện quyền."};
constexpr std::string_view types =
    "CASH_DIVIDEND, STOCK_DIVIDEND, BONUS, RIGHTS, SPLIT, MERGER, TRANSFER";
constexpr std::string_view statuses = "ANNOUNCED, ENTITLED, PAID, WITHDRAWN, FAILED";
constexpr std::string_view choices = "SUBSCRIBE, SELL, OFFER, ACCEPT";
constexpr int ratioScale = 6;

std::optional<CorporateActionStatus> statusFromName(std::string_view upper)
{
    for (int at = 0; at < corporateActionStatusCount; ++at) {
        if (name(static_cast<CorporateActionStatus>(at)) == upper)
            return static_cast<CorporateActionStatus>(at);
    }
    return std::nullopt;
}

std::optional<ElectRights::Choice> choiceFromName(std::string_view upper)
{
    using Choice = ElectRights::Choice;
    for (const auto &[name, choice] : {std::pair{"SUBSCRIBE", Choice::Subscribe},
                                       {"SELL", Choice::Sell},
                                       {"OFFER", Choice::Offer},
                                       {"ACCEPT", Choice::Accept}}) {
        if (upper == name)
            return choice;
    }
    return std::nullopt;
}

/// What rights, splits, mergers and transfers have beside the others.
void writeFurtherTerms(JsonWriter &json, const CorporateTerms &terms, const Instrument &instrument,
                       const MarketView &market)
{
    if (terms.hasRatio())
        json.numberField("per", terms.per);
    if (terms.isRights()) {
        json.field("issue_price", market.price(instrument, terms.issuePrice))
            .field("rights_per_share", formatDecimal(terms.rightsPerShare, ratioScale, true))
            .field("subscription_from", isoDate(terms.subscriptionFrom))
            .field("transfer_to", isoDate(terms.transferTo))
            .field("subscription_to", isoDate(terms.subscriptionTo));
    }
    const Instrument *const into = market.instrument(terms.into);
    if (terms.type == CorporateActionType::Merger && into)
        json.field("into", into->symbol);
    if (terms.type == CorporateActionType::Transfer)
        json.field("exchange", name(terms.to));
}

/// What one account has of an action until it is paid.
void writeOwn(JsonWriter &json, const CorporateEntitlement &own, const CorporateTerms &terms,
              const Instrument &instrument, const MarketView &market)
{
    const auto quantity = [&](Quantity value) { return market.quantity(instrument, value); };
    json.beginObject().field("entitled_quantity", quantity(own.quantity));
    if (terms.isRights()) {
        const Quantity most =
            terms.sharesFor(own.rights + own.bought - own.offered).value_or(Quantity{});
        json.field("rights", quantity(own.rights))
            .field("bought", quantity(own.bought))
            .field("sold", quantity(own.sold))
            .field("subscribed", quantity(own.subscribed))
            .field("most_to_subscribe", quantity(most))
            .field("held", market.money(instrument.currency, own.held))
            .field("offered", quantity(own.offered));
        if (!own.offered.isZero())
            json.field("offered_to", market.account(own.offeredTo).username)
                .field("offer_price", market.price(instrument, own.offerPrice));
    }
    json.endObject();
}

/// What others offer to an account.
void writeOffers(JsonWriter &json, const CorporateAction &action, AccountNo account,
                 const Instrument &instrument, const MarketView &market)
{
    json.key("offers").beginArray();
    for (const CorporateEntitlement &one : *action.entitlements) {
        if (one.offered.isZero() || one.offeredTo != account)
            continue;
        json.beginObject()
            .field("from", market.account(one.account).username)
            .field("quantity", market.quantity(instrument, one.offered))
            .field("price", market.price(instrument, one.offerPrice))
            .endObject();
    }
    json.endArray();
}

/// `account` 0: without what is somebody's own.
void writeAction(JsonWriter &json, const CorporateAction &action, const MarketView &market,
                 AccountNo account)
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
    price("close_before", action.close);
    price("reference_after", action.reference);
    json.optionalField("ratio", terms.hasRatio()
                                    ? std::optional(formatDecimal(terms.ratio, ratioScale, true))
                                    : std::nullopt);
    price("fraction_price", terms.fractionPrice);
    writeFurtherTerms(json, terms, *instrument, market);
    json.field("from_treasury", terms.fromTreasury)
        .field("currency", instrument->currency)
        .numberField("holders", static_cast<std::int64_t>(action.holders))
        .field("entitled_quantity", market.quantity(*instrument, action.entitled))
        .field("paid_amount", market.money(instrument->currency, action.cash))
        .field("tax", market.money(instrument->currency, action.tax))
        .field("delivered_quantity", market.quantity(*instrument, action.shares))
        .numberField("skipped", static_cast<std::int64_t>(action.skipped));
    if (terms.isRights())
        json.field("rights", market.quantity(*instrument, action.rights))
            .field("lapsed_rights", market.quantity(*instrument, action.lapsed))
            .field("raised_amount", market.money(instrument->currency, action.raised));
    if (account != 0 && action.entitlements) {
        const auto own = std::ranges::lower_bound(*action.entitlements, account, {},
                                                  &CorporateEntitlement::account);
        if (own != action.entitlements->end() && own->account == account) {
            json.key("own");
            writeOwn(json, *own, terms, *instrument, market);
        }
        if (terms.isRights())
            writeOffers(json, action, account, *instrument, market);
    }
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

std::vector<const char *> requiredFields(const CorporateTerms &terms)
{
    switch (terms.type) {
    case CorporateActionType::CashDividend: return {"amount"};
    case CorporateActionType::StockDividend:
    case CorporateActionType::Bonus:
    case CorporateActionType::Split: return {"ratio"};
    case CorporateActionType::Rights: return {"ratio", "issue_price", "subscription_to"};
    case CorporateActionType::Merger: return {"ratio", "into"};
    case CorporateActionType::Transfer: return {"exchange"};
    }
    return {};
}

/// But for prices, whose scale is the instrument's.
void readFurtherTerms(Body &body, CorporateTerms &terms, const MarketView &market)
{
    terms.per = readAmount(body, "per", 0).value_or(terms.per);
    terms.rightsPerShare =
        readAmount(body, "rights_per_share", ratioScale).value_or(terms.rightsPerShare);
    terms.subscriptionFrom = readDate(body, "subscription_from", false).value_or(Date{});
    terms.subscriptionTo = readDate(body, "subscription_to", false).value_or(Date{});
    terms.transferTo = readDate(body, "transfer_to", false).value_or(Date{});
    if (const auto symbol = body.text("into", 32)) {
        const Instrument *const into = market.find(*symbol);
        if (into)
            terms.into = into->index;
        else
            body.mistake(Code::INSTRUMENT_UNKNOWN, "into", *symbol);
    }
    if (const auto text = body.text("exchange", 8)) {
        const auto exchange = exchangeFromName(upperCase(*text));
        if (!exchange)
            body.mistake(Code::VALIDATION_ERROR, "exchange", *text, "HOSE, HNX, UPCOM");
        terms.to = exchange.value_or(terms.to);
    }
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
    terms.payDate = readDate(body, "pay_date", !terms.atOnce()).value_or(Date{});
    for (const char *needed : requiredFields(terms)) {
        if (!body.has(needed))
            body.mistake(Code::REQUIRED, needed);
    }
    readFurtherTerms(body, terms, market);
    terms.fromTreasury = body.boolean("from_treasury").value_or(false);
    terms.description = body.text("description", 500).value_or("");
    if (!instrument)
        return terms;
    terms.instrument = instrument->index;
    const int scale = instrument->priceScale;
    terms.cash = Price(readAmount(body, "amount", scale).value_or(0));
    terms.ratio = readAmount(body, "ratio", ratioScale).value_or(0);
    terms.fractionPrice = Price(readAmount(body, "fraction_price", scale).value_or(0));
    terms.issuePrice = Price(readAmount(body, "issue_price", scale).value_or(0));
    return terms;
}

/// A number from 0 up.
std::optional<std::int64_t> readCount(Body &body, const char *field, int scale)
{
    const auto text = body.decimal(field);
    if (!text)
        return std::nullopt;
    const auto raw = parseDecimal(*text, scale);
    if (!raw || *raw < 0)
        body.mistake(Code::INVALID_QUANTITY, field, *text,
                     scale == 0 ? "a whole number" : "a number from 0 up");
    return raw;
}

/// What is chosen; the counterparty is read elsewhere.
void readElection(Body &body, ElectRights &elect, const Instrument &instrument)
{
    if (const auto text = body.requiredText("choice", 16)) {
        const auto choice = choiceFromName(upperCase(*text));
        if (!choice)
            body.mistake(Code::VALIDATION_ERROR, "choice", *text, std::string(choices));
        elect.choice = choice.value_or(elect.choice);
    }
    const bool between =
        elect.choice == ElectRights::Choice::Offer || elect.choice == ElectRights::Choice::Accept;
    elect.quantity = Quantity(readCount(body, "quantity", instrument.quantityScale).value_or(0));
    if (!body.has("quantity"))
        body.mistake(Code::REQUIRED, "quantity");
    elect.price = Price(readAmount(body, "price", instrument.priceScale).value_or(0));
    const bool priced = elect.choice != ElectRights::Choice::Subscribe && !elect.quantity.isZero();
    if (priced && !body.has("price"))
        body.mistake(Code::REQUIRED, "price");
    if (priced && between && !body.has("counterparty"))
        body.mistake(Code::REQUIRED, "counterparty");
    if (!between && body.has("counterparty"))
        body.mistake(Code::VALIDATION_ERROR, "counterparty", {},
                     "left out (only with OFFER and ACCEPT)");
}

} // namespace

void Api::answerCorporateAction(const Answerer &to, const CorporateAction &action, int status)
{
    JsonWriter json;
    writeAction(json, action, m_market, 0);
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
                                 "ratio", "per", "fraction_price", "from_treasury", "issue_price",
                                 "rights_per_share", "subscription_from", "subscription_to",
                                 "transfer_to", "into", "exchange", "description"});
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

void Api::electRights(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"choice", "quantity", "price", "counterparty"});
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const auto actions = m_service.corporateActions();
    const auto found = std::ranges::find_if(
        *actions, [&](const CorporateAction &action) { return id && action.id == *id; });
    const Instrument *const instrument =
        found == actions->end() ? nullptr : m_market.instrument(found->terms.instrument);
    if (!instrument) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    ElectRights elect;
    elect.account = call.caller->account;
    elect.id = *id;
    readElection(body, elect, *instrument);
    if (const auto other = body.text("counterparty", 64)) {
        elect.other = accountNamed(*other).value_or(0);
        if (elect.other == 0)
            body.mistake(Code::ACCOUNT_UNKNOWN, "counterparty", *other);
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    submit(elect, call.to,
           [this, account = elect.account](const Answerer &to, CommandResult result) {
               if (!result.ok() || !result.corporateAction) {
                   fail(to, result.error);
                   return;
               }
               JsonWriter json;
               writeAction(json, *result.corporateAction, m_market, account);
               succeed(to, 200, elected, json.text());
           });
}

void Api::getCorporateAction(Call &call)
{
    if (!allowOnly(call, {"desk", "account_id", "user_id"}) || !practiceDesk(call))
        return;
    const std::optional<AccountNo> account = oneAccount(call);
    if (!account)
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
    writeAction(json, *found, m_market, *account);
    succeed(call.to, 200, actionRead, json.text());
}

/// Newest first.
void Api::listCorporateActions(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "status", "limit", "cursor", "offset", "page",
                          "page_size", "account_id", "user_id", "desk"})
        || !practiceDesk(call))
        return;
    const std::optional<AccountNo> account = oneAccount(call);
    if (!account)
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
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "status", shortened(*text, 16),
                                     std::string(statuses)});
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
    writePage(json, "corporate_actions", page, [&](const CorporateAction &action) {
        writeAction(json, action, m_market, *account);
    });
    json.endObject();
    succeed(call.to, 200, actionsRead, json.text());
}

} // namespace khop::server
