// SPDX-License-Identifier: GPL-3.0-or-later
// /put-through: propose, read, accept, reject, cancel negotiated deals.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text proposed{"The deal was proposed.", "Đã gửi đề nghị giao dịch thỏa thuận."};
constexpr Text answered{"The deal was answered.", "Đã trả lời giao dịch thỏa thuận."};
constexpr Text dealRead{"The put-through deal.", "Thông tin giao dịch thỏa thuận."};
constexpr Text dealsRead{"The put-through deals.", "Danh sách giao dịch thỏa thuận."};
constexpr std::string_view statuses = "PROPOSED, EXECUTED, REJECTED, CANCELLED, EXPIRED";

std::optional<PutThroughStatus> statusFromName(std::string_view upper)
{
    for (int status = 0; status <= static_cast<int>(PutThroughStatus::Expired); ++status) {
        if (name(static_cast<PutThroughStatus>(status)) == upper)
            return static_cast<PutThroughStatus>(status);
    }
    return std::nullopt;
}

} // namespace

/// An account by its id or by its owner's name, as far as the desk knows it.
std::optional<AccountNo> Api::accountNamed(std::string_view text) const
{
    if (const std::optional<Uuid> id = Uuid::parse(text)) {
        const std::optional<AccountInfo> info = m_service.findAccount(*id);
        return info ? std::optional(info->no) : std::nullopt;
    }
    for (const AccountInfo &info : m_service.accounts()) {
        if (info.name == text)
            return info.no;
    }
    return std::nullopt;
}

void Api::proposePutThrough(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(),
              {"symbol", "asset_id", "side", "counterparty", "counterparty_account_id", "quantity",
               "price", "price_unit", "description"});
    ProposePutThrough propose;
    propose.account = call.caller->account;
    std::optional<std::string_view> symbol = body.text("symbol", 32);
    if (!symbol)
        symbol = body.text("asset_id", 32);
    const Instrument *instrument = symbol ? m_market.find(*symbol) : nullptr;
    if (!symbol)
        body.mistake(Code::REQUIRED, "symbol");
    else if (!instrument)
        body.mistake(Code::INSTRUMENT_UNKNOWN, "symbol", *symbol);
    if (const auto side = body.requiredText("side", 8)) {
        const std::string upper = upperCase(*side);
        if (upper != "BUY" && upper != "SELL")
            body.mistake(Code::VALIDATION_ERROR, "side", *side, "BUY, SELL");
        propose.side = upper == "SELL" ? Side::Sell : Side::Buy;
    }
    const char *named =
        body.has("counterparty_account_id") ? "counterparty_account_id" : "counterparty";
    if (const auto other = body.requiredText(named, 64)) {
        const std::optional<AccountNo> account = accountNamed(*other);
        if (account)
            propose.counterparty = *account;
        else
            body.mistake(Code::ACCOUNT_UNKNOWN, named, *other);
    }
    if (body.has("counterparty_account_id") && body.has("counterparty")) {
        const auto byName = body.text("counterparty", 64);
        if (byName && accountNamed(*byName) != propose.counterparty)
            body.mistake(Code::VALIDATION_ERROR, "counterparty", shortened(*byName, 64),
                         "the same as counterparty_account_id");
    }
    for (const char *required : {"quantity", "price"}) {
        if (!body.has(required))
            body.mistake(Code::REQUIRED, required);
    }
    const auto unit = body.text("price_unit", 8);
    const auto quantity = body.decimal("quantity"), price = body.decimal("price");
    if (instrument) {
        propose.instrument = instrument->index;
        const bool thousands = unit && upperCase(*unit) == "KVND" && instrument->currency == "VND";
        if (unit && !thousands && upperCase(*unit) != instrument->currency)
            body.mistake(Code::VALIDATION_ERROR, "price_unit", *unit,
                         instrument->currency == "VND" ? "VND, kVND" : instrument->currency);
        if (quantity) {
            const auto raw = parseDecimal(*quantity, instrument->quantityScale);
            if (raw && *raw > 0)
                propose.quantity = Quantity(*raw);
            else
                body.mistake(Code::INVALID_QUANTITY, "quantity", *quantity,
                             "a whole number above 0");
        }
        if (price) {
            const auto raw = parseDecimal(*price, instrument->priceScale + (thousands ? 3 : 0));
            if (raw && *raw > 0)
                propose.price = Price(*raw);
            else
                body.mistake(Code::INVALID_PRICE, "price", *price, "a price above 0");
        }
    }
    if (const auto description = body.text("description", 500))
        propose.description = *description;
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    submit(std::move(propose), call.to, [this](const Answerer &to, CommandResult result) {
        if (!result.ok() || !result.putThrough) {
            fail(to, result.error);
            return;
        }
        JsonWriter json;
        writePutThrough(json, *result.putThrough, m_market);
        Response response = success(201, proposed, json.text(), to.requestId, to.language);
        response.headers.emplace_back("Location",
                                      "/api/v1/put-through/" + result.putThrough->id.text());
        answer(to, response);
    });
}

void Api::listPutThroughs(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "status", "account_id", "user_id", "limit",
                          "cursor", "offset", "page", "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    PutThroughQuery query;
    if (!accountFilter(call, query.account))
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, false, refused);
    if (refused)
        return;
    if (instrument)
        query.instrument = instrument->index;
    if (const auto status = call.query.get("status")) {
        query.status = statusFromName(upperCase(*status));
        if (!query.status) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "status", shortened(*status, 16),
                                     std::string(statuses)});
            return;
        }
    }
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    m_service.queryPutThroughs(
        query, here<Page<PutThroughRecord>>(
                   [this, to = call.to, username = std::string(usernameFor(call, query.account))](
                       Result<Page<PutThroughRecord>> rows) {
                       if (!rows) {
                           fail(to, rows.error());
                           return;
                       }
                       JsonWriter json;
                       json.beginObject().field("username", username);
                       writePage(json, "put_throughs", *rows, [&](const PutThroughRecord &deal) {
                           writePutThrough(json, deal, m_market);
                       });
                       json.endObject();
                       succeed(to, 200, dealsRead, json.text());
                   }));
}

/// The deal of the path, if it concerns the caller; else 404 as for one that is not there.
void Api::withPutThrough(const Call &call, std::function<void(const PutThroughRecord &)> done)
{
    PutThroughQuery query;
    query.id = Uuid::parse(call.parameters.front());
    query.limit = 1;
    if (!query.id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    if (!call.caller->isAdmin())
        query.account = call.caller->account;
    m_service.queryPutThroughs(
        query, here<Page<PutThroughRecord>>([this, to = call.to, done = std::move(done)](
                                                Result<Page<PutThroughRecord>> rows) {
            if (!rows)
                fail(to, rows.error());
            else if (rows->rows.empty())
                fail(to, Error{Code::NOT_FOUND});
            else
                done(rows->rows.front());
        }));
}

void Api::getPutThrough(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    withPutThrough(call, [this, to = call.to](const PutThroughRecord &deal) {
        JsonWriter json;
        writePutThrough(json, deal, m_market);
        succeed(to, 200, dealRead, json.text());
    });
}

void Api::answerPutThrough(Call &call, AnswerPutThrough::Answer given)
{
    if (!allowOnly(call, {}))
        return;
    withPutThrough(call, [this, to = call.to, account = call.caller->account,
                          given](const PutThroughRecord &deal) {
        if (deal.status != PutThroughStatus::Proposed) {
            fail(to, Error{Code::PUT_THROUGH_ENDED, {}, std::string(name(deal.status))});
            return;
        }
        submit(AnswerPutThrough{account, deal.id, given}, to,
               [this](const Answerer &whom, CommandResult result) {
                   if (!result.ok() || !result.putThrough) {
                       // it may have ended while the answer was on its way
                       const bool ended = result.error.code == Code::NOT_FOUND;
                       fail(whom, ended ? Error{Code::PUT_THROUGH_ENDED} : result.error);
                       return;
                   }
                   JsonWriter json;
                   writePutThrough(json, *result.putThrough, m_market);
                   succeed(whom, 200, answered, json.text());
               });
    });
}

void Api::acceptPutThrough(Call &call) { answerPutThrough(call, AnswerPutThrough::Answer::Accept); }
void Api::rejectPutThrough(Call &call) { answerPutThrough(call, AnswerPutThrough::Answer::Reject); }
void Api::cancelPutThrough(Call &call) { answerPutThrough(call, AnswerPutThrough::Answer::Cancel); }

} // namespace khop::server
