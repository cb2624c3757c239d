// SPDX-License-Identifier: GPL-3.0-or-later
// A stream of order operations in a file, and the hash by which the trades of two engines compare.
//
// Little-endian: header {u64 magic, operations, instruments, greatest id}; per instrument {i32
// floor, ceiling, reference, target number of live orders}; per operation 16 bytes {u8 type, u8
// side, u16 instrument, u32 id, i32 price, u32 quantity}. Prices count ticks. A cancel carries the
// order's side and price, and quantity 0.
#pragma once

#include <QFile>
#include <QtEndian>

#include <bit>
#include <cstdint>
#include <cstring>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace khop::bench {

struct StreamHeader {
    static constexpr std::uint64_t magicNumber = 0x4c4f'4253'3031;
    static constexpr qint64 size = 32;
    std::uint64_t magic = magicNumber;
    std::uint64_t operations = 0;
    std::uint64_t instruments = 0;
    std::uint64_t greatestId = 0;
};

struct StreamInstrument {
    static constexpr qint64 size = 16;
    std::int32_t floor = 0;
    std::int32_t ceiling = 0;
    std::int32_t reference = 0;
    std::int32_t target = 0;
};

struct StreamOperation {
    static constexpr qint64 size = 16;
    enum Type : std::uint8_t { Add, Cancel, Replace };
    std::uint8_t type = Add;
    std::uint8_t side = 0; // 0 buy, 1 sell
    std::uint16_t instrument = 0;
    std::uint32_t id = 0;
    std::int32_t price = 0;
    std::uint32_t quantity = 0;
};

void encode(const StreamHeader &header, char *to);
void encode(const StreamInstrument &instrument, char *to);
void encode(const StreamOperation &operation, char *to);

/// A checked stream, mapped into memory.
class OrderStream
{
public:
    /// Opens a file and checks all but its operations; the error names file, offset and reason.
    static std::expected<OrderStream, std::string> open(const std::string &path);

    const StreamHeader &header() const { return m_header; }
    const std::vector<StreamInstrument> &instruments() const { return m_instruments; }
    StreamOperation operation(std::uint64_t index) const
    {
        return decode(m_operations + index * StreamOperation::size);
    }
    /// What the books cannot check for themselves.
    struct Bounds {
        std::uint32_t instruments = 0;
        std::uint32_t greatestId = 0;
        bool contain(const StreamOperation &o) const
        {
            return o.side <= 1 && o.instrument < instruments && o.id - 1 < greatestId;
        }
    };
    Bounds bounds() const
    {
        return {static_cast<std::uint32_t>(m_instruments.size()),
                static_cast<std::uint32_t>(m_header.greatestId)};
    }
    /// The first of the first `count` operations that is wrong, in words.
    std::expected<void, std::string> checkOperations(std::uint64_t count) const;
    qint64 offsetOf(std::uint64_t index) const;
    /// "PATH: offset N (operation I): reason"
    std::string problem(std::uint64_t index, const std::string &reason) const;

private:
    std::expected<void, std::string> checkHeader();
    static StreamOperation decode(const uchar *bytes);
    std::string problemAt(qint64 offset, const std::string &reason) const;

    std::string m_path;
    std::unique_ptr<QFile> m_file;
    const uchar *m_bytes = nullptr;
    const uchar *m_operations = nullptr;
    StreamHeader m_header;
    std::vector<StreamInstrument> m_instruments;
};

inline StreamOperation OrderStream::decode(const uchar *bytes)
{
    StreamOperation operation;
    static_assert(sizeof operation == StreamOperation::size);
    std::memcpy(&operation, bytes, sizeof operation);
    if constexpr (std::endian::native != std::endian::little) {
        operation.instrument = qFromLittleEndian(operation.instrument);
        operation.id = qFromLittleEndian(operation.id);
        operation.price = qFromLittleEndian(operation.price);
        operation.quantity = qFromLittleEndian(operation.quantity);
    }
    return operation;
}

/// Sum over the ordered trades of a run.
class TradeHash
{
public:
    void add(std::uint64_t maker, std::uint64_t taker, std::uint64_t price, std::uint64_t quantity)
    {
        const std::uint64_t trade =
            maker << 32 ^ taker ^ price * 0x9E37'79B9'7F4A'7C15ULL ^ quantity << 17;
        m_hash = (m_hash ^ trade) * 1'099'511'628'211ULL;
    }
    std::uint64_t value() const { return m_hash; }

private:
    std::uint64_t m_hash = 1'469'598'103'934'665'603ULL;
};

} // namespace khop::bench
