// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/settings.h"

#include "base/secret.h"

#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>
#include <QUrl>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

constexpr qint64 largestFile = 256 * 1024;

QString text(const char *utf8) { return QString::fromUtf8(utf8); }

Error wrong(const QString &where, const QString &value, const QString &bound)
{
    return {Code::CONFIGURATION_ERROR, where.toStdString(), value.toStdString(),
            bound.toStdString()};
}

const Setting *settingNamed(QStringView name)
{
    const auto all = allSettings();
    const auto found = std::ranges::find_if(all, [&](const Setting &setting) {
        return (*setting.option && name == QLatin1StringView(setting.option))
               || (*setting.variable && name == QLatin1StringView(setting.variable));
    });
    return found == all.end() ? nullptr : &*found;
}

bool isOf(const Setting &setting, ProgramKind kind)
{
    return setting.use == Setting::Use::Both
           || (setting.use == Setting::Use::Desktop) == (kind == ProgramKind::Desktop);
}

QCommandLineOption optionFor(const Setting &setting)
{
    QString help = text(setting.help);
    if (*setting.variable)
        help += u" Also "_s + text(setting.variable) + u'.';
    if (*setting.fallback)
        help += u" ["_s + text(setting.fallback) + u']';
    return {text(setting.option), help, text(setting.placeholder)};
}

/// KEY=VALUE of a line; an empty key for one that says nothing, nothing for one that is malformed.
std::optional<std::pair<QString, QString>> assignmentIn(QStringView line)
{
    line = line.trimmed();
    if (line.isEmpty() || line.startsWith(u'#'))
        return std::pair<QString, QString>();
    if (line.startsWith(u"export "))
        line = line.sliced(7).trimmed();
    const qsizetype equals = line.indexOf(u'=');
    const QStringView key = line.first(std::max<qsizetype>(equals, 0)).trimmed();
    if (key.isEmpty() || key.contains(u' '))
        return std::nullopt;
    QStringView value = line.sliced(equals + 1).trimmed();
    if (value.startsWith(u'"') || value.startsWith(u'\'')) {
        const qsizetype end = value.indexOf(value.front(), 1);
        const QStringView rest = end < 0 ? QStringView() : value.sliced(end + 1).trimmed();
        if (end < 0 || (!rest.isEmpty() && !rest.startsWith(u'#')))
            return std::nullopt;
        value = value.sliced(1, end - 1);
    } else if (const qsizetype comment = value.indexOf(u" #"); comment >= 0) {
        value = value.first(comment).trimmed();
    }
    return std::pair(key.toString(), value.toString());
}

const char *nameOf(Settings::Origin origin)
{
    switch (origin) {
    case Settings::Origin::Default: return "default";
    case Settings::Origin::ConfigFile:
    case Settings::Origin::EnvFile: return "file";
    case Settings::Origin::Environment: return "environment";
    case Settings::Origin::CommandLine: return "command line";
    }
    return "";
}

[[noreturn]] void answerAndEnd(const QString &answer)
{
    std::fputs(answer.toUtf8().constData(), stdout);
    std::exit(0);
}

} // namespace

QString withoutPassword(const QString &url)
{
    const qsizetype scheme = url.indexOf(u"://"_s);
    const qsizetype at = url.lastIndexOf(u'@');
    const qsizetype colon = scheme < 0 ? -1 : url.indexOf(u':', scheme + 3);
    if (colon < 0 || at < colon)
        return url;
    return url.first(colon + 1) + QString::fromUtf8(Secret::mask) + url.sliced(at);
}

void Settings::set(const Setting &setting, Value value)
{
    if (!value.text.isEmpty())
        m_values[text(setting.key())] = std::move(value);
}

Result<void> Settings::readFile(const QString &path, Origin origin)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(wrong(path, file.errorString(), u"a file this user can read"_s));
    if (file.size() > largestFile)
        return std::unexpected(wrong(path, u"a large file"_s, u"at most 256 KiB"_s));
    const QString content = QString::fromUtf8(file.readAll());
    QStringList known;
    bool holdsSecret = false;
    int number = 0;
    for (const QString &line : content.split(u'\n')) {
        const QString where = path + u':' + QString::number(++number);
        const auto assignment = assignmentIn(line);
        if (!assignment)
            return std::unexpected(wrong(where, u"a line of another form"_s, u"KEY=VALUE"_s));
        const auto &[key, value] = *assignment;
        if (key.isEmpty())
            continue;
        const Setting *setting = settingNamed(key);
        if (!setting || !isOf(*setting, m_kind)) {
            if (origin == Origin::EnvFile) // may be another program's
                continue;
            return std::unexpected(
                wrong(where, key.left(64), u"a setting that --help or .env.example names"_s));
        }
        if (known.contains(text(setting->key())))
            return std::unexpected(wrong(where, key, u"each setting once"_s));
        known.append(text(setting->key()));
        holdsSecret = holdsSecret || (setting->secret && !value.isEmpty());
        set(*setting, {value, origin, where + u' ' + key});
    }
    if (holdsSecret
        && QFileInfo(path).permissions().testAnyFlags(QFile::ReadGroup | QFile::ReadOther))
        m_openSecrets.append(path);
    return {};
}

void Settings::readEnvironment()
{
    for (const Setting &setting : allSettings()) {
        if (*setting.variable && isOf(setting, m_kind))
            set(setting, {qEnvironmentVariable(setting.variable), Origin::Environment,
                          text(setting.variable)});
    }
}

Result<Settings> Settings::read(ProgramKind kind, const QStringList &arguments)
{
    Settings settings(kind);
    const bool desktop = kind == ProgramKind::Desktop;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        desktop
            ? u"Khớp: a trading desk and an exchange in one program."_s
            : u"Khớp without a window: desk, exchange and server.\n\n"
              "  khopd user add NAME --role viewer|trader|admin [--foreign] --password-stdin\n"
              "  khopd user passwd NAME --password-stdin\n"
              "  khopd user role NAME viewer|trader|admin\n"
              "  khopd user enable|disable NAME\n"
              "  khopd user list\n"
              "  khopd verify\n"
              "  khopd journal-key list|rotate\n"
              "  khopd status\n"
              "  khopd logs [-f] [-n LINES] [--json]\n\n"
              "Each takes --data-dir. What else can be set only in the environment or in a file "
              "is in .env.example."_s);
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Show this help."_s);
    const QCommandLineOption version({u"v"_s, u"version"_s}, u"Show the version."_s);
    const QCommandLineOption config(
        u"config"_s, u"Settings from this file: KEY=VALUE, by option or variable."_s, u"FILE"_s);
    const QCommandLineOption envFile(
        u"env-file"_s, u"Environment variables from this file; those that are set win."_s,
        u"FILE"_s);
    const QCommandLineOption print(
        u"print-config"_s, u"Show every setting and where its value comes from, and end."_s);
    parser.addOptions({help, version, config, envFile, print});
    for (const Setting &setting : allSettings()) {
        if (*setting.option && isOf(setting, kind))
            parser.addOption(optionFor(setting));
    }
    if (!parser.parse(QStringList{desktop ? u"khop"_s : u"khopd"_s} + arguments))
        return std::unexpected(wrong(u"command line"_s, parser.errorText(), u"--help"_s));
    if (parser.isSet(help))
        answerAndEnd(parser.helpText());
    if (parser.isSet(version))
        answerAndEnd(u"khop 0.1.0\n"_s);
    if (!parser.positionalArguments().isEmpty())
        return std::unexpected(
            wrong(u"command line"_s, parser.positionalArguments().first(), u"--help"_s));

    for (const auto &[option, origin] :
         {std::pair(&config, Origin::ConfigFile), std::pair(&envFile, Origin::EnvFile)}) {
        if (!parser.isSet(*option))
            continue;
        if (auto read = settings.readFile(parser.value(*option), origin); !read)
            return std::unexpected(read.error());
    }
    settings.readEnvironment();
    for (const Setting &setting : allSettings()) {
        const QString option = text(setting.option);
        if (option.isEmpty() || !isOf(setting, kind) || !parser.isSet(option))
            continue;
        settings.set(setting, {setting.isSwitch() ? u"true"_s : parser.value(option),
                               Origin::CommandLine, u"--"_s + option});
    }
    settings.m_print = parser.isSet(print);
    return settings;
}

std::optional<QString> Settings::given(const char *key) const
{
    const auto found = m_values.constFind(text(key));
    return found == m_values.constEnd() ? std::nullopt : std::optional(found->text);
}

Result<bool> Settings::flag(const char *key) const
{
    const std::optional<QString> value = given(key);
    if (!value)
        return false;
    const QString lower = value->toLower();
    if (lower == u"true"_s || lower == u"1"_s || lower == u"yes"_s || lower == u"on"_s)
        return true;
    if (lower == u"false"_s || lower == u"0"_s || lower == u"no"_s || lower == u"off"_s)
        return false;
    return refusal(key, u"true | false"_s);
}

std::unexpected<Error> Settings::refusal(const char *key, const QString &bound) const
{
    const Value value = m_values.value(text(key));
    const Setting *setting = settingNamed(text(key));
    const bool secret = setting && setting->secret;
    return std::unexpected(
        wrong(value.where.isEmpty() ? text(key) : value.where,
              secret ? QString::fromUtf8(Secret::mask) : withoutPassword(value.text), bound));
}

QString Settings::shown() const
{
    QString lines;
    for (const Setting &setting : allSettings()) {
        if (!isOf(setting, m_kind))
            continue;
        const Value value = m_values.value(text(setting.key()));
        const bool isDefault = value.origin == Origin::Default;
        QString what = isDefault ? text(setting.fallback) : withoutPassword(value.text);
        if (setting.secret && !isDefault)
            what = QString::fromUtf8(Secret::mask);
        const QString name =
            *setting.variable ? text(setting.variable) : u"--"_s + text(setting.option);
        lines += u"%1 = %2  (%3%4)\n"_s.arg(name, what, QString::fromLatin1(nameOf(value.origin)),
                                            isDefault ? QString() : u": "_s + value.where);
    }
    return lines;
}

} // namespace khop
