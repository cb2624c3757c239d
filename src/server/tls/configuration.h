// SPDX-License-Identifier: GPL-3.0-or-later
// What this server speaks: TLS 1.2 and later, ECDHE and AEAD only.
#pragma once

#include "base/result.h"
#include "server/options.h"

#include <QtNetwork/qsslconfiguration.h>

#include <string_view>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace khop::server {

/// CONFIGURATION_ERROR without a TLS library, or when it does not take certificate and key.
Result<QSslConfiguration> tlsConfiguration(const Tls &tls);

/// What has been written to the socket and has not left this program yet, encrypted or not.
qint64 unsentBytes(const QTcpSocket &socket);

/// Sends what the system takes at once, past the socket's own buffer, which costs more than the sending does; the
/// rest is left to the caller. Answers with how many bytes that was: none through TLS or where bytes wait
/// already. An error is left for the socket to find.
qint64 sendAtOnce(QTcpSocket &socket, std::string_view bytes);

} // namespace khop::server
