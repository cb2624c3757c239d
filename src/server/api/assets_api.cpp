// SPDX-License-Identifier: GPL-3.0-or-later
// /assets/… and /portfolio/{username}: holdings in the words of the original services.
#include "server/api/api.h"

#include "base/utf8.h"
#include "server/api/portfolio_json.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text assetRead{"The asset balance.", "Số dư chứng khoán."};
constexpr Text assetsRead{"The asset balances.", "Danh sách số dư chứng khoán."};
constexpr Text transactionsRead{"The transactions of the asset.", "Lịch sử giao dịch chứng khoán."};
constexpr Text portfolioRead{"The portfolio.", "Danh mục đầu tư."};

Money worthOf(const Position &position, const Instrument &instrument, const MarketView &market)
{
    return market.value(instrument, market.lastPrice(instrument), position.quantity)
        .value_or(Money{});
}

void writeAsset(JsonWriter &json, const Position &position, std::string_view username,
                const MarketView &market)
{
    const Instrument *instrument = market.instrument(position.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    json.beginObject()
        .field("username", username)
        .field("asset_id", instrument->symbol)
        .field("quantity", market.quantity(*instrument, position.quantity))
        .field("available_quantity", market.quantity(*instrument, position.sellable))
        .field("held_quantity", market.quantity(*instrument, position.held))
        .field("pending_quantity",
               market.quantity(*instrument, position.pendingToday + position.pendingYesterday
                                                + position.pendingBefore))
        .field("current_price", market.price(*instrument, market.lastPrice(*instrument)))
        .field("market_value",
               market.money(instrument->currency, worthOf(position, *instrument, market)))
        .field("currency", instrument->currency)
        .field("last_updated", isoTime(position.updatedAt))
        .endObject();
}

void writeTransaction(JsonWriter &json, const ExecutionRecord &execution, std::string_view username,
                      const MarketView &market, Time now)
{
    const Instrument *instrument = market.instrument(execution.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    json.beginObject()
        .field("transaction_id", execution.id.text())
        .field("username", username)
        .field("asset_id", instrument->symbol)
        .field("transaction_type", name(execution.side))
        .field("quantity", market.quantity(*instrument, execution.quantity))
        .field("price", market.price(*instrument, execution.price))
        .field("total_amount", market.money(instrument->currency, execution.value))
        .field("fee", market.money(instrument->currency, execution.fee))
        .field("tax", market.money(instrument->currency, execution.tax))
        .field("currency", instrument->currency)
        .field("order_id", execution.orderId.text())
        .field("status", execution.settlesAt <= now ? "COMPLETED" : "PENDING")
        .field("timestamp", isoTime(execution.time))
        .endObject();
}

} // namespace

void Api::getAssetBalance(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    if (!instrument) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    Position position;
    position.instrument = instrument->index;
    for (const Position &held : m_service.positions(*account)) {
        if (held.instrument == instrument->index)
            position = held;
    }
    JsonWriter json;
    writeAsset(json, position, usernameFor(call, account), m_market);
    succeed(call.to, 200, assetRead, json.text());
}

void Api::listAssetBalances(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "limit", "cursor", "offset", "page", "page_size",
                          "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call, 100, 1000);
    const auto account = page ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    withPortfolio(call.to, {.account = *account},
                  [this, page = *page, account = *account,
                   username = std::string(usernameFor(call, account))](
                      const Answerer &to, const PortfolioAnswer &portfolio) {
                      std::vector<Position> held = m_service.positions(account);
                      std::erase_if(held, [](const Position &position) {
                          return position.quantity.isZero();
                      });
                      const auto begin = std::ranges::find_if(held, [&](const Position &position) {
                          return !page.before || position.instrument >= *page.before;
                      });
                      std::size_t at = static_cast<std::size_t>(begin - held.begin()) + page.offset;
                      const std::size_t end = at + page.limit;
                      JsonWriter json;
                      json.beginObject().field("username", username);
                      json.key("asset_balances").beginArray();
                      for (; at < held.size() && at < end; ++at)
                          writeAsset(json, held[at], username, m_market);
                      json.endArray();
                      const bool more = at < held.size();
                      json.numberField("total_count", static_cast<std::int64_t>(held.size()))
                          .field("total_market_value",
                                 baseMoney(m_market, portfolio.valuation.totals().marketValue))
                          .field("base_currency", baseCurrencyOf(m_market))
                          .field("has_more", more)
                          .optionalField("next_cursor",
                                         more ? std::optional(Paging::cursor(held[at].instrument))
                                              : std::nullopt)
                          .endObject();
                      succeed(to, 200, assetsRead, json.text());
                  });
}

void Api::listAssetTransactions(Call &call)
{
    if (!allowOnly(call, {"transaction_type", "type", "start_date", "from_date", "end_date",
                          "to_date", "account_id", "user_id", "limit", "cursor", "offset", "page",
                          "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    const auto account = page ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    if (!instrument) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    TradeQuery query;
    query.account = account;
    query.instrument = instrument->index;
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    for (const char *field : {"transaction_type", "type"}) {
        const auto text = call.query.get(field);
        if (!text)
            continue;
        const std::string upper = upperCase(*text);
        if (upper != "BUY" && upper != "SELL") {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, field, shortened(upper, 16), "BUY, SELL"});
            return;
        }
        query.side = upper == "BUY" ? Side::Buy : Side::Sell;
    }
    const auto from = timeFilter(call.query, {"start_date", "from_date"}, false);
    const auto to = timeFilter(call.query, {"end_date", "to_date"}, true);
    if (!from || !to) {
        failQuery(call.to, from ? to.error() : from.error());
        return;
    }
    query.from = *from;
    query.to = *to;
    m_service.queryExecutions(
        query, here<Page<ExecutionRecord>>([this, to = call.to, symbol = instrument->symbol,
                                            username = std::string(usernameFor(call, account))](
                                               Result<Page<ExecutionRecord>> rows) {
            if (!rows) {
                fail(to, rows.error());
                return;
            }
            JsonWriter json;
            json.beginObject().field("username", username).field("asset_id", symbol);
            writePage(json, "transactions", *rows, [&](const ExecutionRecord &execution) {
                writeTransaction(json, execution, username, m_market, m_service.now());
            });
            json.endObject();
            succeed(to, 200, transactionsRead, json.text());
        }));
}

/// The owner's and, to administrators, everybody's.
void Api::getUserPortfolio(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::string &username = call.parameters.front();
    const Claims &claims = call.caller->claims;
    std::optional<AccountNo> account;
    if (username == claims.username)
        account = call.caller->account;
    else if (call.caller->isAdmin())
        account = accountNamed(username);
    if (!account) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    withPortfolio(
        call.to, {.account = *account},
        [this, account = *account, username](const Answerer &to, const PortfolioAnswer &portfolio) {
            JsonWriter json;
            writeUserPortfolio(json, account, username, portfolio);
            succeed(to, 200, portfolioRead, json.text());
        });
}

void Api::writeUserPortfolio(JsonWriter &json, AccountNo account, const std::string &username,
                             const PortfolioAnswer &portfolio) const
{
    const Valuation &valuation = portfolio.valuation;
    std::string usd = m_market.money("USD", Money{});
    json.beginObject().field("username", username);
    json.key("cash_balances").beginArray();
    for (const Balance &balance : m_service.balances(account)) {
        const std::string amount = m_market.money(balance.currency, balance.current);
        if (balance.currency == "USD")
            usd = amount;
        json.beginObject()
            .field("currency", balance.currency)
            .field("balance", amount)
            .field("pending", m_market.money(balance.currency, balance.pending))
            .endObject();
    }
    json.endArray();
    json.field("usd_balance", usd)
        .field("base_currency", baseCurrencyOf(m_market))
        .field("total_asset_value", baseMoney(m_market, valuation.totals().marketValue))
        .field("total_portfolio_value", baseMoney(m_market, valuation.totals().equity()))
        .numberField("asset_count", valuation.totals().positions);
    json.key("assets").beginArray();
    for (const Position &position : m_service.positions(account)) {
        const Instrument *instrument = m_market.instrument(position.instrument);
        const Valuation::Position *const valued = valuation.find(position.instrument);
        if (!instrument || !valued || valued->quantity.isZero())
            continue;
        const auto base = valuation.market()->conversions.toBase(
            valuation.market()->listings[position.instrument].currency, valued->marketValue);
        json.beginObject()
            .field("asset_id", instrument->symbol)
            .field("quantity", m_market.quantity(*instrument, valued->quantity))
            .field("current_price", m_market.price(*instrument, valued->price))
            .field("market_value", m_market.money(instrument->currency, valued->marketValue))
            .field("currency", instrument->currency)
            .field(
                "percentage",
                percentText(base ? ratioOf(*base, valuation.totals().marketValue).value_or(Ratio())
                                 : Ratio()))
            .field("last_updated", isoTime(position.updatedAt))
            .endObject();
    }
    json.endArray();
    json.field("last_updated", isoTime(baseCash(account, portfolio).updatedAt)).endObject();
}

} // namespace khop::server
