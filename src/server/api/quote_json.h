// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/records.h"
#include "market/instrument.h"
#include "server/api/market_view.h"
#include "server/json/writer.h"

namespace khop::server {

/// An instrument's day so far, as fields of an object that is open.
void writeQuote(JsonWriter &json, const Quote &quote, const Instrument &instrument,
                const MarketView &market);

} // namespace khop::server
