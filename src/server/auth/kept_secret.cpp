// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/kept_secret.h"

#include "base/private_file.h"
#include "server/auth/base64url.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

#include <sodium.h>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

constexpr std::size_t shortestSecret = 32;

bool isPlaceholder(std::string_view secret)
{
    static constexpr std::array<std::string_view, 6> beginnings{
        "your-", "your_", "changeme", "change-me", "change_me", "replace"};
    const bool oneCharacter =
        secret.find_first_not_of(secret.substr(0, 1)) == std::string_view::npos;
    return oneCharacter || std::ranges::any_of(beginnings, [&](std::string_view beginning) {
               return secret.starts_with(beginning);
           });
}

Result<Secret> keptSecret(const QString &dataDir)
{
    const QString path = QDir(dataDir).filePath(u"secret.key"_s);
    if (QFile::exists(path)) {
        const Result<QByteArray> read = readPrivately(path);
        if (!read)
            return std::unexpected(read.error());
        const QByteArray kept = read->trimmed();
        if (kept.size() < static_cast<qsizetype>(shortestSecret))
            return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                          std::to_string(kept.size()) + " bytes",
                          "at least 32 bytes, or no file: a new one is made then");
        return Secret(kept.toStdString());
    }
    std::string random(48, '\0');
    randombytes_buf(random.data(), random.size());
    Secret secret(encodeBase64Url(random));
    const Result<void> written =
        writePrivately(path, QByteArray::fromStdString(secret.reveal() + '\n'));
    if (!written)
        return std::unexpected(written.error());
    return secret;
}

} // namespace

Result<Secret> serverSecret(const Secret &given, const QString &dataDir, bool development)
{
    if (given.isEmpty())
        return keptSecret(dataDir);
    const bool placeholder = isPlaceholder(given.reveal());
    if (!development && (placeholder || given.size() < shortestSecret))
        return refuse(Code::CONFIGURATION_ERROR, "SECRET_KEY",
                      placeholder ? "a placeholder" : "too short",
                      "at least 32 random bytes, or unset: one is made and kept");
    return given;
}

} // namespace khop::server
