// SPDX-License-Identifier: GPL-3.0-or-later
// What the models need to know of instruments and currencies to write a row.
#pragma once

#include "engine/trading_service.h"

#include <memory>

namespace khop::ui {

class Listing
{
public:
    Listing() = default;
    Listing(std::shared_ptr<const InstrumentList> instruments,
            std::shared_ptr<const MarketRules> rules)
        : m_instruments(std::move(instruments))
        , m_rules(std::move(rules))
    {}

    /// A blank instrument for an index that is not listed.
    const Instrument &instrument(InstrumentIndex index) const
    {
        static const Instrument unknown;
        return m_instruments && index < m_instruments->size() ? (*m_instruments)[index] : unknown;
    }
    const InstrumentList &instruments() const
    {
        static const InstrumentList none;
        return m_instruments ? *m_instruments : none;
    }
    const MarketRules *rules() const { return m_rules.get(); }
    int currencyScale(std::string_view currency) const
    {
        // A blank row may name no currency; the rules know only their own.
        if (m_rules) {
            for (const Currency &known : m_rules->currencies) {
                if (known.code == currency)
                    return known.scale;
            }
        }
        return 0;
    }
    int moneyScale(InstrumentIndex index) const
    {
        return currencyScale(instrument(index).currency);
    }

private:
    std::shared_ptr<const InstrumentList> m_instruments;
    std::shared_ptr<const MarketRules> m_rules;
};

} // namespace khop::ui
