// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <algorithm>
#include <chrono>

namespace khop {

namespace {

constexpr int fastest = 100;
constexpr std::int64_t nanosecondsPerMillisecond = 1'000'000;

} // namespace

std::int64_t steadyNanoseconds()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

Time WallClock::now() const
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

PracticeClock::PracticeClock(Time start, int speed)
    : m_base(start)
    , m_baseNanoseconds(steadyNanoseconds())
    , m_speed(std::clamp(speed, 0, fastest))
{}

Time PracticeClock::now() const
{
    const std::lock_guard lock(m_mutex);
    return nowLocked();
}

int PracticeClock::speed() const
{
    const std::lock_guard lock(m_mutex);
    return m_speed;
}

void PracticeClock::setSpeed(int speed)
{
    const std::lock_guard lock(m_mutex);
    m_base = nowLocked();
    m_baseNanoseconds = steadyNanoseconds();
    m_speed = std::clamp(speed, 0, fastest);
}

void PracticeClock::jumpTo(Time time)
{
    const std::lock_guard lock(m_mutex);
    m_base = time;
    m_baseNanoseconds = steadyNanoseconds();
}

Time PracticeClock::nowLocked() const
{
    const std::int64_t elapsed = steadyNanoseconds() - m_baseNanoseconds;
    return m_base + elapsed * m_speed / nanosecondsPerMillisecond;
}

} // namespace khop
