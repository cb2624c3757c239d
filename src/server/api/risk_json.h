// SPDX-License-Identifier: GPL-3.0-or-later
// Limits and their use as JSON, in and out. Shares are percentages with at most four decimals.
#pragma once

#include "risk/limit_use.h"
#include "server/api/body.h"
#include "server/api/market_view.h"
#include "server/json/writer.h"

namespace khop::server {

/// Reads a whole set of limits; collects what is wrong with it.
class LimitsReader
{
public:
    explicit LimitsReader(const MarketView &market) : m_market(market) {}

    RiskLimits read(JsonValue object);
    const std::vector<Error> &mistakes() const { return m_mistakes; }

private:
    std::optional<std::int64_t> number(const std::string &path, std::optional<JsonValue> value,
                                       int scale, std::int64_t most);
    template <class Set>
    void money(const char *field, std::optional<JsonValue> value, Set set);
    void symbols(JsonValue value, RiskLimits &limits);
    void restricted(JsonValue value, RiskLimits &limits);
    void readSymbol(const std::string &path, JsonValue value, const Instrument &instrument,
                    SymbolLimits &limits);
    void rate(JsonValue value, RiskLimits &limits);
    void mistake(Code code, std::string field, std::string_view value, std::string bound = {});

    const MarketView &m_market;
    std::vector<Error> m_mistakes;
};

void writeLimits(JsonWriter &json, const RiskLimits &limits, const MarketView &market);
void writeLimitUse(JsonWriter &json, const LimitUse &use, const MarketView &market);
/// What blocks an account (0: every account), as an object.
void writeKillSwitch(JsonWriter &json, const RiskPolicy &policy, AccountNo account);

} // namespace khop::server
