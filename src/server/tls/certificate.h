// SPDX-License-Identifier: GPL-3.0-or-later
// The server's certificate: read and checked, or made by the server itself.
#pragma once

#include "base/result.h"
#include "server/options.h"

#include <QtCore/qstring.h>

#include <string>
#include <string_view>

namespace khop::server {

/// Certificate and key of two PEM files. CONFIGURATION_ERROR names the file: not readable, not PEM, a key that
/// is not the certificate's, a certificate that is not valid now.
Result<Tls> readTls(const QString &certificateFile, const QString &keyFile);

/// The certificate kept in the data directory (tls.crt, tls.key, 0600), or a new one: EC P-256, a year, for
/// localhost, the loopback addresses, and `host`. A kept one that has ended, or is for another host, is replaced.
Result<Tls> selfSignedTls(const QString &dataDir, const QString &host);

/// SHA-256 of the first certificate, as "AB:CD:…".
std::string fingerprint(const Tls &tls);

} // namespace khop::server
