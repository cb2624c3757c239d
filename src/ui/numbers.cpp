// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/numbers.h"

#include "base/decimal.h"

#include <cstdlib>

namespace khop::ui {

namespace {

constexpr int thousandsScale = 3;

bool quotedInThousands(const Instrument &instrument) { return instrument.currency == "VND"; }

/// Cuts trailing zeros of the decimals, down to `least` of them.
std::string trimmed(std::string text, int least)
{
    const std::size_t mark = text.find('.');
    if (mark == std::string::npos)
        return text;
    const std::size_t shortest = least > 0 ? mark + 1 + static_cast<std::size_t>(least) : mark;
    while (text.size() > shortest && text.back() == '0')
        text.pop_back();
    if (text.back() == '.')
        text.pop_back();
    return text;
}

} // namespace

int shownPriceScale(const Instrument &instrument)
{
    return instrument.priceScale + (quotedInThousands(instrument) ? thousandsScale : 0);
}

int leastPriceDecimals(const Instrument &instrument)
{
    return std::min(2, shownPriceScale(instrument));
}

QString priceText(Price price, const Instrument &instrument)
{
    return QString::fromStdString(trimmed(formatGrouped(price.raw(), shownPriceScale(instrument)),
                                          leastPriceDecimals(instrument)));
}

QString quantityText(Quantity quantity, const Instrument &instrument)
{
    return QString::fromStdString(
        trimmed(formatGrouped(quantity.raw(), instrument.quantityScale), 0));
}

QString moneyText(Money money, int scale)
{
    return QString::fromStdString(formatGrouped(money.raw(), scale));
}

QString changeText(Price from, Price to, const Instrument &instrument)
{
    const Price change = to - from;
    const QString text = priceText(change, instrument);
    return change.raw() > 0 ? QLatin1Char('+') + text : text;
}

QString percentText(std::int64_t difference, std::int64_t base)
{
    if (base == 0)
        return {};
    const bool negative = (difference < 0) != (base < 0) && difference != 0;
    const QString text =
        QString::fromStdString(formatRatio(std::abs(difference) * 100, std::abs(base), 2));
    if (difference == 0)
        return text;
    return (negative ? QLatin1Char('-') : QLatin1Char('+')) + text;
}

QString currencyPriceText(Price price, const Instrument &instrument)
{
    return QString::fromStdString(formatGrouped(price.raw(), instrument.priceScale));
}

QString plainPrice(Price price, const Instrument &instrument)
{
    return QString::fromStdString(formatDecimal(price.raw(), instrument.priceScale));
}

QString plainQuantity(Quantity quantity, const Instrument &instrument)
{
    return QString::fromStdString(formatDecimal(quantity.raw(), instrument.quantityScale, true));
}

QString plainMoney(Money money, int scale)
{
    return QString::fromStdString(formatDecimal(money.raw(), scale));
}

} // namespace khop::ui
