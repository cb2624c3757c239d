// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edits/percent_edit.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop::ui {

namespace {

constexpr int decimals = 4;
constexpr std::int64_t step = 5'000; // half a percent

} // namespace

PercentEdit::PercentEdit(QWidget *parent) : DecimalEdit(parent) {}

std::optional<std::int64_t> PercentEdit::parse(const QString &text) const
{
    const auto value = parseDecimal(withPoint(text).toStdString(), decimals);
    return value && *value > 0 ? value : std::nullopt;
}

QString PercentEdit::compose(std::int64_t raw) const
{
    return QString::fromStdString(formatDecimal(raw, decimals, true));
}

bool PercentEdit::mayStand(const QString &text) const
{
    const qsizetype mark = markPosition(text);
    if (mark < 0)
        return true;
    const QString rest = text.mid(mark + 1);
    return markPosition(rest) < 0 && rest.size() <= decimals;
}

std::int64_t PercentEdit::stepped(std::optional<std::int64_t> from, int steps) const
{
    return std::max(step, from.value_or(0) + step * steps);
}

} // namespace khop::ui
