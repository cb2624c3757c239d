// SPDX-License-Identifier: GPL-3.0-or-later
// Prometheus' text format, version 0.0.4.
#pragma once

#include "base/histogram.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace khop::server {

class MetricsText
{
public:
    /// Begins a metric; its samples follow. `type` is counter, gauge or histogram.
    void family(std::string_view name, std::string_view type, std::string_view help);
    /// `labels` ready: `method="GET",route="/orders"`, values without quotes, backslashes and line ends.
    void sample(std::string_view labels, std::string_view value);
    void sample(std::string_view labels, std::uint64_t value);
    void histogram(std::string_view labels, const DurationHistogram::Counts &counts);

    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, std::int64_t value);
    std::string take() { return std::move(m_text); }

private:
    void line(std::string_view suffix, std::string_view labels, std::string_view more,
              std::string_view value);

    std::string m_text;
    std::string m_name;
};

/// Nanoseconds as decimal seconds.
std::string secondsText(std::uint64_t nanoseconds);

} // namespace khop::server
