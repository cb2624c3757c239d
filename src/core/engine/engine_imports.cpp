// SPDX-License-Identifier: GPL-3.0-or-later
// Imports of brokers' statements: booked as a whole, and taken back as a whole.
#include "engine/engine.h"

#include "base/decimal.h"
#include "base/invariant.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;
using Type = LedgerEntry::Type;

namespace {

constexpr std::size_t longestFileName = 200;
constexpr std::size_t longestFormat = 32;

ImportFigures::Holding holdingOf(const Ledger::Holding *holding)
{
    return holding ? ImportFigures::Holding{holding->available, holding->owned(), holding->cost,
                                            holding->realized}
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
    return {};
}

Error Engine::run(const ImportStatement &import, CommandResult &result)
{
    const auto currency = cashOf(import.account, import.currency);
    if (!currency)
        return currency.error();
    auto outcome = std::make_shared<ImportOutcome>();
    outcome->ledgerBefore = outcome->ledgerAfter = m_ledger.fingerprint(import.account);
    if (const Imports::Batch *const known = m_imports.find(import.id)) {
        if (known->record.account != import.account)
            return {Code::VALIDATION_ERROR, "import_id", import.id.text()};
        outcome->record = known->record;
        result.import = std::move(outcome);
        result.duplicate = true;
        return {};
    }
    if (Error refused = checkImport(import); refused.code != Code::OK)
        return refused;
    const ImportTerms terms{
        m_exchange.instruments(), *currency,
        import.currency,          m_exchange.rules().currencies[*currency].scale,
        import.fileName,          vietnamDate(m_now),
        import.coverCash,         m_imports.of(import.account).rows.get()};
    const ImportFigures before = importFigures(import.account, *currency);
    const DeskFigures desk = deskFigures(*currency, *import.rows);
    auto plan = planImport(*import.rows, before, desk, terms);
    if (!plan)
        return plan.error().error;
    const std::size_t added = plan->booked.size();
    if (const std::size_t all = terms.known->size() + added; all > mostImportedRows)
        return notWithin("rows", all, mostImportedRows);
    if (const std::size_t all = m_imports.rows() + added; all > mostRowsOfAllImports)
        return notWithin("rows", all, mostRowsOfAllImports);
    ImportRecord record{0,
                        import.id,
                        import.account,
                        import.kind,
                        *currency,
                        import.fileName,
                        import.format,
                        added,
                        plan->duplicates,
                        plan->covered,
                        m_now,
                        std::nullopt};
    if (added == 0) { // all of it was there: nothing to book, nothing to undo
        outcome->record = std::move(record);
        result.import = std::move(outcome);
        return {};
    }
    record.no = m_lastOrder = std::max(m_lastOrder + 1, m_sequence);
    const auto results = accountResults();
    m_ledger.moveCash(import.account, *currency, plan->covered, Bucket::Outside, Bucket::Available,
                      {Type::SystemAdjustment, record.no}, m_now);
    Imports::Batch batch{record,
                         plan->desk.street - desk.street,
                         plan->desk.fees - desk.fees,
                         plan->desk.taxes - desk.taxes,
                         plan->desk.outside - desk.outside,
                         plan->after.deposited - before.deposited,
                         plan->after.withdrawn - before.withdrawn,
                         {}};
    auto booked = std::make_shared<std::vector<ImportedRow>>();
    booked->reserve(added);
    std::vector<ImportKey> keys;
    keys.reserve(added);
    for (std::size_t i = 0; i < added; ++i) {
        const ImportRow &row = (*import.rows)[plan->booked[i]];
        bookImported(row, import.account, *currency, record.no);
        booked->push_back({0, record.no, import.account, *currency, row, plan->realized[i]});
        keys.push_back(row.key);
        m_hash.add(row.key.a ^ static_cast<std::uint64_t>(row.day.day));
        m_hash.add(row.key.b);
    }
    for (const auto &[instrument, after] : plan->after.holdings) {
        const auto known = before.holdings.find(instrument);
        const ImportFigures::Holding was =
            known == before.holdings.end() ? ImportFigures::Holding{} : known->second;
        if (after != was)
            batch.holdings.push_back({instrument, was, after});
    }
    for (const Imports::Change &change : batch.holdings)
        KHOP_INVARIANT(holdingOf(m_ledger.account(import.account).holdings.find(change.instrument))
                       == change.after);
    KHOP_INVARIANT(m_ledger.available(import.account, *currency) == plan->after.available);
    forgetRepricing(results); // bought and sold elsewhere and long ago
    noteTouched(batch);
    noteImport(record);
    m_imports.add(std::move(batch), std::move(keys));
    m_out->imports.push_back({record, std::move(booked)});
    outcome->record = std::move(record);
    outcome->ledgerAfter = m_ledger.fingerprint(import.account);
    result.import = std::move(outcome);
    return {};
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
    if (buys)
        m_ledger.bought(account, trade.instrument, trade.value + trade.fee + trade.tax);
    else
        m_ledger.sold(account, trade.instrument, trade.quantity, owned,
                      trade.value - trade.fee - trade.tax);
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

Error Engine::run(const UndoImport &undo, CommandResult &result)
{
    const Imports::Batch *const found = m_imports.find(undo.id);
    if (!found || (undo.account != 0 && found->record.account != undo.account))
        return {Code::NOT_FOUND, "import_id", undo.id.text()};
    Imports::Batch batch = *found;
    ImportRecord &record = batch.record;
    const AccountNo account = record.account;
    const Currency &currency = m_exchange.rules().currencies[record.currency];
    for (const Imports::Change &change : batch.holdings) {
        const auto now = holdingOf(m_ledger.account(account).holdings.find(change.instrument));
        const Quantity added = change.after.owned - change.before.owned;
        if (now.owned != change.after.owned || now.cost != change.after.cost
            || now.realized != change.after.realized || now.available < added)
            return {Code::IMPORT_CHANGED_SINCE, "import_id",
                    m_exchange.instrument(change.instrument).symbol};
    }
    const std::array flows{
        std::pair{Bucket::Street, batch.street}, std::pair{Bucket::FeeIncome, batch.fees},
        std::pair{Bucket::TaxDue, batch.taxes}, std::pair{Bucket::Outside, batch.outside}};
    const Money before = m_ledger.available(account, record.currency);
    Money after = before;
    for (const auto &[bucket, amount] : flows) {
        after += amount;
        const std::int64_t left = m_ledger.deskHas(false, record.currency, bucket) - amount.raw();
        if (left < -mostEndowedToAll || left > mostEndowedToAll)
            return {Code::IMPORT_CHANGED_SINCE, "import_id", currency.code};
    }
    if (after.raw() < 0 || after.raw() > mostEndowed)
        return {Code::IMPORT_CHANGED_SINCE, "import_id", currency.code,
                formatDecimal((before - after).raw(), currency.scale)};
    auto outcome = std::make_shared<ImportOutcome>();
    outcome->ledgerBefore = m_ledger.fingerprint(account);
    const Reason reason{Type::SystemAdjustment, record.no};
    const auto results = accountResults();
    for (const auto &[bucket, amount] : flows) {
        if (amount.raw() > 0)
            m_ledger.moveCash(account, record.currency, amount, bucket, Bucket::Available, reason,
                              m_now);
    }
    for (const auto &[bucket, amount] : flows) {
        if (amount.raw() < 0)
            m_ledger.moveCash(account, record.currency, -amount, Bucket::Available, bucket, reason,
                              m_now);
    }
    m_ledger.uncount(account, record.currency, batch.deposited, batch.withdrawn);
    for (const Imports::Change &change : batch.holdings) {
        const Quantity added = change.after.owned - change.before.owned;
        const bool comes = added.raw() < 0;
        m_ledger.moveSecurities(account, change.instrument, comes ? -added : added,
                                comes ? Bucket::Street : Bucket::Available,
                                comes ? Bucket::Available : Bucket::Street, reason, m_now);
        m_ledger.restore(account, change.instrument, change.before.cost, change.before.realized);
    }
    forgetRepricing(results);
    record.undoneAt = m_now;
    noteTouched(batch);
    noteImport(record);
    m_imports.remove(record.no);
    m_out->imports.push_back({record, nullptr});
    outcome->record = record;
    outcome->ledgerAfter = m_ledger.fingerprint(account);
    result.import = std::move(outcome);
    return {};
}

} // namespace khop
