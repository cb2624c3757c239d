// SPDX-License-Identifier: GPL-3.0-or-later
// Practice participants: a seeded crowd that keeps every book alive and plausible. It is part of the
// deterministic engine: it acts on a grid of engine time, draws from its own generator and trades
// through the exchange like anyone else, with owner 0 and no rows of its own.
//
// Each instrument has a fair price, in thousandths of the price's unit, that walks by random steps of
// the day's volatility, leans back to the reference and stays inside the band; where a day is planned
// (day_path.h) it follows that day's path. Around it act
// - market makers, who quote a ladder on both sides and shift it against what they hold,
// - noise: orders at any distance, takers on either side, cancels; they take what is mispriced,
// - momentum: takers in the direction in which the price has been going,
// - odd lots, in their own book.
// In the calls they collect LO and ATO / ATC orders, more of them towards the end; after the close PLO.
// The number of actions follows the day: lively at both ends (crowd_shape.h).
//
// Cost: an action is a few book operations and scans at most `mostStanding` own orders.
#pragma once

#include "base/bytes.h"
#include "base/mix.h"
#include "sim/crowd_shape.h"
#include "sim/day_path.h"
#include "venue/paper_exchange.h"

#include <vector>

namespace khop {

class Participants
{
public:
    explicit Participants(PaperExchange &exchange) : m_exchange(exchange) {}

    void set(bool on, std::uint64_t seed, Time now);
    bool on() const { return m_on; }
    std::uint64_t seed() const { return m_seed; }
    /// The shape and its text; the crowd that stands goes on in it.
    void setShape(CrowdShape shape, std::string text);
    const std::string &shapeText() const { return m_shapeText; }
    /// The days to come by daily candles: the first for the exchange's day at hand.
    void setPlan(DayPlan plan) { m_plan = std::move(plan); }
    void nextPlannedDay() { m_plan.next(); }
    const DayPlan &plan() const { return m_plan; }

    /// The next step of the crowd, or Time max when it is off.
    Time nextStep() const;
    void step(Time at);
    /// Leaves out the steps up to `now`: a start that catches up.
    void skipTo(Time now);
    /// Takes every order of the crowd out of the books.
    void withdraw();
    /// The books were opened anew: nothing of the crowd stands any more.
    void forget();

    // Reports on its own orders.
    void traded(OrderRef ref, Quantity quantity);
    void gone(OrderRef ref);
    /// A new day or new data: the fair prices start from the references again.
    void reset();

    void save(ByteWriter &out) const;
    bool load(ByteReader &in);

private:
    struct Crowd {
        std::int64_t fair = 0;  // thousandths of the price's unit
        std::int64_t noise = 0; // planned days: the distance from the path
        std::int64_t trend = 0; // smoothed steps of the fair price, same unit
        Quantity inventory;     // what the makers hold
        Time next;
        std::vector<OrderRef> orders;
        CrowdPace pace;
    };
    struct Standing { // by ref
        InstrumentIndex instrument = noInstrument;
        std::uint32_t position = 0;
        Quantity leaves;
        Price price;
        Side side = Side::Buy;
        CrowdKind kind = CrowdKind::Noise;
    };

    // when
    void schedule(InstrumentIndex i, Time at);
    void pace(InstrumentIndex i);
    Session sessionOf(const Instrument &instrument, Time at) const;

    // what (participants_acts.cpp)
    void act(InstrumentIndex i, const Session &session, Time at);
    void actContinuous(InstrumentIndex i, const Session &session);
    void actAuction(InstrumentIndex i, Phase phase);
    void actPostClose(InstrumentIndex i);
    void furnish(InstrumentIndex i);
    void quote(InstrumentIndex i, Side side);
    void withdrawStale(InstrumentIndex i, Side side);
    void noise(InstrumentIndex i, const Session &session);
    void momentum(InstrumentIndex i, const Session &session);
    void take(InstrumentIndex i, Side side, const Session &session);
    void oddLot(InstrumentIndex i);
    void crossAt(InstrumentIndex i, Price price, Quantity quantity);
    void pin(InstrumentIndex i, const Session &session, Time at);

    void drift(InstrumentIndex i, Time at);
    std::int64_t randomStep(const Crowd &crowd);
    Price fairDown(InstrumentIndex i) const;
    Price shifted(InstrumentIndex i, Price from, std::int64_t levels) const;
    Price inside(InstrumentIndex i, Price price) const;
    Quantity size(InstrumentIndex i, std::int64_t percent);
    void place(InstrumentIndex i, CrowdKind kind, Side side, OrderType type, Price price,
               Quantity quantity);
    void cancelOne(InstrumentIndex i);
    std::int64_t distance(std::int64_t most);
    Side side() { return m_random.below(2) == 0 ? Side::Buy : Side::Sell; }
    bool chance(std::uint64_t percent) { return m_random.below(100) < percent; }

    PaperExchange &m_exchange;
    bool m_on = false;
    std::uint64_t m_seed = 0;
    SplitMix m_random;
    Time m_next;
    CrowdShape m_shape;
    std::string m_shapeText;
    DayPlan m_plan;
    std::vector<Crowd> m_crowds;      // by instrument
    std::vector<Standing> m_standing; // by ref
};

} // namespace khop
