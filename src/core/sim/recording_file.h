// SPDX-License-Identifier: GPL-3.0-or-later
// The frames of a recording's file (docs/RECORDINGS.md): a type, a length, the payload, and a hash over
// the hash before, the type and the payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace khop {

inline constexpr std::string_view recordingMagic = "KHOPREC1"; // the last character: version
inline constexpr char headerFrame = 'H';
inline constexpr char openingFrame = 'O';
inline constexpr char eventsFrame = 'E';
inline constexpr char endFrame = 'Z';
inline constexpr std::size_t frameHashSize = 16;
inline constexpr std::uint64_t ordersRecording = 0; // the kind in the header; 1 is kept for quotes
inline constexpr std::size_t largestFrame = 80 << 20;

/// The first 16 bytes of SHA-256.
std::string frameHash(std::string_view before, char type, std::string_view payload);

} // namespace khop
