// SPDX-License-Identifier: GPL-3.0-or-later
// Requests signed with an API key, made with Qt's own hashes.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23

#include <QCryptographicHash>
#include <QDateTime>
#include <QMessageAuthenticationCode>

#include <string>

namespace khop::test {

struct Key {
    std::string id, secret;
};

struct Signing {
    std::string method = "GET", target = "/api/v1/orders", body;
    qint64 shift = 0; // milliseconds from now
    std::string nonce;
};

inline std::string headersFor(const Key &key, Signing s)
{
    static int count = 0;
    if (s.nonce.empty())
        s.nonce = "n-" + std::to_string(++count);
    const std::string time = std::to_string(QDateTime::currentMSecsSinceEpoch() + s.shift);
    const std::string body =
        QCryptographicHash::hash(QByteArray::fromStdString(s.body), QCryptographicHash::Sha256)
            .toHex()
            .toStdString();
    const std::string text =
        s.method + '\n' + s.target + '\n' + body + '\n' + time + '\n' + s.nonce;
    const QByteArray mac = QMessageAuthenticationCode::hash(QByteArray::fromStdString(text),
                                                            QByteArray::fromStdString(key.secret),
                                                            QCryptographicHash::Sha256)
                               .toHex();
    return "X-Api-Key: " + key.id + "\r\nX-Api-Timestamp: " + time + "\r\nX-Api-Nonce: " + s.nonce
           + "\r\nX-Api-Signature: " + mac.toStdString() + "\r\n";
}

} // namespace khop::test

#endif
