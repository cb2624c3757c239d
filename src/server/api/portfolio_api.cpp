// SPDX-License-Identifier: GPL-3.0-or-later
// /positions/…: what the caller owns, what it is worth and how it did.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/portfolio_json.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text positionsRead{"The positions.", "Danh mục nắm giữ."};
constexpr Text positionRead{"The position.", "Vị thế."};
constexpr Text summaryRead{"The portfolio's summary.", "Tổng quan danh mục."};
constexpr Text changesRead{"The changes of the positions.", "Biến động vị thế."};
constexpr Text performanceRead{"The portfolio's performance.", "Hiệu quả đầu tư."};

struct PositionChange {
    std::uint64_t no = 0; // place among all of them, oldest first, from 1
    InstrumentIndex instrument = noInstrument;
    PositionHistory::Point before, after;
};

/// What happened to positions since a day, newest first; numbers count those before it too.
std::vector<PositionChange> changesSince(const PositionHistory &history,
                                         std::optional<InstrumentIndex> only, Date since)
{
    std::vector<PositionChange> changes;
    for (const auto &[instrument, points] : history.positions()) {
        if (only && instrument != *only)
            continue;
        for (std::size_t i = 0; i < points.size(); ++i)
            changes.push_back(
                {0, instrument, i > 0 ? points[i - 1] : PositionHistory::Point{}, points[i]});
    }
    std::ranges::sort(changes, [](const PositionChange &a, const PositionChange &b) {
        return std::pair(a.after.day, a.instrument) < std::pair(b.after.day, b.instrument);
    });
    for (std::size_t i = 0; i < changes.size(); ++i)
        changes[i].no = i + 1;
    std::erase_if(changes, [&](const PositionChange &change) { return change.after.day < since; });
    std::ranges::reverse(changes);
    return changes;
}

void writeChange(JsonWriter &json, const PositionChange &change, const MarketView &market)
{
    const Instrument *instrument = market.instrument(change.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const std::string &currency = instrument->currency;
    const PositionHistory::Point &after = change.after;
    json.beginObject()
        .field("date", isoDate(after.day))
        .field("symbol", instrument->symbol)
        .field("quantity", market.quantity(*instrument, after.quantity))
        .field("quantity_change",
               market.quantity(*instrument, after.quantity - change.before.quantity))
        .field("average_price",
               market.average(*instrument, after.averageCost.total, after.quantity))
        .field("cost_basis", market.money(currency, after.averageCost.total))
        .field("realized_pnl", market.money(currency, after.realized))
        .field("realized_pnl_change",
               market.money(currency, after.realized - change.before.realized))
        .field("currency", currency)
        .endObject();
}

} // namespace

void Api::withPortfolio(const Answerer &to, const PortfolioQuery &query,
                        std::function<void(const Answerer &, const PortfolioAnswer &)> done)
{
    m_service.queryPortfolio(query, here<PortfolioAnswer>([this, to, done = std::move(done)](
                                                              Result<PortfolioAnswer> portfolio) {
                                 if (portfolio)
                                     done(to, *portfolio);
                                 else
                                     fail(to, portfolio.error());
                             }));
}

std::optional<std::int64_t> Api::wholeParameter(const Call &call, const char *field,
                                                std::int64_t least, std::int64_t most,
                                                std::int64_t otherwise)
{
    const auto text = call.query.get(field);
    if (!text)
        return otherwise;
    const auto number = parseDecimal(*text, 0);
    if (number && *number >= least && *number <= most)
        return number;
    failQuery(call.to, Error{Code::VALIDATION_ERROR, field, shortened(*text, 16),
                             std::to_string(least) + "…" + std::to_string(most)});
    return std::nullopt;
}

std::optional<bool> Api::flagParameter(const Call &call, const char *field)
{
    const auto text = call.query.get(field);
    if (!text || *text == "false")
        return false;
    if (*text == "true")
        return true;
    failQuery(call.to, Error{Code::VALIDATION_ERROR, field, shortened(*text, 16), "true, false"});
    return std::nullopt;
}

void Api::listPositions(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "lots", "limit", "cursor", "offset", "page",
                          "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    const auto lots = page ? flagParameter(call, "lots") : std::nullopt;
    const auto account = lots ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    withPortfolio(
        call.to, {.account = *account},
        [this, page = *page, lots = *lots, account = *account,
         username = std::string(usernameFor(call, account))](const Answerer &to,
                                                             const PortfolioAnswer &portfolio) {
            const std::vector<Position> positions = m_service.positions(account);
            const auto begin = std::ranges::find_if(positions, [&](const Position &position) {
                return !page.before || position.instrument >= *page.before;
            });
            std::size_t at = static_cast<std::size_t>(begin - positions.begin()) + page.offset;
            const std::size_t end = at + page.limit;
            JsonWriter json;
            json.beginObject().field("username", username);
            json.key("positions").beginArray();
            for (; at < positions.size() && at < end; ++at)
                writePosition(json, positions[at], portfolio, m_market, lots);
            json.endArray();
            const bool more = at < positions.size();
            json.numberField("total_count", static_cast<std::int64_t>(positions.size()))
                .field("has_more", more)
                .optionalField("next_cursor",
                               more ? std::optional(Paging::cursor(positions[at].instrument))
                                    : std::nullopt)
                .endObject();
            succeed(to, 200, positionsRead, json.text());
        });
}

void Api::getPosition(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "lots", "desk"}) || !practiceDesk(call))
        return;
    const auto lots = flagParameter(call, "lots");
    const auto account = lots ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    const std::vector<Position> positions = m_service.positions(*account);
    const auto found = std::ranges::find_if(positions, [&](const Position &position) {
        return instrument && position.instrument == instrument->index;
    });
    if (found == positions.end()) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    withPortfolio(call.to, {.account = *account},
                  [this, position = *found, lots = *lots](const Answerer &to,
                                                          const PortfolioAnswer &portfolio) {
                      JsonWriter json;
                      writePosition(json, position, portfolio, m_market, lots);
                      succeed(to, 200, positionRead, json.text());
                  });
}

/// Cash of all currencies in the base currency: what is there now, sale proceeds on their way, and what is
/// owed of both: loans and advances.
Api::BaseCash Api::baseCash(AccountNo account, const PortfolioAnswer &portfolio) const
{
    BaseCash cash;
    const auto &currencies = m_market.rules().currencies;
    for (const Balance &balance : m_service.balances(account)) {
        const auto known = std::ranges::find(currencies, balance.currency, &Currency::code);
        const auto index = static_cast<std::uint16_t>(known - currencies.begin());
        const auto toBase = [&](Money amount) {
            return portfolio.valuation.market()
                ->conversions.toBase(index, amount)
                .value_or(Money{});
        };
        cash.pending += toBase(balance.pending);
        cash.owed += toBase(balance.loan + balance.advanced);
        cash.updatedAt = std::max(cash.updatedAt, balance.updatedAt);
    }
    cash.current = portfolio.valuation.totals().cash - cash.pending + cash.owed;
    for (const Position &position : m_service.positions(account))
        cash.updatedAt = std::max(cash.updatedAt, position.updatedAt);
    return cash;
}

void Api::getPortfolioSummary(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    withPortfolio(call.to, {.account = *account},
                  [this, account = *account](const Answerer &to, const PortfolioAnswer &portfolio) {
                      const BaseCash cash = baseCash(account, portfolio);
                      JsonWriter json;
                      json.beginObject()
                          .field("account_id", m_market.account(account).idText)
                          .field("username", m_market.account(account).username)
                          .field("cash_balance", baseMoney(m_market, cash.current))
                          .field("pending_balance", baseMoney(m_market, cash.pending))
                          .field("owed", baseMoney(m_market, cash.owed));
                      writeTotals(json, portfolio.valuation.totals(), m_market);
                      json.field("last_updated", isoTime(cash.updatedAt)).endObject();
                      succeed(to, 200, summaryRead, json.text());
                  });
}

void Api::listPositionChanges(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "days", "account_id", "user_id", "limit", "cursor",
                          "offset", "page", "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto paged = paging(call);
    const auto days = paged ? wholeParameter(call, "days", 1, 365, 30) : std::nullopt;
    const auto account = days ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, false, refused);
    if (refused)
        return;
    const auto only = instrument ? std::optional(instrument->index) : std::nullopt;
    withPortfolio(
        call.to, {.account = *account},
        [this, paged = *paged, days = *days, only,
         username = std::string(usernameFor(call, account))](const Answerer &to,
                                                             const PortfolioAnswer &portfolio) {
            const Date since = portfolio.today + -static_cast<int>(days - 1);
            Page<PositionChange> page;
            const auto changes = changesSince(portfolio.past->history, only, since);
            page.total = changes.size();
            std::size_t skipped = 0;
            for (const PositionChange &change : changes) {
                if ((paged.before && change.no >= *paged.before) || skipped++ < paged.offset)
                    continue;
                if (page.rows.size() < paged.limit)
                    page.rows.push_back(change);
                else
                    page.more = true;
            }
            JsonWriter json;
            json.beginObject()
                .field("username", username)
                .field("from", isoDate(since))
                .field("to", isoDate(portfolio.today));
            writePage(json, "changes", page,
                      [&](const PositionChange &change) { writeChange(json, change, m_market); });
            json.endObject();
            succeed(to, 200, changesRead, json.text());
        });
}

void Api::getPerformance(Call &call)
{
    if (!allowOnly(call, {"period", "benchmark", "account_id", "user_id", "desk"})
        || !practiceDesk(call))
        return;
    const std::string text = upperCase(call.query.get("period").value_or("1M"));
    const std::optional<Period> period = periodFromName(text);
    if (!period) {
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "period", shortened(text, 16),
                                 "1D, 1W, 1M, 3M, 6M, 1Y, ALL"});
        return;
    }
    PortfolioQuery query{.account = 0, .curve = true};
    std::string benchmark;
    if (const auto symbol = call.query.get("benchmark")) {
        const Instrument *instrument = m_market.find(*symbol);
        if (!instrument) {
            failQuery(call.to,
                      Error{Code::INSTRUMENT_UNKNOWN, "benchmark", shortened(*symbol, 32)});
            return;
        }
        query.benchmark = instrument->index;
        benchmark = instrument->symbol;
    }
    const auto account = oneAccount(call);
    if (!account)
        return;
    query.account = *account;
    withPortfolio(call.to, query,
                  [this, account = *account, period = *period,
                   benchmark](const Answerer &to, const PortfolioAnswer &portfolio) {
                      answerPerformance(to, account, period, benchmark, portfolio);
                  });
}

void Api::answerPerformance(const Answerer &to, AccountNo account, Period period,
                            const std::string &benchmark, const PortfolioAnswer &portfolio)
{
    Performance done;
    done.from = done.to = portfolio.today;
    if (const auto known = performance(portfolio.curve, period, portfolio.benchmark))
        done = *known;
    JsonWriter json;
    json.beginObject().field("account_id", m_market.account(account).idText);
    writePerformance(json, done, period, portfolio.curve, m_market);
    if (done.index) {
        json.key("benchmark")
            .beginObject()
            .field("symbol", benchmark)
            .field("change_percent", percentText(done.index->change))
            .optionalField("excess_percent", percentText(done.index->excess))
            .endObject();
    } else {
        json.nullField("benchmark");
    }
    json.optionalField("benchmark_absent", done.index ? std::nullopt
                                           : benchmark.empty()
                                               ? std::optional<std::string>("NOT_ASKED")
                                               : std::optional<std::string>("NO_CLOSES"));
    writeAllocation(json, portfolio.valuation, m_market);
    json.endObject();
    succeed(to, 200, performanceRead, json.text());
}

} // namespace khop::server
