// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks are injected. Engine time comes from an exchange clock (real or practice); wall time
// drives tokens, limits and the envelope's timestamp.
#pragma once

#include "base/time.h"

#include <mutex>

namespace khop {

class Clock
{
public:
    virtual ~Clock() = default;
    virtual Time now() const = 0;
};

/// The computer's own clock.
class WallClock final : public Clock
{
public:
    Time now() const override;
};

/// Engine time of a practice day: starts where it is told and runs at 0 (held) to 100 times the
/// speed of real time. Thread-safe.
class PracticeClock final : public Clock
{
public:
    PracticeClock(Time start, int speed);

    Time now() const override;
    int speed() const;
    void setSpeed(int speed);
    void jumpTo(Time time);

private:
    Time nowLocked() const;

    mutable std::mutex m_mutex;
    Time m_base;
    std::int64_t m_baseNanoseconds;
    int m_speed;
};

/// Nanoseconds of a steady clock, for measuring spans only.
std::int64_t steadyNanoseconds();

} // namespace khop
