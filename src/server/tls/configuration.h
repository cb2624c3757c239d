// SPDX-License-Identifier: GPL-3.0-or-later
// What this server speaks: TLS 1.2 and later, ECDHE and AEAD only.
#pragma once

#include "base/result.h"
#include "server/options.h"

#include <QtNetwork/qsslconfiguration.h>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace khop::server {

/// CONFIGURATION_ERROR without a TLS library, or when it does not take certificate and key.
Result<QSslConfiguration> tlsConfiguration(const Tls &tls);

/// What has been written to the socket and has not left this program yet, encrypted or not.
qint64 unsentBytes(const QTcpSocket &socket);

} // namespace khop::server
