// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded day through the paper exchange again. Part of the deterministic engine: the opening and the
// slices of the tape come in with journalled commands, and engine time plays them.
//
// Recorded orders are entered, amended and cancelled as they were and meet the book as it is, so they
// keep their places in the queues, and without orders of accounts the same trades come out. Orders of
// accounts stand among them and fill in their turn. Where an account's order has taken part, the tape
// would drift away: what a recorded order has more than it had after the recorded trade is therefore
// taken out (the account was there first), and what it has less it simply finds no more. So the books
// come back to the recorded ones as soon as the account has left them.
//
// Recorded orders of accounts play as the public's: whoever gave them is not here.
#pragma once

#include "sim/recording.h"
#include "venue/paper_exchange.h"

#include <deque>
#include <unordered_map>

namespace khop {

class Replay
{
public:
    explicit Replay(PaperExchange &exchange) : m_exchange(exchange) {}

    bool active() const { return m_active; }
    const std::string &name() const { return m_name; }
    const std::string &fileHash() const { return m_fileHash; }
    std::uint64_t blocks() const { return m_blocks; } // taken so far
    bool complete() const { return m_complete; }      // the last block has been taken
    /// The tape has run out and its time is over.
    bool finished(Time now) const
    {
        return m_active && m_complete && m_pending.empty() && m_covered <= now;
    }
    std::uint64_t played() const { return m_played; } // events
    /// The time of the last event taken: the tape is known until then.
    Time covered() const { return m_covered; }

    /// Starts from the opening; the exchange's books are empty and it has been checked. Times of the
    /// tape are shifted by so many milliseconds.
    void start(const DayOpening &opening, std::string name, std::string fileHash,
               std::int64_t shift);
    /// Takes the next block; the last one says when the tape ends. VALIDATION_ERROR when it is not of this market.
    std::optional<Error> take(std::string_view block, std::optional<Time> end);
    /// Takes what still stands out of the books and ends.
    void stop();

    Time nextEvent() const; // or the tape's end; Time max without either
    void run(Time at);      // every event due until then

    bool owns(OrderRef ref) const { return m_byRef.contains(ref); }
    void traded(OrderRef ref, Quantity quantity);
    void gone(OrderRef ref);

    void save(ByteWriter &out) const;
    bool load(ByteReader &in);

private:
    struct Live {
        OrderRef ref = 0; // at the venue now
        InstrumentIndex instrument = noInstrument;
        bool fixed = false; // at the auction's price: cannot be replaced
        Quantity leaves;    // here
        Quantity recorded;  // on the tape
    };
    void play(const TapeEvent &event);
    void enter(const TapeEvent &event);
    void reconcile();
    void shrink(OrderRef taped, Quantity leaves);
    void clear();
    bool takesOrders(InstrumentIndex i) const;

    PaperExchange &m_exchange;
    bool m_active = false;
    bool m_complete = false;
    std::string m_name, m_fileHash;
    std::int64_t m_shift = 0;
    std::uint64_t m_blocks = 0, m_played = 0;
    Time m_covered;
    std::deque<TapeEvent> m_pending;           // times already shifted
    std::unordered_map<OrderRef, Live> m_live; // by the tape's number; never iterated for effect
    std::unordered_map<OrderRef, OrderRef> m_byRef; // venue's number -> the tape's
    std::vector<OrderRef> m_traded; // the tape's numbers since the last event that was no trade
};

} // namespace khop
