// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/launch_options.h"

#include "engine/recordings.h"
#include "risk/limits.h"
#include "store/journal.h"

#include <QDir>
#include <QHostAddress>
#include <QStandardPaths>
#include <QUrl>

#include <cstdio>
#include <cstdlib>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

template <class Number>
std::optional<Number> numberIn(const QString &text, Number low, Number high)
{
    bool ok = false;
    const qulonglong value = text.toULongLong(&ok);
    if (!ok || value < low || value > high)
        return std::nullopt;
    return static_cast<Number>(value);
}

/// Takes the settings one by one; the first that will not do stays as the error, and the rest is not looked at.
class Reader
{
public:
    Reader(ProgramKind kind, const Settings &settings)
        : m_desktop(kind == ProgramKind::Desktop)
        , m_settings(settings)
    {}

    Result<LaunchOptions> read()
    {
        readPlaces();
        readPractice();
        readCandleOptions();
        readServer();
        readAccess();
        readLimits();
        readConnections();
        if (m_error)
            return std::unexpected(*m_error);
        return std::move(o);
    }

private:
    void refuse(const char *key, const QString &bound)
    {
        if (!m_error)
            m_error = m_settings.refusal(key, bound).error();
    }
    QString text(const char *key, const QString &otherwise = {}) const
    {
        return m_settings.given(key).value_or(otherwise);
    }
    bool flag(const char *key)
    {
        const Result<bool> flag = m_settings.flag(key);
        if (!flag && !m_error)
            m_error = flag.error();
        return flag.value_or(false);
    }
    template <class Number>
    std::optional<Number> number(const char *key, Number low, Number high)
    {
        const std::optional<QString> given = m_settings.given(key);
        if (!given)
            return std::nullopt;
        const std::optional<Number> value = numberIn<Number>(*given, low, high);
        if (!value)
            refuse(key, u"%1-%2"_s.arg(low).arg(high));
        return value;
    }
    /// One of the words, in lower case.
    QString word(const char *key, const QStringList &words, const QString &otherwise)
    {
        const QString given = text(key, otherwise).toLower();
        if (!words.contains(given))
            refuse(key, words.join(u" | "_s));
        return given;
    }
    std::vector<std::string> list(const char *key) const
    {
        std::vector<std::string> items;
        for (const QString &item : text(key).split(u',', Qt::SkipEmptyParts))
            items.push_back(item.trimmed().toLower().toStdString());
        return items;
    }

    /// The SQLite file of a URL.
    QString databaseFile(const char *key, const QString &otherwise)
    {
        const std::optional<QString> url = m_settings.given(key);
        if (!url)
            return otherwise;
        if (url->startsWith(u"sqlite:///"_s) && url->size() > 10)
            return url->mid(10);
        if (url->startsWith(u"postgresql"_s) || url->startsWith(u"postgres:"_s))
            refuse(key,
                   u"sqlite:///FILE; this version keeps its data in SQLite, not in PostgreSQL"_s);
        else
            refuse(key, u"sqlite:///FILE"_s);
        return {};
    }

    void readPlaces()
    {
        o.dataDir = QDir::cleanPath(text("data-dir", defaultDataDir()));
        o.databaseFile = databaseFile("database", o.dataDir + u"/khop.db"_s);
        o.journalKeyFile = text("journal-keys", JournalKeys::fileOf(o.databaseFile));
        if (QDir::cleanPath(o.journalKeyFile) == QDir::cleanPath(o.databaseFile))
            refuse("journal-keys", u"a file of its own, not the database"_s);
        o.liveDatabaseFile = databaseFile("LIVE_DATABASE_URL", {});
        if (!o.liveDatabaseFile.isEmpty()
            && QDir::cleanPath(o.liveDatabaseFile) == QDir::cleanPath(o.databaseFile))
            refuse("LIVE_DATABASE_URL", u"another database than DATABASE_URL"_s);
        o.instrumentsFile = m_settings.given("instruments");
        o.rulesFile = m_settings.given("rules");
        o.crowdFile = m_settings.given("crowd");
        o.replayFile = m_settings.given("replay");
    }

    void readPractice()
    {
        o.demo = flag("demo");
        if (const auto given = m_settings.given("clock")) {
            o.clock = parseIsoTime(given->toStdString());
            if (!o.clock)
                refuse("clock", u"2026-11-20T09:05:00+07:00"_s);
        }
        if (const auto speed = number<unsigned>("speed", 0, 100))
            o.speed = static_cast<int>(*speed);
        if (m_settings.given("participants"))
            o.participants = word("participants", {u"on"_s, u"off"_s}, {}) == u"on"_s;
        if (const auto seed = number<std::uint64_t>("seed", 0, ~std::uint64_t{0}))
            o.seed = *seed;
        if (const auto name = m_settings.given("record")) {
            o.recordAs = *name;
            if (!isRecordingId(name->toStdString()))
                refuse("record", u"[A-Za-z0-9._-]{1,64}"_s);
        }
        if (m_desktop && m_settings.given("lang"))
            o.language = word("lang", {u"vi"_s, u"en"_s}, {});
        if (!m_desktop && o.speed && !o.clock && !o.demo && !o.replayFile
            && !m_settings.given("candles"))
            refuse("speed", u"--clock TIME | --demo"_s);
    }

    void readCandleOptions()
    {
        o.candles = m_settings.given("candles");
        if (const auto unit = m_settings.given("candle-unit")) {
            if (*unit != u"kVND"_s && *unit != u"VND"_s)
                refuse("candle-unit", u"kVND | VND"_s);
            o.candleUnit = *unit == u"VND"_s ? CandleUnit::Vnd : CandleUnit::ThousandVnd;
        }
        if (const auto date = m_settings.given("candle-date")) {
            o.candleDate = parseIsoDate(date->toStdString());
            if (!o.candleDate)
                refuse("candle-date", u"YYYY-MM-DD"_s);
        }
        if ((o.candleUnit || o.candleDate) && !o.candles)
            refuse(o.candleUnit ? "candle-unit" : "candle-date", u"--candles FILE|DIR"_s);
    }

    void readServer()
    {
        o.host = text("host", o.host);
        o.port = number<quint16>("port", 0, 65'535).value_or(o.port);
        o.behindProxy = text("behind-proxy");
        if (!o.behindProxy.isEmpty() && QHostAddress(o.behindProxy).isNull())
            refuse("behind-proxy", u"an IP address, such as 192.0.2.10"_s);
        o.allowedHosts = list("allow-host");
        o.allowedOrigins = list("allow-origin");
        for (const std::string &origin : o.allowedOrigins) {
            const QUrl url(QString::fromStdString(origin));
            if (!url.isValid() || url.host().isEmpty() || !url.path().isEmpty()
                || (url.scheme() != u"https"_s && url.scheme() != u"http"_s))
                refuse("allow-origin", u"https://desk.example, and no path"_s);
        }
        o.tlsCertificateFile = text("tls-cert");
        o.tlsKeyFile = text("tls-key");
        o.tlsSelfSigned = flag("tls-self-signed");
        if (o.tlsCertificateFile.isEmpty() != o.tlsKeyFile.isEmpty())
            refuse(o.tlsKeyFile.isEmpty() ? "tls-cert" : "tls-key",
                   u"both --tls-cert and --tls-key"_s);
        if (o.tlsSelfSigned && !o.tlsCertificateFile.isEmpty())
            refuse("tls-self-signed", u"either it or --tls-cert"_s);
        o.metricsTokenFile = text("metrics-token-file");
        o.defaultSymbol =
            text("DEFAULT_SYMBOL", o.demo || m_desktop ? u"DEMO"_s : QString()).toUpper();
        o.defaultMarket =
            word("DEFAULT_MARKET", {u"hose"_s, u"hnx"_s, u"upcom"_s, u"spot"_s}, u"hose"_s)
                .toUpper();
    }

    void readAccess()
    {
        o.secretKey = Secret(text("SECRET_KEY").toStdString());
        o.development =
            word("ENVIRONMENT", {u"development"_s, u"testing"_s, u"staging"_s, u"production"_s},
                 u"production"_s)
            == u"development"_s;
        if (const auto minutes = number<unsigned>("ACCESS_TOKEN_EXPIRE_MINUTES", 1, 1'440))
            o.accessTokenMinutes = static_cast<int>(*minutes);
        if (text("ALGORITHM", u"HS256"_s) != u"HS256"_s)
            refuse("ALGORITHM", u"HS256"_s);
        const bool debug = flag("DEBUG");
        o.logLevel =
            word("LOG_LEVEL", {u"debug"_s, u"info"_s, u"warning"_s, u"error"_s, u"critical"_s},
                 debug ? u"debug"_s : u"info"_s);
        flag("DATABASE_ECHO");
    }

    void readLimits()
    {
        if (const auto most = number<unsigned>("rate-limit", 1, 1'000'000))
            o.rateLimit = *most;
        if (const auto most = number<unsigned>("login-rate-limit", 1, 1'000'000))
            o.loginRateLimit = *most;
        if (const auto most = number<quint64>("MAX_ORDER_SIZE", 1, mostLimitUnits))
            o.mostPerOrder = static_cast<std::int64_t>(*most);
        if (const auto most = number<quint64>("MAX_POSITIONS", 1, mostCounted))
            o.mostSymbols = static_cast<std::int64_t>(*most);
    }

    void readConnections()
    {
        const auto isUrl = [](const QString &text, const QStringList &schemes) {
            const QUrl url(text, QUrl::StrictMode);
            return url.isValid() && schemes.contains(url.scheme()) && !url.host().isEmpty();
        };
        o.redisUrl = text("REDIS_URL");
        if (!o.redisUrl.isEmpty() && !isUrl(o.redisUrl, {u"redis"_s, u"rediss"_s}))
            refuse("REDIS_URL", u"redis://HOST:PORT/N | rediss://HOST:PORT/N"_s);
        else if (!o.redisUrl.isEmpty())
            o.warnings.append(u"REDIS_URL is given, but this version does not use Redis"_s);
        o.redisPassword = Secret(text("REDIS_PASSWORD").toStdString());
        o.broker.url = text("SSI_API_URL");
        if (!o.broker.url.isEmpty() && !isUrl(o.broker.url, {u"https"_s})
            && !(isUrl(o.broker.url, {u"http"_s})
                 && QHostAddress(QUrl(o.broker.url).host()).isLoopback()))
            refuse("SSI_API_URL", u"https://HOST"_s);
        o.broker.key = Secret(text("SSI_API_KEY").toStdString());
        o.broker.secret = Secret(text("SSI_API_SECRET").toStdString());
        if (o.broker.key.isEmpty() != o.broker.secret.isEmpty())
            refuse(o.broker.key.isEmpty() ? "SSI_API_SECRET" : "SSI_API_KEY",
                   u"both SSI_API_KEY and SSI_API_SECRET"_s);
        o.broker.privateKeyFile = text("SSI_PRIVATE_KEY_FILE");
        o.broker.pinFile = text("SSI_PIN_FILE");
        o.broker.account = text("SSI_ACCOUNT");
    }

    bool m_desktop;
    const Settings &m_settings;
    std::optional<Error> m_error;
    LaunchOptions o;
};

} // namespace

QString defaultDataDir()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/khop"_s;
}

Result<LaunchOptions> readLaunchOptions(ProgramKind kind, const QStringList &arguments)
{
    const Result<Settings> settings = Settings::read(kind, arguments);
    if (!settings)
        return std::unexpected(settings.error());
    Result<LaunchOptions> options = Reader(kind, *settings).read();
    if (!options)
        return options;
    for (const QString &path : settings->openSecrets())
        options->warnings.append(path + u" holds a secret and can be read by others (chmod 600)"_s);
    if (settings->isPrintWanted()) {
        std::fputs(settings->shown().toUtf8().constData(), stdout);
        std::exit(0);
    }
    return options;
}

} // namespace khop
