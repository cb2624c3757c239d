// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/launch_options.h"

#include "engine/recordings.h"
#include "risk/limits.h"

#include <QCommandLineParser>
#include <QDir>
#include <QStandardPaths>

#include <cstdio>
#include <cstdlib>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

Error invalid(const QString &option, const QString &value, const QString &bound)
{
    return {Code::CONFIGURATION_ERROR, option.toStdString(), value.toStdString(),
            bound.toStdString()};
}

/// The SQLite file of a DATABASE_URL.
Result<QString> databaseFileOf(const QString &url)
{
    if (url.startsWith(u"sqlite:///"_s) && url.size() > 10)
        return url.mid(10);
    return std::unexpected(invalid(u"--database"_s, url, u"sqlite:///FILE"_s));
}

template <class Number>
std::optional<Number> numberIn(const QString &text, Number low, Number high)
{
    bool ok = false;
    const qulonglong value = text.toULongLong(&ok);
    if (!ok || value < low || value > high)
        return std::nullopt;
    return static_cast<Number>(value);
}

} // namespace

QString defaultDataDir()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/khop"_s;
}

Result<LaunchOptions> readLaunchOptions(ProgramKind kind, const QStringList &arguments)
{
    QCommandLineParser parser;
    const bool desktop = kind == ProgramKind::Desktop;
    parser.setApplicationDescription(desktop
                                         ? u"Khớp: a trading desk and an exchange in one program."_s
                                         : u"Khớp without a window: desk, exchange and server.\n\n"
                                           "  khopd user add NAME --role viewer|trader|admin "
                                           "[--foreign] --password-stdin [--data-dir DIR]\n"
                                           "  khopd verify [--data-dir DIR]"_s);
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Show this help."_s);
    const QCommandLineOption version({u"v"_s, u"version"_s}, u"Show the version."_s);
    const QCommandLineOption dataDir(
        u"data-dir"_s, u"Where everything is kept [%1]."_s.arg(defaultDataDir()), u"DIR"_s);
    const QCommandLineOption host(u"host"_s, u"Address to serve on [127.0.0.1]."_s, u"HOST"_s);
    const QCommandLineOption port(u"port"_s, u"Port to serve on; 0: any free one [8001]."_s,
                                  u"PORT"_s);
    const QCommandLineOption database(u"database"_s, u"sqlite:///FILE [DATA-DIR/khop.db]."_s,
                                      u"URL"_s);
    const QCommandLineOption instruments(u"instruments"_s, u"Instruments from this CSV file."_s,
                                         u"FILE"_s);
    const QCommandLineOption rules(u"rules"_s, u"Market rules from this JSON file."_s, u"FILE"_s);
    const QCommandLineOption clock(u"clock"_s,
                                   u"Start the practice clock at this exchange time, "
                                   "e.g. 2026-11-20T09:05:00+07:00."_s,
                                   u"TIME"_s);
    const QCommandLineOption speed(u"speed"_s,
                                   u"Speed of the practice clock, 0 (held) to 100 [1]."_s, u"N"_s);
    const QCommandLineOption participants(u"participants"_s,
                                          u"Practice participants: on or off [on]."_s, u"on|off"_s);
    const QCommandLineOption seed(u"seed"_s, u"Seed of the practice participants [1]."_s, u"N"_s);
    const QCommandLineOption crowd(u"crowd"_s, u"Shape of the participants from this JSON file."_s,
                                   u"FILE"_s);
    const QCommandLineOption candles(
        u"candles"_s, u"Practice days by daily candles: SYMBOL.csv, or a folder of them."_s,
        u"FILE|DIR"_s);
    const QCommandLineOption candleUnit(u"candle-unit"_s, u"Unit of the candles' prices."_s,
                                        u"kVND|VND"_s);
    const QCommandLineOption candleDate(
        u"candle-date"_s, u"The candle that the first practice day follows [the last]."_s,
        u"DATE"_s);
    const QCommandLineOption replay(u"replay"_s, u"Replay this recording on a practice clock."_s,
                                    u"FILE"_s);
    const QCommandLineOption record(u"record"_s, u"Record the practice day under this name."_s,
                                    u"NAME"_s);
    const QCommandLineOption demo(
        u"demo"_s, u"A practice market with a demo account and open registration."_s);
    const QCommandLineOption proxy(u"behind-proxy"_s,
                                   u"Address of the proxy that terminates TLS."_s, u"ADDR"_s);
    const QCommandLineOption lang(u"lang"_s, u"Language of the desktop: vi or en."_s, u"vi|en"_s);
    parser.addOptions({help,       version,    dataDir, host,         port, database, instruments,
                       rules,      clock,      speed,   participants, seed, crowd,    candles,
                       candleUnit, candleDate, replay,  record,       demo, proxy});
    if (desktop)
        parser.addOption(lang);
    if (!parser.parse(QStringList{desktop ? u"khop"_s : u"khopd"_s} + arguments))
        return std::unexpected(invalid(u"command line"_s, parser.errorText(), u"--help"_s));
    if (parser.isSet(help)) {
        std::fputs(parser.helpText().toUtf8().constData(), stdout);
        std::exit(0);
    }
    if (parser.isSet(version)) {
        std::puts("khop 0.1.0");
        std::exit(0);
    }
    if (!parser.positionalArguments().isEmpty())
        return std::unexpected(
            invalid(u"command line"_s, parser.positionalArguments().first(), u"--help"_s));

    const auto given = [&](const QCommandLineOption &option,
                           const char *variable) -> std::optional<QString> {
        if (parser.isSet(option))
            return parser.value(option);
        if (variable && qEnvironmentVariableIsSet(variable))
            return qEnvironmentVariable(variable);
        return std::nullopt;
    };
    LaunchOptions options;
    options.dataDir =
        QDir::cleanPath(parser.isSet(dataDir) ? parser.value(dataDir) : defaultDataDir());
    options.host = given(host, "HOST").value_or(options.host);
    if (const auto text = given(port, "PORT")) {
        const auto number = numberIn<quint16>(*text, 0, 65'535);
        if (!number)
            return std::unexpected(invalid(u"--port"_s, *text, u"0-65535"_s));
        options.port = *number;
    }
    options.databaseFile = options.dataDir + u"/khop.db"_s;
    if (const auto url = given(database, "DATABASE_URL")) {
        auto file = databaseFileOf(*url);
        if (!file)
            return std::unexpected(file.error());
        options.databaseFile = *file;
    }
    if (parser.isSet(instruments))
        options.instrumentsFile = parser.value(instruments);
    if (parser.isSet(rules))
        options.rulesFile = parser.value(rules);
    if (parser.isSet(clock)) {
        options.clock = parseIsoTime(parser.value(clock).toStdString());
        if (!options.clock)
            return std::unexpected(
                invalid(u"--clock"_s, parser.value(clock), u"2026-11-20T09:05:00+07:00"_s));
    }
    if (parser.isSet(speed)) {
        const auto number = numberIn<unsigned>(parser.value(speed), 0, 100);
        if (!number)
            return std::unexpected(invalid(u"--speed"_s, parser.value(speed), u"0-100"_s));
        options.speed = static_cast<int>(*number);
    }
    if (parser.isSet(participants)) {
        const QString value = parser.value(participants);
        if (value != u"on"_s && value != u"off"_s)
            return std::unexpected(invalid(u"--participants"_s, value, u"on | off"_s));
        options.participants = value == u"on"_s;
    }
    if (parser.isSet(seed)) {
        bool ok = false;
        options.seed = parser.value(seed).toULongLong(&ok);
        if (!ok)
            return std::unexpected(
                invalid(u"--seed"_s, parser.value(seed), u"0-18446744073709551615"_s));
    }
    if (parser.isSet(crowd))
        options.crowdFile = parser.value(crowd);
    if (parser.isSet(candles))
        options.candles = parser.value(candles);
    if (parser.isSet(candleUnit)) {
        const QString unit = parser.value(candleUnit);
        if (unit != u"kVND"_s && unit != u"VND"_s)
            return std::unexpected(invalid(u"--candle-unit"_s, unit, u"kVND | VND"_s));
        options.candleUnit = unit == u"VND"_s ? CandleUnit::Vnd : CandleUnit::ThousandVnd;
    }
    if (parser.isSet(candleDate)) {
        options.candleDate = parseIsoDate(parser.value(candleDate).toStdString());
        if (!options.candleDate)
            return std::unexpected(
                invalid(u"--candle-date"_s, parser.value(candleDate), u"YYYY-MM-DD"_s));
    }
    if ((options.candleUnit || options.candleDate) && !options.candles)
        return std::unexpected(
            invalid(options.candleUnit ? u"--candle-unit"_s : u"--candle-date"_s,
                    options.candleUnit ? parser.value(candleUnit) : parser.value(candleDate),
                    u"--candles FILE|DIR"_s));
    if (parser.isSet(replay))
        options.replayFile = parser.value(replay);
    if (parser.isSet(record)) {
        options.recordAs = parser.value(record);
        if (!isRecordingId(options.recordAs->toStdString()))
            return std::unexpected(
                invalid(u"--record"_s, *options.recordAs, u"[A-Za-z0-9._-]{1,64}"_s));
    }
    options.demo = parser.isSet(demo);
    if (desktop && parser.isSet(lang)) {
        options.language = parser.value(lang);
        if (options.language != u"vi"_s && options.language != u"en"_s)
            return std::unexpected(invalid(u"--lang"_s, options.language, u"vi | en"_s));
    }
    if (!desktop && options.speed && !options.clock && !options.demo && !options.replayFile
        && !options.candles)
        return std::unexpected(
            invalid(u"--speed"_s, parser.value(speed), u"--clock TIME | --demo"_s));
    options.behindProxy = parser.value(proxy);
    options.secretKey = qEnvironmentVariable("SECRET_KEY");
    options.development = qEnvironmentVariable("ENVIRONMENT") == u"development"_s;
    options.defaultSymbol =
        qEnvironmentVariable("DEFAULT_SYMBOL", options.demo || desktop ? u"DEMO"_s : QString());
    if (qEnvironmentVariableIsSet("ACCESS_TOKEN_EXPIRE_MINUTES")) {
        const QString text = qEnvironmentVariable("ACCESS_TOKEN_EXPIRE_MINUTES");
        const auto number = numberIn<unsigned>(text, 1, 1440);
        if (!number)
            return std::unexpected(invalid(u"ACCESS_TOKEN_EXPIRE_MINUTES"_s, text, u"1-1440"_s));
        options.accessTokenMinutes = static_cast<int>(*number);
    }
    const auto limit = [](const char *variable, quint64 most,
                          std::optional<std::int64_t> &value) -> Result<void> {
        if (!qEnvironmentVariableIsSet(variable))
            return {};
        const QString text = qEnvironmentVariable(variable);
        const auto number = numberIn<quint64>(text, 1, most);
        if (!number)
            return std::unexpected(
                invalid(QString::fromLatin1(variable), text, u"1-%1"_s.arg(most)));
        value = static_cast<std::int64_t>(*number);
        return {};
    };
    if (auto read = limit("MAX_ORDER_SIZE", mostLimitUnits, options.mostPerOrder); !read)
        return std::unexpected(read.error());
    if (auto read = limit("MAX_POSITIONS", mostCounted, options.mostSymbols); !read)
        return std::unexpected(read.error());
    if (const QString algorithm = qEnvironmentVariable("ALGORITHM", u"HS256"_s);
        algorithm != u"HS256"_s)
        return std::unexpected(invalid(u"ALGORITHM"_s, algorithm, u"HS256"_s));
    return options;
}

} // namespace khop
