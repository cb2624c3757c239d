// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/recording_reader.h"

#include "sim/recording_file.h"

#include <QFileInfo>

#include <algorithm>

namespace khop {

namespace {

constexpr qint64 largestRecording = qint64{4} << 30;

} // namespace

RecordingReader::RecordingReader(const QString &path)
    : m_file(path)
    , m_name(QFileInfo(path).fileName().toStdString())
{
    m_summary.id = QFileInfo(path).completeBaseName().toStdString();
}

std::unexpected<Error> RecordingReader::broken(std::string why, std::string bound) const
{
    return refuse(Code::FILE_INVALID, m_name + ", byte " + std::to_string(m_offset), std::move(why),
                  std::move(bound));
}

Result<std::unique_ptr<RecordingReader>> RecordingReader::open(const QString &path)
{
    std::unique_ptr<RecordingReader> reader(new RecordingReader(path));
    if (!reader->m_file.open(QIODevice::ReadOnly))
        return refuse(Code::FILE_INVALID, reader->m_name,
                      reader->m_file.errorString().toStdString(), "a recording");
    if (auto read = reader->readHead(); !read)
        return std::unexpected(read.error());
    return reader;
}

Result<void> RecordingReader::readHead()
{
    m_summary.bytes = static_cast<std::uint64_t>(m_file.size());
    if (m_file.size() > largestRecording)
        return broken(std::to_string(m_file.size()) + " bytes",
                      "at most " + std::to_string(largestRecording) + " bytes");
    const std::string magic = m_file.read(static_cast<qint64>(recordingMagic.size())).toStdString();
    if (magic.substr(0, 7) != recordingMagic.substr(0, 7))
        return broken("not a recording", "a file that starts with KHOPREC");
    if (magic != recordingMagic)
        return broken("version " + magic.substr(7), "version 1");
    auto head = readFrame();
    if (!head)
        return std::unexpected(head.error());
    ByteReader in(head->payload);
    const std::uint64_t kind = in.u64();
    m_header.program = in.text();
    m_header.from = in.time();
    m_header.rules = in.text();
    m_header.instruments = in.text();
    if (head->type != headerFrame || !in.ok() || !in.atEnd())
        return broken("a malformed header");
    if (kind != ordersRecording)
        return broken("a recording of kind " + std::to_string(kind), "kind 0, orders");
    const auto rules = parseMarketRules(m_header.rules);
    if (!rules)
        return broken("rules: " + rules.error().field + " " + rules.error().value,
                      rules.error().bound);
    auto instruments = parseInstruments(m_header.instruments, *rules);
    if (!instruments)
        return broken("instruments: " + instruments.error().field + " " + instruments.error().value,
                      instruments.error().bound);
    m_instruments = std::move(*instruments);
    auto opening = readFrame();
    if (!opening)
        return std::unexpected(opening.error());
    ByteReader bytes(opening->payload);
    const auto day = decodeOpening(bytes, m_instruments);
    if (opening->type != openingFrame || !day || !bytes.atEnd())
        return broken("a malformed opening");
    for (Instrument &instrument : m_instruments) {
        instrument.ceiling = day->listings[instrument.index].ceiling;
        instrument.floor = day->listings[instrument.index].floor;
    }
    m_openingBytes = std::move(opening->payload);
    m_last = m_header.from;
    m_summary.from = m_header.from;
    return {};
}

Result<RecordingReader::Frame> RecordingReader::readFrame()
{
    m_offset = m_file.pos();
    const QByteArray head = m_file.read(5);
    if (head.size() < 5)
        return broken("the file ends here", "a frame: the recording was cut off");
    std::size_t size = 0;
    for (int k = 4; k > 0; --k)
        size = size << 8 | static_cast<std::uint8_t>(head[k]);
    const auto left = static_cast<std::size_t>(m_file.size() - m_file.pos());
    const std::size_t most = head[0] == eventsFrame ? largestTapeBlock : largestFrame;
    if (size > most)
        return broken("a frame of " + std::to_string(size) + " bytes",
                      "at most " + std::to_string(most));
    if (size + frameHashSize > left)
        return broken("a frame of " + std::to_string(size) + " bytes, of which only "
                          + std::to_string(left) + " are there",
                      "a whole frame: the recording was cut off");
    Frame frame;
    frame.type = head[0];
    frame.payload = m_file.read(static_cast<qint64>(size)).toStdString();
    const std::string hash = m_file.read(frameHashSize).toStdString();
    const std::string expected = frameHash(m_chain, frame.type, frame.payload);
    if (frame.payload.size() != size || hash != expected)
        return broken("a frame whose checksum does not match its content",
                      "an undamaged recording");
    m_chain = expected;
    return frame;
}

Result<std::optional<std::string>> RecordingReader::nextBlock()
{
    auto frame = readFrame();
    if (!frame)
        return std::unexpected(frame.error());
    if (frame->type == eventsFrame) {
        if (auto checked = check(frame->payload); !checked)
            return std::unexpected(checked.error());
        return std::optional(std::move(frame->payload));
    }
    ByteReader in(frame->payload);
    const Time to = in.time();
    const std::uint64_t events = in.u64(), trades = in.u64();
    if (frame->type != endFrame || !in.ok() || !in.atEnd())
        return broken("a frame of an unknown type");
    if (events != m_summary.events || trades != m_summary.trades || to < m_last)
        return broken("an end that counts " + std::to_string(events) + " events",
                      std::to_string(m_summary.events));
    if (!m_file.atEnd())
        return broken("content after the end", "nothing");
    m_summary.to = to;
    return std::optional<std::string>();
}

Result<void> RecordingReader::skipToEnd()
{
    constexpr qint64 longestEnd = 64;
    const qint64 head = m_file.pos();
    m_offset = std::max(head, m_file.size() - longestEnd);
    m_file.seek(m_offset);
    const QByteArray tail = m_file.read(longestEnd);
    for (qsizetype at = tail.size() - static_cast<qsizetype>(frameHashSize) - 5; at >= 0; --at) {
        const auto size = static_cast<qsizetype>(static_cast<std::uint8_t>(tail[at + 1]));
        if (tail[at] != endFrame || tail[at + 2] != 0 || tail[at + 3] != 0 || tail[at + 4] != 0
            || at + 5 + size + static_cast<qsizetype>(frameHashSize) != tail.size())
            continue;
        ByteReader in({tail.constData() + at + 5, static_cast<std::size_t>(size)});
        m_summary.to = in.time();
        m_summary.events = in.u64();
        m_summary.trades = in.u64();
        if (in.ok() && in.atEnd() && m_summary.to >= m_last)
            return {};
    }
    return broken("the file ends here", "an end: the recording was cut off");
}

Result<void> RecordingReader::check(const std::string &block)
{
    const auto events = decodeTape(block);
    if (!events)
        return broken(events.error().field + " of the block: " + events.error().value);
    for (const TapeEvent &event : *events) {
        ++m_summary.events;
        m_summary.trades += event.kind == TapeEvent::Kind::Traded ? 1 : 0;
        if (event.time < m_last)
            return broken("event " + std::to_string(m_summary.events) + " at "
                              + isoTime(event.time),
                          "not before " + isoTime(m_last));
        if (const auto why = impossible(event, m_instruments))
            return broken("event " + std::to_string(m_summary.events) + ": " + *why,
                          "an event of this market");
        m_last = event.time;
    }
    m_summary.to = m_last;
    return {};
}

Result<RecordingSummary> peekRecording(const QString &path)
{
    auto reader = RecordingReader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    if (auto skipped = (*reader)->skipToEnd(); !skipped)
        return std::unexpected(skipped.error());
    return (*reader)->summary();
}

Result<RecordingSummary> checkRecording(const QString &path)
{
    auto reader = RecordingReader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    while (true) {
        auto block = (*reader)->nextBlock();
        if (!block)
            return std::unexpected(block.error());
        if (!*block)
            return (*reader)->summary();
    }
}

} // namespace khop
