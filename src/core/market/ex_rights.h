// SPDX-License-Identifier: GPL-3.0-or-later
// What an ex-rights date does to the reference price and the band of a share.
#pragma once

#include "base/integers.h"
#include "market/tick_table.h"

#include <cstdint>
#include <optional>

namespace khop {

/// What holders on the day before get, per share held. Ratios are new shares per share in millionths
/// (20 % = 200,000).
struct ExRights {
    Price cashDividend;
    std::int64_t bonusRatio = 0; // stock dividends and bonus shares, free
    std::int64_t rightsRatio = 0;
    Price issuePrice;          // of the shares bought by right
    bool fromTreasury = false; // bonus or dividend in treasury shares: the wide band for the day
    /// Of a split or reverse split: new shares, in millionths, in the place of splitPer old ones. 0: none
    std::int64_t splitRatio = 0;
    std::int64_t splitPer = 1;
    bool operator==(const ExRights &) const = default;
};

inline constexpr std::int64_t highestRatio = 1'000'000'000; // 1,000 new shares for one
inline constexpr std::int64_t highestPer = 1'000'000;

/// (close + issue price x rights ratio - cash dividend) / (1 + bonus ratio + rights ratio), divided by what
/// a split makes of one share, rounded to the nearest tick of the result, half up. Nothing when no tradable
/// price is left: a cash dividend of the price or more; then the close stays the reference and the band is
/// the wide one. A split leaves one tick at least.
std::optional<Price> exRightsReference(Price close, const ExRights &rights, const TickTable &ticks);

} // namespace khop
