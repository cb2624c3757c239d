// SPDX-License-Identifier: GPL-3.0-or-later
// What the API needs to turn numbers into text and back: the instruments and rules in force, and who
// an account belongs to. One per HTTP thread, refreshed when a day begins.
#pragma once

#include "engine/trading_service.h"
#include "server/auth/identity.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace khop::server {

struct AccountView {
    AccountNo no = 0;
    Uuid id;
    std::string idText;
    std::string username;
    std::string userId;
};

class MarketView
{
public:
    MarketView(const TradingService &service, const Identity &identity)
        : m_service(service)
        , m_identity(identity)
    {
        refresh();
    }

    void refresh();

    const InstrumentList &instruments() const { return *m_instruments; }
    const MarketRules &rules() const { return *m_rules; }
    const Instrument *instrument(InstrumentIndex index) const;
    const Instrument *find(std::string_view symbol) const; // any case
    const AccountView &account(AccountNo no) const;

    std::string price(const Instrument &instrument, Price price) const;
    /// The last of the day, else the reference.
    Price lastPrice(const Instrument &instrument) const;
    std::string quantity(const Instrument &instrument, Quantity quantity) const;
    std::string money(std::string_view currency, Money money) const;
    /// price x quantity in the instrument's currency; nothing when it does not fit.
    std::optional<Money> value(const Instrument &instrument, Price price, Quantity quantity) const;
    /// value / quantity with two decimals more than the currency, if it needs them.
    std::string average(const Instrument &instrument, Money value, Quantity quantity) const;

private:
    const TradingService &m_service;
    const Identity &m_identity;
    std::shared_ptr<const InstrumentList> m_instruments;
    std::shared_ptr<const MarketRules> m_rules;
    mutable std::unordered_map<AccountNo, AccountView> m_accounts;
};

std::string upperCase(std::string_view text);

} // namespace khop::server
