// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording holds, as values, and their compact form. The file around it is read and written by
// recording_reader.h and recording_writer.h; docs/RECORDINGS.md describes every byte.
#pragma once

#include "base/bytes.h"
#include "venue/venue_tape.h"

#include <string>
#include <vector>

namespace khop {

/// One event of the tape. Orders are named by the numbers the venue gave them, which it gives anew once
/// an order is gone.
struct TapeEvent {
    enum class Kind : std::uint8_t { Entered, Cancelled, Reduced, Replaced, Traded, Phase, State };
    Kind kind = Kind::Entered;
    Time time;
    OrderRef ref = 0; // Traded: the buy
    OrderRef sell = 0;
    InstrumentIndex instrument = noInstrument; // Entered, Traded, State
    bool account = false;                      // Entered: an account's order, else the public's
    Side side = Side::Buy;                     // Entered; Traded: the aggressor's
    OrderType type = OrderType::LO;            // Entered
    TimeInForce timeInForce = TimeInForce::Day;
    Price price;                        // Entered, Replaced, Traded
    Quantity quantity;                  // Entered, Traded; Reduced, Replaced: what is left
    Exchange exchange = Exchange::HOSE; // Phase
    khop::Phase phase = khop::Phase::Closed;

    bool halted = false, active = true; // State

    bool operator==(const TapeEvent &) const = default;
};
inline constexpr int tapeEventKinds = 7;

/// Writes events one after the other: times and prices as differences from the one before. A block
/// stands alone.
class TapeEncoder
{
public:
    void add(const TapeEvent &event);
    std::size_t size() const { return m_out.bytes().size(); }
    std::uint64_t events() const { return m_events; }
    /// The block; the encoder starts anew.
    std::string take();

private:
    ByteWriter m_out;
    Time m_last;
    std::vector<std::int64_t> m_prices; // by instrument
    std::uint64_t m_events = 0;
};

inline constexpr std::size_t largestTapeBlock = 1 << 20;

/// The events of a block; the error (FILE_INVALID) counts them in `field` from 1.
Result<std::vector<TapeEvent>> decodeTape(std::string_view block);

/// Why an event cannot be of this market: instrument, price, tick, band, quantity; nothing when it can.
std::optional<std::string> impossible(const TapeEvent &event,
                                      const std::vector<Instrument> &instruments);

void encodeOpening(ByteWriter &out, const DayOpening &opening);
/// Nothing when it is malformed or has an order that the instruments cannot have.
std::optional<DayOpening> decodeOpening(ByteReader &in, const std::vector<Instrument> &instruments);

/// What a recording says of itself.
struct RecordingHeader {
    std::string program;     // "khop 0.1.0"
    Time from;               // the moment at which it starts
    std::string rules;       // JSON
    std::string instruments; // CSV
};

/// A recording in a list.
struct RecordingSummary {
    std::string id; // the file's name without its ending
    Time from, to;
    std::uint64_t events = 0, trades = 0;
    std::uint64_t bytes = 0;
    bool running = false;        // still being recorded
    std::optional<Error> broken; // why it cannot be played
};

} // namespace khop
