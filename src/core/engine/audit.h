// SPDX-License-Identifier: GPL-3.0-or-later
// The journal as evidence: what it says, and whether it is whole.
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

/// One command of a group.
struct AuditCommand {
    std::uint64_t sequence = 0;
    Time time;
    std::string_view kind; // "PlaceOrder"; ever the same for the same kind
    AccountNo account = 0; // 0: none
    std::optional<Uuid> order;
};

/// A group of commands that became durable together, with the hashes that chain it.
struct AuditEntry {
    std::uint64_t first = 0, last = 0;
    Time time;
    std::string previous, hash; // raw bytes; previous is empty in the first group
    std::uint32_t key = 0;      // of the journal's keys, that the hash is made with; 0: none
    std::uint64_t stateHash = 0;
    std::vector<AuditCommand> commands;
};

/// The groups that hold command `from` and later ones, oldest first, at most `most` of them.
Result<std::vector<AuditEntry>> readAudit(const QString &databaseFile, std::uint64_t from,
                                          std::size_t most);

/// Replays the whole journal of a database: the chain of hashes and the state hash at every group.
struct Verification {
    std::uint64_t sequence = 0;
    std::uint64_t stateHash = 0;
    std::optional<std::uint64_t> badSequence; // first group that is off
    std::string why;
};
/// Stops early, with what it has seen, when asked to. Without `journalKeyFile` the keys are beside the database.
Result<Verification> verifyDatabase(const QString &databaseFile, const QString &journalKeyFile = {},
                                    std::stop_token stop = {});

} // namespace khop
