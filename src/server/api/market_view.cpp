// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/market_view.h"

#include "base/decimal.h"
#include "base/wide.h"

namespace khop::server {

std::string upperCase(std::string_view text)
{
    std::string upper(text);
    for (char &c : upper) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 32);
    }
    return upper;
}

void MarketView::refresh()
{
    m_instruments = m_service.instruments();
    m_rules = m_service.rules();
}

const Instrument *MarketView::instrument(InstrumentIndex index) const
{
    return index < m_instruments->size() ? &(*m_instruments)[index] : nullptr;
}

const Instrument *MarketView::find(std::string_view symbol) const
{
    if (symbol.empty() || symbol.size() > 32)
        return nullptr;
    const std::optional<InstrumentIndex> index = m_service.findInstrument(upperCase(symbol));
    return index ? instrument(*index) : nullptr;
}

const AccountView &MarketView::account(AccountNo no) const
{
    const auto found = m_accounts.find(no);
    if (found != m_accounts.end())
        return found->second;
    AccountView view;
    view.no = no;
    if (const std::optional<AccountInfo> info = m_service.account(no)) {
        view.id = info->id;
        view.idText = info->id.text();
        view.username = info->name;
        if (const std::optional<User> user = m_identity.userByAccount(info->id)) {
            view.username = user->username;
            view.userId = user->id.text();
        }
    }
    return m_accounts.emplace(no, std::move(view)).first->second;
}

std::string MarketView::price(const Instrument &instrument, Price price) const
{
    return formatDecimal(price.raw(), instrument.priceScale);
}

Price MarketView::lastPrice(const Instrument &instrument) const
{
    return m_service.quote(instrument.index).last.value_or(instrument.reference);
}

std::string MarketView::quantity(const Instrument &instrument, Quantity quantity) const
{
    return formatDecimal(quantity.raw(), instrument.quantityScale, true);
}

std::string MarketView::money(std::string_view currency, Money money) const
{
    return formatDecimal(money.raw(), m_rules->currencyScale(currency));
}

std::optional<Money> MarketView::value(const Instrument &instrument, Price price,
                                       Quantity quantity) const
{
    const int surplus = instrument.priceScale + instrument.quantityScale
                        - m_rules->currencyScale(instrument.currency);
    if (price.raw() < 0 || quantity.raw() < 0)
        return std::nullopt;
    const std::optional<std::int64_t> raw =
        surplus >= 0
            ? mulDiv(price.raw(), quantity.raw(), powerOfTen(surplus), Rounding::HalfUp)
            : mulDiv(price.raw() * powerOfTen(-surplus), quantity.raw(), 1, Rounding::HalfUp);
    return raw ? std::optional(Money(*raw)) : std::nullopt;
}

std::string MarketView::average(const Instrument &instrument, Money value, Quantity quantity) const
{
    const int scale = m_rules->currencyScale(instrument.currency);
    if (quantity.raw() <= 0)
        return formatDecimal(0, scale);
    const std::optional<std::int64_t> raw = mulDiv(
        value.raw(), powerOfTen(instrument.quantityScale + 2), quantity.raw(), Rounding::HalfUp);
    if (!raw)
        return formatDecimal(0, scale);
    return *raw % 100 == 0 ? formatDecimal(*raw / 100, scale)
                           : formatDecimal(*raw, scale + 2, true);
}

} // namespace khop::server
