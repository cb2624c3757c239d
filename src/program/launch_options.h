// SPDX-License-Identifier: GPL-3.0-or-later
// How khop and khopd are started: their settings, checked.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "program/settings.h"
#include "sim/candles.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace khop {

/// The broker's side; kept for the live desk.
struct BrokerOptions {
    QString url;
    Secret key, secret;
    QString privateKeyFile, pinFile, account;
};

struct LaunchOptions {
    QString dataDir;
    QString host = QStringLiteral("127.0.0.1");
    quint16 port = 8001;
    QString databaseFile; // inside dataDir unless DATABASE_URL or --database says otherwise
    QString journalKeyFile;
    std::optional<QString> instrumentsFile;
    std::optional<QString> rulesFile;
    std::optional<Time> clock; // practice clock starts here
    std::optional<int> speed;
    std::optional<bool> participants;
    std::uint64_t seed = 1;
    std::optional<QString> crowdFile;
    std::optional<QString> candles; // file or folder
    std::optional<CandleUnit> candleUnit;
    std::optional<Date> candleDate;
    std::optional<QString> replayFile;
    std::optional<QString> recordAs; // id; empty: by the day
    bool demo = false;
    QString language; // desktop: vi, en; empty: as last time
    QString defaultSymbol;
    QString defaultMarket = QStringLiteral("HOSE");
    Secret secretKey;            // SECRET_KEY
    bool development = false;    // ENVIRONMENT=development
    int accessTokenMinutes = 30; // ACCESS_TOKEN_EXPIRE_MINUTES
    QString behindProxy;
    std::vector<std::string> allowedHosts, allowedOrigins;
    QString tlsCertificateFile, tlsKeyFile;
    bool tlsSelfSigned = false;
    QString metricsTokenFile;
    QString logLevel = QStringLiteral("info");
    QString liveDatabaseFile;
    QString redisUrl;
    Secret redisPassword;
    BrokerOptions broker;
    std::optional<std::int64_t> rateLimit;      // requests a second of a user
    std::optional<std::int64_t> loginRateLimit; // a minute from an address
    std::optional<std::int64_t> mostPerOrder;   // MAX_ORDER_SIZE
    std::optional<std::int64_t> mostSymbols;    // MAX_POSITIONS
    QStringList warnings;                       // what is wrong but stops nothing
};

/// Reads the options (`arguments` without the program's name). The error names the option, variable or line, the
/// value given and what would do. Prints help, version or the settings and exits when asked to.
Result<LaunchOptions> readLaunchOptions(ProgramKind kind, const QStringList &arguments);

/// The data directory when none is named.
QString defaultDataDir();

} // namespace khop
