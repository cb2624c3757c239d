// SPDX-License-Identifier: GPL-3.0-or-later
// Imports of brokers' statements: booked as a whole, and taken back as a whole.
#include "engine/engine.h"

#include "base/decimal.h"
#include "base/invariant.h"

#include <algorithm>
#include <array>

namespace khop {

using Bucket = LedgerEntry::Bucket;
using Type = LedgerEntry::Type;

namespace {

constexpr std::size_t longestFileName = 200;
constexpr std::size_t longestFormat = 32;

ImportFigures::Holding holdingOf(const Ledger::Holding *holding)
{
    return holding ? ImportFigures::Holding{holding->available, holding->owned(), holding->cost,
                                            holding->realized, holding->taxable}
                   : ImportFigures::Holding{};
}

Type typeOf(PortfolioCash::Kind kind)
{
    using Kind = PortfolioCash::Kind;
    switch (kind) {
    case Kind::Deposit: return Type::Deposit;
    case Kind::Withdraw: return Type::Withdraw;
    case Kind::Dividend: return Type::Dividend;
    case Kind::Interest: return Type::Interest;
    case Kind::Charge: return Type::Custody;
    case Kind::Tax: return Type::Tax;
    case Kind::Exchange: return Type::Fx;
    case Kind::Adjustment: break;
    }
    return Type::SystemAdjustment;
}

Bucket otherSideOf(PortfolioCash::Kind kind)
{
    using Kind = PortfolioCash::Kind;
    return kind == Kind::Charge ? Bucket::FeeIncome
           : kind == Kind::Tax  ? Bucket::TaxDue
                                : Bucket::Outside;
}

/// What each of the desk's buckets got of an account's cash.
std::array<std::pair<Bucket, Money>, 4> flowsOf(const Imports::Batch &batch)
{
    return {{{Bucket::Street, batch.street},
             {Bucket::FeeIncome, batch.fees},
             {Bucket::TaxDue, batch.taxes},
             {Bucket::Outside, batch.outside}}};
}

Error notWithin(const char *field, std::size_t value, std::size_t most)
{
    return {Code::VALIDATION_ERROR, field, std::to_string(value), "<= " + std::to_string(most)};
}

} // namespace

ImportFigures Engine::importFigures(AccountNo account, std::uint16_t currency) const
{
    ImportFigures figures;
    if (const Ledger::Cash *const cash = m_ledger.account(account).cash.find(currency)) {
        figures.available = cash->available;
        figures.deposited = cash->deposited;
        figures.withdrawn = cash->withdrawn;
    }
    for (auto &&[instrument, holding] : m_ledger.account(account).holdings)
        figures.holdings[instrument] = holdingOf(&holding);
    return figures;
}

DeskFigures Engine::deskFigures(std::uint16_t currency, const ImportRows &rows) const
{
    const auto cash = [&](Bucket bucket) {
        return Money(m_ledger.deskHas(false, currency, bucket));
    };
    DeskFigures desk{cash(Bucket::Street),
                     cash(Bucket::FeeIncome),
                     cash(Bucket::TaxDue),
                     cash(Bucket::Outside),
                     {}};
    for (const ImportRow &row : rows) {
        if (const auto *trade = std::get_if<ImportTrade>(&row.body))
            desk.streetSecurities.try_emplace(
                trade->instrument, m_ledger.deskHas(true, trade->instrument, Bucket::Street));
    }
    return desk;
}

Error Engine::checkImport(const ImportStatement &import) const
{
    if (import.id.isNull())
        return {Code::VALIDATION_ERROR, "import_id", import.id.text()};
    if (import.fileName.size() > longestFileName)
        return notWithin("file_name", import.fileName.size(), longestFileName);
    if (import.format.size() > longestFormat)
        return notWithin("format", import.format.size(), longestFormat);
    const std::size_t rows = import.rows ? import.rows->size() : 0;
    if (rows == 0)
        return {Code::VALIDATION_ERROR, "rows", "0", "1 … " + std::to_string(mostImportRows)};
    if (rows > mostImportRows)
        return notWithin("rows", rows, mostImportRows);
    const Imports::OfAccount &known = m_imports.of(import.account);
    if (known.batches->size() >= mostImportBatches)
        return notWithin("imports", known.batches->size() + 1, mostImportBatches);
    if (known.undone->size() >= mostUndoneImports)
        return notWithin("imports", known.undone->size() + 1, mostUndoneImports);
    return {};
}

Error Engine::run(const ImportStatement &import, CommandResult &result)
{
    const auto currency = cashOf(import.account, import.currency);
    if (!currency)
        return currency.error();
    auto outcome = std::make_shared<ImportOutcome>();
    outcome->ledgerBefore = m_ledger.fingerprint(import.account);
    if (const Imports::Batch *const known = m_imports.find(import.id)) {
        if (known->record.account != import.account)
            return {Code::VALIDATION_ERROR, "import_id", import.id.text()};
        outcome->record = known->record;
        result.duplicate = true;
    } else {
        if (Error refused = checkImport(import); refused.code != Code::OK)
            return refused;
        auto record = bookImport(import, *currency);
        if (!record)
            return record.error();
        outcome->record = std::move(*record);
    }
    outcome->ledgerAfter = m_ledger.fingerprint(import.account);
    result.import = std::move(outcome);
    return {};
}

/// Books what is new in the rows, or says why nothing can be booked. Without anything new there is no
/// batch: the record has no number.
Result<ImportRecord> Engine::bookImport(const ImportStatement &import, std::uint16_t currency)
{
    const KnownImports &known = *m_imports.of(import.account).rows;
    const ImportTerms terms{m_exchange.instruments(), currency,
                            import.currency,          m_exchange.rules().currencies[currency].scale,
                            import.fileName,          vietnamDate(m_now),
                            import.coverCash,         &known};
    const ImportFigures before = importFigures(import.account, currency);
    const DeskFigures desk = deskFigures(currency, *import.rows);
    const auto plan = planImport(*import.rows, before, desk, terms);
    if (!plan)
        return std::unexpected(plan.error().error);
    const std::size_t added = plan->booked.size();
    if (const std::size_t all = known.size() + added; all > mostImportedRows)
        return std::unexpected(notWithin("rows", all, mostImportedRows));
    if (const std::size_t all = m_imports.rows() + added; all > mostRowsOfAllImports)
        return std::unexpected(notWithin("rows", all, mostRowsOfAllImports));
    ImportRecord record{0,
                        import.id,
                        import.account,
                        import.kind,
                        currency,
                        import.fileName,
                        import.format,
                        added,
                        plan->duplicates,
                        plan->covered,
                        m_now,
                        std::nullopt};
    if (added == 0)
        return record;
    record.no = m_lastOrder = std::max(m_lastOrder + 1, m_sequence);
    const auto results = accountResults();
    bookPlan(import, *plan, record);
    forgetRepricing(results); // bought and sold elsewhere and long ago
    keepImport(record, before, desk, *plan);
    noteImport(record);
    return record;
}

/// The entries of a plan, its rows in the group, and its keys among those that are known.
void Engine::bookPlan(const ImportStatement &import, const ImportPlan &plan,
                      const ImportRecord &record)
{
    m_ledger.moveCash(record.account, record.currency, plan.covered, Bucket::Outside,
                      Bucket::Available, {Type::SystemAdjustment, record.no}, m_now);
    auto booked = std::make_shared<std::vector<ImportedRow>>();
    booked->reserve(plan.booked.size());
    for (std::size_t i = 0; i < plan.booked.size(); ++i) {
        const ImportRow &row = (*import.rows)[plan.booked[i]];
        bookImported(row, record.account, record.currency, record.no);
        booked->push_back({0, record.no, record.account, record.currency, row, plan.realized[i]});
        m_hash.add(row.key.a ^ static_cast<std::uint64_t>(row.day.day));
        m_hash.add(row.key.b);
    }
    m_out->imports.push_back({record, std::move(booked)});
}

/// Keeps what undoing will need. The ledger must have come to where the plan did.
void Engine::keepImport(const ImportRecord &record, const ImportFigures &before,
                        const DeskFigures &desk, const ImportPlan &plan)
{
    Imports::Batch batch{record,
                         plan.desk.street - desk.street,
                         plan.desk.fees - desk.fees,
                         plan.desk.taxes - desk.taxes,
                         plan.desk.outside - desk.outside,
                         plan.after.deposited - before.deposited,
                         plan.after.withdrawn - before.withdrawn,
                         {}};
    KHOP_INVARIANT(m_ledger.available(record.account, record.currency) == plan.after.available);
    for (const auto &[instrument, after] : plan.after.holdings) {
        const auto known = before.holdings.find(instrument);
        const ImportFigures::Holding was =
            known == before.holdings.end() ? ImportFigures::Holding{} : known->second;
        if (after == was)
            continue;
        KHOP_INVARIANT(holdingOf(m_ledger.account(record.account).holdings.find(instrument))
                       == after);
        batch.holdings.push_back({instrument, was, after});
    }
    std::vector<ImportKey> keys;
    for (const ImportedRow &row : *m_out->imports.back().rows)
        keys.push_back(row.row.key);
    noteTouched(batch);
    m_imports.add(std::move(batch), std::move(keys));
}

/// The entries of one row. What comes in is booked before what goes out of it.
void Engine::bookImported(const ImportRow &row, AccountNo account, std::uint16_t currency,
                          OrderNo no)
{
    if (const auto *cash = std::get_if<ImportCash>(&row.body)) {
        const bool comes = cash->amount.raw() > 0;
        const Bucket other = otherSideOf(cash->kind);
        m_ledger.moveCash(account, currency, comes ? cash->amount : -cash->amount,
                          comes ? other : Bucket::Available, comes ? Bucket::Available : other,
                          {typeOf(cash->kind), no}, m_now);
        return;
    }
    const auto &trade = std::get<ImportTrade>(row.body);
    const bool buys = trade.side == Side::Buy;
    const Quantity owned =
        holdingOf(m_ledger.account(account).holdings.find(trade.instrument)).owned;
    m_ledger.moveSecurities(
        account, trade.instrument, trade.quantity, buys ? Bucket::Street : Bucket::Available,
        buys ? Bucket::Available : Bucket::Street, {Type::OrderPayment, no}, m_now);
    m_ledger.moveCash(account, currency, trade.value, buys ? Bucket::Available : Bucket::Street,
                      buys ? Bucket::Street : Bucket::Available, {Type::OrderPayment, no}, m_now);
    m_ledger.moveCash(account, currency, trade.fee, Bucket::Available, Bucket::FeeIncome,
                      {Type::Fee, no}, m_now);
    m_ledger.moveCash(account, currency, trade.tax, Bucket::Available, Bucket::TaxDue,
                      {Type::Tax, no}, m_now);
    if (buys) {
        m_ledger.bought(account, trade.instrument, trade.value + trade.fee + trade.tax);
    } else {
        m_ledger.leftFree(account, trade.instrument,
                          m_ledger.freeOf(account, trade.instrument, trade.quantity));
        m_ledger.sold(account, trade.instrument, trade.quantity, owned,
                      trade.value - trade.fee - trade.tax);
    }
}

void Engine::noteTouched(const Imports::Batch &batch)
{
    noteBalance(batch.record.account, batch.record.currency);
    for (const Imports::Change &change : batch.holdings)
        notePosition(batch.record.account, change.instrument);
}

void Engine::noteImport(const ImportRecord &record)
{
    m_hash.add(record.no << 1 | (record.undoneAt ? 1U : 0U));
    m_hash.add(record.id.high);
    m_hash.add(record.id.low);
    m_hash.add(std::uint64_t{record.rows});
}

/// Why a batch cannot be taken back exactly; nothing when it can.
std::optional<Error> Engine::checkUndo(const Imports::Batch &batch) const
{
    const ImportRecord &record = batch.record;
    for (const Imports::Change &change : batch.holdings) {
        const auto now =
            holdingOf(m_ledger.account(record.account).holdings.find(change.instrument));
        const Quantity added = change.after.owned - change.before.owned;
        if (now.owned != change.after.owned || now.cost != change.after.cost
            || now.realized != change.after.realized || now.taxable != change.after.taxable
            || now.available < added)
            return Error{Code::IMPORT_CHANGED_SINCE, "import_id",
                         m_exchange.instrument(change.instrument).symbol};
    }
    const Currency &currency = m_exchange.rules().currencies[record.currency];
    const Money before = m_ledger.available(record.account, record.currency);
    Money after = before;
    for (const auto &[bucket, amount] : flowsOf(batch)) {
        after += amount;
        const std::int64_t left = m_ledger.deskHas(false, record.currency, bucket) - amount.raw();
        if (left < -mostEndowedToAll || left > mostEndowedToAll)
            return Error{Code::IMPORT_CHANGED_SINCE, "import_id", currency.code};
    }
    if (after.raw() < 0 || after.raw() > mostEndowed)
        return Error{Code::IMPORT_CHANGED_SINCE, "import_id", currency.code,
                     formatDecimal((before - after).raw(), currency.scale)};
    return std::nullopt;
}

/// The opposite of what booking did: what comes first, so that no bucket of the account is negative on
/// the way.
void Engine::takeBack(const Imports::Batch &batch)
{
    const ImportRecord &record = batch.record;
    const Reason reason{Type::SystemAdjustment, record.no};
    for (const bool comes : {true, false}) {
        for (const auto &[bucket, amount] : flowsOf(batch)) {
            if ((amount.raw() > 0) != comes)
                continue;
            m_ledger.moveCash(record.account, record.currency, comes ? amount : -amount,
                              comes ? bucket : Bucket::Available,
                              comes ? Bucket::Available : bucket, reason, m_now);
        }
    }
    m_ledger.uncount(record.account, record.currency, batch.deposited, batch.withdrawn);
    for (const Imports::Change &change : batch.holdings) {
        const Quantity added = change.after.owned - change.before.owned;
        const bool comes = added.raw() < 0;
        m_ledger.moveSecurities(record.account, change.instrument, comes ? -added : added,
                                comes ? Bucket::Street : Bucket::Available,
                                comes ? Bucket::Available : Bucket::Street, reason, m_now);
        m_ledger.restore(record.account, change.instrument, change.before.cost,
                         change.before.realized, change.before.taxable);
    }
}

Error Engine::run(const UndoImport &undo, CommandResult &result)
{
    const Imports::Batch *const found = m_imports.find(undo.id);
    if (!found || (undo.account != 0 && found->record.account != undo.account))
        return {Code::NOT_FOUND, "import_id", undo.id.text()};
    if (const auto refused = checkUndo(*found))
        return *refused;
    Imports::Batch batch = *found;
    auto outcome = std::make_shared<ImportOutcome>();
    outcome->ledgerBefore = m_ledger.fingerprint(batch.record.account);
    const auto results = accountResults();
    takeBack(batch);
    forgetRepricing(results);
    batch.record.undoneAt = m_now;
    noteTouched(batch);
    noteImport(batch.record);
    m_imports.remove(batch.record.no);
    m_out->imports.push_back({batch.record, nullptr});
    outcome->record = batch.record;
    outcome->ledgerAfter = m_ledger.fingerprint(batch.record.account);
    result.import = std::move(outcome);
    return {};
}

} // namespace khop
