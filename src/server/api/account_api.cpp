// SPDX-License-Identifier: GPL-3.0-or-later
// What the caller owns, and who the caller is to the desk.
#include "server/api/api.h"

#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text positionsRead{"The positions.", "Danh mục nắm giữ."};
constexpr Text positionRead{"The position.", "Vị thế."};
constexpr Text balanceRead{"The balance.", "Số dư tiền."};
constexpr Text profileRead{"The account's profile.", "Thông tin tài khoản."};
constexpr Text accountsRead{"Your accounts.", "Các tài khoản của bạn."};
constexpr Text accountAdded{"The account was opened.", "Đã mở tài khoản."};
constexpr Text sessionRead{"The trading session.", "Phiên giao dịch."};
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

} // namespace

void Api::listPositions(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "limit", "cursor", "offset", "page", "page_size",
                          "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    const auto account = page ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    std::vector<Position> positions = m_service.positions(*account);
    std::sort(positions.begin(), positions.end(),
              [](const Position &a, const Position &b) { return a.instrument < b.instrument; });
    const auto begin =
        std::find_if(positions.begin(), positions.end(), [&](const Position &position) {
            return !page->before || position.instrument >= *page->before;
        });
    const auto skipped = static_cast<std::size_t>(begin - positions.begin()) + page->offset;
    JsonWriter json;
    json.beginObject().field("username", usernameFor(call, account));
    json.key("positions").beginArray();
    std::size_t at = skipped;
    for (; at < positions.size() && at < skipped + page->limit; ++at)
        writePosition(json, positions[at], m_service.quote(positions[at].instrument), m_market);
    json.endArray();
    const bool more = at < positions.size();
    json.numberField("total_count", static_cast<std::int64_t>(positions.size()))
        .field("has_more", more);
    json.optionalField("next_cursor", more ? std::optional(Paging::cursor(positions[at].instrument))
                                           : std::nullopt);
    json.endObject();
    succeed(call.to, 200, positionsRead, json.text());
}

void Api::getPosition(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    if (instrument) {
        for (const Position &position : m_service.positions(*account)) {
            if (position.instrument != instrument->index)
                continue;
            JsonWriter json;
            writePosition(json, position, m_service.quote(position.instrument), m_market);
            succeed(call.to, 200, positionRead, json.text());
            return;
        }
    }
    fail(call.to, Error{Code::NOT_FOUND});
}

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
    const std::string market = upperCase(call.query.get("market").value_or("HOSE"));
    const std::optional<Exchange> exchange = exchangeFromName(market);
    if (!exchange) {
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "market", market.substr(0, 16),
                                 "HOSE, HNX, UPCOM, SPOT"});
        return;
    }
    JsonWriter json;
    writeSession(json, m_service.session(*exchange));
    succeed(call.to, 200, sessionRead, json.text());
}

} // namespace khop::server
