// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's rows and the keys of its chain. A group's hash covers the one before it and is an HMAC, whose key is in
// a file outside the database: who can write the database alone cannot write a journal that verifies. Groups from
// before there was a key have a plain SHA-256; the file says from which command on each key is used, so that none can
// be passed off as older. What is cut off at the end cannot be seen from the rest: compare the last sequence with one
// that was noted elsewhere.
#pragma once

#include "base/result.h"
#include "base/sha256.h"
#include "base/time.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace khop {

struct JournalGroup {
    std::uint64_t first = 0, last = 0; // command sequence
    Time time;
    QByteArray commands;
    std::string_view commandBytes() const
    {
        return {commands.constData(), static_cast<std::size_t>(commands.size())};
    }
    std::uint64_t stateHash = 0; // after the group
    QByteArray previous;         // hash of the group before; empty for the first
    std::uint32_t key = 0;       // that the hash is made with; 0: none
    QByteArray hash;             // over previous, first, last, time, state hash, key, commands
};

/// What a hash says of what it covers.
enum class Seal { Whole, Broken, KeyMissing };

/// The file has a line per key: its number, the first command it is used for ("-" until a desk starts with it), and
/// 64 hexadecimal digits.
class JournalKeys
{
public:
    /// Beside the database.
    static QString fileOf(const QString &databaseFile);
    /// None when there is no file. CONFIGURATION_ERROR names the file and the line that is not a key.
    static Result<JournalKeys> read(const QString &file);

    /// Before a desk goes on after that group: makes the first key, and puts those that wait into use. CONFIGURATION_ERROR
    /// when the file lacks the key of the last group and no new one waits either.
    Result<void> start(const JournalGroup &last);
    /// Makes a key that is used from the next start on; its number.
    Result<std::uint32_t> rotate();

    /// Sets the key and the hash that the group must have.
    void seal(JournalGroup &group) const;
    Seal check(const JournalGroup &group) const;
    /// Of a snapshot taken after that command.
    QByteArray sealOf(const QByteArray &snapshot, std::uint64_t sequence) const;

    struct Key {
        std::uint32_t number = 0;
        std::optional<std::uint64_t> from; // command; nothing: waits for a start
        QByteArray hex;
        HmacKey hmac;
    };
    const std::vector<Key> &all() const { return m_keys; }

private:
    const Key *inForce(std::uint64_t sequence) const;
    Result<void> add(std::uint32_t number, std::optional<std::uint64_t> from);
    Result<void> write() const;

    QString m_file;
    std::vector<Key> m_keys; // by number
};

} // namespace khop
