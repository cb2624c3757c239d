// SPDX-License-Identifier: GPL-3.0-or-later
// The rules and instruments in force, and how others take their place: at once while no account has
// anything open, else at the turn of the day.
#include "engine/engine.h"

#include <algorithm>

namespace khop {

/// What the new data must keep of the old: holdings name instruments and currencies by position.
Error Engine::checkKept(const MarketRules &rules, const std::vector<Instrument> &instruments) const
{
    const auto &currencies = m_exchange.rules().currencies;
    for (std::size_t i = 0; i < currencies.size(); ++i) {
        const bool kept = i < rules.currencies.size()
                          && rules.currencies[i].code == currencies[i].code
                          && rules.currencies[i].scale == currencies[i].scale;
        if (!kept)
            return {Code::CONFIGURATION_ERROR, "currencies[" + std::to_string(i) + "]",
                    i < rules.currencies.size() ? rules.currencies[i].code : "",
                    currencies[i].code + ", scale " + std::to_string(currencies[i].scale)};
    }
    for (std::size_t e = 0; e < rules.exchanges.size(); ++e) {
        const ExchangeRules &now = m_exchange.rules().exchanges[e];
        const ExchangeRules &then = rules.exchanges[e];
        if (then.currency != now.currency || then.everyDay != now.everyDay)
            return {Code::CONFIGURATION_ERROR, "exchanges." + std::string(name(now.exchange)),
                    then.currency, now.currency};
    }
    for (const Instrument &known : m_exchange.instruments()) {
        const bool kept = known.index < instruments.size()
                          && instruments[known.index].symbol == known.symbol
                          && instruments[known.index].currency == known.currency
                          && instruments[known.index].priceScale == known.priceScale
                          && instruments[known.index].quantityScale == known.quantityScale;
        if (!kept)
            return {Code::CONFIGURATION_ERROR, "instruments", known.symbol,
                    known.symbol + " in line " + std::to_string(known.index + 2)};
    }
    return {};
}

MarketTexts Engine::latestTexts() const
{
    if (m_pendingInstruments.empty())
        return {m_rulesText, m_instrumentsText, false};
    return {m_pendingRules, m_pendingInstruments, true};
}

Error Engine::run(const Configure &configure, CommandResult &)
{
    auto rules = parseMarketRules(configure.rules);
    if (!rules)
        return rules.error();
    auto instruments =
        parseInstruments(configure.instruments, rules->inForceOn(vietnamDate(m_now)));
    if (!instruments)
        return instruments.error();
    const bool first = !m_exchange.configured();
    if (!first) {
        if (Error error = checkKept(*rules, *instruments); error.code != Code::OK)
            return error;
    }
    for (const std::string *text : {&configure.rules, &configure.instruments})
        m_hash.addBytes(*text);
    m_pendingRules.clear();
    m_pendingInstruments.clear();
    if (!first && (!m_byId.empty() || !m_deals.open().empty())) {
        m_pendingRules = configure.rules;
        m_pendingInstruments = configure.instruments;
        return {};
    }
    adoptData(configure.rules, configure.instruments, std::move(*rules), std::move(*instruments));
    return {};
}

void Engine::adoptData(const std::string &rulesText, const std::string &instrumentsText,
                       MarketRules rules, std::vector<Instrument> instruments)
{
    if (!m_exchange.configured()) {
        m_exchange.configure(std::move(rules), std::move(instruments), m_now);
        m_clientOrderDay = vietnamDate(m_now);
        m_money.day = m_exchange.day(Exchange::HOSE);
    } else {
        const auto oldRules = parseMarketRules(m_rulesText);
        const auto before =
            parseInstruments(m_instrumentsText, oldRules->inForceOn(m_configuredOn));
        const auto results = accountResults();
        m_exchange.reconfigure(std::move(rules), std::move(instruments), *before);
        forgetRepricing(results);
    }
    m_rulesText = rulesText;
    m_instrumentsText = instrumentsText;
    m_configuredOn = vietnamDate(m_now);
    indexCurrencies();
    refreshFees();
    m_triggers.open(m_exchange.instruments().size());
    m_last.resize(m_exchange.instruments().size());
    m_bookTouched.assign(m_exchange.instruments().size(), false);
    m_participants.reset();
    if (m_participants.on())
        m_participants.set(true, m_participants.seed(), m_now);
    m_out->newDay = true;
    for (InstrumentIndex i = 0; i < m_exchange.instruments().size(); ++i)
        quoteChanged(i);
    emitTouched();
}

/// The day has turned: what came in while orders were open takes effect. It was checked then; what the
/// new day's rules make of its prices may still refuse it, and then the old data stays.
void Engine::adoptPendingData()
{
    m_dayTurned = false;
    if (m_pendingRules.empty())
        return;
    const std::string rulesText = std::exchange(m_pendingRules, {});
    const std::string instrumentsText = std::exchange(m_pendingInstruments, {});
    auto rules = parseMarketRules(rulesText);
    if (!rules)
        return;
    auto instruments = parseInstruments(instrumentsText, rules->inForceOn(vietnamDate(m_now)));
    if (!instruments || checkKept(*rules, *instruments).code != Code::OK)
        return;
    adoptData(rulesText, instrumentsText, std::move(*rules), std::move(*instruments));
}

} // namespace khop
