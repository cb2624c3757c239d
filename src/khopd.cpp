// SPDX-License-Identifier: GPL-3.0-or-later
// The headless program: desk, exchange and server. Links no Gui and no Widgets.
#include "program/house.h"
#include "program/launch_options.h"
#include "program/signals.h"

#include <QCoreApplication>

#include <cstdio>
#include <iostream>
#include <string>

namespace {

using namespace Qt::StringLiterals;

int fail(const khop::Error &error)
{
    std::fprintf(stderr, "khopd: %s\n", khop::shown(error).c_str());
    return 1;
}

int addUser(QStringList arguments)
{
    const QString usage =
        u"khopd user add NAME --role viewer|trader|admin [--foreign] --password-stdin "
        "[--data-dir DIR]"_s;
    const auto take = [&arguments](const QString &option) {
        const qsizetype at = arguments.indexOf(option);
        const QString value = at >= 0 && at + 1 < arguments.size() ? arguments[at + 1] : QString();
        if (at >= 0)
            arguments.remove(at, std::min<qsizetype>(2, arguments.size() - at));
        return value;
    };
    const QString role = take(u"--role"_s);
    const auto parsed = khop::server::roleFromName(role.toStdString());
    const bool fromInput = arguments.removeAll(u"--password-stdin"_s) > 0;
    khop::server::NewUser request;
    request.foreign = arguments.removeAll(u"--foreign"_s) > 0;
    if (arguments.size() < 3 || arguments[1] != u"add"_s || !parsed || !fromInput)
        return fail({khop::Code::CONFIGURATION_ERROR, "command line",
                     arguments.join(u' ').toStdString(), usage.toStdString()});
    const std::string name = arguments[2].toStdString();
    request.username = name;
    request.role = *parsed;
    const auto options = khop::readLaunchOptions(khop::ProgramKind::Server, arguments.mid(3));
    if (!options)
        return fail(options.error());
    std::getline(std::cin, request.password);
    if (const auto made = khop::makeDataDir(options->dataDir); !made)
        return fail(made.error());
    auto identity = khop::openIdentity(*options);
    if (!identity)
        return fail(identity.error());
    const auto user = (*identity)->addUser(request);
    if (!user)
        return fail(user.error());
    std::printf("user %s %s account %s\n", name.c_str(), role.toStdString().c_str(),
                user->accountId.text().c_str());
    return 0;
}

int verify(const QStringList &arguments)
{
    const auto options = khop::readLaunchOptions(khop::ProgramKind::Server, arguments.mid(1));
    if (!options)
        return fail(options.error());
    const auto outcome = khop::verifyDatabase(options->databaseFile);
    if (!outcome)
        return fail(outcome.error());
    if (outcome->badSequence) {
        std::printf("bad seq %llu: %s\n", static_cast<unsigned long long>(*outcome->badSequence),
                    outcome->why.c_str());
        return 1;
    }
    std::printf("state %016llx seq %llu\n", static_cast<unsigned long long>(outcome->stateHash),
                static_cast<unsigned long long>(outcome->sequence));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_NO_GLIB", "1"); // the plain dispatcher costs less per request
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"khopd"_s);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (!arguments.isEmpty() && arguments[0] == u"user"_s)
        return addUser(arguments);
    if (!arguments.isEmpty() && arguments[0] == u"verify"_s)
        return verify(arguments);
    const auto options = khop::readLaunchOptions(khop::ProgramKind::Server, arguments);
    if (!options) {
        fail(options.error());
        return 2;
    }
    khop::quitOnSignals();
    auto house = khop::House::open(*options, khop::ProgramKind::Server);
    if (!house)
        return fail(house.error());
    // Before anything else can fail: it is shown only at this start.
    if (const auto &password = (*house)->demoPassword())
        std::printf("demo user: demo  password: %s  (shown only this once)\n", password->c_str());
    const auto url = (*house)->startServer();
    if (!url)
        return fail(url.error());
    if (!(*house)->desk().clock().calendarKnown)
        std::fprintf(stderr,
                     "khopd: the holidays of this year are not known; every weekday trades\n");
    std::printf("ready %s\n", url->toStdString().c_str());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
