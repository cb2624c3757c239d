// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/recording.h"

#include "base/wide.h"

#include <utility>

namespace khop {

namespace {

using Kind = TapeEvent::Kind;

constexpr std::int64_t largestOrder = 10'000'000'000'000;        // raw units
constexpr std::int64_t largestValue = 1'000'000'000'000'000'000; // raw price x raw quantity
constexpr std::uint64_t highestRef = 0xFF'FFFF;
constexpr std::uint64_t mostInstruments = 20'000;
constexpr std::uint64_t mostResting = 1'000'000;
constexpr std::int64_t longestStep = 2 * millisecondsPerDay;

bool orderable(Price price, Quantity quantity, const Instrument &instrument)
{
    if (quantity <= Quantity(0) || quantity.raw() > largestOrder)
        return false;
    const std::int64_t lot = instrument.lot.raw();
    if (quantity.raw() > lot && quantity.raw() % lot != 0)
        return false;
    const bool valid = price >= instrument.floor && price <= instrument.ceiling
                       && instrument.ticks.isOnTick(price);
    return valid
           && mulDiv(price.raw(), quantity.raw(), largestValue, Rounding::Up).value_or(2) <= 1;
}

std::unexpected<Error> broken(std::size_t event, std::string why)
{
    return refuse(Code::FILE_INVALID, "event " + std::to_string(event), std::move(why));
}

} // namespace

void TapeEncoder::add(const TapeEvent &event)
{
    if (m_events == 0)
        m_out.time(event.time);
    ++m_events;
    m_out.u64(static_cast<std::uint64_t>(event.kind) | (event.side == Side::Sell ? 8U : 0U)
              | (event.account ? 16U : 0U));
    m_out.u64(static_cast<std::uint64_t>(m_events == 1 ? 0 : event.time - m_last));
    m_last = event.time;
    const auto price = [&](InstrumentIndex i) {
        if (m_prices.size() <= i)
            m_prices.resize(i + 1);
        m_out.i64(event.price.raw() - std::exchange(m_prices[i], event.price.raw()));
    };
    switch (event.kind) {
    case Kind::Entered:
        m_out.u64(event.ref);
        m_out.u64(event.instrument);
        m_out.u64(static_cast<std::uint64_t>(event.type)
                  | static_cast<std::uint64_t>(event.timeInForce) << 4);
        price(event.instrument);
        m_out.number(event.quantity);
        break;
    case Kind::Cancelled: m_out.u64(event.ref); break;
    case Kind::Reduced:
        m_out.u64(event.ref);
        m_out.number(event.quantity);
        break;
    case Kind::Replaced:
        m_out.u64(event.ref);
        m_out.number(event.price);
        m_out.number(event.quantity);
        break;
    case Kind::Traded:
        m_out.u64(event.ref);
        m_out.u64(event.sell);
        m_out.u64(event.instrument);
        price(event.instrument);
        m_out.number(event.quantity);
        break;
    case Kind::Phase:
        m_out.u64(static_cast<std::uint64_t>(event.exchange));
        m_out.u64(static_cast<std::uint64_t>(event.phase));
        break;
    case Kind::State:
        m_out.u64(event.instrument);
        m_out.u64((event.halted ? 1U : 0U) | (event.active ? 2U : 0U));
        break;
    }
}

std::string TapeEncoder::take()
{
    m_prices.clear();
    m_events = 0;
    std::string block = m_out.take();
    m_out.clear();
    return block;
}

Result<std::vector<TapeEvent>> decodeTape(std::string_view block)
{
    std::vector<TapeEvent> events;
    ByteReader in(block);
    Time time = in.time();
    std::vector<std::int64_t> prices;
    while (in.ok() && !in.atEnd()) {
        const std::size_t number = events.size() + 1;
        TapeEvent event;
        const std::uint64_t head = in.u64();
        if ((head & 7) >= tapeEventKinds || head > 31)
            return broken(number, "kind " + std::to_string(head));
        event.kind = static_cast<Kind>(head & 7);
        event.side = (head & 8) != 0 ? Side::Sell : Side::Buy;
        event.account = (head & 16) != 0;
        const std::uint64_t step = in.u64();
        if (step > static_cast<std::uint64_t>(longestStep))
            return broken(number, "time " + std::to_string(step) + " ms after the one before");
        time = time + static_cast<std::int64_t>(step);
        event.time = time;
        const auto instrument = [&] {
            const std::uint64_t i = in.u64();
            if (i >= mostInstruments)
                in.fail();
            event.instrument = static_cast<InstrumentIndex>(in.ok() ? i : 0);
        };
        const auto ref = [&in] {
            const std::uint64_t value = in.u64();
            if (value == 0 || value > highestRef)
                in.fail();
            return static_cast<OrderRef>(value);
        };
        const auto price = [&] {
            if (prices.size() <= event.instrument)
                prices.resize(event.instrument + 1);
            std::int64_t &last = prices[event.instrument];
            const auto sum = checkedAdd(last, in.i64());
            if (!sum || *sum < 0)
                in.fail();
            last = sum.value_or(0);
            event.price = Price(last);
        };
        switch (event.kind) {
        case Kind::Entered: {
            event.ref = ref();
            instrument();
            const std::uint64_t types = in.u64();
            if ((types & 15) >= orderTypeCount || types >> 4 > 4)
                in.fail();
            event.type = static_cast<OrderType>(types & 15);
            event.timeInForce = static_cast<TimeInForce>(types >> 4 & 7);
            price();
            event.quantity = in.number<Quantity>();
            break;
        }
        case Kind::Cancelled: event.ref = ref(); break;
        case Kind::Reduced:
            event.ref = ref();
            event.quantity = in.number<Quantity>();
            break;
        case Kind::Replaced:
            event.ref = ref();
            event.price = in.number<Price>();
            event.quantity = in.number<Quantity>();
            break;
        case Kind::Traded:
            event.ref = ref();
            event.sell = ref();
            instrument();
            price();
            event.quantity = in.number<Quantity>();
            break;
        case Kind::Phase:
            event.exchange = in.choice<Exchange>(exchangeCount);
            event.phase = in.choice<khop::Phase>(phaseCount);
            break;
        case Kind::State: {
            instrument();
            const std::uint64_t flags = in.u64();
            event.halted = (flags & 1) != 0;
            event.active = (flags & 2) != 0;
            if (flags > 3)
                in.fail();
            break;
        }
        }
        if (!in.ok())
            return broken(number, "a malformed event");
        events.push_back(event);
    }
    if (!in.ok())
        return broken(events.size() + 1, "a malformed event");
    return events;
}

std::optional<std::string> impossible(const TapeEvent &event,
                                      const std::vector<Instrument> &instruments)
{
    const bool named =
        event.kind == Kind::Entered || event.kind == Kind::Traded || event.kind == Kind::State;
    if (named && event.instrument >= instruments.size())
        return "instrument " + std::to_string(event.instrument);
    const bool sized =
        event.kind != Kind::Cancelled && event.kind != Kind::Phase && event.kind != Kind::State;
    if (sized && (event.quantity <= Quantity(0) || event.quantity.raw() > largestOrder))
        return "quantity " + std::to_string(event.quantity.raw());
    if (event.kind == Kind::Entered
        && !orderable(event.price, event.quantity, instruments[event.instrument]))
        return "an order of " + std::to_string(event.quantity.raw()) + " "
               + instruments[event.instrument].symbol + " at " + std::to_string(event.price.raw());
    return std::nullopt;
}

// The opening

namespace {

void encodeOrders(ByteWriter &out, const std::vector<DayOpening::Order> &orders)
{
    out.u64(orders.size());
    for (const DayOpening::Order &order : orders) {
        out.u64(order.ref);
        out.u64(static_cast<std::uint64_t>(order.side) | (order.account ? 2U : 0U)
                | static_cast<std::uint64_t>(order.instruction) << 2);
        out.number(order.price);
        out.number(order.quantity);
    }
}

bool decodeOrders(ByteReader &in, const Instrument &instrument, bool odd,
                  std::vector<DayOpening::Order> &orders)
{
    const std::uint64_t count = in.u64();
    if (!in.ok() || count > mostResting)
        return false;
    for (std::uint64_t k = 0; k < count; ++k) {
        DayOpening::Order order;
        const std::uint64_t ref = in.u64();
        const std::uint64_t word = in.u64();
        order.price = in.number<Price>();
        order.quantity = in.number<Quantity>();
        const std::uint64_t instruction = word >> 2;
        if (!in.ok() || ref == 0 || ref > highestRef
            || (instruction != static_cast<std::uint64_t>(Instruction::Limit)
                && instruction != static_cast<std::uint64_t>(Instruction::AtAuction))
            || !orderable(order.price, order.quantity, instrument)
            || (order.quantity < instrument.lot) != odd)
            return false;
        order.ref = static_cast<OrderRef>(ref);
        order.side = (word & 1) != 0 ? Side::Sell : Side::Buy;
        order.account = (word & 2) != 0;
        order.instruction = static_cast<Instruction>(instruction);
        orders.push_back(order);
    }
    return true;
}

} // namespace

void encodeOpening(ByteWriter &out, const DayOpening &opening)
{
    out.u64(opening.listings.size());
    for (const DayOpening::Listing &day : opening.listings) {
        for (const Price price : {day.reference, day.ceiling, day.floor})
            out.number(price);
        out.u64((day.firstDay ? 1U : 0U) | (day.hasMatchPrice ? 2U : 0U) | (day.halted ? 4U : 0U)
                | (day.active ? 8U : 0U));
        for (const auto &price : {day.open, day.high, day.low, day.last})
            out.optional(price);
        for (const Quantity quantity : {day.lastQuantity, day.volume, day.continuousVolume})
            out.number(quantity);
        out.number(day.value);
        out.number(day.continuousValue);
        encodeOrders(out, day.even);
        encodeOrders(out, day.odd);
    }
}

std::optional<DayOpening> decodeOpening(ByteReader &in, const std::vector<Instrument> &instruments)
{
    DayOpening opening;
    if (in.u64() != instruments.size())
        return std::nullopt;
    for (Instrument instrument : instruments) {
        DayOpening::Listing day;
        for (Price *price : {&day.reference, &day.ceiling, &day.floor})
            *price = in.number<Price>();
        const std::uint64_t flags = in.u64();
        day.firstDay = (flags & 1) != 0;
        day.hasMatchPrice = (flags & 2) != 0;
        day.halted = (flags & 4) != 0;
        day.active = (flags & 8) != 0;
        for (auto *price : {&day.open, &day.high, &day.low, &day.last})
            *price = in.optional<Price>();
        for (Quantity *quantity : {&day.lastQuantity, &day.volume, &day.continuousVolume})
            *quantity = in.number<Quantity>();
        day.value = in.number<Money>();
        day.continuousValue = in.number<Money>();
        instrument.ceiling = day.ceiling;
        instrument.floor = day.floor;
        const bool sums = day.volume >= Quantity(0) && day.continuousVolume >= Quantity(0)
                          && day.value >= Money(0) && day.continuousValue >= Money(0)
                          && day.volume.raw() <= largestValue && day.value.raw() <= largestValue
                          && day.continuousVolume <= day.volume && day.continuousValue <= day.value;
        const auto offBand = [&](const std::optional<Price> &price) {
            return price
                   && (*price < day.floor || *price > day.ceiling
                       || !instrument.ticks.isOnTick(*price));
        };
        const bool onTicks = instrument.ticks.isOnTick(day.floor)
                             && instrument.ticks.isOnTick(day.reference)
                             && (instrument.ticks.isOnTick(day.ceiling) || !instrument.banded);
        if (!in.ok() || flags > 15 || !sums || !onTicks || day.floor <= Price(0)
            || day.ceiling > highestPrice || day.reference < day.floor
            || day.reference > day.ceiling || offBand(day.open) || offBand(day.high)
            || offBand(day.low) || offBand(day.last)
            || !decodeOrders(in, instrument, false, day.even)
            || !decodeOrders(in, instrument, true, day.odd))
            return std::nullopt;
        opening.listings.push_back(std::move(day));
    }
    return opening;
}

} // namespace khop
