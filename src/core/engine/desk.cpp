// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/desk.h"

#include "engine/command_codec.h"

#include <QSqlQuery>

#include <algorithm>
#include <future>

namespace khop {

namespace {

constexpr std::uint64_t checkpointEvery =
    100'000;                               // commands, at least: read again in half a second
constexpr int largestLog = 16'384;         // pages (64 MiB) after which the log starts anew
constexpr std::size_t largestGroup = 1024; // commands
constexpr std::size_t balanceSweep = 32;   // rows per group

} // namespace

Desk::Desk(DeskOptions options) : m_options(std::move(options)) {}

Result<std::unique_ptr<Desk>> Desk::open(DeskOptions options)
{
    std::unique_ptr<Desk> desk(new Desk(std::move(options)));
    // the store belongs to the engine's thread: recovery runs there and its outcome comes back here
    std::promise<Result<void>> ready;
    auto outcome = ready.get_future();
    desk->m_thread = std::jthread([self = desk.get(), &ready](std::stop_token stop) {
        auto recovered = self->recover();
        const bool ok = recovered.has_value();
        self->m_running = ok;
        ready.set_value(std::move(recovered));
        if (ok)
            self->run(stop);
        self->m_history.reset();
        self->m_store.reset();
    });
    if (auto recovered = outcome.get(); !recovered)
        return std::unexpected(recovered.error());
    desk->m_checkpointThread =
        std::jthread([self = desk.get()](std::stop_token stop) { self->checkpointLog(stop); });
    return desk;
}

Desk::~Desk()
{
    m_checkpointThread = {};
    {
        std::lock_guard lock(m_queueMutex);
        m_stopping = true;
    }
    m_queueChanged.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

Time Desk::readClock() const { return m_practice ? m_practice->now() : m_wall.now(); }

Time Desk::now() const { return readClock(); }

Uuid Desk::newOrderId(Time time) { return uuid7(time, m_idSalt, m_idCounter++); }

void Desk::submit(Command command, std::shared_ptr<ResultSink> sink, std::uint64_t token)
{
    Code refusal = Code::OK;
    {
        std::lock_guard lock(m_queueMutex);
        if (m_stopping || !m_running) {
            refusal = Code::SHUTTING_DOWN;
        } else if (m_queue.size() >= m_options.queueLimit) {
            refusal = Code::OVERLOADED;
        } else {
            m_queue.push_back({std::move(command), std::move(sink), token, steadyNanoseconds()});
            if (m_queue.size() == 1)
                m_queueChanged.notify_one();
        }
    }
    if (refusal != Code::OK) {
        CommandResult result;
        result.token = token;
        result.error = {refusal, {}, {}, {}};
        // NOLINTNEXTLINE(bugprone-use-after-move): refused, so not moved
        sink->deliver({std::move(result)});
    }
}

std::chrono::steady_clock::time_point Desk::nextWake() const
{
    const auto now = std::chrono::steady_clock::now();
    const Time timer = std::min(m_engine->nextTimer(), m_rollAt);
    const int speed = m_practice ? m_practice->speed() : 1;
    const auto latest = std::min(now + std::chrono::hours(1),
                                 m_archive.next().value_or(DayArchive::Clock::time_point::max()));
    if (speed == 0 || timer == never)
        return latest;
    const std::int64_t engineMs = std::max<std::int64_t>(0, timer - readClock());
    // with participants the clock ticks ten times a second at most: they catch up in one step
    const std::int64_t wallMs = std::max<std::int64_t>(engineMs / speed, marketMoves() ? 100 : 1);
    return std::min(latest,
                    now + std::chrono::milliseconds(std::min<std::int64_t>(wallMs, 3'600'000)));
}

void Desk::run(std::stop_token)
{
    std::vector<Pending> batch;
    auto wake = nextWake();
    while (true) {
        {
            std::unique_lock lock(m_queueMutex);
            m_queueChanged.wait_until(lock, wake,
                                      [this] { return !m_queue.empty() || m_stopping || m_wake; });
            m_wake = false;
            if (m_stopping && m_queue.empty())
                break;
            if (m_queue.size() <= largestGroup) {
                batch = std::exchange(m_queue, {});
                m_queue.reserve(batch.capacity());
            } else {
                const auto middle = m_queue.begin() + largestGroup;
                batch.assign(std::make_move_iterator(m_queue.begin()),
                             std::make_move_iterator(middle));
                m_queue.erase(m_queue.begin(), middle);
            }
        }
        runErrands();
        if (!m_running) {
            turnAway(batch);
            if (std::chrono::steady_clock::now() >= m_reloadAt)
                reload();
            wake = m_running ? nextWake() : m_reloadAt;
            continue;
        }
        if (rollPracticeDay()) // participants sleep through the night
            batch.insert(batch.begin(), Pending{Command{{}, Tick{true}}, nullptr, 0, 0});
        if (batch.empty() && m_engine->nextTimer() <= readClock())
            batch.push_back({});
        if (!batch.empty())
            runGroup(std::move(batch));
        batch.clear();
        if (m_running)
            moveRows();
        wake = m_running ? nextWake() : m_reloadAt;
    }
    if (m_reader && m_running)
        runGroup({Pending{}}); // the tape is fed up to here
    if (m_recorder)
        (void)finishRecording();
    if (m_running && m_engine->sequence() > m_checkpointed) {
        // a clean stop leaves a checkpoint, so that the next start replays nothing
        m_checkpointed = 0;
        (void)applyAtStart(Tick{true});
    }
    m_running = false;
    runErrands();
}

bool Desk::rollPracticeDay()
{
    if (!m_practice || m_rollAt == never || readClock() < m_rollAt)
        return false;
    const auto rules = m_view.rules();
    const Time now = readClock();
    m_rollAt = never;
    m_practice->jumpTo(
        vietnamTime(rules->calendar.nextTradingDay(vietnamDate(now)), 9 * 3'600'000 - 15'000));
    return true;
}

void Desk::runGroup(std::vector<Pending> batch)
{
    // After a failed commit the engine is ahead of the journal: a group now would leave a gap in it.
    if (!m_running) {
        turnAway(batch);
        return;
    }
    auto group = std::make_shared<CommittedGroup>();
    std::vector<CommandResult> results;
    results.reserve(batch.size());
    JournalGroup journal;
    journal.first = m_engine->sequence() + 1;
    ByteWriter bytes;
    const std::int64_t taken = steadyNanoseconds();
    for (const Pending &pending : batch) {
        if (pending.submittedAt != 0)
            m_queueTimes.add(taken - pending.submittedAt);
    }
    const auto commandAt = [&batch](std::size_t i) -> const Command & { return batch[i].command; };
    for (std::size_t i = 0; i < batch.size(); ++i) {
        m_engine->lookAhead(i, batch.size(), commandAt);
        Pending &pending = batch[i];
        Command &command = pending.command;
        command.time = std::max(m_engine->now(), readClock());
        if (auto *place = std::get_if<PlaceOrder>(&command.body); place && place->id.isNull())
            place->id = newOrderId(command.time);
        if (auto *deal = std::get_if<ProposePutThrough>(&command.body); deal && deal->id.isNull())
            deal->id = newOrderId(command.time);
        if (auto *action = std::get_if<AnnounceCorporateAction>(&command.body);
            action && action->id.isNull())
            action->id = newOrderId(command.time);
        if (auto *import = std::get_if<ImportStatement>(&command.body);
            import && import->id.isNull())
            import->id = newOrderId(command.time);
        feedReplay(command.time, bytes, *group);
        encodeCommand(bytes, command);
        results.push_back(m_engine->apply(command, *group));
        results.back().token = pending.token;
    }
    journal.commands =
        QByteArray::fromRawData(bytes.bytes().data(), static_cast<qsizetype>(bytes.bytes().size()));
    const std::int64_t begin = steadyNanoseconds();
    if (auto committed = commit(journal, *group); !committed) {
        failStop(committed.error().field + ": " + committed.error().value, batch);
        return;
    }
    const std::int64_t end = steadyNanoseconds();
    m_commitNanoseconds += static_cast<std::uint64_t>(end - begin);
    m_applyTimes.add(begin - taken, batch.size());
    m_commitTimes.add(end - begin, batch.size());
    for (CommandResult &result : results)
        result.committedAt = end;
    publish(batch, results, std::move(group));
}

Result<void> Desk::commit(JournalGroup &journal, const CommittedGroup &rows)
{
    journal.last = m_engine->sequence();
    journal.time = m_engine->now();
    journal.stateHash = m_engine->stateHash();
    journal.previous = m_lastHash;
    m_store->keys().seal(journal);
    Store::Write write;
    write.journal = journal;
    write.rows = &rows;
    for (const auto &balance : rows.balances)
        m_dirtyBalances.push_back(balance);
    if (m_dirtyBalances.size() > balanceSweep * 4 || journal.last % 64 == 0) {
        std::sort(m_dirtyBalances.begin(), m_dirtyBalances.end());
        m_dirtyBalances.erase(std::unique(m_dirtyBalances.begin(), m_dirtyBalances.end()),
                              m_dirtyBalances.end());
    }
    const std::size_t sweep = std::min(balanceSweep, m_dirtyBalances.size());
    for (std::size_t k = 0; k < sweep; ++k) {
        const auto &[account, currency] = m_dirtyBalances[m_dirtyBalances.size() - 1 - k];
        const Balance balance = m_engine->balance(account, currency);
        write.balances.push_back(
            {account, currency, balance.available, balance.held, balance.pending});
    }
    m_dirtyBalances.resize(m_dirtyBalances.size() - sweep);
    // the more a checkpoint holds, the rarer it is: what it writes stays a small part of each order
    if (journal.last - m_checkpointed
            >= std::max(checkpointEvery, std::uint64_t{m_engine->openOrders()})
        || m_checkpointed == 0) {
        write.checkpoint =
            Checkpoint{journal.last, QByteArray::fromStdString(m_engine->snapshot())};
        write.clientOrderDay = m_engine->clientOrderDay();
        write.clientOrders = m_engine->takeNewClientOrders();
    }
    if (auto committed = m_store->commit(write); !committed)
        return committed;
    if (write.checkpoint)
        m_checkpointed = journal.last;
    m_lastHash = journal.hash;
    return {};
}

void Desk::publish(std::vector<Pending> &batch, std::vector<CommandResult> &results,
                   std::shared_ptr<CommittedGroup> group)
{
    if (!group->closes.empty())
        m_portfolios.daysEnded();
    m_view.apply(*group, *m_engine);
    for (const ImportChange &change : group->imports) {
        if (!change.rows) // undone: its entries do not count any more
            m_portfolios.forget(change.record.account);
    }
    keepRecording();
    m_sequence = m_engine->sequence();
    m_stateHash = m_engine->stateHash();
    m_participants = m_engine->participantsOn();
    m_commands += batch.size();
    m_executions += group->executions.size();
    ++m_groups;
    for (std::size_t i = 0; i < results.size(); ++i) {
        CommandResult &result = results[i];
        if (result.order
            && (result.duplicate || result.error.code == Code::DUPLICATE_CLIENT_ORDER_ID)) {
            auto known = m_view.order(result.order->no);
            if (!known) // made before this start, and today's rows are still being read
                known = m_store->readOrder(result.order->no);
            if (known)
                result.order = std::move(known);
        }
        if (result.ok() && std::holds_alternative<PlaceOrder>(batch[i].command.body)
            && !result.duplicate)
            ++m_orders;
    }
    // one delivery per sink and group
    std::vector<std::pair<ResultSink *, std::vector<CommandResult>>> deliveries;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        ResultSink *sink = batch[i].sink.get();
        if (!sink)
            continue;
        auto it = std::find_if(deliveries.begin(), deliveries.end(),
                               [sink](const auto &d) { return d.first == sink; });
        if (it == deliveries.end())
            it = deliveries.insert(deliveries.end(), {sink, {}});
        it->second.push_back(std::move(results[i]));
    }
    for (auto &[sink, answers] : deliveries)
        sink->deliver(std::move(answers));
    std::vector<std::shared_ptr<Subscriber>> subscribers;
    {
        std::lock_guard lock(m_subscriberMutex);
        subscribers = m_subscribers;
    }
    for (const auto &subscriber : subscribers) {
        std::lock_guard lock(subscriber->running);
        if (subscriber->listener)
            subscriber->listener(group);
    }
    for (const SessionChange &change : group->sessions) {
        // the practice evening is short: the next trading day follows a few minutes after the close
        const bool evening = change.phase == Phase::Closed && change.exchange != Exchange::SPOT;
        if (m_practice && marketMoves() && evening && readClock() - change.time < rollAfterClose)
            m_rollAt = change.time + rollAfterClose;
    }
    if (auto followed = m_archive.follow(*m_store, *group); !followed)
        setDetail(followed.error().value);
}

/// A little of what is to leave memory. Trading goes on when that fails; memory then grows.
void Desk::moveRows()
{
    const auto next = m_archive.next();
    if (!next || *next > DayArchive::Clock::now())
        return;
    const auto moved = m_archive.step(*m_store, *m_history);
    setDetail(moved ? std::string() : "moving rows to the history: " + moved.error().value);
}

void Desk::setDetail(std::string detail)
{
    const std::lock_guard lock(m_detailMutex);
    m_detail = std::move(detail);
}

/// Takes no more commands until the store can be written again: see reload().
void Desk::failStop(const std::string &why, std::vector<Pending> &batch)
{
    m_running = false;
    m_reloadAt = std::chrono::steady_clock::now() + m_reloadWait;
    m_reloadWait = std::min(m_reloadWait * 2, std::chrono::seconds(60));
    setDetail(why);
    turnAway(batch);
}

void Desk::turnAway(std::vector<Pending> &batch)
{
    for (const Pending &pending : batch) {
        if (!pending.sink)
            continue;
        CommandResult result;
        result.token = pending.token;
        result.error = {Code::SHUTTING_DOWN, {}, {}, {}};
        pending.sink->deliver({std::move(result)});
    }
    batch.clear();
}

Subscription Desk::subscribe(Listener listener)
{
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->listener = std::move(listener);
    {
        std::lock_guard lock(m_subscriberMutex);
        m_subscribers.push_back(subscriber);
    }
    return Subscription([this, subscriber] {
        {
            std::lock_guard lock(m_subscriberMutex);
            std::erase(m_subscribers, subscriber);
        }
        std::lock_guard lock(subscriber->running);
        subscriber->listener = nullptr;
    });
}

void Desk::checkpointLog(std::stop_token stop)
{
    const QString name = QStringLiteral("khop-checkpoint-%1").arg(reinterpret_cast<quintptr>(this));
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        db.setDatabaseName(m_options.databaseFile);
        db.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
        if (db.open()) {
            QSqlQuery query(db);
            std::mutex mutex;
            std::condition_variable_any wakeUp;
            std::unique_lock lock(mutex);
            while (!wakeUp.wait_for(lock, stop, std::chrono::seconds(1), [&stop] {
                return stop.stop_requested();
            }) && !stop.stop_requested()) {
                query.exec(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)"));
                const bool large = query.next() && query.value(1).toInt() > largestLog;
                query.finish();
                if (large) { // under a steady load nothing else would ever let the log start anew
                    query.exec(QStringLiteral("PRAGMA wal_checkpoint(RESTART)"));
                    query.finish();
                }
            }
        }
        db.close();
    }
    QSqlDatabase::removeDatabase(name);
}

} // namespace khop
