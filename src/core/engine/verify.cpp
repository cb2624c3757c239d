// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command_codec.h"
#include "engine/desk.h"

namespace khop {

Result<Verification> verifyDatabase(const QString &databaseFile, const QString &journalKeyFile,
                                    std::stop_token stop)
{
    auto store = Store::open(databaseFile, Store::Mode::ReadOnly, journalKeyFile);
    if (!store)
        return std::unexpected(store.error());
    Verification outcome;
    Engine engine;
    QByteArray previous;
    const auto off = [&outcome](const JournalGroup &group, std::string why) {
        outcome.badSequence = group.first;
        outcome.why = std::move(why);
        return false;
    };
    auto read = (*store)->readJournal(0, [&](const JournalGroup &group) {
        if (group.first != engine.sequence() + 1)
            return off(group, "a group is missing before this one");
        if (group.previous != previous)
            return off(group, "its previous hash is not the hash of the group before");
        const Seal seal = (*store)->keys().check(group);
        if (seal == Seal::KeyMissing)
            return off(group,
                       "its key " + std::to_string(group.key) + " is not in the file of keys");
        if (seal == Seal::Broken)
            return off(group, "its hash does not match its content, or is made with another key");
        CommittedGroup ignored;
        const bool whole = forEachCommand(
            group.commandBytes(), [&](const Command &command) { engine.apply(command, ignored); });
        (void)engine.takeNewClientOrders();
        if (!whole || engine.sequence() != group.last)
            return off(group, "its commands are not readable");
        if (engine.stateHash() != group.stateHash)
            return off(group, "replaying it gives another state hash");
        previous = group.hash;
        return !stop.stop_requested();
    });
    if (!read)
        return std::unexpected(read.error());
    outcome.sequence = engine.sequence();
    outcome.stateHash = engine.stateHash();
    if (!outcome.badSequence) {
        if (std::string broken = engine.checkInvariants(); !broken.empty()) {
            outcome.badSequence = engine.sequence();
            outcome.why = broken;
        }
    }
    return outcome;
}

} // namespace khop
