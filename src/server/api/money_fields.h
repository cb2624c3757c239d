// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of fee tables and margin terms as clients write them: percentages with at most four decimals.
#pragma once

#include "engine/trading_service.h"
#include "server/api/body.h"
#include "server/api/market_view.h"
#include "server/json/writer.h"

namespace khop::server {

inline constexpr int percentDigits = 4;

std::string percentText(std::int64_t ppm);

/// Reads bodies whose mistakes lie at paths of their own.
class MoneyReader
{
public:
    MoneyReader(Body &body, const MarketView &market) : m_body(body), m_market(market) {}

    /// A percentage in parts per million; a mistake where it is none.
    std::optional<std::int64_t> percent(const std::string &path, std::optional<JsonValue> value);
    std::optional<Money> money(const std::string &path, std::optional<JsonValue> value,
                               std::string_view currency);
    /// "exchanges", "from", "fee", "tiers".
    SetFeeSchedule feeSchedule();
    MarginTerms marginTerms();

private:
    std::vector<FeeTier> tiers(JsonValue list, std::string_view currency);

    Body &m_body;
    const MarketView &m_market;
};

void writeFees(JsonWriter &json, const FeesInForce &fees, AccountNo account,
               const MarketView &market);
void writeMargin(JsonWriter &json, const MarginReport &report, const MarketView &market);

} // namespace khop::server
