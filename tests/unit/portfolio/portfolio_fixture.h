// SPDX-License-Identifier: GPL-3.0-or-later
// A portfolio with its history, in words; and random lives of one.
#pragma once

#include <QTest>

#include "base/mix.h"
#include "portfolio/equity_curve.h"
#include "portfolio/portfolio.h"
#include "portfolio/position_history.h"
#include "portfolio/valuation.h"

#include <memory>

namespace khop::test {

inline constexpr InstrumentIndex ssi = 0, fpt = 1, shs = 2, btc = 3;
inline constexpr std::uint16_t vnd = 0, usd = 1;

/// SSI and FPT on HOSE, SHS on HNX in dong; BTC with eight decimals of quantity in cents, at 25,000
/// dong a dollar.
inline std::shared_ptr<const PortfolioMarket> market()
{
    return std::make_shared<PortfolioMarket>(
        PortfolioMarket{{{"SSI", Exchange::HOSE, "Finance", vnd, 0},
                         {"FPT", Exchange::HOSE, "Technology", vnd, 0},
                         {"SHS", Exchange::HNX, "Finance", vnd, 0},
                         {"BTC", Exchange::SPOT, "", usd, 8}},
                        Conversions({{1, 1}, {250, 1}})});
}

inline PortfolioTrade trade(Side side, InstrumentIndex instrument, std::int64_t quantity,
                            std::int64_t price, std::int64_t fee, std::int64_t tax = 0)
{
    return {instrument, vnd,       side, Quantity(quantity), Price(price), Money(quantity * price),
            Money(fee), Money(tax)};
}
inline PortfolioTrade buy(InstrumentIndex instrument, std::int64_t quantity, std::int64_t price,
                          std::int64_t fee = 0)
{
    return trade(Side::Buy, instrument, quantity, price, fee);
}
inline PortfolioTrade sell(InstrumentIndex instrument, std::int64_t quantity, std::int64_t price,
                           std::int64_t fee = 0, std::int64_t tax = 0)
{
    return trade(Side::Sell, instrument, quantity, price, fee, tax);
}
inline PortfolioCash cash(PortfolioCash::Kind kind, std::int64_t amount,
                          InstrumentIndex instrument = noInstrument)
{
    return {kind, vnd, Money(amount), instrument};
}

struct Life {
    Portfolio portfolio;
    PositionHistory history;
    std::vector<PortfolioEvent> events;

    Result<void> on(Date day, const decltype(PortfolioEvent::body) &body)
    {
        const PortfolioEvent event{day, body};
        Result<void> applied = portfolio.apply(event);
        if (applied) {
            history.note(event, portfolio);
            events.push_back(event);
        }
        return applied;
    }
};

/// The statement of the worked example, on the days of November 2026.
inline Life workedStatement()
{
    using Kind = PortfolioCash::Kind;
    Life life;
    const auto on = [&](int day, const decltype(PortfolioEvent::body) &body) {
        if (!life.on(dateOf(2026, 11, day), body))
            qFatal("refused on day %d", day);
    };
    on(2, cash(Kind::Deposit, 100'000'000));
    on(2, buy(ssi, 1'000, 31'000, 46'500));
    on(5, sell(ssi, 500, 32'000, 24'000, 16'000));
    on(10, cash(Kind::Dividend, 500'000, ssi));
    on(10, cash(Kind::Tax, -25'000, ssi));
    on(16, PortfolioShareDividend{ssi, Quantity(50), dateOf(2026, 11, 11)});
    return life;
}

/// Weekdays.
inline std::vector<Date> tradingDays(Date from, Date to)
{
    std::vector<Date> days;
    for (Date day = from; day <= to; day = day + 1) {
        if (day.weekday() <= 5)
            days.push_back(day);
    }
    return days;
}

/// Random events over the days, of all kinds, some of them refused; closes that wander.
struct RandomLife {
    Life life;
    DailyCloses closes;
    std::vector<Date> days;

    explicit RandomLife(std::uint64_t seed, int length = 120) : m_random(seed)
    {
        days = tradingDays(dateOf(2025, 1, 6), dateOf(2025, 1, 6) + length);
        std::int64_t prices[] = {31'000, 105'500, 16'800, 6'500'000};
        for (const Date day : days) {
            for (const InstrumentIndex instrument : {ssi, fpt, shs, btc}) {
                std::int64_t &price = prices[instrument];
                price = std::max<std::int64_t>(price + price * (below(100) - 50) / 1'000, 100);
                if (below(10) > 0 && !closes.add(instrument, {day, Price(price)}))
                    qFatal("close refused");
            }
            for (std::int64_t count = below(5); count > 0; --count)
                (void)life.on(day, body(prices));
        }
    }
    std::int64_t below(std::uint64_t bound)
    {
        return static_cast<std::int64_t>(m_random.below(bound));
    }

private:
    decltype(PortfolioEvent::body) body(const std::int64_t *prices)
    {
        using Kind = PortfolioCash::Kind;
        const auto instrument = static_cast<InstrumentIndex>(below(4));
        const std::uint16_t currency = instrument == btc ? usd : vnd;
        const std::int64_t scale = instrument == btc ? 100'000'000 : 1;
        switch (below(10)) {
        case 0: return PortfolioCash{Kind::Deposit, currency, Money(1 + below(1U << 31))};
        case 1: return PortfolioCash{Kind::Withdraw, currency, Money(-1 - below(1U << 20))};
        case 2:
            return PortfolioCash{Kind::Dividend, currency, Money(1 + below(1U << 20)), instrument};
        case 3: return PortfolioCash{Kind::Tax, currency, Money(-1 - below(1U << 16)), instrument};
        case 4:
            return PortfolioTransfer{instrument, currency, Quantity(below(3'000) - 1'000),
                                     Money(below(1U << 24)), Price(prices[instrument])};
        case 5:
            if (below(3) == 0)
                return PortfolioShareDividend{instrument, Quantity(below(500)),
                                              life.portfolio.lastDay() + -5};
            return PortfolioRestatement{
                instrument, instrument != btc && below(4) == 0 ? InstrumentIndex{shs} : instrument,
                Quantity(1 + below(instrument == btc ? 1U << 30 : 5'000))};
        default: break;
        }
        const std::int64_t quantity = 1 + below(instrument == btc ? 1U << 27 : 2'000);
        const std::int64_t value = prices[instrument] * quantity / scale;
        return PortfolioTrade{instrument,
                              currency,
                              below(2) == 0 ? Side::Buy : Side::Sell,
                              Quantity(quantity),
                              Price(prices[instrument]),
                              Money(value),
                              Money(value * 15 / 10'000),
                              Money(below(2) * value / 1'000)};
    }
    SplitMix m_random;
};

} // namespace khop::test
