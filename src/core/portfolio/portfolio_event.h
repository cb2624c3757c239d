// SPDX-License-Identifier: GPL-3.0-or-later
// What changes a portfolio: trades, cash, and what corporate actions and transfers do to holdings. A
// ledger, a journal or a broker's statement is told in these words.
//
// Everything counts on its day, trades on the day they are made: cash and securities on their way are
// owned already.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"
#include "orders/order_terms.h"

#include <cstdint>
#include <optional>
#include <variant>

namespace khop {

struct PortfolioTrade {
    InstrumentIndex instrument = noInstrument;
    std::uint16_t currency = 0; // index into MarketRules::currencies
    Side side = Side::Buy;
    Quantity quantity;
    Price price; // the mark until there is a close
    Money value; // without costs
    Money fee;
    Money tax;
};

/// Cash that comes (amount above 0) or goes without a trade.
struct PortfolioCash {
    enum class Kind : std::uint8_t {
        Deposit,   // comes; from outside
        Withdraw,  // goes; to the outside
        Dividend,  // comes; before tax
        Interest,  // comes or goes
        Charge,    // goes: custody, advances
        Tax,       // goes: on a dividend, with its instrument, or on something else
        Exchange,  // between two currencies: one of two
        Adjustment // comes or goes; counts as from and to the outside
    };
    Kind kind = Kind::Deposit;
    std::uint16_t currency = 0;
    Money amount;
    InstrumentIndex instrument = noInstrument; // whose dividend or tax it is
};

/// Securities that come (quantity above 0) or go without a trade. What comes has the costs given; what
/// goes takes the oldest lots along, and nothing is realized.
struct PortfolioTransfer {
    InstrumentIndex instrument = noInstrument;
    std::uint16_t currency = 0;
    Quantity quantity;
    Money cost;
    Price price; // the mark until there is a close
};

/// Shares of a stock dividend or bonus, which are no flow from outside. Those held from before the ex-date
/// share their costs with them; where none is left they are a lot that cost nothing.
struct PortfolioShareDividend {
    InstrumentIndex instrument = noInstrument;
    Quantity quantity;          // that comes
    std::optional<Date> exDate; // nothing: the day on which they come
};

/// A holding becomes another quantity of the same security (split) or of another (merger, new symbol). The
/// costs stay with it; cash for fractions is a dividend.
struct PortfolioRestatement {
    InstrumentIndex instrument = noInstrument;
    InstrumentIndex into = noInstrument;
    Quantity quantity; // of `into`, for all that is owned of `instrument`
};

struct PortfolioEvent {
    Date day;
    std::variant<PortfolioTrade, PortfolioCash, PortfolioTransfer, PortfolioShareDividend,
                 PortfolioRestatement>
        body;
};

/// Whether such cash crosses the portfolio's border, and so is no gain or loss of it.
constexpr bool isExternal(PortfolioCash::Kind kind)
{
    return kind == PortfolioCash::Kind::Deposit || kind == PortfolioCash::Kind::Withdraw
           || kind == PortfolioCash::Kind::Adjustment;
}

} // namespace khop
