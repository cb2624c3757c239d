// SPDX-License-Identifier: GPL-3.0-or-later
// The one number style of the desktop, whatever the language: prices 25.50 (thousand dong; other
// currencies in their own unit), quantities 1,300, money 1,234,567. Plain forms go to files.
#pragma once

#include "base/integers.h"
#include "market/instrument.h"

#include <QString>

namespace khop::ui {

/// Decimals of the price as people write it: dong are quoted in thousands.
int shownPriceScale(const Instrument &instrument);
/// Decimals always shown; more only when the price needs them.
int leastPriceDecimals(const Instrument &instrument);

QString priceText(Price price, const Instrument &instrument);
QString quantityText(Quantity quantity, const Instrument &instrument);
QString moneyText(Money money, int scale);
/// +1.25 and -0.40, in the unit prices are shown in.
QString changeText(Price from, Price to, const Instrument &instrument);
/// +1.25 without the percent sign.
QString percentText(std::int64_t difference, std::int64_t base);
/// The same price in whole currency units, grouped: 25,500 for a price shown as 25.50.
QString currencyPriceText(Price price, const Instrument &instrument);

QString plainPrice(Price price, const Instrument &instrument);          // 25500
QString plainQuantity(Quantity quantity, const Instrument &instrument); // 1300
QString plainMoney(Money money, int scale);

} // namespace khop::ui
