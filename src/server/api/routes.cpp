// SPDX-License-Identifier: GPL-3.0-or-later
// Every route of the API, and who may take it.
#include "server/api/api.h"

namespace khop::server {

std::string_view name(Access access)
{
    switch (access) {
    case Access::Public: return "public";
    case Access::Local: return "local";
    case Access::Read: return "read";
    case Access::Trade: return "trade";
    case Access::Admin: return "admin";
    }
    return {};
}

std::vector<RouteInfo> Api::routeTable()
{
    std::vector<RouteInfo> table;
    for (ListedRoute &listed : listedRoutes())
        table.push_back({listed.method, std::move(listed.pattern), listed.route.access,
                         listed.route.file, listed.route.session});
    return table;
}

void Api::addRoutes()
{
    for (ListedRoute &listed : listedRoutes()) {
        listed.route.metrics = m_metrics.addRoute(listed.method, listed.pattern);
        m_router.add(listed.method, listed.pattern, listed.route);
    }
}

std::vector<Api::ListedRoute> Api::listedRoutes()
{
    std::vector<ListedRoute> routes;
    // Credentials are changed in a session, never by a key.
    const auto isCredential = [](Method method, std::string_view pattern) {
        return method != Method::Get && pattern.starts_with("/auth/");
    };
    const auto add = [&](Method method, std::string pattern, void (Api::*handler)(Call &),
                         Access access) {
        const bool session = access != Access::Public && isCredential(method, pattern);
        routes.push_back({method, std::move(pattern), {handler, access, false, nullptr, session}});
    };
    const auto addBare = [&](Method method, std::string pattern, void (Api::*handler)(Call &),
                             Access access) {
        add(method, std::move(pattern), handler, access);
        routes.back().route.bare = true;
    };
    const auto addFile = [&](std::string pattern, void (Api::*handler)(Call &), Access access) {
        routes.push_back(
            {Method::Post, std::move(pattern), {handler, access, true, nullptr, false}});
    };

    using M = Method;
    using A = Access;
    add(M::Post, "/orders", &Api::placeOrder, A::Trade);
    add(M::Get, "/orders", &Api::listOrders, A::Read);
    addBare(M::Delete, "/orders", &Api::cancelAllOrders, A::Trade);
    add(M::Post, "/orders/batch", &Api::placeBatch, A::Trade);
    add(M::Post, "/orders/validate", &Api::validateOrder, A::Trade);
    add(M::Get, "/orders/{id}", &Api::getOrder, A::Read);
    add(M::Put, "/orders/{id}", &Api::amendOrder, A::Trade);
    add(M::Patch, "/orders/{id}", &Api::amendOrder, A::Trade);
    addBare(M::Delete, "/orders/{id}", &Api::cancelOrder, A::Trade);
    add(M::Post, "/orders/{id}/validate", &Api::validateAmendment, A::Trade);
    addBare(M::Post, "/orders/{id}/cancel", &Api::cancelOrder, A::Trade);
    add(M::Get, "/orders/{id}/executions", &Api::orderExecutions, A::Read);
    add(M::Get, "/orders/{id}/queue", &Api::orderQueuePlace, A::Read);
    add(M::Get, "/orders/statistics/summary", &Api::getOrderStatistics, A::Read);

    add(M::Get, "/orderbook", &Api::getBook, A::Read);
    add(M::Get, "/trades", &Api::listTrades, A::Read);
    add(M::Get, "/trades/{id}", &Api::getTrade, A::Read);
    add(M::Get, "/quotes", &Api::listQuotes, A::Read);
    add(M::Get, "/candles", &Api::listCandles, A::Read);
    add(M::Get, "/indices", &Api::listIndices, A::Read);
    add(M::Post, "/inventory/assets", &Api::addInstrument, A::Admin);
    add(M::Patch, "/inventory/assets/{id}", &Api::changeInstrument, A::Admin);
    add(M::Get, "/instruments", &Api::listInstruments, A::Public);
    add(M::Get, "/instruments/{symbol}", &Api::getInstrument, A::Public);
    add(M::Get, "/inventory/assets", &Api::listInstruments, A::Public);
    add(M::Get, "/inventory/assets/{id}", &Api::getInstrument, A::Public);
    add(M::Get, "/markets", &Api::listMarkets, A::Public);
    for (const std::string path : {"/instruments/{symbol}", "/inventory/assets/{id}"}) {
        addBare(M::Post, path + "/halt", &Api::haltInstrument, A::Admin);
        addBare(M::Post, path + "/resume", &Api::resumeInstrument, A::Admin);
        addBare(M::Post, path + "/activate", &Api::activateInstrument, A::Admin);
        addBare(M::Post, path + "/deactivate", &Api::deactivateInstrument, A::Admin);
    }

    add(M::Post, "/put-through", &Api::proposePutThrough, A::Trade);
    add(M::Get, "/put-through", &Api::listPutThroughs, A::Read);
    add(M::Get, "/put-through/{id}", &Api::getPutThrough, A::Read);
    addBare(M::Post, "/put-through/{id}/accept", &Api::acceptPutThrough, A::Trade);
    addBare(M::Post, "/put-through/{id}/reject", &Api::rejectPutThrough, A::Trade);
    addBare(M::Post, "/put-through/{id}/cancel", &Api::cancelPutThrough, A::Trade);

    add(M::Get, "/positions", &Api::listPositions, A::Read);
    add(M::Get, "/positions/{symbol}", &Api::getPosition, A::Read);
    add(M::Get, "/positions/summary/portfolio", &Api::getPortfolioSummary, A::Read);
    add(M::Get, "/positions/history/changes", &Api::listPositionChanges, A::Read);
    add(M::Get, "/positions/analytics/performance", &Api::getPerformance, A::Read);
    add(M::Post, "/positions/what-if", &Api::whatIfPositions, A::Read);
    add(M::Get, "/portfolio/{username}", &Api::getUserPortfolio, A::Read);
    add(M::Get, "/assets/balances", &Api::listAssetBalances, A::Read);
    add(M::Get, "/assets/{asset_id}/balance", &Api::getAssetBalance, A::Read);
    add(M::Get, "/assets/{asset_id}/transactions", &Api::listAssetTransactions, A::Read);
    add(M::Get, "/balance", &Api::getBalance, A::Read);
    add(M::Get, "/accounts/balance", &Api::getBalance, A::Read);
    add(M::Post, "/balance/deposit", &Api::depositCash, A::Trade);
    add(M::Post, "/balance/withdraw", &Api::withdrawCash, A::Trade);
    add(M::Get, "/balance/transactions", &Api::listCashEntries, A::Read);
    add(M::Patch, "/balance/transactions/{id}", &Api::decideTransaction, A::Admin);
    add(M::Get, "/accounts/profile", &Api::getProfile, A::Read);
    add(M::Get, "/accounts", &Api::listAccounts, A::Read);
    add(M::Post, "/accounts", &Api::addAccount, A::Trade);
    add(M::Get, "/accounts/trading-session", &Api::getTradingSession, A::Read);
    add(M::Get, "/accounts/market-schedule", &Api::getMarketSchedule, A::Read);
    add(M::Get, "/accounts/permissions", &Api::getPermissions, A::Read);
    add(M::Get, "/accounts/activity-summary", &Api::getActivitySummary, A::Read);
    add(M::Get, "/accounts/trading-limits", &Api::getRiskUsage, A::Read);

    add(M::Get, "/accounts/{account_id}/fees", &Api::getAccountFees, A::Read);
    add(M::Put, "/accounts/{account_id}/fees", &Api::setAccountFees, A::Admin);
    add(M::Put, "/accounts/{account_id}/margin", &Api::setMargin, A::Admin);
    addBare(M::Delete, "/accounts/{account_id}/margin", &Api::endMargin, A::Admin);
    add(M::Get, "/margin", &Api::getMargin, A::Read);
    add(M::Get, "/positions/buying-power/available", &Api::getBuyingPower, A::Read);
    add(M::Get, "/cash-advance/quote", &Api::quoteCashAdvance, A::Read);
    add(M::Post, "/cash-advance", &Api::advanceCash, A::Trade);
    add(M::Get, "/fx", &Api::getRates, A::Read);
    add(M::Post, "/fx/convert", &Api::convertCash, A::Trade);
    addBare(M::Post, "/trades/{id}/settle", &Api::settleTrade, A::Admin);
    addBare(M::Post, "/settle/{id}", &Api::settleTrade, A::Admin);

    add(M::Get, "/corporate-actions", &Api::listCorporateActions, A::Read);
    add(M::Post, "/corporate-actions", &Api::announceCorporateAction, A::Admin);
    add(M::Get, "/corporate-actions/{id}", &Api::getCorporateAction, A::Read);
    addBare(M::Delete, "/corporate-actions/{id}", &Api::withdrawCorporateAction, A::Admin);
    add(M::Post, "/corporate-actions/{id}/elect", &Api::electRights, A::Trade);

    addFile("/import/{kind}", &Api::previewStatementFile, A::Read);
    add(M::Get, "/import", &Api::listImports, A::Read);
    add(M::Get, "/import/{id}", &Api::getImport, A::Read);
    addBare(M::Post, "/import/{id}/apply", &Api::applyImport, A::Read);
    addBare(M::Post, "/import/{id}/undo", &Api::undoImport, A::Read);

    add(M::Get, "/export/{file}", &Api::exportFile, A::Read);
    add(M::Get, "/statements/{file}", &Api::yearStatementFile, A::Read);

    add(M::Get, "/risk/limits", &Api::getRiskLimits, A::Read);
    add(M::Put, "/risk/limits", &Api::setRiskLimits, A::Admin);
    add(M::Get, "/risk/usage", &Api::getRiskUsage, A::Read);
    add(M::Post, "/risk/kill-switch", &Api::setKillSwitch, A::Read);
    add(M::Delete, "/risk/kill-switch", &Api::liftKillSwitch, A::Read);

    add(M::Post, "/auth/login", &Api::login, A::Public);
    add(M::Post, "/auth/refresh", &Api::refresh, A::Public);
    add(M::Post, "/auth/register", &Api::registerUser, A::Public);
    add(M::Post, "/auth/logout", &Api::logout, A::Read);
    add(M::Get, "/auth/profile", &Api::getAuthProfile, A::Read);
    add(M::Put, "/auth/profile", &Api::changeAuthProfile, A::Read);
    add(M::Get, "/auth/api-keys", &Api::listApiKeys, A::Read);
    add(M::Post, "/auth/api-keys", &Api::addApiKey, A::Read);
    add(M::Get, "/auth/api-keys/{id}", &Api::getApiKey, A::Read);
    addBare(M::Delete, "/auth/api-keys/{id}", &Api::removeApiKey, A::Read);
    add(M::Get, "/users", &Api::listUsers, A::Admin);
    add(M::Post, "/users", &Api::addUser, A::Admin);
    add(M::Get, "/users/{id}", &Api::getUser, A::Admin);
    add(M::Patch, "/users/{id}", &Api::changeUser, A::Admin);

    add(M::Post, "/accounts/{account_id}/cash", &Api::endowCash, A::Admin);
    add(M::Post, "/accounts/{account_id}/securities", &Api::endowSecurities, A::Admin);
    add(M::Put, "/accounts/{account_id}/foreign", &Api::setForeign, A::Admin);
    add(M::Get, "/practice/clock", &Api::getClock, A::Admin);
    add(M::Put, "/practice/clock", &Api::setClock, A::Admin);
    addBare(M::Post, "/practice/next-session", &Api::nextSession, A::Admin);
    add(M::Post, "/practice/reset", &Api::resetPractice, A::Admin);

    add(M::Get, "/recordings", &Api::listRecordings, A::Read);
    add(M::Post, "/recordings", &Api::startRecording, A::Admin);
    add(M::Post, "/recordings/{id}/replay", &Api::replayRecording, A::Admin);
    addBare(M::Post, "/recordings/{id}/stop", &Api::stopRecording, A::Admin);
    addBare(M::Delete, "/recordings/{id}", &Api::removeRecording, A::Admin);

    add(M::Get, "/audit", &Api::readAudit, A::Admin);
    add(M::Get, "/audit/verify", &Api::verifyAudit, A::Admin);
    add(M::Get, "/server/clients", &Api::listClients, A::Admin);
    add(M::Get, "/server/log", &Api::readLog, A::Admin);

    add(M::Get, "/openapi.json", &Api::getDescription, A::Public);
    add(M::Get, "/docs", &Api::getDocs, A::Public);
    add(M::Get, "/docs/{file}", &Api::getDocs, A::Public);
    add(M::Get, "/health", &Api::health, A::Public);
    add(M::Get, "/health/live", &Api::healthLive, A::Public);
    add(M::Get, "/health/ready", &Api::healthReady, A::Public);
    add(M::Get, "/health/detailed", &Api::healthDetailed, A::Read);
    add(M::Get, "/metrics", &Api::metrics, A::Local);
    add(M::Get, "/internal/metrics", &Api::metrics, A::Local);
    return routes;
}

} // namespace khop::server
