// SPDX-License-Identifier: GPL-3.0-or-later
// How a desk starts: from the last checkpoint and the journal after it, with its market and its clock.
#include "engine/desk.h"

#include "engine/command_codec.h"
#include "market/defaults.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace khop {

/// Opens the store and brings the engine to where its journal ends.
Result<void> Desk::load()
{
    auto store =
        Store::open(m_options.databaseFile, Store::Mode::ReadWrite, m_options.journalKeyFile);
    if (!store)
        return std::unexpected(store.error());
    m_store = std::move(*store);
    auto checkpoint = m_store->lastCheckpoint();
    if (!checkpoint)
        return std::unexpected(checkpoint.error());
    if (*checkpoint) {
        const QByteArray &bytes = (*checkpoint)->snapshot;
        if (!m_engine->restore({bytes.constData(), static_cast<std::size_t>(bytes.size())}))
            return refuse(Code::STORE_ERROR, m_options.databaseFile.toStdString(),
                          "checkpoint " + std::to_string((*checkpoint)->sequence)
                              + " is not readable by this version");
        m_checkpointed = (*checkpoint)->sequence;
        auto clients = m_store->clientOrders(m_engine->clientOrderDay());
        if (!clients)
            return std::unexpected(clients.error());
        m_engine->reserveClientOrders(clients->size() * 2);
        for (const ClientOrder &client : *clients) {
            if (client.no <= m_engine->lastOrder())
                m_engine->addClientOrder(client);
        }
    }
    auto last = m_store->lastGroup();
    if (!last)
        return std::unexpected(last.error());
    std::optional<Error> broken;
    auto replayed = m_store->readJournal(m_checkpointed, [&](const JournalGroup &group) {
        CommittedGroup ignored;
        const bool read = forEachCommand(group.commandBytes(), [&](const Command &command) {
            m_engine->apply(command, ignored);
        });
        if (!read || m_engine->sequence() != group.last || m_engine->stateHash() != group.stateHash
            || m_store->keys().check(group)
                   == Seal::Broken) { // of lost keys: see JournalKeys::start
            broken = Error{Code::STORE_ERROR, m_options.databaseFile.toStdString(),
                           "journal group " + std::to_string(group.first)
                               + " does not replay to its state hash or is not as it was sealed"};
            return false;
        }
        return true;
    });
    if (!replayed)
        return replayed;
    if (broken)
        return std::unexpected(*broken);
    m_lastHash = last->hash;
    if (m_engine->sequence() != last->last)
        return refuse(Code::STORE_ERROR, m_options.databaseFile.toStdString(),
                      "the journal has a gap");
    return {};
}

Result<void> Desk::recover()
{
    if (auto loaded = load(); !loaded)
        return loaded;
    if (auto configured = configureMarket(); !configured)
        return configured;
    if (auto started = startClock(); !started)
        return started;
    m_idSalt = QRandomGenerator::system()->generate64() & 0xFFF;
    m_idCounter = QRandomGenerator::system()->generate64() & 0x3FFF'FFFF'FFFFULL;
    return showDay();
}

/// Shows the engine's state as the committed one.
Result<void> Desk::showDay()
{
    const auto moved = m_store->moved();
    const auto lastChange = m_store->lastChange();
    if (!moved || !lastChange)
        return std::unexpected(moved ? lastChange.error() : moved.error());
    // the one before ends first: what it still reads is of the view before
    std::exchange(m_history, std::make_unique<History>(m_options.databaseFile)).reset();
    m_view.configure(*m_engine);
    m_view.start(m_engine->lastOrder(), *lastChange, *moved);
    m_archive.start();
    m_portfolios.clear();
    // the rows so far are read beside the running desk: orders need not wait for them
    m_history->loadDay(
        {m_engine->lastOrder(), m_engine->lastTrade(), m_engine->ledger().lastEntry()},
        moved->order, [this](auto leftOver, auto piece) {
            m_view.setEarlier(std::move(leftOver), std::move(piece));
        });
    m_sequence = m_engine->sequence();
    m_stateHash = m_engine->stateHash();
    return {};
}

/// A desk that stopped because a commit failed starts again from what the store has, as soon as the
/// store takes a group. Nothing of the failed group was shown or acknowledged; should it be durable
/// all the same, it is shown now.
void Desk::reload()
{
    if (m_recorder)
        (void)finishRecording();
    m_reader.reset();
    m_store.reset();
    m_engine = std::make_unique<Engine>();
    m_checkpointed = 0;
    m_dirtyBalances.clear();
    auto loaded = load();
    if (loaded && m_engine->sequence() != m_sequence)
        loaded = showDay();
    if (loaded)
        loaded = resumeReplay();
    if (!loaded) {
        std::vector<Pending> none;
        failStop(loaded.error().field + ": " + loaded.error().value, none);
        return;
    }
    setDetail({});
    m_running = true;
    runGroup({Pending{}}); // a tick: stops the desk again when it cannot be committed
    if (m_running)
        m_reloadWait = std::chrono::seconds(1);
}

Result<CommandResult> Desk::applyAtStart(CommandBody body)
{
    Command command{std::max(m_engine->now(), readClock()), std::move(body)};
    CommittedGroup group;
    JournalGroup journal;
    journal.first = m_engine->sequence() + 1;
    ByteWriter bytes;
    encodeCommand(bytes, command);
    CommandResult result = m_engine->apply(command, group);
    if (!result.ok())
        return std::unexpected(result.error);
    journal.commands = QByteArray::fromStdString(bytes.bytes());
    if (auto committed = commit(journal, group); !committed)
        return std::unexpected(committed.error());
    return result;
}

Result<void> Desk::configureMarket()
{
    const std::string rules = m_options.rules.value_or(
        m_engine->configured() ? m_engine->rulesText() : defaultMarketRulesText());
    const std::string instruments = m_options.instruments.value_or(
        m_engine->configured() ? m_engine->instrumentsText() : defaultInstrumentsText());
    if (m_engine->configured() && rules == m_engine->rulesText()
        && instruments == m_engine->instrumentsText())
        return {};
    auto parsed = parseMarketRules(rules);
    if (!parsed)
        return std::unexpected(parsed.error());
    // the clock is needed before the first command: its day decides the sessions
    if (!m_engine->configured()) {
        const Time wall = m_wall.now();
        Date day = vietnamDate(wall);
        if (!parsed->calendar.isTradingDay(day) || vietnamTimeOfDay(wall) >= 15 * 3'600'000)
            day = parsed->calendar.nextTradingDay(day);
        if (m_options.practice)
            m_practice = std::make_unique<PracticeClock>(
                m_options.startAt.value_or(vietnamTime(day, 9 * 3'600'000)), 0);
    } else if (m_options.practice) {
        m_practice = std::make_unique<PracticeClock>(m_engine->now(), 0);
    }
    auto result = applyAtStart(Configure{rules, instruments});
    return result ? Result<void>{} : std::unexpected(result.error());
}

Result<void> Desk::startClock()
{
    const Time journal = m_engine->now();
    const Time asked = m_options.practice ? m_options.startAt.value_or(journal) : m_wall.now();
    if (vietnamDate(asked) < vietnamDate(journal))
        return refuse(Code::CONFIGURATION_ERROR, "clock", isoTime(asked), isoTime(journal));
    const Time start = std::max(asked, journal);
    if (m_options.practice)
        m_practice = std::make_unique<PracticeClock>(start, 0);
    // what was missed happens first: day ends, expiries, settlements; participants sleep through it
    if (auto ticked = applyAtStart(Tick{true}); !ticked)
        return std::unexpected(ticked.error());
    if (m_options.crowd && *m_options.crowd != m_engine->crowdText()) {
        if (auto shaped = applyAtStart(ShapeCrowd{*m_options.crowd}); !shaped)
            return std::unexpected(shaped.error());
    }
    if (auto limited = applyHouseLimits(); !limited)
        return limited;
    if (auto planned = planCandles(); !planned)
        return planned;
    if (auto resumed = resumeReplay(); !resumed)
        return resumed;
    const bool participants = m_options.participants.value_or(m_engine->participantsOn());
    if (participants != m_engine->participantsOn() && !m_engine->replay().active()) {
        if (auto set = applyAtStart(SetParticipants{participants, m_options.seed}); !set)
            return std::unexpected(set.error());
    }
    m_participants = m_engine->participantsOn();
    if (m_practice)
        m_practice->setSpeed(m_options.speed);
    // opened after the close: the practice evening is short here too
    const bool evening = m_engine->participantsOn()
                         && m_engine->exchange().phase(Exchange::HOSE) == Phase::Closed
                         && vietnamTimeOfDay(start) >= 15 * 3'600'000;
    m_rollAt = m_practice && evening ? start + rollAfterClose : never;
    return {};
}

} // namespace khop
