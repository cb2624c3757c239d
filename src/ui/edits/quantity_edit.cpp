// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edits/quantity_edit.h"

#include "base/decimal.h"
#include "base/wide.h"
#include "ui/numbers.h"

#include <algorithm>

namespace khop::ui {

namespace {

/// Digits of a whole number whose marks, if any, separate groups of three; empty when they do not.
QString ungrouped(const QString &text)
{
    QString digits = text;
    digits.replace(QLatin1Char('.'), QLatin1Char(','));
    const QStringList groups = digits.split(QLatin1Char(','));
    for (qsizetype i = 0; i < groups.size(); ++i) {
        const qsizetype size = groups[i].size();
        if (groups.size() > 1 && (i == 0 ? size < 1 || size > 3 : size != 3))
            return {};
    }
    return groups.join(QString());
}

} // namespace

QuantityEdit::QuantityEdit(QWidget *parent) : DecimalEdit(parent) {}

void QuantityEdit::setInstrument(const Instrument &instrument)
{
    const bool sameUnit = m_instrument.quantityScale == instrument.quantityScale;
    const bool hadText = !isBlank();
    if (hadText && !sameUnit)
        setQuantity(std::nullopt);
    m_instrument = instrument;
}

std::optional<Quantity> QuantityEdit::quantity() const
{
    const std::optional<std::int64_t> value = raw();
    return value ? std::optional(Quantity(*value)) : std::nullopt;
}

void QuantityEdit::setQuantity(std::optional<Quantity> quantity)
{
    setRaw(quantity ? std::optional(quantity->raw()) : std::nullopt);
}

std::optional<std::int64_t> QuantityEdit::parse(const QString &text) const
{
    const QString number = m_instrument.quantityScale == 0 ? ungrouped(text) : withPoint(text);
    const std::optional<std::int64_t> value =
        parseDecimal(number.toStdString(), m_instrument.quantityScale);
    return value && *value > 0 ? value : std::nullopt;
}

QString QuantityEdit::compose(std::int64_t raw) const
{
    QString text = quantityText(Quantity(raw), m_instrument);
    // With decimals a comma would read as the decimal mark when it is edited again.
    if (m_instrument.quantityScale > 0)
        text.remove(QLatin1Char(','));
    return text;
}

QString QuantityEdit::composeForEditing(std::int64_t raw) const
{
    // Grouped digits would fall out of their groups with the next one typed.
    return compose(raw).remove(QLatin1Char(','));
}

bool QuantityEdit::mayStand(const QString &text) const
{
    if (m_instrument.quantityScale == 0)
        return true; // marks stay visible; whether they group properly decides the value
    const qsizetype mark = markPosition(text);
    if (mark < 0)
        return true;
    const QString decimals = text.mid(mark + 1);
    return markPosition(decimals) < 0 && decimals.size() <= m_instrument.quantityScale;
}

std::int64_t QuantityEdit::step() const
{
    const std::int64_t lot = std::max<std::int64_t>(1, m_instrument.lot.raw());
    const int scale = m_instrument.quantityScale;
    return scale > 2 ? std::max(lot, powerOfTen(scale - 2)) : lot;
}

std::int64_t QuantityEdit::stepped(std::optional<std::int64_t> from, int steps) const
{
    const std::int64_t by = step();
    const std::int64_t start = from.value_or(0);
    const std::int64_t rest = start % by;
    std::int64_t result = start - rest;
    // From an odd lot the first step up or down reaches the next whole lot.
    if (rest > 0 && steps < 0)
        ++steps;
    result += by * steps;
    return std::max(result, by);
}

} // namespace khop::ui
