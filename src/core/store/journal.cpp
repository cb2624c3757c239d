// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal.h"

#include "base/private_file.h"

#include <QFile>
#include <QRandomGenerator>
#include <QtEndian>

#include <algorithm>
#include <array>

namespace khop {

namespace {

constexpr qsizetype keyBytes = 32;

void appendNumber(QByteArray &bytes, std::uint64_t value)
{
    const auto big = qToBigEndian(value);
    bytes.append(reinterpret_cast<const char *>(&big), sizeof big);
}

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

QByteArray bytesOfDigest(const Digest &digest)
{
    return {reinterpret_cast<const char *>(digest.data()), static_cast<qsizetype>(digest.size())};
}

QByteArray hashOf(const JournalGroup &group, const JournalKeys::Key *key)
{
    QByteArray head;
    head.reserve(80);
    head.append(group.previous);
    appendNumber(head, group.first);
    appendNumber(head, group.last);
    appendNumber(head, static_cast<std::uint64_t>(group.time.ms));
    appendNumber(head, group.stateHash);
    if (key == nullptr)
        return bytesOfDigest(sha256({view(head), group.commandBytes()}));
    appendNumber(head, key->number);
    return bytesOfDigest(key->hmac.of({view(head), group.commandBytes()}));
}

std::optional<JournalKeys::Key> keyOf(const QByteArray &line)
{
    const QList<QByteArray> words = line.simplified().split(' ');
    if (words.size() != 3)
        return std::nullopt;
    JournalKeys::Key key;
    bool number = false, from = words[1] == "-";
    key.number = words[0].toUInt(&number);
    if (!from)
        key.from = words[1].toULongLong(&from);
    key.hex = words[2];
    const QByteArray secret = QByteArray::fromHex(key.hex);
    if (!number || !from || key.number == 0 || secret.size() != keyBytes
        || secret.toHex() != key.hex)
        return std::nullopt;
    key.hmac = HmacKey(view(secret));
    return key;
}

} // namespace

QString JournalKeys::fileOf(const QString &databaseFile)
{
    return databaseFile + QStringLiteral(".keys");
}

Result<JournalKeys> JournalKeys::read(const QString &file)
{
    JournalKeys keys;
    keys.m_file = file;
    if (!QFile::exists(file))
        return keys;
    const auto content = readPrivately(file);
    if (!content)
        return std::unexpected(content.error());
    int line = 0;
    for (const QByteArray &text : content->split('\n')) {
        ++line;
        if (text.trimmed().isEmpty())
            continue;
        auto key = keyOf(text);
        if (!key || (!keys.m_keys.empty() && key->number <= keys.m_keys.back().number))
            return refuse(Code::CONFIGURATION_ERROR, file.toStdString(),
                          "line " + std::to_string(line), "NUMBER FIRST-COMMAND KEY");
        keys.m_keys.push_back(std::move(*key));
    }
    return keys;
}

Result<void> JournalKeys::start(const JournalGroup &last)
{
    const bool waiting = !m_keys.empty() && !m_keys.back().from;
    const bool known = last.key == 0 || std::ranges::any_of(m_keys, [&](const Key &key) {
                           return key.number == last.key && key.from;
                       });
    if (!known && !waiting)
        return refuse(Code::CONFIGURATION_ERROR, m_file.toStdString(),
                      "no key " + std::to_string(last.key),
                      "the file that was there before, or a new key by khopd journal-key rotate");
    if (waiting) {
        // the number says which key a group has: one that is lost keeps its own
        Key &next = m_keys.back();
        if (!known)
            next.number = std::max(next.number, last.key + 1);
        for (Key &key : m_keys)
            key.from = key.from.value_or(last.last + 1);
        return write();
    }
    if (inForce(last.last + 1) != nullptr)
        return {};
    return add(m_keys.empty() ? 1 : m_keys.back().number + 1, last.last + 1);
}

Result<std::uint32_t> JournalKeys::rotate()
{
    const std::uint32_t number = m_keys.empty() ? 1 : m_keys.back().number + 1;
    if (auto added = add(number, std::nullopt); !added)
        return std::unexpected(added.error());
    return number;
}

Result<void> JournalKeys::add(std::uint32_t number, std::optional<std::uint64_t> from)
{
    std::array<quint32, keyBytes / sizeof(quint32)> random{};
    QRandomGenerator::system()->fillRange(random.data(), static_cast<qsizetype>(random.size()));
    const QByteArray secret(reinterpret_cast<const char *>(random.data()), keyBytes);
    m_keys.push_back({number, from, secret.toHex(), HmacKey(view(secret))});
    return write();
}

Result<void> JournalKeys::write() const
{
    QByteArray content;
    for (const Key &key : m_keys) {
        content +=
            QByteArray::number(key.number) + ' '
            + (key.from ? QByteArray::number(static_cast<qulonglong>(*key.from)) : QByteArray("-"))
            + ' ' + key.hex + '\n';
    }
    return writePrivately(m_file, content);
}

const JournalKeys::Key *JournalKeys::inForce(std::uint64_t sequence) const
{
    const auto found = std::find_if(m_keys.rbegin(), m_keys.rend(), [&](const Key &key) {
        return key.from && *key.from <= sequence;
    });
    return found == m_keys.rend() ? nullptr : &*found;
}

void JournalKeys::seal(JournalGroup &group) const
{
    const Key *const key = inForce(group.first);
    group.key = key ? key->number : 0;
    group.hash = hashOf(group, key);
}

Seal JournalKeys::check(const JournalGroup &group) const
{
    const Key *const key = inForce(group.first);
    if (key == nullptr && group.key != 0)
        return Seal::KeyMissing;
    return group.key == (key ? key->number : 0) && hashOf(group, key) == group.hash ? Seal::Whole
                                                                                    : Seal::Broken;
}

QByteArray JournalKeys::sealOf(const QByteArray &snapshot, std::uint64_t sequence) const
{
    const Key *const key = inForce(sequence);
    return bytesOfDigest(key ? key->hmac.of({view(snapshot)}) : sha256({view(snapshot)}));
}

} // namespace khop
