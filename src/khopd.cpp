// SPDX-License-Identifier: GPL-3.0-or-later
// The headless program: desk, exchange and server. Links no Gui and no Widgets.
#include "program/commands.h"
#include "program/house.h"
#include "program/launch_options.h"
#include "program/signals.h"

#include <QCoreApplication>

#include <cstdio>

namespace {

using namespace Qt::StringLiterals;

int serve(const QStringList &arguments)
{
    const auto options = khop::readLaunchOptions(khop::ProgramKind::Server, arguments);
    if (!options) {
        khop::complain(options.error());
        return 2;
    }
    for (const QString &warning : options->warnings)
        std::fprintf(stderr, "khopd: %s\n", qUtf8Printable(warning));
    khop::quitOnSignals();
    auto house = khop::House::open(*options, khop::ProgramKind::Server);
    if (!house)
        return khop::complain(house.error());
    // Before anything else can fail: it is shown only at this start.
    if (const auto &password = (*house)->demoPassword())
        std::printf("demo user: demo  password: %s  (shown only this once)\n", password->c_str());
    const auto url = (*house)->startServer();
    if (!url)
        return khop::complain(url.error());
    if (!(*house)->desk().clock().calendarKnown)
        std::fprintf(stderr,
                     "khopd: the holidays of this year are not known; every weekday trades\n");
    if (!(*house)->fingerprint().empty())
        std::printf("certificate SHA-256 %s\n", (*house)->fingerprint().c_str());
    std::printf("ready %s\n", url->toStdString().c_str());
    std::fflush(stdout);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_NO_GLIB", "1"); // the plain dispatcher costs less per request
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"khopd"_s);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const QString verb = arguments.value(0);
    if (verb == u"user"_s)
        return khop::userCommand(arguments.mid(1));
    if (verb == u"verify"_s)
        return khop::verifyCommand(arguments.mid(1));
    if (verb == u"journal-key"_s)
        return khop::journalKeyCommand(arguments.mid(1));
    if (verb == u"status"_s)
        return khop::statusCommand(arguments.mid(1));
    if (verb == u"logs"_s)
        return khop::logsCommand(arguments.mid(1));
    return serve(arguments);
}
