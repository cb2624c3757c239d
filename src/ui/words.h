// SPDX-License-Identifier: GPL-3.0-or-later
// The words of the market in the language of the screen.
#pragma once

#include "base/time.h"
#include "market/rules.h"
#include "orders/order_terms.h"
#include "ui/theme.h"

#include <QString>

namespace khop::ui {

QString sideText(Side side);
QString orderTypeText(OrderType type); ///< Limit order (LO)
QString orderTypeCode(OrderType type); ///< LO
QString statusText(OrderStatus status);
QString phaseText(Phase phase);          ///< Continuous session
QString phaseShort(Phase phase);         ///< Continuous
QString exchangeText(Exchange exchange); ///< HOSE, HNX, UPCoM, SPOT

Tone sideTone(Side side);
Tone statusTone(OrderStatus status);

QString timeOfDayText(Time time);                ///< 09:15:02 in Vietnam
QString dateText(Date date);                     ///< 20/11/2026
QString durationText(std::int64_t milliseconds); ///< 1:02:03, 04:59

} // namespace khop::ui
