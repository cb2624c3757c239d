// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/metrics_text.h"

#include "base/decimal.h"

namespace khop::server {

std::string secondsText(std::uint64_t nanoseconds)
{
    std::string text = formatDecimal(static_cast<std::int64_t>(nanoseconds), 9);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.')
            text.pop_back();
    }
    return text;
}

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help)
{
    m_name = name;
    m_text.append("# HELP ").append(name).append(" ").append(help);
    m_text.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::line(std::string_view suffix, std::string_view labels, std::string_view more,
                       std::string_view value)
{
    m_text.append(m_name).append(suffix);
    if (!labels.empty() || !more.empty()) {
        m_text.append("{").append(labels);
        m_text.append(!labels.empty() && !more.empty() ? "," : "").append(more).append("}");
    }
    m_text.append(" ").append(value).append("\n");
}

void MetricsText::sample(std::string_view labels, std::string_view value)
{
    line({}, labels, {}, value);
}

void MetricsText::sample(std::string_view labels, std::uint64_t value)
{
    line({}, labels, {}, std::to_string(value));
}

void MetricsText::histogram(std::string_view labels, const DurationHistogram::Counts &counts)
{
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts.in.size(); ++i) {
        below += counts.in[i];
        const std::string end =
            i < DurationHistogram::bounds.size()
                ? secondsText(static_cast<std::uint64_t>(DurationHistogram::bounds[i]))
                : "+Inf";
        line("_bucket", labels, "le=\"" + end + '"', std::to_string(below));
    }
    line("_sum", labels, {}, secondsText(counts.sum));
    line("_count", labels, {}, std::to_string(below));
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value)
{
    family(name, "counter", help);
    sample({}, value);
}

void MetricsText::gauge(std::string_view name, std::string_view help, std::int64_t value)
{
    family(name, "gauge", help);
    sample({}, std::to_string(value));
}

} // namespace khop::server
