// SPDX-License-Identifier: GPL-3.0-or-later
// Errors are values. The sentence in Vietnamese or English is made at the edge (sentences.h).
#pragma once

#include "base/codes.h"

#include <expected>
#include <string>

namespace khop {

/// What was refused: the rule (code), the field that broke it, the value that was given and the
/// bound it must satisfy, both already as text in the units the caller used ("54400", "54300").
struct Error {
    Code code = Code::OK;
    std::string field = {};
    std::string value = {};
    std::string bound = {};

    bool operator==(const Error &) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> refuse(Code code, std::string field = {}, std::string value = {},
                                     std::string bound = {})
{
    return std::unexpected(Error{code, std::move(field), std::move(value), std::move(bound)});
}

} // namespace khop
