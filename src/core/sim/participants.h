// SPDX-License-Identifier: GPL-3.0-or-later
// Practice participants: a seeded crowd that keeps every book alive and plausible. It is part of the
// deterministic engine: it acts on a fixed grid of engine time, draws from its own generator and trades
// through the exchange like anyone else, with owner 0 and no rows of its own.
//
// Each instrument has a fair price that walks a tick at a time and is pulled back to the reference. In
// continuous trading the crowd quotes around it, cancels, and now and then takes the other side; in
// auctions it enters LO and ATO / ATC orders; after the close PLO orders.
#pragma once

#include "base/bytes.h"
#include "base/mix.h"
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

    /// The next step of the crowd, or Time max when it is off.
    Time nextStep() const;
    void step(Time at);
    /// Leaves out the steps up to `now`: a start that catches up.
    void skipTo(Time now);

    // Reports on its own orders.
    void traded(OrderRef ref, Quantity quantity);
    void gone(OrderRef ref);
    /// A new day or new data: the fair prices start from the references again.
    void reset();

    void save(ByteWriter &out) const;
    bool load(ByteReader &in);

private:
    struct Crowd {
        Price fair;
        std::vector<OrderRef> orders;
    };
    struct Standing {
        InstrumentIndex instrument = noInstrument;
        std::uint32_t position = 0;
        Quantity leaves;
    };

    void actContinuous(InstrumentIndex i);
    void actAuction(InstrumentIndex i, Phase phase);
    void actPostClose(InstrumentIndex i);
    void drift(InstrumentIndex i);
    void place(InstrumentIndex i, Side side, OrderType type, Price price, Quantity quantity);
    void quoteAround(InstrumentIndex i, Side side);
    void cancelOne(InstrumentIndex i);
    Quantity size(const Instrument &instrument);
    Price shifted(const Instrument &instrument, Price from, std::int64_t steps) const;
    Side side() { return m_random.below(2) == 0 ? Side::Buy : Side::Sell; }

    PaperExchange &m_exchange;
    bool m_on = false;
    std::uint64_t m_seed = 0;
    SplitMix m_random;
    Time m_next;
    std::vector<Crowd> m_crowds;      // by instrument
    std::vector<Standing> m_standing; // by ref
};

} // namespace khop
