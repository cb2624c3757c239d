// SPDX-License-Identifier: GPL-3.0-or-later
// What a portfolio would be worth after trades that were not made and at prices that are not there.
#pragma once

#include "market/rules.h"
#include "portfolio/valuation.h"

#include <vector>

namespace khop {

struct WhatIfTrade {
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    Quantity quantity;
    Price price;
    Rates rates; // of fee and tax
};

struct WhatIfPrice {
    InstrumentIndex instrument = noInstrument;
    Price price;
};

struct WhatIf {
    std::vector<WhatIfTrade> trades; // made today, in order, at most 1,000
    std::int64_t allPrices = 0;      // every price changes by that many parts per million …
    std::vector<WhatIfPrice> prices; // … but these are given
};

struct WhatIfOutcome {
    Portfolio portfolio;
    Valuation valuation;
};

/// The portfolio and its valuation with all of it. Cash may fall below 0: whether an order would be
/// taken is another question. The errors of Portfolio::apply() and Valuation::of(), with
/// "trades[2].quantity" and the like as the field; INVALID_PRICE.
Result<WhatIfOutcome> whatIf(const Portfolio &portfolio, const Valuation &now, const WhatIf &what);

} // namespace khop
