// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_market.h"

#include "market/defaults.h"

namespace khop::bench {

std::expected<std::unique_ptr<CaseMarket>, std::string> CaseMarket::open(
    const CaseInstrument &instrument, Date day)
{
    std::string header = "symbol,exchange,name,ref";
    std::string row =
        "CASE," + instrument.exchange + ",Case," + std::to_string(instrument.reference);
    for (const auto &[column, value] : instrument.columns) {
        header += "," + column;
        row += "," + value;
    }
    auto market = std::make_unique<CaseMarket>();
    market->m_start = vietnamTime(day, 0);
    const CommandResult result = market->apply(
        Configure{defaultMarketRulesText(), header + "\n" + row + "\n"}, market->m_start);
    if (!result.ok()) {
        const Error &error = result.error;
        return std::unexpected("instrument: " + error.field + ": '" + error.value + "' instead of "
                               + error.bound);
    }
    return market;
}

AccountNo CaseMarket::openAccount()
{
    constexpr std::int64_t plenty = 1'000'000'000'000'000;
    const Uuid id = nextId();
    const Time now = m_engine.now();
    const AccountNo account = apply(OpenAccount{id, "case-" + std::to_string(m_ids)}, now).account;
    apply(EndowCash{account, m_engine.exchange().instrument(0).currency, Money(plenty)}, now);
    apply(EndowSecurities{account, 0, Quantity(1'000'000'000), Price(1)}, now);
    return account;
}

CommandResult CaseMarket::place(AccountNo account, const CaseOrder &order, Time time)
{
    PlaceOrder place;
    place.account = account;
    place.id = nextId();
    place.instrument = 0;
    place.side = order.side;
    place.type = order.type;
    place.quantity = order.quantity;
    place.price = order.price;
    return apply(std::move(place), time);
}

CommandResult CaseMarket::apply(CommandBody body, Time time)
{
    return m_engine.apply({time, std::move(body)}, m_happened);
}

} // namespace khop::bench
