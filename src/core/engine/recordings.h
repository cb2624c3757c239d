// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of a desk: list, record, replay, remove. Thread-safe; a call returns when the engine has
// done it (within a group's time), so never call from the engine's own thread.
#pragma once

#include "base/result.h"
#include "sim/recording.h"

#include <optional>
#include <string>
#include <vector>

namespace khop {

/// What runs now.
struct RecordingsState {
    std::optional<RecordingSummary> recording;
    std::string replaying;                // the recording's id; empty: none
    std::uint64_t played = 0, events = 0; // of the replay
    Time from, to;                        // of the replay, in the desk's own time
    std::optional<Time> nextEvent;        // of the replay, for a step
};

class Recordings
{
public:
    virtual ~Recordings() = default;

    /// Newest first; files that cannot be played say why.
    virtual std::vector<RecordingSummary> list() const = 0;
    virtual RecordingsState state() const = 0;
    /// Starts recording under this id ([A-Za-z0-9._-]{1,64}; empty: by the day). The recording ends with
    /// stopRecording() or with the exchange's day.
    virtual Result<RecordingSummary> record(const std::string &id) = 0;
    virtual Result<RecordingSummary> stopRecording() = 0; // NOT_FOUND when none runs
    /// Checks the whole file, takes the clock to the recorded time of day on the next trading day (today
    /// while that is still to come) and plays. Needs practice, no open orders and the recording's rules
    /// and instruments.
    virtual Result<RecordingsState> replay(const std::string &id, std::optional<int> speed) = 0;
    virtual Result<void> stopReplay() = 0; // NOT_FOUND when none runs
    virtual Result<void> remove(const std::string &id) = 0;
};

/// True for an id that may name a file.
bool isRecordingId(std::string_view id);

} // namespace khop
