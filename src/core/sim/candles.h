// SPDX-License-Identifier: GPL-3.0-or-later
// Daily candles from CSV (Date,Open,High,Low,Close,Volume), and the practice days they give.
//
// Prices are in dong or in thousand dong. Which, the file does not say: what it looks like is told with
// its reason (detectUnit), and the caller must confirm it.
#pragma once

#include "base/result.h"
#include "market/instrument.h"
#include "sim/day_path.h"

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace khop {

enum class CandleUnit : std::uint8_t { Vnd, ThousandVnd };
std::string_view name(CandleUnit unit); // VND kVND

/// One day; prices in millionths of the file's unit, as the file has them.
struct Candle {
    Date date;
    std::int64_t open = 0, high = 0, low = 0, close = 0;
    Quantity volume; // 0: nothing traded
};

struct CandleFile {
    std::string name;            // of the file, for messages
    std::string symbol;          // from the file's name
    std::vector<Candle> candles; // by date
};

/// Reads one file's text. The error (FILE_INVALID) names file and line, what stands there, what would do.
Result<CandleFile> parseCandles(std::string_view text, std::string fileName);
/// Reads a file, or every .csv of a folder; at most 64 MiB each and 4,000 files.
Result<std::vector<CandleFile>> readCandles(const QString &path);

/// What the prices look like, and why.
struct DetectedUnit {
    enum class Why : std::uint8_t {
        Fractions, // prices have decimals: dong have none
        Small,     // whole numbers below any price in dong
        Large,     // whole numbers of a thousand and more
        Mixed      // some below, some above: not clear
    };
    std::optional<CandleUnit> unit; // nothing when it is not clear
    Why why = Why::Mixed;
    std::string example; // "ACV.csv line 2: 33.9472"
};
DetectedUnit detectUnit(const std::vector<CandleFile> &files);

struct CandlePlan {
    DayPlan plan;
    Date first, last;                  // of the candles in the files
    std::vector<std::string> unlisted; // symbols that no instrument has
};
/// The days from `from` on (the last one if not given) for the listed instruments in dong. Refuses
/// (VALIDATION_ERROR, candle_date) a day that no file has.
Result<CandlePlan> planDays(const std::vector<CandleFile> &files, CandleUnit unit,
                            std::optional<Date> from, const std::vector<Instrument> &instruments);

} // namespace khop
