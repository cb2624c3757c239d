// SPDX-License-Identifier: GPL-3.0-or-later
// Commands in their canonical binary form: what the journal holds and the hash chain covers.
#pragma once

#include "base/bytes.h"
#include "engine/command.h"

namespace khop {

void encodeCommand(ByteWriter &out, const Command &command);
/// Nothing when the bytes are no command; bounded by what is there.
std::optional<Command> decodeCommand(ByteReader &in);

/// Hands on the commands of a journal group in order; false when the bytes are not all commands.
template <class Visit>
bool forEachCommand(std::string_view bytes, Visit visit)
{
    ByteReader in(bytes);
    while (in.ok() && !in.atEnd()) {
        const std::optional<Command> command = decodeCommand(in);
        if (!command)
            break;
        visit(*command);
    }
    return in.ok() && in.atEnd();
}

} // namespace khop
