// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/crowd_shape.h"

#include "base/json_fields.h"
#include "base/utf8.h"
#include "base/wide.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t largestShape = 1 << 20;
constexpr int perMille = 3;
constexpr std::int64_t least = 10, most = 10'000; // 0.01 … 10 times
constexpr std::int64_t mostVolume = 1'000'000'000'000'000;

class ShapeReader final : public JsonFields
{
public:
    explicit ShapeReader(const std::vector<Instrument> &instruments) : m_instruments(instruments) {}
    CrowdShape read(const JsonNode &root);

private:
    std::string exampleAt(std::string_view) const override { return "…"; }
    void readShares(const JsonNode &node, CrowdShape &shape);
    void readInstruments(const JsonNode &node, CrowdShape &shape);
    CrowdShape::Own readOwn(const JsonNode &node, const Instrument &instrument);
    template <class Read>
    void maybe(const JsonNode &parent, std::string_view key, Read read)
    {
        if (const auto node = member(parent, key, false))
            read(*node);
    }

    const std::vector<Instrument> &m_instruments;
};

CrowdShape ShapeReader::read(const JsonNode &root)
{
    CrowdShape shape;
    if (!object(root, {"intensity", "volatility", "shares", "instruments"}))
        return shape;
    maybe(root, "intensity",
          [&](const JsonNode &node) { shape.intensity = decimal(node, perMille, least, most); });
    maybe(root, "volatility",
          [&](const JsonNode &node) { shape.volatility = decimal(node, perMille, least, most); });
    maybe(root, "shares", [&](const JsonNode &node) { readShares(node, shape); });
    maybe(root, "instruments", [&](const JsonNode &node) { readInstruments(node, shape); });
    return shape;
}

void ShapeReader::readShares(const JsonNode &node, CrowdShape &shape)
{
    static constexpr std::array<std::string_view, crowdKindCount> names{"makers", "noise",
                                                                        "momentum", "odd_lots"};
    if (!object(node, {names[0], names[1], names[2], names[3]}))
        return;
    for (int kind = 0; kind < crowdKindCount; ++kind) {
        const auto at = static_cast<std::size_t>(kind);
        maybe(node, names[at],
              [&](const JsonNode &share) { shape.shares[at] = integer(share, 0, 100); });
    }
    // a book without makers dies out
    if (shape.shares[0] < 10)
        complain(node.path + ".makers", std::to_string(shape.shares[0]), rangeText(10, 100));
}

void ShapeReader::readInstruments(const JsonNode &node, CrowdShape &shape)
{
    if (!expect(node, JsonValue::Kind::Object, "{…}"))
        return;
    for (const JsonMember &entry : node.value->members) {
        const JsonNode item{&entry.value, node.path + '.' + shortened(entry.key, 40)};
        const auto found = std::ranges::find(m_instruments, entry.key, &Instrument::symbol);
        if (found == m_instruments.end()) {
            complain(item.path, shortened(entry.key, 40), "a listed symbol");
            continue;
        }
        shape.own[found->index] = readOwn(item, *found);
    }
}

CrowdShape::Own ShapeReader::readOwn(const JsonNode &node, const Instrument &instrument)
{
    CrowdShape::Own own;
    if (!object(node, {"intensity", "volatility", "daily_volume"}))
        return own;
    maybe(node, "intensity",
          [&](const JsonNode &item) { own.intensity = decimal(item, perMille, least, most); });
    maybe(node, "volatility",
          [&](const JsonNode &item) { own.volatility = decimal(item, perMille, least, most); });
    maybe(node, "daily_volume", [&](const JsonNode &item) {
        own.dailyVolume =
            Quantity(decimal(item, instrument.quantityScale,
                             std::max<std::int64_t>(1, instrument.lot.raw()), mostVolume));
    });
    return own;
}

std::int64_t squareRoot(std::int64_t value)
{
    std::int64_t root = 1;
    while ((root + 1) * (root + 1) <= value)
        ++root;
    return root;
}

/// A number of the symbol's own, the same on every machine: instruments differ, days repeat.
std::uint64_t numberOf(std::string_view symbol)
{
    std::uint64_t number = 0xCBF2'9CE4'8422'2325ULL;
    for (const char c : symbol)
        number = (number ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3ULL;
    return number ^ (number >> 31);
}

struct Usual {
    std::int64_t gap;                   // milliseconds
    std::int64_t volatility;            // ppm of a day
    std::int64_t leastValue, mostValue; // traded in a day, whole units of the currency
    std::int64_t looseness;
};

Usual usualOn(Exchange exchange)
{
    switch (exchange) {
    case Exchange::HOSE: return {900, 13'000, 150'000'000'000, 650'000'000'000, 0};
    case Exchange::HNX: return {1'300, 17'000, 25'000'000'000, 140'000'000'000, 0};
    case Exchange::UPCOM: return {6'000, 18'000, 800'000'000, 9'000'000'000, 1};
    case Exchange::SPOT: return {1'200, 25'000, 15'000'000, 60'000'000, 0};
    }
    return {1'000, 15'000, 1'000'000, 2'000'000, 0};
}

std::int64_t tradingMilliseconds(const ExchangeRules &exchange)
{
    std::int64_t sum = 0;
    for (const Session &session : exchange.sessions) {
        if (session.phase == Phase::Continuous)
            sum += session.to - session.from;
    }
    return std::max<std::int64_t>(sum, 60'000);
}

} // namespace

Result<CrowdShape> parseCrowdShape(std::string_view json,
                                   const std::vector<Instrument> &instruments)
{
    if (json.empty())
        return CrowdShape{};
    if (json.size() > largestShape)
        return refuse(Code::CONFIGURATION_ERROR, "crowd", std::to_string(json.size()) + " bytes",
                      "at most " + std::to_string(largestShape) + " bytes");
    const auto document = parseJson(json);
    if (!document)
        return std::unexpected(document.error());
    ShapeReader reader(instruments);
    CrowdShape shape = reader.read({&*document, "crowd"});
    if (reader.error())
        return std::unexpected(*reader.error());
    return shape;
}

CrowdPace paceOf(const Instrument &instrument, const MarketRules &rules, const CrowdShape &shape)
{
    const Usual usual = usualOn(instrument.exchange);
    CrowdShape::Own own;
    if (const auto it = shape.own.find(instrument.index); it != shape.own.end())
        own = it->second;
    const std::int64_t intensity = own.intensity != 0 ? own.intensity : shape.intensity;
    const std::int64_t volatility = own.volatility != 0 ? own.volatility : shape.volatility;
    CrowdPace pace;
    pace.gap = std::clamp<std::int64_t>(usual.gap * 1000 / intensity, 40, 600'000);
    pace.volatility = usual.volatility * volatility / 1000;
    pace.looseness = usual.looseness;
    const std::int64_t actions =
        std::max<std::int64_t>(16, tradingMilliseconds(rules.of(instrument.exchange)) / pace.gap);
    pace.stepsRoot = squareRoot(actions);
    const std::int64_t ticks =
        instrument.reference.raw()
        / std::max<std::int64_t>(1, instrument.ticks.tickAt(instrument.reference).raw());
    pace.stride = std::max<std::int64_t>(1, ticks / (instrument.banded ? 1'500 : 4'000));

    pace.dailyVolume = own.dailyVolume;
    if (pace.dailyVolume.isZero()) {
        const std::int64_t value = usual.leastValue
                                   + static_cast<std::int64_t>(numberOf(instrument.symbol) % 1000)
                                         * ((usual.mostValue - usual.leastValue) / 1000);
        const std::int64_t units =
            powerOfTen(std::min(16, instrument.priceScale + instrument.quantityScale));
        pace.dailyVolume =
            Quantity(mulDiv(value, units, std::max<std::int64_t>(1, instrument.reference.raw()),
                            Rounding::Down)
                         .value_or(mostVolume));
    }
    pace.dailyVolume = std::clamp(pace.dailyVolume, Quantity(1), Quantity(mostVolume));
    // about a quarter of the actions take, and the auctions have a sixth of the day's volume
    pace.takeSize = Quantity(
        std::max<std::int64_t>(instrument.lot.raw(), pace.dailyVolume.raw() / actions * 10 / 3));
    return pace;
}

std::int64_t livelinessAt(const ExchangeRules &exchange, std::int64_t timeOfDay)
{
    if (exchange.everyDay || exchange.sessions.empty())
        return 1000;
    const std::int64_t open = exchange.sessions.front().from;
    const std::int64_t close = exchange.sessions.back().to;
    const std::int64_t length = std::max<std::int64_t>(1, close - open);
    const std::int64_t at = std::clamp<std::int64_t>(timeOfDay - open, 0, length);
    const std::int64_t away = (2 * at - length) * 1000 / length; // -1000 … 1000
    return 700 + 1'300 * away * away / 1'000'000;
}

} // namespace khop
