// SPDX-License-Identifier: GPL-3.0-or-later
// The practice day starts over.
#include "engine/desk.h"

namespace khop {

void Desk::resetPractice(Answer<ClockState> answer)
{
    if (!m_practice) {
        answer(refuse(Code::FORBIDDEN, "session", {}, "practice"));
        return;
    }
    Errand errand{[this, answer] {
                      answer(startDayOver());
                      return Result<void>{};
                  },
                  {},
                  [answer] { answer(refuse(Code::SHUTTING_DOWN)); }};
    if (const Result<void> posted = post(std::move(errand)); !posted)
        answer(std::unexpected(posted.error()));
}

/// Journalled time cannot go back: what is open is cancelled now, and the next trading day is the new one.
Result<ClockState> Desk::startDayOver()
{
    if (m_recorder)
        return refuse(Code::VALIDATION_ERROR, "recording", m_recorder->summary().id,
                      "no running recording");
    runGroup({Pending{Command{{}, ResetPractice{}}, nullptr, 0, 0}});
    if (m_running) {
        m_rollAt = readClock(); // the evening is over at once
        rollPracticeDay();
        runGroup({Pending{Command{{}, Tick{true}}, nullptr, 0, 0}});
    }
    if (!m_running) // a commit has failed
        return refuse(Code::SHUTTING_DOWN);
    return clock();
}

} // namespace khop
