// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the market rules from JSON. Each key is known, each value in range; the first thing that is
// wrong is reported with its path and what would do, and nothing is guessed.
#include "market/rules_tree.h"

#include "base/decimal.h"
#include "base/json_fields.h"
#include "market/defaults.h"

#include <algorithm>
#include <initializer_list>

namespace khop {

namespace {

constexpr int ppmScale = 6;
constexpr std::int64_t largestQuantity = 1'000'000'000'000'000;
constexpr std::int64_t largestTick = 1'000'000'000;
constexpr std::size_t mostSessions = 200; // of a day
constexpr std::size_t mostTickSteps = 16;
constexpr std::size_t mostHolidays = 10'000;
constexpr std::size_t mostCurrencies = 16;

/// What a kind of order type needs of the market's phase.
bool fits(OrderType type, Phase phase)
{
    switch (type) {
    case OrderType::LO:
    case OrderType::Limit: return phase == Phase::Continuous || isAuction(phase);
    case OrderType::ATO: return phase == Phase::OpeningAuction;
    case OrderType::ATC: return phase == Phase::ClosingAuction;
    case OrderType::PLO: return phase == Phase::PostClose;
    case OrderType::MTL:
    case OrderType::MOK:
    case OrderType::MAK:
    case OrderType::Market: return phase == Phase::Continuous;
    }
    return false;
}

/// Walks the tree and fills MarketRules. After the first complaint the rest is read but not reported.
class RulesReader final : public JsonFields
{
public:
    MarketRules read(const JsonValue &root);

private:
    using Node = JsonNode;

    std::string exampleAt(std::string_view path) const override { return shippedValueAt(path); }

    /// Complains of a list that is longer than the engine is willing to carry.
    bool tooMany(const Node &list, std::size_t most)
    {
        if (list.value->items.size() <= most)
            return false;
        complain(list.path, std::to_string(list.value->items.size()), "<= " + std::to_string(most));
        return true;
    }
    void readCurrencies(const Node &node);
    void readCalendar(const Node &node);
    void readPolicies(const Node &node);
    void readExchange(const Node &node, ExchangeRules &exchange);
    void readBand(const Node &node, ExchangeRules &exchange);
    void readTicks(const Node &node, ExchangeRules &exchange, int scale);
    TickTable tickTable(const Node &node, int scale);
    OrderTypes orderTypes(const Node &node, const OrderTypes *allowed);
    TimesInForce timesInForce(const Node &node);
    std::vector<Session> sessions(const Node &node, const ExchangeRules &exchange);
    Session session(const Node &node, const ExchangeRules &exchange);
    void readPutThrough(const Node &node, ExchangeRules &exchange, int scale);
    void checkPostClose();

    MarketRules m_rules;
};

void RulesReader::readCurrencies(const Node &node)
{
    if (!expect(node, JsonValue::Kind::Array, "[…]"))
        return;
    if (tooMany(node, mostCurrencies))
        return;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        if (!object(item, {"code", "scale"}))
            continue;
        Currency currency;
        with(item, "code", [&](const Node &code) {
            currency.code = code.value->text;
            const bool letters =
                currency.code.size() == 3
                && std::ranges::all_of(currency.code, [](char c) { return c >= 'A' && c <= 'Z'; });
            const bool known =
                std::ranges::count(m_rules.currencies, currency.code, &Currency::code) > 0;
            if (code.value->kind != JsonValue::Kind::String || !letters || known)
                complain(code, "[A-Z]{3} × 1");
        });
        with(item, "scale",
             [&](const Node &scale) { currency.scale = static_cast<int>(integer(scale, 0, 8)); });
        m_rules.currencies.push_back(std::move(currency));
    }
    if (m_rules.currencies.empty())
        complain(node, "[{\"code\": \"VND\", \"scale\": 0}]");
}

void RulesReader::readCalendar(const Node &node)
{
    if (!object(node, {"last_year", "holidays"}))
        return;
    int lastYear = 0;
    with(node, "last_year",
         [&](const Node &year) { lastYear = static_cast<int>(integer(year, 1970, 9999)); });
    std::set<Date> holidays;
    with(node, "holidays", [&](const Node &list) {
        if (!expect(list, JsonValue::Kind::Array, "[\"YYYY-MM-DD\"]"))
            return;
        if (tooMany(list, mostHolidays))
            return;
        for (std::size_t i = 0; i < list.value->items.size(); ++i) {
            const Node item = list.item(i);
            const Date holiday = date(item);
            if (yearOf(holiday) > lastYear)
                complain(item, "<= " + std::to_string(lastYear) + "-12-31");
            if (!holidays.insert(holiday).second)
                complain(item, item.value->excerpt() + " × 1");
        }
    });
    m_rules.calendar = Calendar(std::move(holidays), lastYear);
}

void RulesReader::readPolicies(const Node &node)
{
    if (!object(node, {"auction_rule", "ato_pricing", "plo_mode", "plo_match_from", "mtl_remainder",
                       "amend_both", "odd_lot_in_auction", "room_on_entry", "self_match",
                       "market_collar"}))
        return;
    Policies &policies = m_rules.policies;
    // The only auction rule there is; named in the file so that the reader of the file sees it.
    with(node, "auction_rule", [&](const Node &n) { choice<int>(n, {{"D17_CLAMP", 0}}); });
    with(node, "ato_pricing", [&](const Node &n) {
        policies.atoPricing = choice<AtoPricing>(
            n, {{"KRX", AtoPricing::Krx}, {"LEGACY_FIRST", AtoPricing::LegacyFirst}});
    });
    with(node, "plo_mode", [&](const Node &n) {
        policies.ploMode = choice<PloMode>(
            n, {{"KRX_TWO_PHASE", PloMode::KrxTwoPhase}, {"IMMEDIATE", PloMode::Immediate}});
    });
    with(node, "plo_match_from", [&](const Node &n) { policies.ploMatchFrom = timeOfDay(n); });
    with(node, "mtl_remainder", [&](const Node &n) {
        policies.mtlRemainder = choice<MtlRemainder>(
            n, {{"LAST_PLUS_1_TICK", MtlRemainder::LastPlusOneTick}, {"LAST", MtlRemainder::Last}});
    });
    with(node, "amend_both", [&](const Node &n) { policies.amendBoth = boolean(n); });
    with(node, "odd_lot_in_auction", [&](const Node &n) { policies.oddLotInAuction = boolean(n); });
    with(node, "room_on_entry", [&](const Node &n) { policies.roomOnEntry = boolean(n); });
    with(node, "self_match", [&](const Node &n) {
        policies.selfMatch = choice<SelfMatch>(n, {{"ALLOW", SelfMatch::Allow},
                                                   {"OMS_BLOCK", SelfMatch::OmsBlock},
                                                   {"CANCEL_NEWEST", SelfMatch::CancelNewest},
                                                   {"CANCEL_OLDEST", SelfMatch::CancelOldest},
                                                   {"CANCEL_BOTH", SelfMatch::CancelBoth}});
    });
    with(node, "market_collar", [&](const Node &n) {
        policies.marketCollarPpm = static_cast<int>(decimal(n, ppmScale, 0, 999'999));
    });
}

void RulesReader::readBand(const Node &node, ExchangeRules &exchange)
{
    exchange.banded = node.value->kind != JsonValue::Kind::Null;
    if (!exchange.banded || !object(node, {"normal", "first_day"}))
        return;
    with(node, "normal",
         [&](const Node &n) { exchange.band.normal = decimal(n, ppmScale, 1, 999'999); });
    with(node, "first_day", [&](const Node &n) {
        exchange.band.firstDay = decimal(n, ppmScale, exchange.band.normal, 999'999);
    });
}

TickTable RulesReader::tickTable(const Node &node, int scale)
{
    std::vector<TickTable::Step> steps;
    if (!expect(node, JsonValue::Kind::Array, "[{\"from\": …, \"tick\": …}]"))
        return {};
    if (tooMany(node, mostTickSteps))
        return {};
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        if (!object(item, {"from", "tick"}))
            continue;
        TickTable::Step step{Price(0), Price(1)};
        with(item, "tick",
             [&](const Node &n) { step.tick = Price(decimal(n, scale, 1, largestTick)); });
        with(item, "from", [&](const Node &n) {
            // A step that starts on both grids neither skips a price nor invents one.
            const std::int64_t least =
                steps.empty() ? 0 : (steps.back().from + steps.back().tick).raw();
            const std::int64_t most = steps.empty() ? 0 : highestPrice.raw();
            step.from = Price(decimal(n, scale, least, most));
            const Price below = steps.empty() ? step.tick : steps.back().tick;
            if (step.from.raw() % below.raw() != 0 || step.from.raw() % step.tick.raw() != 0) {
                complain(n, "n × " + formatDecimal(below.raw(), scale, true) + " = m × "
                                + formatDecimal(step.tick.raw(), scale, true));
            }
        });
        steps.push_back(step);
    }
    if (steps.empty())
        complain(node, "[{\"from\": 0, \"tick\": …}]");
    return TickTable(std::move(steps));
}

void RulesReader::readTicks(const Node &node, ExchangeRules &exchange, int scale)
{
    if (!object(node, {"SHARE", "ETF", "FUND", "CW", "CRYPTO"}))
        return;
    with(node, "SHARE", [&](const Node &n) { exchange.shareTicks = tickTable(n, scale); });
    for (const InstrumentKind kind : {InstrumentKind::Etf, InstrumentKind::Fund,
                                      InstrumentKind::CoveredWarrant, InstrumentKind::Crypto}) {
        if (const auto table = member(node, name(kind), false))
            exchange.kindTicks.emplace_back(kind, tickTable(*table, scale));
    }
}

OrderTypes RulesReader::orderTypes(const Node &node, const OrderTypes *allowed)
{
    std::vector<OrderType> choices;
    for (int i = 0; i < orderTypeCount; ++i) {
        if (!allowed || allowed->test(static_cast<std::size_t>(i)))
            choices.push_back(static_cast<OrderType>(i));
    }
    const std::string bound =
        '[' + alternatives(choices, [](OrderType type) { return std::string(name(type)); }) + ']';
    OrderTypes types;
    if (!expect(node, JsonValue::Kind::Array, bound))
        return types;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        const auto type = orderTypeFromName(
            item.value->kind == JsonValue::Kind::String ? item.value->text : std::string());
        if (!type || std::ranges::find(choices, *type) == choices.end() || has(types, *type)) {
            complain(item, bound);
            continue;
        }
        types.set(static_cast<std::size_t>(*type));
    }
    return types;
}

TimesInForce RulesReader::timesInForce(const Node &node)
{
    constexpr std::string_view bound = "[DAY | GTC | GTD | IOC | FOK]";
    TimesInForce times;
    if (!expect(node, JsonValue::Kind::Array, std::string(bound)))
        return times;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        const auto time = timeInForceFromName(
            item.value->kind == JsonValue::Kind::String ? item.value->text : std::string());
        if (!time || has(times, *time)) {
            complain(item, std::string(bound));
            continue;
        }
        times.set(static_cast<std::size_t>(*time));
    }
    if (!has(times, TimeInForce::Day))
        complain(node, "DAY …");
    return times;
}

Session RulesReader::session(const Node &node, const ExchangeRules &exchange)
{
    Session session;
    if (!object(node, {"from", "to", "phase", "types", "odd_lot_types"}))
        return session;
    with(node, "from", [&](const Node &n) { session.from = timeOfDay(n); });
    with(node, "to", [&](const Node &n) {
        session.to = timeOfDay(n);
        if (session.to <= session.from)
            complain(n, "> " + formatTimeOfDay(session.from));
    });
    with(node, "phase", [&](const Node &n) {
        session.phase = choice<Phase>(n, {{name(Phase::OpeningAuction), Phase::OpeningAuction},
                                          {name(Phase::Continuous), Phase::Continuous},
                                          {name(Phase::Break), Phase::Break},
                                          {name(Phase::PeriodicAuction), Phase::PeriodicAuction},
                                          {name(Phase::ClosingAuction), Phase::ClosingAuction},
                                          {name(Phase::PostClose), Phase::PostClose},
                                          {name(Phase::PutThroughOnly), Phase::PutThroughOnly}});
    });
    OrderTypes fitting;
    for (std::size_t i = 0; i < fitting.size(); ++i)
        fitting.set(i,
                    exchange.orderTypes.test(i) && fits(static_cast<OrderType>(i), session.phase));
    with(node, "types", [&](const Node &n) { session.types = orderTypes(n, &fitting); });
    if (const auto odd = member(node, "odd_lot_types", false)) {
        OrderTypes limits;
        if (exchange.oddLots && has(fitting, OrderType::LO))
            limits.set(static_cast<std::size_t>(OrderType::LO));
        session.oddTypes = orderTypes(*odd, &limits);
    }
    if (isAuction(session.phase) && !m_rules.policies.oddLotInAuction)
        session.oddTypes.reset();
    return session;
}

std::vector<Session> RulesReader::sessions(const Node &node, const ExchangeRules &exchange)
{
    std::vector<Session> sessions;
    if (!expect(node, JsonValue::Kind::Array,
                "[{\"from\": …, \"to\": …, \"phase\": …, \"types\": …}]"))
        return sessions;
    if (tooMany(node, mostSessions))
        return sessions;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        const Session next = session(item, exchange);
        if (!sessions.empty() && next.from < sessions.back().to && item.value->find("from"))
            complain(*member(item, "from"), ">= " + formatTimeOfDay(sessions.back().to));
        sessions.push_back(next);
    }
    if (sessions.empty())
        complain(node, "[{\"from\": …, \"to\": …, \"phase\": …, \"types\": …}]");
    return sessions;
}

void RulesReader::readExchange(const Node &node, ExchangeRules &exchange)
{
    if (!object(node,
                {"currency", "trading_days", "order_types", "time_in_force", "band",
                 "low_price_rule", "idle_sessions", "lot", "max_quantity", "odd_lots", "settlement",
                 "rates", "ticks", "sessions", "restricted_sessions", "put_through"}))
        return;
    int scale = 0;
    with(node, "currency", [&](const Node &n) {
        const auto currency = std::ranges::find(m_rules.currencies, n.value->text, &Currency::code);
        if (n.value->kind != JsonValue::Kind::String || currency == m_rules.currencies.end()) {
            complain(n, alternatives(m_rules.currencies, [](const Currency &c) { return c.code; }));
            return;
        }
        exchange.currency = currency->code;
        scale = currency->scale;
    });
    with(node, "trading_days", [&](const Node &n) {
        exchange.everyDay = choice<bool>(n, {{"CALENDAR", false}, {"EVERY_DAY", true}});
    });
    with(node, "order_types", [&](const Node &n) {
        exchange.orderTypes = orderTypes(n, nullptr);
        if (exchange.orderTypes.none())
            complain(n, "[\"LO\", …]");
    });
    with(node, "time_in_force", [&](const Node &n) { exchange.timesInForce = timesInForce(n); });
    with(node, "band", [&](const Node &n) { readBand(n, exchange); });
    with(node, "low_price_rule", [&](const Node &n) { exchange.lowPriceRule = boolean(n); });
    with(node, "lot", [&](const Node &n) { exchange.lot = Quantity(integer(n, 1, 1'000'000)); });
    with(node, "max_quantity", [&](const Node &n) {
        if (n.value->kind != JsonValue::Kind::Null)
            exchange.maxQuantity = Quantity(integer(n, exchange.lot.raw(), largestQuantity));
    });
    with(node, "odd_lots", [&](const Node &n) { exchange.oddLots = boolean(n); });
    with(node, "settlement", [&](const Node &settlement) {
        if (!object(settlement, {"days", "usable_from"}))
            return;
        with(settlement, "days", [&](const Node &n) {
            exchange.settlement.days = static_cast<int>(integer(n, 0, 10));
        });
        with(settlement, "usable_from",
             [&](const Node &n) { exchange.settlement.timeOfDay = timeOfDay(n); });
    });
    with(node, "ticks", [&](const Node &n) { readTicks(n, exchange, scale); });
    with(node, "sessions", [&](const Node &n) { exchange.sessions = sessions(n, exchange); });
    if (const auto restricted = member(node, "restricted_sessions", false))
        exchange.restrictedSessions = sessions(*restricted, exchange);
    if (const auto idle = member(node, "idle_sessions", false))
        exchange.idleSessions = static_cast<int>(integer(*idle, 1, 10'000));
    if (const auto putThrough = member(node, "put_through", false))
        readPutThrough(*putThrough, exchange, scale);
}

void RulesReader::readPutThrough(const Node &node, ExchangeRules &exchange, int scale)
{
    if (node.value->kind == JsonValue::Kind::Null || !object(node, {"minimum", "tick", "hours"}))
        return;
    PutThroughRules rules;
    with(node, "minimum",
         [&](const Node &n) { rules.minimum = Quantity(integer(n, 1, largestQuantity)); });
    with(node, "tick",
         [&](const Node &n) { rules.tick = Price(decimal(n, scale, 1, largestTick)); });
    with(node, "hours", [&](const Node &hours) {
        if (!expect(hours, JsonValue::Kind::Array, "[{\"from\": …, \"to\": …}]"))
            return;
        for (std::size_t i = 0; i < hours.value->items.size() && i < mostSessions; ++i) {
            const Node item = hours.item(i);
            if (!object(item, {"from", "to"}))
                continue;
            std::pair<std::int64_t, std::int64_t> hour;
            const std::int64_t least = rules.hours.empty() ? 0 : rules.hours.back().second;
            with(item, "from", [&](const Node &n) {
                hour.first = timeOfDay(n);
                if (hour.first < least)
                    complain(n, ">= " + formatTimeOfDay(least));
            });
            with(item, "to", [&](const Node &n) {
                hour.second = timeOfDay(n);
                if (hour.second <= hour.first)
                    complain(n, "> " + formatTimeOfDay(hour.first));
            });
            rules.hours.push_back(hour);
        }
        if (rules.hours.empty() || hours.value->items.size() > mostSessions)
            complain(hours, "1 … " + std::to_string(mostSessions));
    });
    exchange.putThrough = std::move(rules);
}

/// Two-phase PLO needs its second phase inside the session after the close.
void RulesReader::checkPostClose()
{
    for (const ExchangeRules &exchange : m_rules.exchanges) {
        for (const Session &session : exchange.sessions) {
            const std::int64_t from = m_rules.policies.ploMatchFrom;
            if (session.phase == Phase::PostClose
                && m_rules.policies.ploMode == PloMode::KrxTwoPhase
                && (from < session.from || from >= session.to)) {
                complain("policies.plo_match_from", formatTimeOfDay(from),
                         formatTimeOfDay(session.from) + " … " + formatTimeOfDay(session.to));
            }
        }
    }
}

MarketRules RulesReader::read(const JsonValue &value)
{
    const Node root{&value, {}};
    if (!object(root, {"effective_from", "currencies", "calendar", "policies", "fx", "cash",
                       "exchanges", "changes"}))
        return m_rules;
    with(root, "effective_from", [&](const Node &n) { m_rules.effectiveFrom = date(n); });
    with(root, "currencies", [&](const Node &n) { readCurrencies(n); });
    with(root, "calendar", [&](const Node &n) { readCalendar(n); });
    with(root, "policies", [&](const Node &n) { readPolicies(n); });
    with(root, "exchanges", [&](const Node &exchanges) {
        if (!object(exchanges, {"HOSE", "HNX", "UPCOM", "SPOT"}))
            return;
        for (int i = 0; i < exchangeCount; ++i) {
            const auto exchange = static_cast<Exchange>(i);
            ExchangeRules &rules = m_rules.exchanges[static_cast<std::size_t>(i)];
            rules.exchange = exchange;
            with(exchanges, name(exchange), [&](const Node &n) { readExchange(n, rules); });
        }
    });
    checkPostClose();
    return m_rules;
}

} // namespace

std::string shippedValueAt(std::string_view path)
{
    const Result<JsonValue> shipped = parseJson(defaultMarketRulesText());
    const JsonValue *value = shipped ? &*shipped : nullptr;
    while (value && !path.empty()) {
        const std::string_view key = path.substr(0, path.find_first_of(".["));
        if (path.starts_with('[')) {
            value = value->items.empty() ? nullptr : &value->items.front();
            path.remove_prefix(path.find(']') + 1);
        } else {
            value = value->find(key);
            path.remove_prefix(key.size());
        }
        if (path.starts_with('.'))
            path.remove_prefix(1);
    }
    return value ? value->excerpt() : "…";
}

Result<MarketRules> readMarketRules(const JsonValue &tree)
{
    RulesReader reader;
    MarketRules rules = reader.read(tree);
    if (reader.error())
        return std::unexpected(*reader.error());
    if (auto error = readMoneyRules(tree, rules))
        return std::unexpected(std::move(*error));
    return rules;
}

} // namespace khop
