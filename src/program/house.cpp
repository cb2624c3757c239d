// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/house.h"

#include "base/sentences.h"
#include "base/wide.h"
#include "market/defaults.h"
#include "program/commands.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cstdio>
#include <future>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

constexpr qint64 largestFile = 16 * 1024 * 1024;

Result<std::string> textOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                      file.errorString().toStdString());
    if (file.size() > largestFile)
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                      std::to_string(file.size()) + " bytes",
                      "at most " + std::to_string(largestFile) + " bytes");
    return file.readAll().toStdString();
}

CommandResult waitFor(TradingService &desk, CommandBody body)
{
    std::promise<CommandResult> promise;
    auto result = promise.get_future();
    desk.submit(std::move(body), [&promise](CommandResult r) { promise.set_value(std::move(r)); });
    return result.get();
}

} // namespace

std::string shown(const Error &error)
{
    return std::string(codeName(error.code)) + ": " + sentence(error, Language::English);
}

int complain(const Error &error)
{
    std::fprintf(stderr, "khopd: %s\n", shown(error).c_str());
    return 1;
}

Result<void> makeDataDir(const QString &path)
{
    if (QFileInfo(path).isDir())
        return {};
    if (!QDir().mkpath(path)
        || !QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
        return refuse(Code::CONFIGURATION_ERROR, "--data-dir", path.toStdString(),
                      "a folder that can be written");
    return {};
}

Result<std::unique_ptr<House>> House::open(const LaunchOptions &options, ProgramKind kind)
{
    std::unique_ptr<House> house(new House(options));
    if (auto made = makeDataDir(options.dataDir); !made)
        return std::unexpected(made.error());
    house->m_lock = std::make_unique<QLockFile>(options.dataDir + u"/khop.lock"_s);
    house->m_lock->setStaleLockTime(0);
    if (!house->m_lock->tryLock(100)) {
        qint64 process = 0;
        QString host, application;
        house->m_lock->getLockInfo(&process, &host, &application);
        return refuse(Code::CONFIGURATION_ERROR, "--data-dir", options.dataDir.toStdString(),
                      "a folder no other server uses; process " + std::to_string(process)
                          + " holds this one");
    }
    if (auto opened = house->openDesk(kind); !opened)
        return std::unexpected(opened.error());
    if (auto opened = house->openUsers(); !opened)
        return std::unexpected(opened.error());
    if (options.demo || kind == ProgramKind::Desktop) {
        if (auto furnished = house->furnishDemo(); !furnished)
            return std::unexpected(furnished.error());
    }
    return house;
}

House::~House()
{
    stopServer();
    m_identity.reset();
    m_desk.reset();
}

/// Broken market data is refused with the name of its file, before anything is opened.
Result<void> House::checkMarketFiles(const DeskOptions &desk) const
{
    const auto inFile = [](const QString &file, Error error) {
        error.field = file.toStdString() + ": " + error.field;
        return std::unexpected(std::move(error));
    };
    const auto rules = parseMarketRules(desk.rules.value_or(defaultMarketRulesText()));
    if (!rules)
        return inFile(m_options.rulesFile.value_or(QString()), rules.error());
    if (desk.instruments) {
        if (const auto instruments = parseInstruments(*desk.instruments, *rules); !instruments)
            return inFile(m_options.instrumentsFile.value_or(QString()), instruments.error());
    }
    return {};
}

Result<void> House::openDesk(ProgramKind kind)
{
    DeskOptions desk;
    desk.databaseFile = m_options.databaseFile;
    desk.journalKeyFile = m_options.journalKeyFile;
    if (m_options.instrumentsFile) {
        auto text = textOf(*m_options.instrumentsFile);
        if (!text)
            return std::unexpected(text.error());
        desk.instruments = std::move(*text);
    }
    if (m_options.rulesFile) {
        auto text = textOf(*m_options.rulesFile);
        if (!text)
            return std::unexpected(text.error());
        desk.rules = std::move(*text);
    }
    desk.practice = kind == ProgramKind::Desktop || m_options.demo || m_options.clock
                    || m_options.replayFile || m_options.candles;
    desk.startAt = m_options.clock;
    desk.speed = m_options.speed.value_or(1);
    desk.mostPerOrder = m_options.mostPerOrder;
    desk.mostSymbols = m_options.mostSymbols;
    if (m_options.replayFile) {
        if (auto read = startFromRecording(desk); !read)
            return read;
    }
    if (auto checked = checkMarketFiles(desk); !checked)
        return checked;
    if (m_options.crowdFile) {
        auto text = textOf(*m_options.crowdFile);
        if (!text)
            return std::unexpected(text.error());
        desk.crowd = std::move(*text);
    }
    if (auto read = readCandlesFor(desk); !read)
        return read;
    desk.recordingsFolder = m_options.dataDir + u"/recordings"_s;
    desk.participants = m_options.participants.value_or(true);
    desk.seed = m_options.seed;
    auto opened = Desk::open(std::move(desk));
    if (!opened)
        return std::unexpected(opened.error());
    m_desk = std::move(*opened);
    return beginPractice();
}

Result<std::unique_ptr<server::Identity>> openIdentity(const LaunchOptions &options)
{
    server::IdentityOptions identity;
    identity.database = options.databaseFile;
    identity.dataDir = options.dataDir;
    identity.secretKey = options.secretKey;
    identity.development = options.development;
    identity.accessMinutes = options.accessTokenMinutes;
    return server::Identity::open(identity);
}

Result<void> House::openUsers()
{
    auto identity = openIdentity(m_options);
    if (!identity)
        return std::unexpected(identity.error());
    m_identity = std::move(*identity);
    return {};
}

Result<void> House::furnishDemo()
{
    auto password = m_identity->ensureDemoUser();
    if (!password)
        return std::unexpected(password.error());
    m_demoPassword = *password;
    for (const server::User &user : m_identity->users()) {
        if (user.username != "demo")
            continue;
        const bool known = m_desk->findAccount(user.accountId).has_value();
        const CommandResult opened = waitFor(*m_desk, OpenAccount{user.accountId, user.username});
        if (!opened.ok())
            return std::unexpected(opened.error);
        m_demoAccount = opened.account;
        if (known)
            return {};
        std::vector<CommandBody> gifts{EndowCash{m_demoAccount, "VND", Money(1'000'000'000)},
                                       EndowCash{m_demoAccount, "USD", Money(10'000'000)}};
        const std::pair<const char *, std::int64_t> shares[] = {{"SSI", 2'000}, {"FPT", 1'000},
                                                                {"HPG", 3'000}, {"VCB", 1'000},
                                                                {"SHS", 2'000}, {"DEMO", 1'000}};
        const auto instruments = m_desk->instruments();
        for (const auto &[symbol, count] : shares) {
            const auto instrument = m_desk->findInstrument(symbol);
            if (!instrument)
                continue; // another instrument list
            const std::int64_t unit = powerOfTen((*instruments)[*instrument].quantityScale);
            gifts.push_back(
                EndowSecurities{m_demoAccount, *instrument, Quantity(count * unit), std::nullopt});
        }
        for (CommandBody &gift : gifts) {
            if (const CommandResult given = waitFor(*m_desk, std::move(gift)); !given.ok())
                return std::unexpected(given.error);
        }
        return {};
    }
    return {};
}

} // namespace khop
