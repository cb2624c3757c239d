// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a recording while a day runs. Belongs to the engine's thread: events are collected while
// commands are applied and written after their group is committed, so that a recording never tells of
// what did not happen.
#pragma once

#include "sim/recording.h"

#include <QFile>

#include <memory>

namespace khop {

class RecordingWriter final : public VenueTape
{
public:
    /// Makes the file, which must not exist; header and opening are written at once.
    static Result<std::unique_ptr<RecordingWriter>> open(const QString &path,
                                                         const RecordingHeader &header,
                                                         const DayOpening &opening);
    ~RecordingWriter() override;

    /// What was collected goes to the file; the error is that of the file (disk full), and the
    /// recording is over.
    Result<void> flush();
    /// Ends the file. Without it the recording counts as broken.
    Result<void> finish(Time at);
    bool complete() const { return m_dayOver; } // the day it is of has ended
    const QString &path() const { return m_path; }
    const RecordingSummary &summary() const { return m_summary; }

    void entered(const VenueOrder &order, Time at) override;
    void cancelled(OrderRef ref, Time at) override;
    void reduced(OrderRef ref, Quantity leaves, Time at) override;
    void replaced(OrderRef ref, Price price, Quantity leaves, Time at) override;
    void traded(const VenueTrade &trade, Time at) override;
    void stateChanged(InstrumentIndex instrument, bool halted, bool active, Time at) override;
    void phaseChanged(Exchange exchange, Phase to, Time at) override;
    void dayOver(Time at) override;

private:
    explicit RecordingWriter(const QString &path);
    void add(TapeEvent event);
    void frame(char type, std::string_view payload);

    QString m_path;
    QFile m_file;
    TapeEncoder m_block;
    std::string m_frames; // whole ones, not yet written
    std::string m_chain;  // hash of the frame before
    RecordingSummary m_summary;
    bool m_dayOver = false;
};

} // namespace khop
