// SPDX-License-Identifier: GPL-3.0-or-later
#include "order_stream.h"

#include <QtEndian>

#include <memory>

namespace khop::bench {

namespace {

/// Reads or writes fields one after the other.
class FieldReader
{
public:
    explicit FieldReader(const uchar *from) : m_at(from) {}
    template <class T>
    void operator()(T &field)
    {
        field = qFromLittleEndian<T>(m_at);
        m_at += sizeof(T);
    }

private:
    const uchar *m_at;
};

class FieldWriter
{
public:
    explicit FieldWriter(char *to) : m_at(to) {}
    template <class T>
    void operator()(const T &field)
    {
        qToLittleEndian<T>(field, m_at);
        m_at += sizeof(T);
    }

private:
    char *m_at;
};

template <class Header, class Visit>
void visitHeader(Header &header, Visit visit)
{
    visit(header.magic);
    visit(header.operations);
    visit(header.instruments);
    visit(header.greatestId);
}

template <class Instrument, class Visit>
void visitInstrument(Instrument &instrument, Visit visit)
{
    visit(instrument.floor);
    visit(instrument.ceiling);
    visit(instrument.reference);
    visit(instrument.target);
}

template <class Operation, class Visit>
void visitOperation(Operation &operation, Visit visit)
{
    visit(operation.type);
    visit(operation.side);
    visit(operation.instrument);
    visit(operation.id);
    visit(operation.price);
    visit(operation.quantity);
}

} // namespace

void encode(const StreamHeader &header, char *to) { visitHeader(header, FieldWriter(to)); }

void encode(const StreamInstrument &instrument, char *to)
{
    visitInstrument(instrument, FieldWriter(to));
}

void encode(const StreamOperation &operation, char *to)
{
    visitOperation(operation, FieldWriter(to));
}

std::expected<OrderStream, std::string> OrderStream::open(const std::string &path)
{
    OrderStream stream;
    stream.m_path = path;
    stream.m_file = std::make_unique<QFile>(QString::fromStdString(path));
    QFile &file = *stream.m_file;
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(path + ": " + file.errorString().toStdString());
    if (file.size() < StreamHeader::size) {
        return std::unexpected(
            stream.problemAt(file.size(), "the file ends inside the header of "
                                              + std::to_string(StreamHeader::size) + " bytes"));
    }
    stream.m_bytes = file.map(0, file.size());
    if (!stream.m_bytes)
        return std::unexpected(path + ": cannot be mapped: " + file.errorString().toStdString());
    visitHeader(stream.m_header, FieldReader(stream.m_bytes));
    if (const auto checked = stream.checkHeader(); !checked)
        return std::unexpected(checked.error());
    stream.m_operations = stream.m_bytes + stream.offsetOf(0);
    return stream;
}

qint64 OrderStream::offsetOf(std::uint64_t index) const
{
    return StreamHeader::size + static_cast<qint64>(m_instruments.size()) * StreamInstrument::size
           + static_cast<qint64>(index) * StreamOperation::size;
}

std::string OrderStream::problem(std::uint64_t index, const std::string &reason) const
{
    return problemAt(offsetOf(index), "operation " + std::to_string(index) + ": " + reason);
}

std::string OrderStream::problemAt(qint64 offset, const std::string &reason) const
{
    return m_path + ": offset " + std::to_string(offset) + ": " + reason;
}

std::expected<void, std::string> OrderStream::checkHeader()
{
    if (m_header.magic != StreamHeader::magicNumber)
        return std::unexpected(problemAt(0, "this is no order stream: the magic number is wrong"));
    if (m_header.instruments < 1 || m_header.instruments > 65'536) {
        return std::unexpected(problemAt(16, std::to_string(m_header.instruments)
                                                 + " instruments; 1 to 65536 are possible"));
    }
    const std::uint64_t size = static_cast<std::uint64_t>(m_file->size());
    const std::uint64_t body = size - StreamHeader::size;
    const std::uint64_t instruments = m_header.instruments * StreamInstrument::size;
    if (body < instruments)
        return std::unexpected(
            problemAt(m_file->size(), "the file ends inside the list of instruments"));
    const std::uint64_t operations = (body - instruments) / StreamOperation::size;
    const std::uint64_t rest = (body - instruments) % StreamOperation::size;
    if (operations < m_header.operations || (operations == m_header.operations && rest != 0)
        || operations > m_header.operations) {
        return std::unexpected(
            problemAt(8, "the header says " + std::to_string(m_header.operations)
                             + " operations, the file holds " + std::to_string(operations)
                             + (rest != 0 ? " and " + std::to_string(rest) + " bytes" : "")));
    }
    if (m_header.greatestId > m_header.operations || m_header.greatestId > 0xFFFF'FFFF) {
        return std::unexpected(
            problemAt(24, "greatest id " + std::to_string(m_header.greatestId) + " with only "
                              + std::to_string(m_header.operations) + " operations"));
    }
    for (std::uint64_t i = 0; i < m_header.instruments; ++i) {
        const qint64 offset = StreamHeader::size + static_cast<qint64>(i) * StreamInstrument::size;
        StreamInstrument instrument;
        visitInstrument(instrument, FieldReader(m_bytes + offset));
        if (instrument.floor < 1 || instrument.reference < instrument.floor
            || instrument.ceiling < instrument.reference) {
            return std::unexpected(
                problemAt(offset, "instrument " + std::to_string(i) + ": floor "
                                      + std::to_string(instrument.floor) + ", reference "
                                      + std::to_string(instrument.reference) + ", ceiling "
                                      + std::to_string(instrument.ceiling)
                                      + " are not 0 < floor <= reference <= ceiling"));
        }
        m_instruments.push_back(instrument);
    }
    return {};
}

/// Every operation makes sense by itself and names an order that an earlier one added. Whether the
/// order still rests is for the run to see.
std::expected<void, std::string> OrderStream::checkOperations(std::uint64_t count) const
{
    constexpr std::uint32_t unseen = 0xFFFF'FFFF;
    std::vector<std::uint32_t> instrumentOf(m_header.greatestId + 1, unseen);
    for (std::uint64_t i = 0; i < std::min(count, m_header.operations); ++i) {
        const StreamOperation o = operation(i);
        if (o.type > StreamOperation::Replace)
            return std::unexpected(
                problem(i, "type " + std::to_string(o.type) + "; 0, 1 and 2 are known"));
        if (o.side > 1)
            return std::unexpected(
                problem(i, "side " + std::to_string(o.side) + "; 0 and 1 are known"));
        if (o.instrument >= m_instruments.size()) {
            return std::unexpected(problem(i, "instrument " + std::to_string(o.instrument) + " of "
                                                  + std::to_string(m_instruments.size())));
        }
        if (o.id < 1 || o.id > m_header.greatestId) {
            return std::unexpected(problem(i, "id " + std::to_string(o.id) + " is not within 1 to "
                                                  + std::to_string(m_header.greatestId)));
        }
        const StreamInstrument &instrument = m_instruments[o.instrument];
        if (o.price < instrument.floor || o.price > instrument.ceiling) {
            return std::unexpected(problem(i, "price " + std::to_string(o.price) + " is not within "
                                                  + std::to_string(instrument.floor) + " to "
                                                  + std::to_string(instrument.ceiling)));
        }
        if ((o.quantity == 0) != (o.type == StreamOperation::Cancel))
            return std::unexpected(problem(i, "quantity " + std::to_string(o.quantity)
                                                  + "; a cancel has 0, others have not"));
        std::uint32_t &known = instrumentOf[o.id];
        if (o.type == StreamOperation::Add) {
            if (known != unseen)
                return std::unexpected(
                    problem(i, "id " + std::to_string(o.id) + " is added a second time"));
            known = o.instrument;
        } else if (known != o.instrument) {
            return std::unexpected(problem(i, "id " + std::to_string(o.id)
                                                  + " was not added to this instrument before"));
        }
    }
    return {};
}

} // namespace khop::bench
