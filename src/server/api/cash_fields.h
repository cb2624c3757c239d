// SPDX-License-Identifier: GPL-3.0-or-later
// An amount of money as clients write it.
#pragma once

#include "base/integers.h"
#include "server/api/body.h"
#include "server/api/market_view.h"

#include <string>

namespace khop::server {

struct CashAmount {
    std::string currency;
    Money amount;
};
/// "amount" above 0, and "currency" (VND where it is not named); mistakes are noted in the body.
CashAmount readCash(Body &body, const MarketView &market);

} // namespace khop::server
