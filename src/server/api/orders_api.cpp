// SPDX-License-Identifier: GPL-3.0-or-later
// /orders: enter, read, amend, cancel.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/condition_json.h"
#include "server/api/order_fields.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text accepted{"The order was accepted.", "Lệnh đã được tiếp nhận."};
constexpr Text duplicated{"The order had been accepted before.",
                          "Lệnh này đã được tiếp nhận trước đó."};
constexpr Text amended{"The order was amended.", "Lệnh đã được sửa."};
constexpr Text cancelled{"The order was cancelled.", "Lệnh đã được hủy."};
constexpr Text alreadyCancelled{"The order is cancelled.", "Lệnh đã ở trạng thái hủy."};
constexpr Text orderRead{"The order.", "Thông tin lệnh."};
constexpr Text ordersRead{"The orders.", "Danh sách lệnh."};
constexpr Text executionsRead{"The executions of the order.", "Các lần khớp của lệnh."};
constexpr Text batchDone{"Every order has its own result.", "Mỗi lệnh có kết quả riêng."};

constexpr std::string_view statusNames = "PENDING, QUEUED, ACTIVE, PARTIALLY_FILLED, FILLED, "
                                         "PENDING_CANCEL, PENDING_REPLACE, CANCELLED, REJECTED, "
                                         "EXPIRED";

// The original services' names stand for several states.
bool addStatuses(std::string_view text, std::vector<OrderStatus> &statuses)
{
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        const std::string upper = upperCase(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        if (upper == "CONFIRMED" || upper == "PROCESSING") {
            statuses.insert(statuses.end(), {OrderStatus::Active, OrderStatus::PartiallyFilled});
        } else if (upper == "COMPLETED") {
            statuses.push_back(OrderStatus::Filled);
        } else if (upper == "FAILED") {
            statuses.insert(statuses.end(), {OrderStatus::Rejected, OrderStatus::Expired});
        } else if (const std::optional<OrderStatus> status = orderStatusFromName(upper)) {
            statuses.push_back(*status);
        } else {
            return false;
        }
    }
    return true;
}

} // namespace

void Api::answerOrder(const Answerer &to, const OrderRecord &order, int status, const Text &message,
                      bool location)
{
    if (to.trace) {
        to.trace->event = message.english;
        to.trace->order = order.id;
    }
    JsonWriter json;
    writeOrder(json, order, m_market);
    Response response = success(status, message, json.text(), to.requestId, to.language);
    if (location)
        response.headers.emplace_back("Location", "/api/v1/orders/" + order.id.text());
    response.headers.emplace_back("ETag", '"' + std::to_string(order.version) + '"');
    answer(to, response);
}

void Api::answerOutcome(const Answerer &to, const OrderOutcome &outcome)
{
    using Kind = OrderOutcome::Kind;
    const auto status = [&](int done) { return isPending(outcome.order->status) ? 202 : done; };
    switch (outcome.kind) {
    case Kind::Refused:
        if (outcome.ofFields)
            fail(to, outcome.errors);
        else
            fail(to, outcome.errors.front(), {.hint = outcome.hint});
        break;
    case Kind::Accepted: answerOrder(to, *outcome.order, status(201), accepted, true); break;
    case Kind::Duplicate: answerOrder(to, *outcome.order, 200, duplicated, false); break;
    case Kind::Amended: answerOrder(to, *outcome.order, status(200), amended, false); break;
    case Kind::Cancelled: answerOrder(to, *outcome.order, status(200), cancelled, false); break;
    case Kind::AlreadyCancelled:
        answerOrder(to, *outcome.order, 200, alreadyCancelled, false);
        break;
    }
}

void Api::placeOrder(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    enterOrder(
        document->root(), *call.caller, call.to,
        [this](const Answerer &to, const OrderOutcome &outcome) { answerOutcome(to, outcome); });
}

void Api::placeBatch(Call &call)
{
    constexpr std::size_t most = 100;
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"orders"});
    const std::optional<JsonValue> orders = body.value("orders");
    if (!orders)
        body.mistake(Code::REQUIRED, "orders");
    else if (!orders->isArray() || orders->size() == 0 || orders->size() > most)
        body.mistake(Code::VALIDATION_ERROR, "orders", {}, "an array of 1 to 100 orders");
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }

    struct Batch {
        std::vector<std::string> results;
        std::size_t waiting = 0;
        std::size_t accepted = 0;
    };
    auto batch = std::make_shared<Batch>();
    batch->results.resize(orders->size());
    batch->waiting = orders->size();
    const auto finish = [this, batch](const Answerer &to) {
        JsonWriter json;
        json.beginObject()
            .numberField("accepted", static_cast<std::int64_t>(batch->accepted))
            .numberField("refused",
                         static_cast<std::int64_t>(batch->results.size() - batch->accepted));
        json.key("results").beginArray();
        for (const std::string &result : batch->results)
            json.raw(result);
        json.endArray().endObject();
        succeed(to, 200, batchDone, json.text());
    };
    const auto settle = [this, batch](std::size_t index, const Answerer &to,
                                      const std::vector<Error> &errors, const OrderRecord *order,
                                      bool duplicate) {
        JsonWriter json;
        const Code code = errors.empty()
                              ? Code::OK
                              : (errors.size() == 1 ? errors.front().code : Code::VALIDATION_ERROR);
        const int status = order ? (duplicate ? 200 : 201) : httpStatus(code);
        json.beginObject()
            .numberField("index", static_cast<std::int64_t>(index))
            .numberField("status", status);
        json.field("success", order != nullptr);
        json.key("order");
        if (order)
            writeOrder(json, *order, m_market);
        else
            json.null();
        json.key("errors").beginArray();
        for (const Error &error : errors) {
            json.beginObject()
                .field("pointer", "/orders/" + std::to_string(index)
                                      + (error.field.empty() ? std::string() : pointerTo(error)))
                .field("code", codeName(error.code))
                .field("message", sentence(error, to.language))
                .endObject();
        }
        json.endArray().endObject();
        batch->results[index] = json.take();
        batch->accepted += order ? 1 : 0;
        --batch->waiting;
    };

    std::vector<std::pair<std::size_t, PlaceOrder>> commands;
    std::size_t index = 0;
    for (std::optional<JsonValue> item = orders->first(); item; item = item->next(), ++index) {
        std::vector<Error> errors;
        std::optional<Error> refusal;
        std::optional<OrderRequest> request;
        if (item->isObject())
            request = readOrder(*item, *call.caller, errors, refusal);
        else
            errors.push_back({Code::VALIDATION_ERROR, "", {}, "an object"});
        if (refusal)
            errors = {*refusal};
        else if (request && request->fractionalPrice)
            errors = {fractionalPriceError(*request)};
        if (errors.empty())
            commands.emplace_back(index, std::move(request->order));
        else
            settle(index, call.to, errors, nullptr, false);
    }
    if (commands.empty()) {
        finish(call.to);
        return;
    }
    for (auto &[place, order] : commands) {
        submit(std::move(order), call.to,
               [settle, finish, batch, at = place](const Answerer &to, CommandResult result) {
                   const bool good = result.ok() && result.order;
                   settle(at, to, good ? std::vector<Error>{} : std::vector{result.error},
                          good ? &*result.order : nullptr, result.duplicate);
                   if (batch->waiting == 0)
                       finish(to);
               });
    }
}

void Api::listOrders(Call &call)
{
    if (!allowOnly(call,
                   {"status", "symbol", "asset_id", "side", "order_type", "market", "start_date",
                    "from_date", "end_date", "to_date", "user_id", "account_id", "client_order_id",
                    "limit", "cursor", "offset", "page", "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    OrderQuery query;
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    if (!accountFilter(call, query.account))
        return;
    bool refused = false;
    if (const Instrument *instrument = symbolParameter(call, false, refused))
        query.instrument = instrument->index;
    if (refused)
        return;
    if (const auto status = call.query.get("status");
        status && !addStatuses(*status, query.statuses)) {
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "status", shortened(*status, 64),
                                 std::string(statusNames)});
        return;
    }
    if (const auto side = call.query.get("side")) {
        query.side = sideFromText(*side);
        if (!query.side) {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, "side", shortened(*side, 16), "BUY, SELL"});
            return;
        }
    }
    if (const auto market = call.query.get("market")) {
        query.exchange = exchangeFromName(upperCase(*market));
        if (!query.exchange) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "market", shortened(*market, 16),
                                     "HOSE, HNX, UPCOM, SPOT"});
            return;
        }
    }
    if (const auto type = call.query.get("order_type")) {
        const bool spot =
            query.exchange == Exchange::SPOT
            || (query.instrument
                && m_market.instrument(*query.instrument)->exchange == Exchange::SPOT);
        const auto parsed = typeFromName(upperCase(*type), spot ? Exchange::SPOT : Exchange::HOSE);
        if (!parsed) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "order_type", shortened(*type, 16),
                                     "an order type"});
            return;
        }
        if (parsed->given != GivenName::OwnType) {
            query.given = parsed->given;
        } else {
            // A filter names what the order shows; without a market MARKET and LIMIT are SPOT's own.
            query.type = orderTypeFromName(upperCase(*type)).value_or(parsed->type);
            query.given = GivenName::OwnType;
        }
    }
    const auto from = timeFilter(call.query, {"start_date", "from_date"}, false);
    const auto to = timeFilter(call.query, {"end_date", "to_date"}, true);
    if (!from || !to) {
        failQuery(call.to, from ? to.error() : from.error());
        return;
    }
    query.from = *from;
    query.to = *to;
    query.clientOrderId = call.query.get("client_order_id").value_or("");

    const std::string username(usernameFor(call, query.account));
    m_service.queryOrders(
        query,
        here<Page<OrderRecord>>([this, to = call.to, username](Result<Page<OrderRecord>> rows) {
            if (!rows) {
                fail(to, rows.error());
                return;
            }
            JsonWriter json;
            json.beginObject().field("username", username);
            writePage(json, "orders", *rows,
                      [&](const OrderRecord &order) { writeOrder(json, order, m_market); });
            json.endObject();
            succeed(to, 200, ordersRead, json.text());
        }));
}

void Api::withOwnOrder(const Call &call, std::function<void(const OrderRecord &)> done)
{
    findOwnOrder(call.parameters.front(), call.caller,
                 [this, to = call.to, done = std::move(done)](Result<OrderRecord> order) {
                     if (order)
                         done(*order);
                     else
                         fail(to, order.error());
                 });
}

void Api::getOrder(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    withOwnOrder(call, [this, to = call.to](const OrderRecord &order) {
        answerOrder(to, order, 200, orderRead, false);
    });
}

void Api::cancelOrder(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    endOrder(
        call.parameters.front(), call.request.header("if-match"), call.caller, call.to,
        [this](const Answerer &to, const OrderOutcome &outcome) { answerOutcome(to, outcome); });
}

void Api::cancelAllOrders(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id"}))
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, false, refused);
    if (refused)
        return;
    CancelAll all{call.caller->account, instrument ? instrument->index : noInstrument};
    submit(all, call.to, [this](const Answerer &to, CommandResult result) {
        if (!result.ok()) {
            fail(to, result.error);
            return;
        }
        JsonWriter json;
        json.beginObject().numberField("cancelled", result.count).endObject();
        succeed(to, 200, {"The orders were cancelled.", "Các lệnh đã được hủy."}, json.text());
    });
}

void Api::orderExecutions(Call &call)
{
    if (!allowOnly(call, {"limit", "cursor", "offset", "page", "page_size"}))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    withOwnOrder(call, [this, to = call.to, page = *page](const OrderRecord &order) {
        TradeQuery query;
        query.account = order.account;
        query.order = order.no;
        query.limit = page.limit;
        query.offset = page.offset;
        query.before = page.before;
        const std::string username = m_market.account(order.account).username;
        m_service.queryExecutions(
            query, here<Page<ExecutionRecord>>([this, to, username,
                                                id = order.id](Result<Page<ExecutionRecord>> rows) {
                if (!rows) {
                    fail(to, rows.error());
                    return;
                }
                JsonWriter json;
                json.beginObject().field("username", username).field("order_id", id.text());
                writePage(json, "executions", *rows, [&](const ExecutionRecord &execution) {
                    writeExecution(json, execution, m_market);
                });
                json.endObject();
                succeed(to, 200, executionsRead, json.text());
            }));
    });
}

} // namespace khop::server
