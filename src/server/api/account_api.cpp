// SPDX-License-Identifier: GPL-3.0-or-later
// The caller's cash, who the caller is to the desk, and when it trades.
#include "server/api/api.h"

#include "base/utf8.h"
#include "server/api/records_json.h"

#include <algorithm>
#include <array>

namespace khop::server {

namespace {

constexpr Text balanceRead{"The balance.", "Số dư tiền."};
constexpr Text profileRead{"The account's profile.", "Thông tin tài khoản."};
constexpr Text accountsRead{"Your accounts.", "Các tài khoản của bạn."};
constexpr Text accountAdded{"The account was opened.", "Đã mở tài khoản."};
constexpr Text sessionRead{"The trading session.", "Phiên giao dịch."};
constexpr Text scheduleRead{"The schedule of the day.", "Lịch giao dịch trong ngày."};
constexpr Text permissionsRead{"The permissions.", "Quyền của tài khoản."};
constexpr Text activityRead{"The activity.", "Tổng hợp hoạt động."};
constexpr std::string_view baseCurrency = "VND";

void writeAccount(JsonWriter &json, const FurtherAccount &account, bool first)
{
    json.beginObject()
        .field("account_id", account.id.text())
        .field("label", account.label)
        .field("is_default", first)
        .field("desk", "practice")
        .field("created_at", isoTime({account.createdAt}))
        .endObject();
}

void writeSessions(JsonWriter &json, const std::vector<khop::Session> &sessions)
{
    json.beginArray();
    for (const khop::Session &session : sessions) {
        json.beginObject()
            .field("from", formatTimeOfDay(session.from))
            .field("to", formatTimeOfDay(session.to))
            .field("state", name(session.phase));
        json.key("order_types").beginArray();
        for (int type = 0; type < orderTypeCount; ++type) {
            if (has(session.types, static_cast<OrderType>(type)))
                json.string(name(static_cast<OrderType>(type)));
        }
        json.endArray().endObject();
    }
    json.endArray();
}

void writeMarketDay(JsonWriter &json, const ExchangeRules &rules, bool trades)
{
    json.beginObject()
        .field("market", name(rules.exchange))
        .field("trading_day", trades)
        .field("time_zone", rules.everyDay ? "UTC" : "Asia/Ho_Chi_Minh");
    static const std::vector<khop::Session> none;
    json.key("sessions");
    writeSessions(json, trades ? rules.sessions : none);
    if (!rules.restrictedSessions.empty()) {
        json.key("restricted_sessions");
        writeSessions(json, trades ? rules.restrictedSessions : none);
    }
    json.key("put_through").beginArray();
    if (trades && rules.putThrough) {
        for (const auto &[from, to] : rules.putThrough->hours)
            json.beginObject()
                .field("from", formatTimeOfDay(from))
                .field("to", formatTimeOfDay(to))
                .endObject();
    }
    json.endArray().endObject();
}

} // namespace

void Api::getBalance(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const std::vector<Balance> balances = m_service.balances(*account);
    Balance base;
    base.currency = baseCurrency;
    for (const Balance &balance : balances) {
        if (balance.currency == baseCurrency)
            base = balance;
    }
    JsonWriter json;
    json.beginObject()
        .field("username", usernameFor(call, account))
        .field("account_id", m_market.account(*account).idText);
    writeBalance(json, base, m_market);
    json.key("balances").beginArray();
    for (const Balance &balance : balances) {
        json.beginObject();
        writeBalance(json, balance, m_market);
        json.endObject();
    }
    json.endArray().endObject();
    succeed(call.to, 200, balanceRead, json.text());
}

void Api::getProfile(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const Claims &claims = call.caller->claims;
    const std::string accountId = claims.accountId.text();
    JsonWriter json;
    json.beginObject()
        .field("username", claims.username)
        .field("user_id", claims.userId.text())
        .field("role", name(claims.role))
        .field("account_id", accountId);
    json.key("accounts").beginArray();
    for (const Caller::Own &own : call.caller->accounts)
        json.beginObject()
            .field("account_id", own.id.text())
            .field("desk", "practice")
            .field("base_currency", baseCurrency)
            .field("can_trade", claims.role == Role::Trader)
            .endObject();
    json.endArray().endObject();
    succeed(call.to, 200, profileRead, json.text());
}

void Api::listAccounts(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<User> user = m_identity.user(call.caller->claims.userId);
    if (!user) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    JsonWriter json;
    json.beginObject().field("username", user->username).key("accounts").beginArray();
    writeAccount(json, {user->accountId, "", user->createdAt}, true);
    for (const FurtherAccount &account : user->further)
        writeAccount(json, account, false);
    json.endArray()
        .numberField("total_count", static_cast<std::int64_t>(user->further.size() + 1))
        .endObject();
    succeed(call.to, 200, accountsRead, json.text());
}

void Api::addAccount(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"label"});
    const auto label = body.text("label", 64);
    if (!label)
        body.mistake(Code::REQUIRED, "label");
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.addAccount(
        call.caller->claims.userId, std::string(*label),
        here<User>([this, to = call.to](Result<User> user) {
            if (!user) {
                fail(to, std::vector{user.error()});
                return;
            }
            openAccount(*user, user->further.back(),
                        [this, to](const FurtherAccount &added, const Error &error) {
                            if (error.code != Code::OK) {
                                fail(to, error);
                                return;
                            }
                            JsonWriter json;
                            writeAccount(json, added, false);
                            Response response =
                                success(201, accountAdded, json.text(), to.requestId, to.language);
                            response.headers.emplace_back("Location", "/api/v1/accounts");
                            answer(to, response);
                        });
        }));
}

void Api::openAccount(const User &user, const FurtherAccount &account,
                      std::function<void(const FurtherAccount &, const Error &)> done)
{
    const auto opened = [this, account, done = std::move(done)](const Answerer &,
                                                                const CommandResult &result) {
        m_identity.accountsOpened();
        done(account, result.error);
    };
    submit(OpenAccount{account.id, user.username}, {},
           [this, foreign = user.foreign, opened](const Answerer &to, CommandResult result) {
               if (result.ok() && foreign)
                   submit(SetAccountForeign{result.account, true}, {}, opened);
               else
                   opened(to, result);
           });
}

/// Accounts that were added while the desk could not take them.
void Api::openFurther(const User &user)
{
    for (const FurtherAccount &account : user.further) {
        if (!m_service.findAccount(account.id))
            openAccount(user, account, [](const FurtherAccount &, const Error &) {});
    }
}

void Api::getTradingSession(Call &call)
{
    if (!allowOnly(call, {"market", "desk"}) || !practiceDesk(call))
        return;
    const std::string market =
        upperCase(call.query.get("market").value_or(m_options.defaultMarket));
    const std::optional<Exchange> exchange = exchangeFromName(market);
    if (!exchange) {
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "market", shortened(market, 16),
                                 "HOSE, HNX, UPCOM, SPOT"});
        return;
    }
    JsonWriter json;
    writeSession(json, m_service.session(*exchange));
    succeed(call.to, 200, sessionRead, json.text());
}

/// With the rules and the calendar as they are known today, changes of theirs by that day included.
void Api::getMarketSchedule(Call &call)
{
    if (!allowOnly(call, {"date", "desk"}) || !practiceDesk(call))
        return;
    Date date = vietnamDate(m_service.now());
    if (const auto text = call.query.get("date")) {
        const auto given = parseIsoDate(*text);
        if (!given) {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, "date", shortened(*text, 16), "YYYY-MM-DD"});
            return;
        }
        date = *given;
    }
    const MarketRules &rules = m_market.rules().inForceOn(date);
    JsonWriter json;
    json.beginObject()
        .field("date", isoDate(date))
        .field("trading_day", rules.calendar.isTradingDay(date))
        .field("next_trading_day", isoDate(rules.calendar.nextTradingDay(date)))
        .field("calendar_known", rules.calendar.isKnown(date));
    json.key("markets").beginArray();
    for (const ExchangeRules &exchange : rules.exchanges)
        writeMarketDay(json, exchange, rules.isTradingDay(exchange.exchange, date));
    json.endArray().endObject();
    succeed(call.to, 200, scheduleRead, json.text());
}

void Api::getPermissions(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const Claims &claims = call.caller->claims;
    const bool trades = claims.role == Role::Trader;
    const bool killed = m_service.riskPolicy()->killed(call.caller->account) != nullptr;
    JsonWriter json;
    json.beginObject()
        .field("account_id", claims.accountId.text())
        .field("username", claims.username)
        .field("role", name(claims.role))
        .field("can_read", true)
        .field("can_trade", trades && !killed)
        .field("can_move_cash", trades)
        .field("can_administer", claims.role == Role::Admin)
        .field("kill_switch", killed)
        .field("live", false);
    json.key("markets").beginArray();
    for (const ExchangeRules &exchange : m_market.rules().exchanges)
        json.string(name(exchange.exchange));
    json.endArray();
    json.key("desks").beginArray().string("practice").endArray().endObject();
    succeed(call.to, 200, permissionsRead, json.text());
}

void Api::getActivitySummary(Call &call)
{
    if (!allowOnly(call, {"days", "account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto days = wholeParameter(call, "days", 1, 365, 30);
    const auto account = days ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    OrderQuery orders;
    orders.account = account;
    orders.limit = 1;
    withPortfolio(
        call.to, {.account = *account},
        [this, days = *days, orders](const Answerer &to, const PortfolioAnswer &portfolio) {
            const Date from = portfolio.today + -static_cast<int>(days - 1);
            auto activity = std::make_shared<ActivityAnswer>();
            activity->from = from;
            activity->to = portfolio.today;
            activity->byCurrency = portfolio.past->activity.since(from);
            activity->orders = orders;
            activity->orders.from = vietnamTime(from, 0);
            countOrders(to, activity, 0);
        });
}

/// Counts the orders of one status after the other, then answers.
void Api::countOrders(const Answerer &to, const std::shared_ptr<ActivityAnswer> &activity,
                      std::size_t next)
{
    static constexpr std::array<std::pair<const char *, std::optional<OrderStatus>>, 5> counted{
        {{"placed", std::nullopt},
         {"filled", OrderStatus::Filled},
         {"cancelled", OrderStatus::Cancelled},
         {"rejected", OrderStatus::Rejected},
         {"expired", OrderStatus::Expired}}};
    if (next == counted.size()) {
        JsonWriter json;
        json.beginObject()
            .field("account_id", m_market.account(*activity->orders.account).idText)
            .field("from", isoDate(activity->from))
            .field("to", isoDate(activity->to));
        json.key("orders").beginObject();
        for (std::size_t i = 0; i < counted.size(); ++i)
            json.numberField(counted[i].first, static_cast<std::int64_t>(activity->counts[i]));
        json.endObject();
        writeActivity(json, *activity);
        json.endObject();
        succeed(to, 200, activityRead, json.text());
        return;
    }
    activity->orders.statuses.clear();
    if (counted[next].second)
        activity->orders.statuses.push_back(*counted[next].second);
    m_service.queryOrders(
        activity->orders,
        here<Page<OrderRecord>>([this, to, activity, next](Result<Page<OrderRecord>> page) {
            if (!page) {
                fail(to, page.error());
                return;
            }
            activity->counts.push_back(page->total);
            countOrders(to, activity, next + 1);
        }));
}

void Api::writeActivity(JsonWriter &json, const ActivityAnswer &activity) const
{
    json.key("by_currency").beginArray();
    const auto &currencies = m_market.rules().currencies;
    for (const auto &[index, did] : activity.byCurrency) {
        const std::string &currency = currencies[index].code;
        const auto money = [&](const char *field, Money amount) {
            json.field(field, m_market.money(currency, amount));
        };
        json.beginObject().field("currency", currency).numberField("executions", did.trades);
        money("bought", did.bought);
        money("sold", did.sold);
        money("fees", did.fees);
        money("taxes", did.taxes);
        money("dividends", did.dividends);
        money("deposited", did.deposited);
        money("withdrawn", did.withdrawn);
        json.endObject();
    }
    json.endArray();
}

} // namespace khop::server
