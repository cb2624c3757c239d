// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edits/price_edit.h"

#include "base/decimal.h"
#include "ui/numbers.h"

namespace khop::ui {

PriceEdit::PriceEdit(QWidget *parent) : DecimalEdit(parent) {}

void PriceEdit::setInstrument(const Instrument &instrument)
{
    const std::optional<Price> before = price();
    const bool sameUnit = shownPriceScale(m_instrument) == shownPriceScale(instrument);
    m_instrument = instrument;
    if (before && !sameUnit)
        setPrice(std::nullopt);
}

std::optional<Price> PriceEdit::price() const
{
    const std::optional<std::int64_t> value = raw();
    return value ? std::optional(Price(*value)) : std::nullopt;
}

void PriceEdit::setPrice(std::optional<Price> price)
{
    setRaw(price ? std::optional(price->raw()) : std::nullopt);
}

std::optional<std::int64_t> PriceEdit::parse(const QString &text) const
{
    // A mark without decimals ("9655.") is an unfinished number: it has no value.
    const std::optional<std::int64_t> value =
        parseDecimal(withPoint(text).toStdString(), shownPriceScale(m_instrument));
    return value && *value > 0 ? value : std::nullopt;
}

QString PriceEdit::compose(std::int64_t raw) const
{
    QString text = priceText(Price(raw), m_instrument);
    return text.remove(QLatin1Char(','));
}

bool PriceEdit::mayStand(const QString &text) const
{
    const qsizetype mark = markPosition(text);
    if (mark < 0)
        return true;
    const QString decimals = text.mid(mark + 1);
    return markPosition(decimals) < 0 && decimals.size() <= shownPriceScale(m_instrument);
}

std::int64_t PriceEdit::stepped(std::optional<std::int64_t> from, int steps) const
{
    const TickTable &ticks = m_instrument.ticks;
    if (!from)
        return m_stepOrigin.value_or(m_instrument.reference).raw();
    Price price(*from);
    if (ticks.steps().empty())
        return price.raw();
    // From between two valid prices the first step goes to the next one in its direction.
    if (!ticks.isOnTick(price)) {
        price = steps > 0 ? ticks.ceilToTick(price) : ticks.floorToTick(price);
        steps += steps > 0 ? -1 : 1;
    }
    for (; steps > 0; --steps)
        price = ticks.up(price);
    for (; steps < 0; ++steps) {
        const Price lower = ticks.down(price);
        if (lower.raw() <= 0)
            break;
        price = lower;
    }
    return price.raw();
}

std::int64_t PriceEdit::onGrid(std::int64_t raw) const
{
    const TickTable &ticks = m_instrument.ticks;
    const Price price(raw);
    if (ticks.steps().empty() || ticks.isOnTick(price))
        return raw;
    const Price below = ticks.floorToTick(price);
    const Price above = ticks.ceilToTick(price);
    const bool nearerBelow = below.raw() > 0 && (price - below) <= (above - price);
    return (nearerBelow ? below : above).raw();
}

} // namespace khop::ui
