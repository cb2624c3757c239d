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
constexpr Text sessionRead{"The trading session.", "Phiên giao dịch."};
constexpr std::string_view baseCurrency = "VND";

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
    json.beginObject()
        .field("account_id", accountId)
        .field("desk", "practice")
        .field("base_currency", baseCurrency)
        .field("can_trade", claims.role == Role::Trader)
        .endObject();
    json.endArray().endObject();
    succeed(call.to, 200, profileRead, json.text());
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
