// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/portfolio_json.h"

#include "base/decimal.h"
#include "server/api/records_json.h"

#include <array>

namespace khop::server {

namespace {

void writeLots(JsonWriter &json, const Portfolio::Holding &holding, const Valuation &valuation,
               const Instrument &instrument, const MarketView &market)
{
    const std::string &currency = instrument.currency;
    json.key("lots").beginArray();
    for (const Lot &lot : holding.lots.lots()) {
        json.beginObject()
            .field("since", isoDate(lot.since))
            .field("quantity", market.quantity(instrument, lot.quantity))
            .field("cost_basis", market.money(currency, lot.cost.total))
            .field("average_price", market.average(instrument, lot.cost.total, lot.quantity))
            .endObject();
    }
    json.endArray();
    const Valuation::Position *const valued = valuation.find(instrument.index);
    json.field("cost_basis_fifo", market.money(currency, holding.lots.lotCost().total))
        .field("realized_pnl_fifo", market.money(currency, holding.figures.byLots.afterCosts))
        .field("unrealized_pnl_fifo",
               market.money(currency, valued ? valued->unrealizedByLots.afterCosts : Money{}));
}

} // namespace

std::string percentText(Ratio ratio) { return formatDecimal(ratio.raw(), 4, true); }

std::optional<std::string> percentText(const std::optional<Ratio> &ratio)
{
    return ratio ? std::optional(percentText(*ratio)) : std::nullopt;
}

const std::string &baseCurrencyOf(const MarketView &market)
{
    const MarketRules &rules = market.rules();
    return rules.currencies[rules.fx.base].code;
}

std::string baseMoney(const MarketView &market, Money money)
{
    return market.money(baseCurrencyOf(market), money);
}

void writePosition(JsonWriter &json, const Position &position, const PortfolioAnswer &portfolio,
                   const MarketView &market, bool lots)
{
    const Instrument *instrument = market.instrument(position.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const Valuation &valuation = portfolio.valuation;
    const Valuation::Position *const valued = valuation.find(position.instrument);
    const Portfolio::Holding *const holding = portfolio.past->portfolio.find(position.instrument);
    static const Portfolio::Figures none;
    const Portfolio::Figures &figures = holding ? holding->figures : none;
    const Price price =
        valued ? valued->price : market.lastPrice(*instrument); // no trade today, nothing left
    const Money worth = market.value(*instrument, price, position.quantity).value_or(Money{});
    const std::string &currency = instrument->currency;
    const auto base = valued
                          ? valuation.market()->conversions.toBase(
                                valuation.market()->listings[position.instrument].currency, worth)
                          : std::nullopt;
    json.beginObject();
    writeHolding(json, position, *instrument, market);
    json.field("taxable", market.quantity(*instrument, position.taxable))
        .field("average_price", market.average(*instrument, position.costBasis, position.quantity))
        .field("cost_basis", market.money(currency, position.costBasis))
        .field("market_price", market.price(*instrument, price))
        .field("market_value", market.money(currency, worth))
        .field("unrealized_pnl", market.money(currency, worth - position.costBasis))
        .field("realized_pnl", market.money(currency, position.realizedPnl))
        .field("daily_pnl", market.money(currency, valued ? valued->daily : Money{}))
        .field("unrealized_pnl_before_costs",
               market.money(currency, valued ? valued->unrealized.beforeCosts : Money{}))
        .field("realized_pnl_before_costs", market.money(currency, figures.byAverage.beforeCosts))
        .field("fees", market.money(currency, figures.fees))
        .field("taxes", market.money(currency, figures.taxes))
        .field("dividends", market.money(currency, figures.dividends))
        .optionalField(
            "weight_percent",
            percentText(base ? ratioOf(*base, valuation.totals().marketValue) : std::nullopt))
        .field("last_updated", isoTime(position.updatedAt));
    if (lots && holding)
        writeLots(json, *holding, valuation, *instrument, market);
    json.endObject();
}

void writeValuedPosition(JsonWriter &json, const Valuation::Position &position,
                         const Valuation &valuation, const MarketView &market)
{
    const Instrument *instrument = market.instrument(position.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const std::string &currency = instrument->currency;
    const auto base = valuation.market()->conversions.toBase(
        valuation.market()->listings[position.instrument].currency, position.marketValue);
    json.beginObject()
        .field("symbol", instrument->symbol)
        .field("asset_id", instrument->symbol)
        .field("currency", currency)
        .field("quantity", market.quantity(*instrument, position.quantity))
        .field("average_price",
               market.average(*instrument, position.averageCost.total, position.quantity))
        .field("cost_basis", market.money(currency, position.averageCost.total))
        .field("market_price", market.price(*instrument, position.price))
        .field("market_value", market.money(currency, position.marketValue))
        .field("unrealized_pnl", market.money(currency, position.unrealized.afterCosts))
        .field("daily_pnl", market.money(currency, position.daily))
        .optionalField(
            "weight_percent",
            percentText(base ? ratioOf(*base, valuation.totals().marketValue) : std::nullopt))
        .endObject();
}

void writeTotals(JsonWriter &json, const Valuation::Totals &totals, const MarketView &market)
{
    const auto money = [&](Money amount) { return baseMoney(market, amount); };
    json.field("base_currency", baseCurrencyOf(market))
        .field("total_market_value", money(totals.marketValue))
        .field("total_cost_basis", money(totals.costBasis))
        .field("receivable", money(totals.receivable))
        .field("total_portfolio_value", money(totals.equity()))
        .field("unrealized_pnl", money(totals.unrealized.afterCosts))
        .field("realized_pnl", money(totals.realized.afterCosts))
        .field("unrealized_pnl_before_costs", money(totals.unrealized.beforeCosts))
        .field("realized_pnl_before_costs", money(totals.realized.beforeCosts))
        .field("daily_pnl", money(totals.daily))
        .field("dividends", money(totals.dividends))
        .field("fees", money(totals.fees))
        .field("taxes", money(totals.taxes))
        .field("net_invested", money(totals.invested))
        .optionalField("total_return_percent", percentText(totals.totalReturn()))
        .numberField("position_count", totals.positions);
}

void writeAllocation(JsonWriter &json, const Valuation &valuation, const MarketView &market)
{
    using By = Valuation::By;
    json.key("allocation").beginObject();
    for (const auto &[title, by] : {std::pair("by_symbol", By::Symbol),
                                    {"by_exchange", By::Exchange},
                                    {"by_sector", By::Sector}}) {
        json.key(title).beginArray();
        for (const Valuation::Slice &slice : valuation.allocation(by)) {
            json.beginObject()
                .field("name", slice.name)
                .field("market_value", baseMoney(market, slice.value))
                .field("percent", percentText(slice.share))
                .endObject();
        }
        json.endArray();
    }
    json.endObject();
}

void writePerformance(JsonWriter &json, const Performance &performance, Period period,
                      std::span<const EquityPoint> curve, const MarketView &market)
{
    const auto money = [&](Money amount) { return baseMoney(market, amount); };
    json.field("base_currency", baseCurrencyOf(market))
        .field("period", name(period))
        .field("from", isoDate(performance.from))
        .field("to", isoDate(performance.to))
        .field("start_value", money(performance.startEquity))
        .field("end_value", money(performance.endEquity))
        .field("inflow", money(performance.inflow))
        .field("outflow", money(performance.outflow))
        .field("gain", money(performance.gain))
        .optionalField("time_weighted_return_percent", percentText(performance.timeWeighted))
        .optionalField("xirr_percent", percentText(performance.moneyWeighted));
    if (performance.drawdown) {
        const Drawdown &drawdown = *performance.drawdown;
        json.key("drawdown")
            .beginObject()
            .field("percent", percentText(drawdown.depth))
            .field("peak", isoDate(drawdown.peak))
            .field("trough", isoDate(drawdown.trough))
            .optionalField("recovered", drawdown.recovered
                                            ? std::optional(isoDate(*drawdown.recovered))
                                            : std::nullopt)
            .endObject();
    } else {
        json.nullField("drawdown");
    }
    json.key("equity_curve").beginArray();
    for (const EquityPoint &point : curve) {
        if (point.day < performance.from)
            continue;
        json.beginObject()
            .field("date", isoDate(point.day))
            .field("market_value", money(point.holdings))
            .field("cash", money(point.cash))
            .field("equity", money(point.equity()))
            .field("inflow", money(point.inflow))
            .field("outflow", money(point.outflow))
            .endObject();
    }
    json.endArray();
}

} // namespace khop::server
