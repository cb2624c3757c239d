// SPDX-License-Identifier: GPL-3.0-or-later
// Commands in their canonical binary form: what the journal holds and the hash chain covers.
#pragma once

#include "base/bytes.h"
#include "engine/command.h"

namespace khop {

void encodeCommand(ByteWriter &out, const Command &command);
/// Nothing when the bytes are no command; bounded by what is there.
std::optional<Command> decodeCommand(ByteReader &in);

} // namespace khop
