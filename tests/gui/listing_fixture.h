// SPDX-License-Identifier: GPL-3.0-or-later
// The project's own market and instruments, as the models see them.
#pragma once

#include "market/defaults.h"
#include "ui/models/listing.h"

#include <QtGlobal>

#include <algorithm>
#include <memory>

namespace khop::ui {

inline Listing projectListing()
{
    auto rules = parseMarketRules(defaultMarketRulesText());
    if (!rules)
        qFatal("the market rules do not parse");
    auto instruments = parseInstruments(defaultInstrumentsText(), *rules);
    if (!instruments)
        qFatal("the instruments do not parse");
    return Listing(std::make_shared<const InstrumentList>(*std::move(instruments)),
                   std::make_shared<const MarketRules>(*std::move(rules)));
}

inline const Instrument &bySymbol(const Listing &listing, std::string_view symbol)
{
    const InstrumentList &all = listing.instruments();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [symbol](const Instrument &i) { return i.symbol == symbol; });
    if (found == all.end())
        qFatal("not listed: %.*s", static_cast<int>(symbol.size()), symbol.data());
    return *found;
}

} // namespace khop::ui
