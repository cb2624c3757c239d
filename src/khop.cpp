// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop: the same desk and server, with a window.
#include "program/house.h"
#include "program/launch_options.h"
#include "program/signals.h"
#include "ui/window/candles_dialog.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QMessageBox>
#include <QSet>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    qputenv("QT_NO_GLIB", "1"); // the plain dispatcher costs less per request
    const QSet<QByteArrayView> answers{"-h", "--help", "-v", "--version"};
    if (std::any_of(argv + 1, argv + argc,
                    [&](const char *argument) { return answers.contains(argument); })) {
        QCoreApplication plain(argc, argv); // help needs no display
        (void)khop::readLaunchOptions(khop::ProgramKind::Desktop,
                                      QCoreApplication::arguments().mid(1));
    }
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"khop"_s);
    QApplication::setOrganizationName(u"khop"_s);
    QApplication::setDesktopFileName(u"khop"_s);
    auto options =
        khop::readLaunchOptions(khop::ProgramKind::Desktop, QApplication::arguments().mid(1));
    if (!options) {
        std::fprintf(stderr, "khop: %s\n", khop::shown(options.error()).c_str());
        return 2;
    }
    for (const QString &warning : options->warnings)
        std::fprintf(stderr, "khop: %s\n", qUtf8Printable(warning));
    if (options->candles && !options->candleUnit) {
        auto asked = khop::ui::askCandleUnit(*options->candles);
        if (!asked) {
            std::fprintf(stderr, "khop: %s\n", khop::shown(asked.error()).c_str());
            return 2;
        }
        options->candleUnit = *asked;
    }
    khop::quitOnSignals();
    auto opened = khop::House::open(*options, khop::ProgramKind::Desktop);
    if (!opened) {
        const std::string why = khop::shown(opened.error());
        std::fprintf(stderr, "khop: %s\n", why.c_str());
        QMessageBox::critical(nullptr, u"Khớp"_s, QString::fromStdString(why));
        return 1;
    }
    khop::House &house = **opened;
    khop::ui::MainWindow window({house.desk(), house.demoAccount(), options->language});
    const auto serve = [&](bool on) {
        house.stopServer();
        window.setServerAddress({});
        if (!on)
            return;
        if (const auto url = house.startServer()) {
            window.setServerAddress(*url);
            if (!house.fingerprint().empty())
                std::printf("certificate SHA-256 %s\n", house.fingerprint().c_str());
            std::printf("ready %s\n", url->toStdString().c_str());
            std::fflush(stdout);
        } else {
            const QString why = QString::fromStdString(khop::shown(url.error()));
            std::fprintf(stderr, "khop: %s\n", why.toUtf8().constData());
            window.notify(QObject::tr("Server"), why);
        }
    };
    QObject::connect(&window, &khop::ui::MainWindow::serverToggled, &window, serve);
    window.show();
    serve(true);
    if (const auto &password = house.demoPassword()) {
        std::printf("demo user: demo  password: %s  (shown only this once)\n", password->c_str());
        std::fflush(stdout);
        window.notify(QObject::tr("Your demo user"),
                      QObject::tr("Name: demo, password: %1. It is shown only this once.")
                          .arg(QString::fromStdString(*password)));
    }
    return QApplication::exec();
}
