// SPDX-License-Identifier: GPL-3.0-or-later
// A desk's recordings: files in one folder, written after each commit and read before each group.
#include "engine/desk.h"

#include "base/invariant.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

constexpr std::int64_t lookahead = 10'000; // milliseconds of tape the engine knows beforehand
constexpr std::size_t mostRecordings = 1'000;

Error invalidId(const std::string &id)
{
    return {Code::VALIDATION_ERROR, "id", id, "[A-Za-z0-9._-]{1,64}"};
}

/// Keeps the last result that comes.
class Outcome final : public ResultSink
{
public:
    void deliver(std::vector<CommandResult> results) override
    {
        for (CommandResult &result : results) {
            if (!result.ok() && error.code == Code::OK)
                error = result.error;
        }
    }
    Error error;
};

} // namespace

bool isRecordingId(std::string_view id)
{
    static constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !id.empty() && id.size() <= 64 && id.front() != '.'
           && id.find_first_not_of(allowed) == std::string_view::npos;
}

QString Desk::recordingPath(const std::string &id) const
{
    return m_options.recordingsFolder + u'/' + QString::fromStdString(id) + u".khoprec"_s;
}

/// Runs it on the engine's thread, between two groups.
Result<void> Desk::onEngine(std::function<Result<void>()> work)
{
    std::promise<Result<void>> done;
    auto outcome = done.get_future();
    if (const Result<void> posted = post({std::move(work), std::move(done), {}}); !posted)
        return posted;
    return outcome.get();
}

Result<void> Desk::post(Errand errand)
{
    constexpr std::size_t mostErrands = 10'000;
    {
        std::lock_guard lock(m_queueMutex);
        if (m_stopping || !m_running)
            return refuse(Code::SHUTTING_DOWN);
        if (m_errands.size() >= mostErrands)
            return refuse(Code::OVERLOADED);
        m_errands.push_back(std::move(errand));
        m_wake = true;
    }
    m_queueChanged.notify_all();
    return {};
}

void Desk::runErrands()
{
    std::vector<Errand> errands;
    {
        std::lock_guard lock(m_queueMutex);
        errands = std::exchange(m_errands, {});
    }
    for (Errand &errand : errands) {
        if (!m_running && errand.dropped)
            errand.dropped();
        errand.done.set_value(m_running ? errand.work() : refuse(Code::SHUTTING_DOWN));
    }
}

// Recording

std::vector<RecordingSummary> Desk::list() const
{
    std::vector<RecordingSummary> recordings;
    if (m_options.recordingsFolder.isEmpty())
        return recordings;
    const RecordingsState now = state();
    const QDir folder(m_options.recordingsFolder);
    for (const QFileInfo &file : folder.entryInfoList({u"*.khoprec"_s}, QDir::Files, QDir::Time)) {
        RecordingSummary summary;
        summary.id = file.completeBaseName().toStdString();
        summary.bytes = static_cast<std::uint64_t>(file.size());
        if (now.recording && now.recording->id == summary.id)
            summary = *now.recording;
        else if (auto known = peekRecording(file.filePath()))
            summary = *known;
        else
            summary.broken = known.error();
        recordings.push_back(std::move(summary));
        if (recordings.size() == mostRecordings)
            break;
    }
    return recordings;
}

RecordingsState Desk::state() const
{
    std::lock_guard lock(m_recordingsMutex);
    return m_recordingsState;
}

void Desk::noteRecordings()
{
    const Replay &replay = m_engine->replay();
    std::lock_guard lock(m_recordingsMutex);
    RecordingsState &now = m_recordingsState;
    now.recording = m_recorder ? std::optional(m_recorder->summary()) : std::nullopt;
    now.replaying = replay.active() ? replay.name() : std::string();
    now.played = replay.played();
    const Time next = replay.nextEvent();
    now.nextEvent = replay.active() && next != Time{std::numeric_limits<std::int64_t>::max()}
                        ? std::optional(next)
                        : std::nullopt;
}

Result<RecordingSummary> Desk::record(const std::string &wanted)
{
    if (m_options.recordingsFolder.isEmpty())
        return refuse(Code::FORBIDDEN, "recordings", {}, "a data directory");
    if (!wanted.empty() && !isRecordingId(wanted))
        return std::unexpected(invalidId(wanted));
    RecordingSummary summary;
    auto done = onEngine([&]() -> Result<void> {
        if (m_recorder)
            return refuse(Code::VALIDATION_ERROR, "id", m_recorder->summary().id,
                          "no other running recording");
        std::string id = wanted;
        const std::string day = isoDate(vietnamDate(m_engine->now()));
        for (int k = 1; id.empty() || (wanted.empty() && QFileInfo::exists(recordingPath(id))); ++k)
            id = k == 1 ? day : day + "-" + std::to_string(k);
        if (QFileInfo::exists(recordingPath(id)))
            return refuse(Code::VALIDATION_ERROR, "id", id, "an id that is not taken");
        QDir().mkpath(m_options.recordingsFolder);
        // so that what the crowd did until now is on the state and what follows on the tape
        if (m_engine->nextTimer() <= readClock())
            runGroup({Pending{}});
        auto writer = RecordingWriter::open(
            recordingPath(id),
            {"khop 0.1.0", m_engine->now(), m_engine->rulesText(), m_engine->instrumentsText()},
            m_engine->exchange().opening());
        if (!writer)
            return std::unexpected(writer.error());
        m_recorder = std::move(*writer);
        m_engine->setTape(m_recorder.get());
        summary = m_recorder->summary();
        noteRecordings();
        return {};
    });
    if (!done)
        return std::unexpected(done.error());
    return summary;
}

Result<RecordingSummary> Desk::stopRecording()
{
    RecordingSummary summary;
    auto done = onEngine([&]() -> Result<void> {
        if (!m_recorder)
            return refuse(Code::NOT_FOUND, "recording");
        auto finished = finishRecording();
        if (finished)
            summary = *finished;
        return finished ? Result<void>{} : std::unexpected(finished.error());
    });
    if (!done)
        return std::unexpected(done.error());
    return summary;
}

Result<RecordingSummary> Desk::finishRecording()
{
    m_engine->setTape(nullptr);
    auto finished = m_recorder->finish(m_engine->now());
    const RecordingSummary summary = m_recorder->summary();
    m_recorder.reset();
    noteRecordings();
    if (!finished)
        return std::unexpected(finished.error());
    return summary;
}

/// After a commit: what happened is written, and a day that is over ends its recording.
void Desk::keepRecording()
{
    if (m_recorder) {
        if (!m_recorder->flush() || m_recorder->complete())
            (void)finishRecording();
    }
    if (m_reader && !m_engine->replay().active())
        m_reader.reset();
    if (m_recorder || m_reader || !m_recordingsState.replaying.empty())
        noteRecordings();
}

// Replay

Result<RecordingsState> Desk::replay(const std::string &id, std::optional<int> speed)
{
    if (!m_practice)
        return refuse(Code::FORBIDDEN, "recording", id, "practice");
    if (!isRecordingId(id) || !QFileInfo::exists(recordingPath(id)))
        return refuse(Code::NOT_FOUND, "recording", id);
    return replayFile(recordingPath(id), id, speed);
}

Result<RecordingsState> Desk::replayFile(const QString &path, const std::string &name,
                                         std::optional<int> speed)
{
    if (speed && (*speed < 0 || *speed > 100))
        return refuse(Code::VALIDATION_ERROR, "speed", std::to_string(*speed), "0-100");
    // the whole file is checked first: a replay that has begun does not break off
    auto whole = RecordingReader::open(path);
    while (whole) {
        auto block = (*whole)->nextBlock();
        if (!block)
            return std::unexpected(block.error());
        if (!*block)
            break;
    }
    if (!whole)
        return std::unexpected(whole.error());
    auto reader = RecordingReader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    auto done = onEngine([&] {
        return beginReplay(std::move(*reader), name, (*whole)->summary(), (*whole)->chain(), speed);
    });
    if (!done)
        return std::unexpected(done.error());
    return state();
}

Result<void> Desk::beginReplay(std::unique_ptr<RecordingReader> reader, const std::string &name,
                               const RecordingSummary &summary, const std::string &hash,
                               std::optional<int> speed)
{
    const RecordingHeader &header = reader->header();
    if (m_recorder)
        return refuse(Code::VALIDATION_ERROR, "recording", m_recorder->summary().id,
                      "no running recording");
    if (m_engine->openOrders() > 0)
        return refuse(Code::VALIDATION_ERROR, "recording",
                      std::to_string(m_engine->openOrders()) + " open orders",
                      "a desk without open orders");
    if (header.rules != m_engine->rulesText() || header.instruments != m_engine->instrumentsText())
        return refuse(Code::FILE_INVALID, name, "it was recorded with other rules or instruments",
                      "a recording of this desk's rules and instruments");
    const Time now = std::max(m_engine->now(), readClock());
    const auto rules = m_view.rules();
    const std::int64_t timeOfDay = vietnamTimeOfDay(header.from);
    Date day = vietnamDate(now);
    if (!rules->calendar.isTradingDay(day) || vietnamTime(day, timeOfDay) < now)
        day = rules->calendar.nextTradingDay(day);
    const std::int64_t shift = std::int64_t{day - vietnamDate(header.from)} * millisecondsPerDay;
    const int before = m_practice->speed();
    m_practice->setSpeed(0);
    m_practice->jumpTo(header.from + shift);
    auto outcome = std::make_shared<Outcome>();
    std::vector<Pending> batch;
    batch.push_back({Command{{}, Tick{true}}, outcome, 0});
    batch.push_back(
        {Command{{}, StartReplay{name, hash, reader->openingBytes(), shift}}, outcome, 0});
    m_reader.reset();
    runGroup(std::move(batch));
    if (outcome->error.code == Code::OK) {
        m_reader = std::move(reader);
        m_rollAt = Time{std::numeric_limits<std::int64_t>::max()};
        std::lock_guard lock(m_recordingsMutex);
        m_recordingsState.from = header.from + shift;
        m_recordingsState.to = summary.to + shift;
        m_recordingsState.events = summary.events;
    }
    if (m_reader)
        runGroup({Pending{}}); // takes the first of the tape
    noteRecordings();
    m_practice->setSpeed(speed.value_or(before));
    if (outcome->error.code != Code::OK)
        return std::unexpected(outcome->error);
    return {};
}

/// Gives the engine the tape it needs to go on to that time, before the command that takes it there.
void Desk::feedReplay(Time until, ByteWriter &journal, CommittedGroup &group)
{
    while (m_reader && m_engine->replay().active() && !m_engine->replay().complete()
           && (m_engine->replay().covered() < until + lookahead)) {
        auto block = m_reader->nextBlock();
        Command command{m_engine->now(), StopReplay{}}; // the file has changed under the replay
        if (block && *block)
            command.body = ReplaySlice{std::move(**block), {}};
        else if (block)
            command.body = ReplaySlice{{}, m_reader->summary().to};
        encodeCommand(journal, command);
        if (const CommandResult taken = m_engine->apply(command, group); !taken.ok()) {
            command = {m_engine->now(), StopReplay{}};
            encodeCommand(journal, command);
            m_engine->apply(command, group);
        }
    }
}

/// After a start: a replay that was running goes on where the journal left it, if its file is the same.
Result<void> Desk::resumeReplay()
{
    if (!m_engine->replay().active())
        return {};
    const std::string name = m_engine->replay().name();
    const QString path =
        QFileInfo::exists(recordingPath(name)) ? recordingPath(name) : m_options.replayFile;
    auto whole = RecordingReader::open(path);
    while (whole) {
        auto block = (*whole)->nextBlock();
        if (!block || !*block) {
            if (!block)
                whole = std::unexpected(block.error());
            break;
        }
    }
    auto reader = RecordingReader::open(path);
    if (!whole || !reader || (*whole)->chain() != m_engine->replay().fileHash()) {
        auto stopped = applyAtStart(StopReplay{});
        return stopped ? Result<void>{} : std::unexpected(stopped.error());
    }
    for (std::uint64_t k = 0; k < m_engine->replay().blocks(); ++k) {
        auto block = (*reader)->nextBlock();
        if (!block || !*block)
            break;
    }
    m_reader = std::move(*reader);
    m_recordingsState.events = (*whole)->summary().events;
    noteRecordings();
    return {};
}

/// At a start: days by candles, where none are planned already.
Result<void> Desk::planCandles()
{
    if (!m_options.candles || !m_engine->plan().empty())
        return {};
    const DeskOptions::Candles &candles = *m_options.candles;
    auto planned =
        planDays(candles.files, candles.unit, candles.from, m_engine->exchange().instruments());
    if (!planned)
        return std::unexpected(planned.error());
    ByteWriter bytes;
    planned->plan.save(bytes);
    auto applied = applyAtStart(PlanDays{bytes.take()});
    m_options.candles.reset();
    return applied ? Result<void>{} : std::unexpected(applied.error());
}

Result<void> Desk::stopReplay()
{
    return onEngine([this]() -> Result<void> {
        if (!m_engine->replay().active())
            return refuse(Code::NOT_FOUND, "recording");
        auto outcome = std::make_shared<Outcome>();
        std::vector<Pending> batch;
        batch.push_back({Command{{}, StopReplay{}}, outcome, 0});
        runGroup(std::move(batch));
        noteRecordings();
        if (outcome->error.code != Code::OK)
            return std::unexpected(outcome->error);
        return {};
    });
}

Result<void> Desk::remove(const std::string &id)
{
    if (!isRecordingId(id))
        return refuse(Code::NOT_FOUND, "recording", id);
    const RecordingsState now = state();
    if (now.replaying == id || (now.recording && now.recording->id == id))
        return refuse(Code::VALIDATION_ERROR, "id", id, "a recording that is not in use");
    if (!QFileInfo::exists(recordingPath(id)))
        return refuse(Code::NOT_FOUND, "recording", id);
    if (!QFile::remove(recordingPath(id)))
        return refuse(Code::FILE_INVALID, id, "it cannot be removed", "a file that can be removed");
    return {};
}

} // namespace khop
