// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/codes.h"

#include <array>

namespace khop {

namespace {

constexpr std::array names{
#define KHOP_CODE(name) std::string_view(#name),
    KHOP_CODES(KHOP_CODE)
#undef KHOP_CODE
};

} // namespace

std::string_view codeName(Code code) { return names[static_cast<std::size_t>(code)]; }

std::optional<Code> codeFromName(std::string_view name)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name)
            return static_cast<Code>(i);
    }
    return std::nullopt;
}

} // namespace khop
