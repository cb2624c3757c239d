// SPDX-License-Identifier: GPL-3.0-or-later
// khopd verify, journal-key, status and logs.
#include "program/commands.h"
#include "program/house.h"
#include "program/log_text.h"
#include "program/running_server.h"
#include "store/journal.h"

#include <QFile>
#include <QFileInfo>
#include <QThread>

#include <cstdio>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

/// The last lines of the file; `position` is set behind them.
QByteArray tail(QFile &file, qint64 lines)
{
    constexpr qint64 piece = 64 * 1024;
    qint64 from = file.size();
    qint64 wanted = lines + 1; // the last line ends with a break too
    while (from > 0 && wanted > 0) {
        const qint64 size = std::min(piece, from);
        from -= size;
        file.seek(from);
        const QByteArray bytes = file.read(size);
        for (qsizetype at = bytes.size() - 1; at >= 0 && wanted > 0; --at) {
            if (bytes[at] == '\n' && --wanted == 0)
                from += at + 1;
        }
        if (wanted == 0)
            break;
    }
    file.seek(from);
    return lines > 0 ? file.readAll() : (file.seek(file.size()), QByteArray());
}

void show(QByteArray &pending, bool raw)
{
    for (qsizetype end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
        const QByteArray line = pending.first(end);
        pending.remove(0, end + 1);
        const std::string text = raw ? line.toStdString() : readableLog(line);
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fputc('\n', stdout);
    }
    std::fflush(stdout);
}

/// Shows what is appended, in this file and in the one that takes its place when it is rotated.
[[noreturn]] void follow(const QString &path, QFile &file, QByteArray pending, bool raw)
{
    constexpr unsigned long pause = 200; // milliseconds
    for (;;) {
        pending += file.readAll();
        show(pending, raw);
        QThread::msleep(pause);
        const QFileInfo now(path);
        const bool rotated = now.exists() && now.size() < file.pos();
        if (!rotated)
            continue;
        file.close();
        static_cast<void>(file.open(QIODevice::ReadOnly)); // else it is tried again
    }
}

} // namespace

int verifyCommand(const QStringList &arguments)
{
    const auto options = readLaunchOptions(ProgramKind::Server, arguments);
    if (!options)
        return complain(options.error());
    const auto outcome = verifyDatabase(options->databaseFile, options->journalKeyFile);
    if (!outcome)
        return complain(outcome.error());
    if (outcome->badSequence) {
        std::printf("bad seq %llu: %s\n", static_cast<unsigned long long>(*outcome->badSequence),
                    outcome->why.c_str());
        return 1;
    }
    std::printf("state %016llx seq %llu\n", static_cast<unsigned long long>(outcome->stateHash),
                static_cast<unsigned long long>(outcome->sequence));
    return 0;
}

int journalKeyCommand(QStringList arguments)
{
    const QString what = arguments.isEmpty() ? QString() : arguments.takeFirst();
    if (what != u"list"_s && what != u"rotate"_s)
        return complain(
            {Code::CONFIGURATION_ERROR, "journal-key", what.toStdString(), "list | rotate"});
    const auto options = readLaunchOptions(ProgramKind::Server, arguments);
    if (!options)
        return complain(options.error());
    auto keys = JournalKeys::read(options->journalKeyFile);
    if (!keys)
        return complain(keys.error());
    if (what == u"rotate"_s) {
        if (const auto made = keys->rotate(); !made)
            return complain(made.error());
    }
    for (const JournalKeys::Key &key : keys->all()) {
        if (key.from)
            std::printf("key %u from seq %llu\n", key.number,
                        static_cast<unsigned long long>(*key.from));
        else
            std::printf("key %u from the next start\n", key.number);
    }
    return 0;
}

int statusCommand(const QStringList &arguments)
{
    const auto options = readLaunchOptions(ProgramKind::Server, arguments);
    if (!options)
        return complain(options.error());
    const std::optional<RunningServer> server = runningServer(options->dataDir);
    if (!server) {
        std::printf("not running (%s)\n", qUtf8Printable(options->dataDir));
        return 3;
    }
    if (server->url.isEmpty()) {
        std::printf("process %lld holds %s and does not serve\n",
                    static_cast<long long>(server->process), qUtf8Printable(options->dataDir));
        return 1;
    }
    const Health health = healthOf(*server);
    std::printf("process %lld  %s  %s\n", static_cast<long long>(server->process),
                qUtf8Printable(server->url.toString()),
                health.status == 200 ? "healthy"
                : health.status == 0 ? "no answer"
                                     : "not ready");
    if (!server->fingerprint.empty())
        std::printf("certificate SHA-256 %s\n", server->fingerprint.c_str());
    if (health.status != 200 && !health.body.empty())
        std::printf("%s\n", health.body.c_str());
    return health.status == 200 ? 0 : 1;
}

int logsCommand(QStringList arguments)
{
    const bool following = arguments.removeAll(u"-f"_s) + arguments.removeAll(u"--follow"_s) > 0;
    const bool raw = arguments.removeAll(u"--json"_s) > 0;
    qint64 lines = 100;
    if (const qsizetype at = arguments.indexOf(u"-n"_s); at >= 0) {
        bool ok = false;
        lines = arguments.value(at + 1).toLongLong(&ok);
        if (!ok || lines < 0 || lines > 1'000'000)
            return complain({Code::CONFIGURATION_ERROR, "-n", arguments.value(at + 1).toStdString(),
                             "0-1000000"});
        arguments.remove(at, 2);
    }
    const auto options = readLaunchOptions(ProgramKind::Server, arguments);
    if (!options)
        return complain(options.error());
    const QString path = options->dataDir + u"/logs/khopd.log"_s;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return complain({Code::CONFIGURATION_ERROR, path.toStdString(),
                         file.errorString().toStdString(), "the log of a server that has run"});
    QByteArray pending = tail(file, lines);
    if (following)
        follow(path, file, std::move(pending), raw);
    if (!pending.isEmpty() && !pending.endsWith('\n'))
        pending += '\n';
    show(pending, raw);
    return 0;
}

} // namespace khop
