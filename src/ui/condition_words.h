// SPDX-License-Identifier: GPL-3.0-or-later
// Conditions in the words of the screen.
#pragma once

#include "engine/records.h"
#include "market/instrument.h"

#include <QString>

namespace khop::ui {

QString conditionTypeText(ConditionType type); // Stop, Take-profit, …
/// "Stop ≤ 30.50 → 30.40": its triggers and limits, for an order of this side. Of BRACKET those of its
/// legs, which stand on the other side.
QString conditionText(const Condition &condition, Side side, const Instrument &instrument);
/// The status of an order; QUEUED tells whether it waits for its trigger or for its session.
QString orderStatusText(const OrderRecord &order);

} // namespace khop::ui
