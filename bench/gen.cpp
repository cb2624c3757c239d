// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"
#include "order_stream_generator.h"

#include <QSaveFile>

#include <array>
#include <cstdio>

namespace khop::bench {

namespace {

/// Writes in blocks; any failure is kept in the file's error.
class BlockWriter
{
public:
    explicit BlockWriter(QSaveFile &file) : m_file(file) { m_block.reserve(blockSize); }

    template <class Record>
    bool write(const Record &record)
    {
        std::array<char, static_cast<std::size_t>(Record::size)> bytes;
        encode(record, bytes.data());
        m_block.append(bytes.data(), Record::size);
        return m_block.size() < blockSize || flush();
    }
    bool flush()
    {
        const bool done = m_file.write(m_block) == m_block.size();
        m_block.clear();
        return done;
    }

private:
    static constexpr qsizetype blockSize = 1 << 20;
    QSaveFile &m_file;
    QByteArray m_block;
};

} // namespace

int runGen(const Arguments &arguments)
{
    CommandLine line(
        "gen",
        "Writes a stream of order operations: the same bytes for the same --stream and --ops.");
    line.option("stream", "s1|s2", "s1: one instrument; s2: 1,000 instruments by a Zipf law");
    line.option("ops", "N", "number of operations");
    line.option("out", "FILE", "file to write");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const std::string &name = line.text("stream");
    if (name != "s1" && name != "s2")
        return line.error("option '--stream': '" + name + "' is neither s1 nor s2");
    const std::optional<std::int64_t> operations = line.number("ops", 1, 4'000'000'000);
    if (!operations)
        return exitUsage;

    QSaveFile file(QString::fromStdString(line.text("out")));
    const auto failed = [&] {
        return line.error(line.text("out") + ": " + file.errorString().toStdString(), exitFailed);
    };
    if (!file.open(QIODevice::WriteOnly))
        return failed();

    BlockWriter writer(file);
    bool written = true;
    StreamHeader header;
    header.operations = static_cast<std::uint64_t>(*operations);
    const auto begin = [&](const std::vector<StreamInstrument> &instruments) {
        header.instruments = instruments.size();
        written = writer.write(header);
        for (const StreamInstrument &instrument : instruments)
            written = written && writer.write(instrument);
        return written;
    };
    const auto write = [&](const StreamOperation &operation) {
        return written = writer.write(operation);
    };
    header.greatestId = generateStream(name == "s1" ? StreamKind::S1 : StreamKind::S2,
                                       header.operations, begin, write);

    // The header comes again, now that the greatest id is known.
    if (!written || !writer.flush() || !file.seek(0) || !writer.write(header) || !writer.flush()
        || !file.commit())
        return failed();
    return exitDone;
}

} // namespace khop::bench
