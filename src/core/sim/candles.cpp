// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/candles.h"

#include "base/csv_line.h"
#include "base/decimal.h"
#include "base/json_tree.h"
#include "base/utf8.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

constexpr qint64 largestFile = 64 << 20;
constexpr qsizetype mostFiles = 4'000;
constexpr std::size_t longestLine = 1'024;
constexpr std::size_t mostCandles = 100'000;
constexpr std::size_t mostPlanned = 250; // days
constexpr int decimals = 6;
constexpr std::int64_t one = 1'000'000;
constexpr std::int64_t largestPrice = 100'000'000; // whole units
constexpr std::int64_t largestVolume = 1'000'000'000'000;
constexpr std::int64_t leastDong = 100, mostThousand = 1'000; // whole units
constexpr std::string_view header = "Date,Open,High,Low,Close,Volume";

/// A price as candle files have it: more decimals than anyone needs are rounded.
std::optional<std::int64_t> priceOf(std::string_view text)
{
    const std::size_t point = text.find('.');
    std::string_view tail;
    if (point != std::string_view::npos && text.size() - point - 1 > decimals) {
        tail = text.substr(point + 1 + decimals);
        text = text.substr(0, point + 1 + decimals);
    }
    if (tail.size() > 18 || tail.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    const auto raw = parseDecimal(text, decimals);
    if (!raw || *raw < 0)
        return std::nullopt;
    return *raw + (!tail.empty() && tail.front() >= '5' ? 1 : 0);
}

class LineReader
{
public:
    LineReader(std::string fileName, std::size_t line)
        : m_field(std::move(fileName) + ": line " + std::to_string(line))
    {}
    Result<Candle> read(std::string_view line, const std::optional<Candle> &before) const;

private:
    std::unexpected<Error> off(std::string column, std::string_view value, std::string bound) const
    {
        return refuse(Code::FILE_INVALID, m_field + (column.empty() ? "" : ", " + column),
                      shortened(value, 60), std::move(bound));
    }
    std::string m_field;
};

Result<Candle> LineReader::read(std::string_view line, const std::optional<Candle> &before) const
{
    const auto cells = cellsOfCsvLine(line);
    if (line.size() > longestLine || !cells || cells->size() != 6)
        return off({}, line, "six cells: " + std::string(header));
    Candle candle;
    const auto date = parseIsoDate((*cells)[0]);
    if (!date)
        return off("Date", (*cells)[0], "YYYY-MM-DD");
    candle.date = *date;
    if (before && *date <= before->date)
        return off("Date", (*cells)[0], "a day after " + isoDate(before->date));
    static constexpr std::array names{"Open", "High", "Low", "Close"};
    std::int64_t *const prices[] = {&candle.open, &candle.high, &candle.low, &candle.close};
    for (std::size_t k = 0; k < names.size(); ++k) {
        const std::string &cell = (*cells)[k + 1];
        const auto price = priceOf(cell);
        if (!price || *price <= 0 || *price > largestPrice * one)
            return off(names[k], cell, "a price above 0, at most " + std::to_string(largestPrice));
        *prices[k] = *price;
    }
    const auto volume = parseDecimal((*cells)[5], 0);
    if (!volume || *volume < 0 || *volume > largestVolume)
        return off("Volume", (*cells)[5], "0-" + std::to_string(largestVolume));
    candle.volume = Quantity(*volume);
    if (candle.high < candle.low)
        return off("High", (*cells)[2], "not below the low, " + (*cells)[3]);
    const std::string range = (*cells)[3] + "-" + (*cells)[2] + ", between low and high";
    if (candle.open < candle.low || candle.open > candle.high)
        return off("Open", (*cells)[1], range);
    if (candle.close < candle.low || candle.close > candle.high)
        return off("Close", (*cells)[4], range);
    return candle;
}

std::string symbolOf(const std::string &fileName)
{
    std::string symbol = fileName.substr(0, fileName.find('.'));
    for (char &c : symbol)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return symbol;
}

Result<CandleFile> readFile(const QString &path)
{
    const std::string name = QFileInfo(path).fileName().toStdString();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(Code::FILE_INVALID, name, file.errorString().toStdString(),
                      "a file that can be read");
    if (file.size() > largestFile)
        return refuse(Code::FILE_INVALID, name, std::to_string(file.size()) + " bytes",
                      "at most " + std::to_string(largestFile) + " bytes");
    return parseCandles(file.read(largestFile).toStdString(), name);
}

} // namespace

std::string_view name(CandleUnit unit) { return unit == CandleUnit::Vnd ? "VND" : "kVND"; }

Result<CandleFile> parseCandles(std::string_view text, std::string fileName)
{
    CandleFile file{std::move(fileName), {}, {}};
    file.symbol = symbolOf(file.name);
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    std::optional<Candle> before;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::size_t end = text.find('\n');
        std::string_view row = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (row.ends_with('\r'))
            row.remove_suffix(1);
        if (line == 1) {
            if (row != header)
                return refuse(Code::FILE_INVALID, file.name + ": line 1", shortened(row, 60),
                              std::string(header));
            continue;
        }
        if (file.candles.size() == mostCandles)
            return refuse(Code::FILE_INVALID, file.name + ": line " + std::to_string(line),
                          "more than " + std::to_string(mostCandles) + " days",
                          "at most " + std::to_string(mostCandles));
        auto candle = LineReader(file.name, line).read(row, before);
        if (!candle)
            return std::unexpected(candle.error());
        before = *candle;
        file.candles.push_back(*candle);
    }
    if (file.candles.empty())
        return refuse(Code::FILE_INVALID, file.name, "no candle", std::string(header));
    return file;
}

Result<std::vector<CandleFile>> readCandles(const QString &path)
{
    QStringList paths{path};
    if (QFileInfo(path).isDir()) {
        const QDir folder(path);
        paths.clear();
        for (const QString &entry : folder.entryList({u"*.csv"_s}, QDir::Files, QDir::Name))
            paths.push_back(folder.filePath(entry));
        if (paths.isEmpty() || paths.size() > mostFiles)
            return refuse(Code::FILE_INVALID, path.toStdString(),
                          std::to_string(paths.size()) + " CSV files",
                          "1-" + std::to_string(mostFiles));
    }
    std::vector<CandleFile> files;
    for (const QString &candlePath : paths) {
        auto file = readFile(candlePath);
        if (!file)
            return std::unexpected(file.error());
        files.push_back(std::move(*file));
    }
    return files;
}

DetectedUnit detectUnit(const std::vector<CandleFile> &files)
{
    DetectedUnit detected;
    bool small = false, large = false;
    for (const CandleFile &file : files) {
        for (std::size_t k = 0; k < file.candles.size(); ++k) {
            const Candle &candle = file.candles[k];
            for (const std::int64_t price : {candle.open, candle.high, candle.low, candle.close}) {
                const auto example = [&] {
                    return file.name + " line " + std::to_string(k + 2) + ": "
                           + formatDecimal(price, decimals, true);
                };
                if (price % one != 0)
                    return {CandleUnit::ThousandVnd, DetectedUnit::Why::Fractions, example()};
                const bool isSmall = price < leastDong * one;
                const bool isLarge = price >= mostThousand * one;
                if ((isSmall && !small) || (isLarge && !large))
                    detected.example = example();
                small = small || isSmall;
                large = large || isLarge;
            }
        }
    }
    if (small && !large) {
        detected.unit = CandleUnit::ThousandVnd;
        detected.why = DetectedUnit::Why::Small;
    } else if (large && !small) {
        detected.unit = CandleUnit::Vnd;
        detected.why = DetectedUnit::Why::Large;
    }
    return detected;
}

Result<CandlePlan> planDays(const std::vector<CandleFile> &files, CandleUnit unit,
                            std::optional<Date> from, const std::vector<Instrument> &instruments)
{
    CandlePlan result;
    bool any = false;
    for (const CandleFile &file : files) {
        if (!any || file.candles.front().date < result.first)
            result.first = file.candles.front().date;
        if (!any || file.candles.back().date > result.last)
            result.last = file.candles.back().date;
        any = true;
    }
    const Date start = from.value_or(result.last);
    bool found = false;
    // an instrument's price counts 10^-priceScale dong
    for (const CandleFile &file : files) {
        const auto instrument = std::ranges::find(instruments, file.symbol, &Instrument::symbol);
        if (instrument == instruments.end() || instrument->currency != "VND") {
            result.unlisted.push_back(file.symbol);
            continue;
        }
        auto candle = std::ranges::lower_bound(file.candles, start, {}, &Candle::date);
        found = found || (candle != file.candles.end() && candle->date == start);
        const std::int64_t factor = unit == CandleUnit::ThousandVnd ? 1'000 : 1;
        const auto price = [&](std::int64_t raw) {
            return Price(std::max<std::int64_t>(1, (raw * factor + one / 2) / one));
        };
        std::vector<PlannedDay> days;
        for (; candle != file.candles.end() && days.size() < mostPlanned; ++candle) {
            const std::int64_t before =
                candle == file.candles.begin() ? candle->open : std::prev(candle)->close;
            const Price reference = price(before);
            const TickTable &ticks = instrument->ticks;
            const Price low = ticks.floorToTick(reference), high = ticks.ceilToTick(reference);
            days.push_back({price(candle->open), price(candle->high), price(candle->low),
                            price(candle->close), candle->volume,
                            low > Price(0) && reference - low <= high - reference ? low : high});
        }
        if (!days.empty())
            result.plan.days[instrument->index] = std::move(days);
    }
    if (!found)
        return refuse(Code::VALIDATION_ERROR, "candle_date", isoDate(start),
                      "a day of the candles of listed symbols, " + isoDate(result.first) + " to "
                          + isoDate(result.last));
    return result;
}

} // namespace khop
