// SPDX-License-Identifier: GPL-3.0-or-later
// What a program is told about its practice day: candles to follow, a recording to replay or to make.
#include "program/house.h"

#include "sim/recording_reader.h"

#include <QFileInfo>

#include <algorithm>
#include <cstdio>

namespace khop {

std::string candleUnitText(const DetectedUnit &detected)
{
    using Why = DetectedUnit::Why;
    switch (detected.why) {
    case Why::Fractions:
        return "The candles look like thousand VND (kVND): " + detected.example
               + " has decimals, and prices in VND have none.";
    case Why::Small:
        return "The candles look like thousand VND (kVND): " + detected.example
               + " is below any price in VND, and none is of 1,000 or more.";
    case Why::Large:
        return "The candles look like VND: all prices are whole numbers, as " + detected.example
               + ", and none is below 100.";
    case Why::Mixed: break;
    }
    return "The candles' unit is not clear: their prices may be VND or thousand VND (kVND)"
           + (detected.example.empty() ? "." : ", as " + detected.example + ".");
}

/// A broken file, or a unit that nobody has confirmed, is refused before anything is opened.
Result<void> House::readCandlesFor(DeskOptions &desk) const
{
    if (!m_options.candles)
        return {};
    auto files = readCandles(*m_options.candles);
    if (!files)
        return std::unexpected(files.error());
    if (!m_options.candleUnit) {
        std::fprintf(stderr, "%s\n", candleUnitText(detectUnit(*files)).c_str());
        return refuse(Code::CONFIGURATION_ERROR, "--candle-unit", {},
                      "--candle-unit kVND | --candle-unit VND");
    }
    const auto has = [this](const CandleFile &file) {
        return std::ranges::binary_search(file.candles, *m_options.candleDate, {}, &Candle::date);
    };
    if (m_options.candleDate && std::ranges::none_of(*files, has))
        return refuse(Code::CONFIGURATION_ERROR, "--candle-date", isoDate(*m_options.candleDate),
                      "a day of the candles");
    desk.candles =
        DeskOptions::Candles{std::move(*files), *m_options.candleUnit, m_options.candleDate};
    return {};
}

/// A new desk takes rules, instruments and day from the recording; one that has a history keeps its own.
Result<void> House::startFromRecording(DeskOptions &desk) const
{
    auto reader = RecordingReader::open(*m_options.replayFile);
    if (!reader)
        return std::unexpected(reader.error());
    desk.replayFile = *m_options.replayFile;
    desk.speed = 0; // until it plays
    if (QFileInfo::exists(m_options.databaseFile))
        return {};
    const RecordingHeader &header = (*reader)->header();
    if (!desk.rules)
        desk.rules = header.rules;
    if (!desk.instruments)
        desk.instruments = header.instruments;
    if (!desk.startAt)
        desk.startAt = header.from + (-60'000);
    return {};
}

Result<void> House::beginPractice()
{
    if (m_options.replayFile) {
        const std::string name = QFileInfo(*m_options.replayFile).completeBaseName().toStdString();
        if (m_desk->state().replaying != name) { // else it goes on where it was
            auto begun =
                m_desk->replayFile(*m_options.replayFile, name, m_options.speed.value_or(1));
            if (!begun)
                return std::unexpected(begun.error());
        } else if (auto set = m_desk->setSpeed(m_options.speed.value_or(1)); !set) {
            return set;
        }
    }
    if (m_options.recordAs) {
        auto begun = m_desk->record(m_options.recordAs->toStdString());
        if (!begun)
            return std::unexpected(begun.error());
    }
    return {};
}

} // namespace khop
