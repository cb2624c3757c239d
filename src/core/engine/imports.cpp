// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/imports.h"

#include "base/mix.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace khop {

namespace {

constexpr std::array<std::string_view, 2> kindNames{"trades", "cash"};
constexpr std::uint64_t cashKinds = 8;

/// So that no byte of a text is lost and texts of other lengths differ.
void addText(RollingHash &hash, std::string_view text)
{
    hash.add(std::uint64_t{text.size()});
    for (std::size_t at = 0; at < text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        for (const char c : text.substr(at, sizeof word))
            word = word << 8 | static_cast<unsigned char>(c);
        hash.add(word);
    }
}

void save(ByteWriter &out, const ImportFigures::Holding &holding)
{
    out.number(holding.available);
    out.number(holding.owned);
    out.number(holding.cost);
    out.number(holding.realized);
    out.number(holding.taxable);
}

ImportFigures::Holding loadHolding(ByteReader &in)
{
    ImportFigures::Holding holding;
    holding.available = in.number<Quantity>();
    holding.owned = in.number<Quantity>();
    holding.cost = in.number<Money>();
    holding.realized = in.number<Money>();
    holding.taxable = in.number<Quantity>();
    return holding;
}

void save(ByteWriter &out, const ImportRecord &record)
{
    out.u64(record.no);
    out.id(record.id);
    out.u64(record.account);
    out.u64(static_cast<std::uint64_t>(record.kind));
    out.u64(record.currency);
    out.text(record.fileName);
    out.text(record.format);
    out.u64(record.rows);
    out.u64(record.duplicates);
    out.number(record.covered);
    out.time(record.appliedAt);
}

ImportRecord loadRecord(ByteReader &in)
{
    ImportRecord record;
    record.no = in.u64();
    record.id = in.id();
    record.account = static_cast<AccountNo>(in.u64());
    record.kind = in.choice<ImportKind>(kindNames.size());
    record.currency = static_cast<std::uint16_t>(in.u64());
    record.fileName = in.text();
    record.format = in.text();
    record.rows = in.u64();
    record.duplicates = in.u64();
    record.covered = in.number<Money>();
    record.appliedAt = in.time();
    return record;
}

} // namespace

std::string_view name(ImportKind kind) { return kindNames[static_cast<std::size_t>(kind)]; }

ImportKey importKey(std::string_view key)
{
    RollingHash a, b;
    a.set(0xA076'1D64'78BD'642FULL);
    b.set(0xE703'7ED1'A0B4'28DBULL);
    addText(a, key);
    addText(b, key);
    return {a.value(), b.value()};
}

bool isKnown(const KnownImports &rows, const ImportKey &key)
{
    const auto at = std::ranges::lower_bound(rows, key, {}, &KnownImport::key);
    return at != rows.end() && at->key == key;
}

const Imports::Batch *Imports::find(const Uuid &id) const
{
    const auto it = std::ranges::find_if(
        m_batches, [&](const auto &numbered) { return numbered.second.record.id == id; });
    return it == m_batches.end() ? nullptr : &it->second;
}

const Imports::OfAccount &Imports::of(AccountNo account) const
{
    static const OfAccount none;
    const auto it = m_accounts.find(account);
    return it == m_accounts.end() ? none : it->second;
}

/// The lists are shared with readers: they are made anew, never changed.
void Imports::list(AccountNo account)
{
    auto batches = std::make_shared<ImportList>();
    for (const auto &[no, batch] : m_batches) {
        if (batch.record.account == account)
            batches->push_back(batch.record);
    }
    m_accounts[account].batches = std::move(batches);
}

void Imports::add(Batch batch, std::vector<ImportKey> keys)
{
    std::ranges::sort(keys);
    KnownImports added;
    added.reserve(keys.size());
    for (const ImportKey &key : keys)
        added.push_back({key, batch.record.no});
    const AccountNo account = batch.record.account;
    const KnownImports &before = *of(account).rows;
    auto all = std::make_shared<KnownImports>();
    all->reserve(before.size() + added.size());
    std::ranges::merge(before, added, std::back_inserter(*all), {}, &KnownImport::key,
                       &KnownImport::key);
    m_rows += added.size();
    m_accounts[account].rows = std::move(all);
    const OrderNo no = batch.record.no;
    m_batches.emplace(no, std::move(batch));
    list(account);
}

void Imports::remove(OrderNo no)
{
    const auto it = m_batches.find(no);
    if (it == m_batches.end())
        return;
    const AccountNo account = it->second.record.account;
    const KnownImports &before = *of(account).rows;
    auto rest = std::make_shared<KnownImports>();
    rest->reserve(before.size());
    std::ranges::copy_if(before, std::back_inserter(*rest),
                         [no](const KnownImport &known) { return known.batch != no; });
    m_rows -= before.size() - rest->size();
    m_accounts[account].rows = std::move(rest);
    m_batches.erase(it);
    auto undone = std::make_shared<std::vector<OrderNo>>(*m_accounts[account].undone);
    undone->insert(std::ranges::lower_bound(*undone, no), no);
    m_accounts[account].undone = std::move(undone);
    list(account);
}

void Imports::save(ByteWriter &out) const
{
    out.u64(m_batches.size());
    for (const auto &[no, batch] : m_batches) {
        khop::save(out, batch.record);
        for (const Money amount : {batch.street, batch.fees, batch.taxes, batch.outside,
                                   batch.deposited, batch.withdrawn})
            out.number(amount);
        out.u64(batch.holdings.size());
        for (const Change &change : batch.holdings) {
            out.u64(change.instrument);
            khop::save(out, change.before);
            khop::save(out, change.after);
        }
    }
    out.u64(m_accounts.size());
    for (const auto &[account, imports] : m_accounts) {
        out.u64(account);
        out.u64(imports.rows->size());
        for (const KnownImport &known : *imports.rows) {
            out.fixed(known.key.a);
            out.fixed(known.key.b);
            out.u64(known.batch);
        }
        out.u64(imports.undone->size());
        for (const OrderNo no : *imports.undone)
            out.u64(no);
    }
}

bool Imports::load(ByteReader &in, std::size_t accounts, std::size_t instruments)
{
    *this = {};
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        Batch batch;
        batch.record = loadRecord(in);
        for (Money *amount : {&batch.street, &batch.fees, &batch.taxes, &batch.outside,
                              &batch.deposited, &batch.withdrawn})
            *amount = in.number<Money>();
        for (std::uint64_t each = in.u64(); each > 0 && in.ok(); --each) {
            Change change;
            change.instrument = static_cast<InstrumentIndex>(in.u64());
            change.before = loadHolding(in);
            change.after = loadHolding(in);
            if (change.instrument >= instruments)
                return false;
            batch.holdings.push_back(change);
        }
        if (batch.record.account == 0 || batch.record.account > accounts)
            return false;
        m_batches.emplace(batch.record.no, std::move(batch));
    }
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto account = static_cast<AccountNo>(in.u64());
        auto rows = std::make_shared<KnownImports>();
        for (std::uint64_t each = in.u64(); each > 0 && in.ok(); --each) {
            const std::uint64_t a = in.fixed();
            const std::uint64_t b = in.fixed();
            rows->push_back({{a, b}, in.u64()});
        }
        if (account == 0 || account > accounts
            || !std::ranges::is_sorted(*rows, {}, &KnownImport::key))
            return false;
        m_rows += rows->size();
        auto undone = std::make_shared<std::vector<OrderNo>>();
        for (std::uint64_t each = in.u64(); each > 0 && in.ok(); --each)
            undone->push_back(in.u64());
        m_accounts[account].rows = std::move(rows);
        m_accounts[account].undone = std::move(undone);
        list(account);
    }
    return in.ok();
}

void encodeImportRows(ByteWriter &out, const ImportRows &rows)
{
    out.u64(rows.size());
    for (const ImportRow &row : rows) {
        out.u64(row.line);
        out.i64(row.day.day);
        out.fixed(row.key.a);
        out.fixed(row.key.b);
        out.u64(row.body.index());
        if (const auto *trade = std::get_if<ImportTrade>(&row.body)) {
            out.u64(trade->instrument);
            out.u64(static_cast<std::uint64_t>(trade->side));
            out.number(trade->quantity);
            out.number(trade->price);
            for (const Money amount : {trade->value, trade->fee, trade->tax})
                out.number(amount);
        } else {
            const auto &cash = std::get<ImportCash>(row.body);
            out.u64(static_cast<std::uint64_t>(cash.kind));
            out.number(cash.amount);
            out.u64(cash.instrument);
            out.text(row.words);
        }
    }
}

ImportRows decodeImportRows(ByteReader &in)
{
    ImportRows rows;
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        ImportRow row;
        row.line = static_cast<std::uint32_t>(in.u64());
        row.day = {static_cast<std::int32_t>(in.i64())};
        row.key.a = in.fixed();
        row.key.b = in.fixed();
        if (in.u64() == 0) {
            ImportTrade trade;
            trade.instrument = static_cast<InstrumentIndex>(in.u64());
            trade.side = in.choice<Side>(2);
            trade.quantity = in.number<Quantity>();
            trade.price = in.number<Price>();
            for (Money *amount : {&trade.value, &trade.fee, &trade.tax})
                *amount = in.number<Money>();
            row.body = trade;
        } else {
            ImportCash cash;
            cash.kind = in.choice<PortfolioCash::Kind>(cashKinds);
            cash.amount = in.number<Money>();
            cash.instrument = static_cast<InstrumentIndex>(in.u64());
            row.words = in.text();
            row.body = cash;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace khop
