// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/recording_writer.h"

#include "sim/recording_file.h"

#include <QCryptographicHash>
#include <QFileInfo>

namespace khop {

namespace {

constexpr std::size_t blockSize = 48 << 10;

std::unexpected<Error> fileError(const QFile &file)
{
    return refuse(Code::FILE_INVALID, QFileInfo(file.fileName()).fileName().toStdString(),
                  file.errorString().toStdString(), "a file that can be written");
}

} // namespace

std::string frameHash(std::string_view before, char type, std::string_view payload)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData({before.data(), static_cast<qsizetype>(before.size())});
    hash.addData({&type, 1});
    hash.addData({payload.data(), static_cast<qsizetype>(payload.size())});
    return hash.result().left(frameHashSize).toStdString();
}

RecordingWriter::RecordingWriter(const QString &path) : m_path(path), m_file(path) {}
RecordingWriter::~RecordingWriter() = default;

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::open(const QString &path,
                                                               const RecordingHeader &header,
                                                               const DayOpening &opening)
{
    std::unique_ptr<RecordingWriter> writer(new RecordingWriter(path));
    if (!writer->m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return fileError(writer->m_file);
    writer->m_summary.id = QFileInfo(path).completeBaseName().toStdString();
    writer->m_summary.from = writer->m_summary.to = header.from;
    writer->m_summary.running = true;
    writer->m_frames = recordingMagic;
    ByteWriter bytes;
    bytes.u64(ordersRecording);
    bytes.text(header.program);
    bytes.time(header.from);
    bytes.text(header.rules);
    bytes.text(header.instruments);
    writer->frame(headerFrame, bytes.bytes());
    bytes.clear();
    encodeOpening(bytes, opening);
    writer->frame(openingFrame, bytes.bytes());
    if (auto flushed = writer->flush(); !flushed)
        return std::unexpected(flushed.error());
    return writer;
}

void RecordingWriter::frame(char type, std::string_view payload)
{
    m_frames.push_back(type);
    for (int shift = 0; shift < 32; shift += 8)
        m_frames.push_back(static_cast<char>(payload.size() >> shift));
    m_frames.append(payload);
    m_chain = frameHash(m_chain, type, payload);
    m_frames.append(m_chain);
}

Result<void> RecordingWriter::flush()
{
    if (m_frames.empty())
        return {};
    const auto size = static_cast<qint64>(m_frames.size());
    if (m_file.write(m_frames.data(), size) != size || !m_file.flush())
        return fileError(m_file);
    m_summary.bytes += m_frames.size();
    m_frames.clear();
    return {};
}

Result<void> RecordingWriter::finish(Time at)
{
    if (m_block.events() > 0)
        frame(eventsFrame, m_block.take());
    m_summary.to = std::max(m_summary.to, at);
    ByteWriter bytes;
    bytes.time(m_summary.to);
    bytes.u64(m_summary.events);
    bytes.u64(m_summary.trades);
    frame(endFrame, bytes.bytes());
    m_summary.running = false;
    if (auto flushed = flush(); !flushed)
        return flushed;
    m_file.close();
    return {};
}

void RecordingWriter::add(TapeEvent event)
{
    if (m_dayOver)
        return;
    event.time = std::max(event.time, m_summary.to);
    m_block.add(event);
    ++m_summary.events;
    m_summary.trades += event.kind == TapeEvent::Kind::Traded ? 1 : 0;
    m_summary.to = event.time;
    if (m_block.size() >= blockSize)
        frame(eventsFrame, m_block.take());
}

void RecordingWriter::entered(const VenueOrder &order, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::Entered;
    event.time = at;
    event.ref = order.ref;
    event.instrument = order.instrument;
    event.account = order.owner != 0;
    event.side = order.side;
    event.type = order.type;
    event.timeInForce = order.timeInForce;
    event.price = order.price;
    event.quantity = order.quantity;
    add(event);
}

void RecordingWriter::cancelled(OrderRef ref, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::Cancelled;
    event.time = at;
    event.ref = ref;
    add(event);
}

void RecordingWriter::reduced(OrderRef ref, Quantity leaves, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::Reduced;
    event.time = at;
    event.ref = ref;
    event.quantity = leaves;
    add(event);
}

void RecordingWriter::replaced(OrderRef ref, Price price, Quantity leaves, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::Replaced;
    event.time = at;
    event.ref = ref;
    event.price = price;
    event.quantity = leaves;
    add(event);
}

void RecordingWriter::traded(const VenueTrade &trade, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::Traded;
    event.time = at;
    event.ref = trade.buy;
    event.sell = trade.sell;
    event.instrument = trade.instrument;
    event.side = trade.aggressor;
    event.price = trade.price;
    event.quantity = trade.quantity;
    add(event);
}

void RecordingWriter::stateChanged(InstrumentIndex instrument, bool halted, bool active, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::State;
    event.time = at;
    event.instrument = instrument;
    event.halted = halted;
    event.active = active;
    add(event);
}

void RecordingWriter::phaseChanged(Exchange exchange, Phase to, Time at)
{
    TapeEvent event;
    event.kind = TapeEvent::Kind::Phase;
    event.time = at;
    event.exchange = exchange;
    event.phase = to;
    add(event);
}

void RecordingWriter::dayOver(Time) { m_dayOver = true; }

} // namespace khop
