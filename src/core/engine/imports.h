// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of brokers' statements that became part of an account: what a batch of them does to it, which rows
// an account has been given already, and what undoing a batch needs.
//
// A batch is in one currency. Its rows count in the order of their days and are settled at once.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/integers.h"
#include "base/result.h"
#include "base/time.h"
#include "portfolio/portfolio_event.h"

#include <compare>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace khop {

struct Instrument;

inline constexpr std::size_t mostImportRows = 200'000;     // of a batch
inline constexpr std::size_t mostImportedRows = 1'000'000; // of an account
inline constexpr std::size_t mostRowsOfAllImports = 10'000'000;
inline constexpr std::size_t mostImportBatches = 1'000;  // of an account, undone ones not counted
inline constexpr std::size_t mostUndoneImports = 10'000; // of an account

enum class ImportKind : std::uint8_t { Trades, Cash };
std::string_view name(ImportKind kind); // trades cash

/// What makes a row the same in another file, as 128 bits.
struct ImportKey {
    std::uint64_t a = 0, b = 0;
    friend constexpr auto operator<=>(const ImportKey &, const ImportKey &) = default;
};
ImportKey importKey(std::string_view key);

struct ImportTrade {
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    Quantity quantity;
    Price price;
    Money value; // without costs
    Money fee;
    Money tax;
    bool operator==(const ImportTrade &) const = default;
};
struct ImportCash {
    PortfolioCash::Kind kind = PortfolioCash::Kind::Deposit;
    Money amount;                              // above 0: comes
    InstrumentIndex instrument = noInstrument; // whose dividend or tax it is
    bool operator==(const ImportCash &) const = default;
};
using ImportBody = std::variant<ImportTrade, ImportCash>;

struct ImportRow {
    std::uint32_t line = 0; // of the file
    Date day;
    ImportBody body;
    std::string words; // of a cash movement; at most 200 bytes
    ImportKey key;
};
using ImportRows = std::vector<ImportRow>; // ascending by day

/// A row that was booked, as history shows it.
struct ImportedRow {
    std::uint64_t no = 0; // ascending as they were stored; 0: not stored yet
    OrderNo batch = 0;
    AccountNo account = 0;
    std::uint16_t currency = 0;
    ImportRow row;
    Money realized; // by a sale
};

/// A batch as its owner sees it.
struct ImportRecord {
    OrderNo no = 0; // from the same row of numbers as orders; its entries of the ledger name it
    Uuid id;
    AccountNo account = 0;
    ImportKind kind = ImportKind::Trades;
    std::uint16_t currency = 0;
    std::string fileName;
    std::string format;
    std::size_t rows = 0;       // booked
    std::size_t duplicates = 0; // known already
    Money covered;              // that came from outside, since the rows pay more than there was
    Time appliedAt;
    std::optional<Time> undoneAt;
};
using ImportList = std::vector<ImportRecord>;

/// What became of a batch, in a committed group.
struct ImportChange {
    ImportRecord record;
    std::shared_ptr<const std::vector<ImportedRow>> rows; // null: it was undone
};

/// What ImportStatement and UndoImport answer: the batch, and the account's fingerprint (Ledger) before
/// and after.
struct ImportOutcome {
    ImportRecord record;
    std::string ledgerBefore, ledgerAfter;
};

/// The rows an account was given, by key; of batches not undone.
struct KnownImport {
    ImportKey key;
    OrderNo batch = 0;
};
using KnownImports = std::vector<KnownImport>;
bool isKnown(const KnownImports &rows, const ImportKey &key);

/// What an account has, as far as an import looks at it.
struct ImportFigures {
    struct Holding {
        Quantity available, owned;
        Money cost, realized;
        Quantity taxable; // that came free: they leave first
        bool operator==(const Holding &) const = default;
    };
    Money available, deposited, withdrawn;
    std::map<InstrumentIndex, Holding> holdings;
};

/// What the desk's own buckets get, or have.
struct DeskFigures {
    Money street, fees, taxes, outside;
    std::map<InstrumentIndex, Quantity> streetSecurities;
};

struct ImportTerms {
    std::span<const Instrument> instruments;
    std::uint16_t currency = 0;
    std::string_view currencyCode;
    int scale = 0;
    std::string fileName; // for messages
    Date today;
    bool coverCash = false;
    const KnownImports *known = nullptr; // null: none
};

struct ImportPlan {
    std::vector<std::size_t> booked; // positions of the rows that are new
    std::vector<Money> realized;     // by each of them
    std::size_t duplicates = 0;
    Money covered;
    ImportFigures after;
    DeskFigures desk; // after, where it was told what they had before
};

/// The first row that cannot be booked.
struct ImportFault {
    std::uint32_t line = 0; // 0: the batch as a whole
    Error error;            // its field is "NAME: line 7"
};

/// What booking the rows would do; changes nothing. Refuses rows out of order or of the future, amounts
/// that are not of their kind (VALIDATION_ERROR), securities of another currency, more sold than there is
/// (IMPORT_SECURITIES_SHORT), more paid than there is unless the cash is covered (IMPORT_CASH_SHORT), and
/// what would pass the most an account or the desk can have.
std::expected<ImportPlan, ImportFault> planImport(const ImportRows &rows, ImportFigures before,
                                                  DeskFigures desk, const ImportTerms &terms);

class Imports
{
public:
    struct Change {
        InstrumentIndex instrument = noInstrument;
        ImportFigures::Holding before, after;
    };
    /// What undoing takes back.
    struct Batch {
        ImportRecord record;
        Money street, fees, taxes, outside; // that the desk's buckets got, less what they gave
        Money deposited, withdrawn;
        std::vector<Change> holdings; // by instrument
    };
    struct OfAccount {
        std::shared_ptr<const KnownImports> rows = std::make_shared<KnownImports>();
        std::shared_ptr<const ImportList> batches = std::make_shared<ImportList>(); // applied
        std::shared_ptr<const std::vector<OrderNo>> undone = // numbers, ascending
            std::make_shared<std::vector<OrderNo>>();
    };

    const Batch *find(const Uuid &id) const;
    /// Empty for an account without imports.
    const OfAccount &of(AccountNo account) const;
    std::size_t rows() const { return m_rows; } // of all accounts
    void add(Batch batch, std::vector<ImportKey> keys);
    void remove(OrderNo no);

    void save(ByteWriter &out) const;
    /// False when a batch names accounts or instruments that are not there.
    bool load(ByteReader &in, std::size_t accounts, std::size_t instruments);

private:
    void list(AccountNo account);

    std::map<OrderNo, Batch> m_batches;
    std::map<AccountNo, OfAccount> m_accounts;
    std::size_t m_rows = 0;
};

void encodeImportRows(ByteWriter &out, const ImportRows &rows);
ImportRows decodeImportRows(ByteReader &in); // the reader fails on anything malformed

} // namespace khop
