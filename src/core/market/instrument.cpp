// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/instrument.h"

#include <array>

namespace khop {

namespace {

constexpr std::array<std::string_view, exchangeCount> exchangeNames{"HOSE", "HNX", "UPCOM", "SPOT"};
constexpr std::array<std::string_view, 5> kindNames{"SHARE", "ETF", "FUND", "CW", "CRYPTO"};

template <class Enum, std::size_t n>
std::optional<Enum> find(const std::array<std::string_view, n> &names, std::string_view name)
{
    for (std::size_t i = 0; i < n; ++i) {
        if (names[i] == name)
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

} // namespace

std::string_view name(Exchange exchange)
{
    return exchangeNames[static_cast<std::size_t>(exchange)];
}
std::string_view name(InstrumentKind kind) { return kindNames[static_cast<std::size_t>(kind)]; }

std::optional<Exchange> exchangeFromName(std::string_view upperCaseName)
{
    return find<Exchange>(exchangeNames, upperCaseName);
}

std::optional<InstrumentKind> instrumentKindFromName(std::string_view upperCaseName)
{
    return find<InstrumentKind>(kindNames, upperCaseName);
}

} // namespace khop
