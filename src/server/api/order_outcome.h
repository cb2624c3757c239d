// SPDX-License-Identifier: GPL-3.0-or-later
// What became of an order that a client entered, changed or cancelled, before it is put into the words of
// REST or of a stream.
#pragma once

#include "base/result.h"
#include "engine/records.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace khop::server {

struct OrderOutcome {
    enum class Kind : std::uint8_t {
        Refused,
        Accepted,
        Duplicate, // the same client order id and body came before
        Amended,
        Cancelled,
        AlreadyCancelled
    };
    Kind kind = Kind::Refused;
    std::optional<OrderRecord> order; // as it stands now; not of Refused
    std::vector<Error> errors;        // Refused: one or more
    bool ofFields = false; // the errors are fields that do not read; else there is one error
    std::string hint;      // one more sentence for the client, in its language

    static OrderOutcome done(Kind kind, OrderRecord order)
    {
        return {kind, std::move(order), {}, false, {}};
    }
    static OrderOutcome refused(Error error, std::string hint = {})
    {
        return {Kind::Refused, std::nullopt, {std::move(error)}, false, std::move(hint)};
    }
    static OrderOutcome misread(std::vector<Error> errors)
    {
        return {Kind::Refused, std::nullopt, std::move(errors), true, {}};
    }
};

} // namespace khop::server
