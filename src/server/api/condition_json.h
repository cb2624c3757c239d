// SPDX-License-Identifier: GPL-3.0-or-later
// The condition of an order in requests and answers.
#pragma once

#include "orders/condition.h"
#include "server/api/body.h"
#include "server/api/market_view.h"
#include "server/json/writer.h"

namespace khop::server {

/// Reads one `condition` object. The order of IF_DONE is left to the caller.
class ConditionReader
{
public:
    /// `thousands`: prices are in units of 1,000.
    ConditionReader(const Instrument &instrument, bool thousands)
        : m_instrument(instrument)
        , m_thousands(thousands)
    {}

    /// Null, with mistakes, when it cannot be read. Fields of mistakes start with "condition.".
    std::shared_ptr<Condition> read(JsonValue json);
    /// New terms of a waiting order: trigger_price, limit_price or both.
    struct Change {
        std::optional<Price> trigger, limit;
    };
    Change readChange(JsonValue json);
    const std::vector<Error> &mistakes() const { return m_mistakes; }
    const std::optional<JsonValue> &then() const { return m_then; }

private:
    std::optional<ConditionLeg> readLeg(Body &body, const std::string &path);
    std::optional<ConditionLeg> readLegOf(Body &body, std::string_view name);
    std::optional<Price> readPrice(Body &body, std::string_view name, const std::string &path);
    void readTrail(Body &body, Condition &condition);
    void take(const Body &body, const std::string &path);

    const Instrument &m_instrument;
    bool m_thousands;
    std::vector<Error> m_mistakes;
    std::optional<JsonValue> m_then;
};

void writeCondition(JsonWriter &json, const Condition &condition, const Instrument &instrument,
                    const MarketView &market);

} // namespace khop::server
