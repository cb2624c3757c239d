// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/ledger.h"

#include "base/invariant.h"
#include "base/wide.h"

#include <algorithm>
#include <limits>

namespace khop {

using Bucket = LedgerEntry::Bucket;

namespace {

bool isDeskBucket(Bucket bucket)
{
    return bucket != Bucket::Available && bucket != Bucket::Held && bucket != Bucket::Pending;
}

template <class Cell>
auto &bucketOf(Cell &cell, Bucket bucket)
{
    return bucket == Bucket::Available ? cell.available
           : bucket == Bucket::Held    ? cell.held
                                       : cell.pending;
}

std::int64_t plus(std::int64_t a, std::int64_t b)
{
    const auto sum = checkedAdd(a, b);
    KHOP_INVARIANT(sum.has_value());
    return *sum;
}

} // namespace

std::string_view name(LedgerEntry::Type type)
{
    constexpr std::array<std::string_view, 17> names{
        "DEPOSIT",      "WITHDRAW", "ORDER_HOLD", "ORDER_RELEASE",     "ORDER_PAYMENT",
        "ORDER_REFUND", "FEE",      "TAX",        "DIVIDEND",          "INTEREST",
        "CUSTODY",      "ADVANCE",  "FX",         "SYSTEM_ADJUSTMENT", "SETTLEMENT",
        "LOAN",         "REPAYMENT"};
    return names[static_cast<std::size_t>(type)];
}

std::string_view name(LedgerEntry::Status status)
{
    constexpr std::array<std::string_view, 4> names{"COMPLETED", "PENDING", "FAILED", "CANCELLED"};
    return names[static_cast<std::size_t>(status)];
}

AccountNo Ledger::open(const Uuid &id, const std::string &name)
{
    const auto no = static_cast<AccountNo>(m_accounts.size() + 1);
    m_accounts.push_back({AccountInfo{no, id, name, false}, {}, {}});
    m_byId.emplace(id, no);
    return no;
}

const AccountInfo *Ledger::find(const Uuid &id) const
{
    const auto it = m_byId.find(id);
    return it == m_byId.end() ? nullptr : &account(it->second).info;
}

Money Ledger::available(AccountNo no, std::uint16_t currency) const
{
    const auto &cash = account(no).cash;
    const Cash *const found = cash.find(currency);
    return found ? found->available : Money{};
}

Quantity Ledger::sellable(AccountNo no, InstrumentIndex instrument) const
{
    const auto &holdings = account(no).holdings;
    const Holding *const found = holdings.find(instrument);
    return found ? found->available : Quantity{};
}

std::int64_t Ledger::endowable(const std::vector<Buckets> &assets, std::uint32_t asset,
                               std::int64_t has)
{
    constexpr auto outside = static_cast<std::size_t>(Bucket::Outside);
    const std::int64_t given = asset < assets.size() ? -assets[asset][outside] : 0;
    return std::max<std::int64_t>(0, std::min(mostEndowed - has, mostEndowedToAll - given));
}

std::int64_t &Ledger::desk(bool securities, std::uint32_t asset, Bucket bucket)
{
    std::vector<Buckets> &assets = securities ? m_deskSecurities : m_deskCash;
    if (asset >= assets.size())
        assets.resize(asset + 1);
    return assets[asset][static_cast<std::size_t>(bucket)];
}

void Ledger::moveCash(AccountNo no, std::uint16_t currency, Money amount, Bucket from, Bucket to,
                      const Reason &reason, Time now)
{
    KHOP_INVARIANT(amount.raw() >= 0);
    if (amount.isZero())
        return;
    Cash &cash = m_accounts[no - 1].cash[currency];
    if (isDeskBucket(from)) {
        desk(false, currency, from) -= amount.raw();
    } else {
        Money &source = bucketOf(cash, from);
        source -= amount;
        KHOP_INVARIANT(source.raw() >= 0);
    }
    if (isDeskBucket(to)) {
        desk(false, currency, to) += amount.raw();
    } else {
        Money &target = bucketOf(cash, to);
        target = Money(plus(target.raw(), amount.raw()));
    }
    if (reason.type == LedgerEntry::Type::Deposit)
        cash.deposited = Money(plus(cash.deposited.raw(), amount.raw()));
    if (reason.type == LedgerEntry::Type::Withdraw && to == Bucket::Outside)
        cash.withdrawn += amount;
    cash.updatedAt = now;
    ++m_lastEntry;
    if (m_entries)
        m_entries->emplace_back(m_lastEntry, reason.type, no, false, noInstrument, currency,
                                amount.raw(), from, to, reason.order, reason.execution, now,
                                LedgerEntry::Status::Completed, reason.cost);
}

void Ledger::moveSecurities(AccountNo no, InstrumentIndex instrument, Quantity amount, Bucket from,
                            Bucket to, const Reason &reason, Time now)
{
    KHOP_INVARIANT(amount.raw() >= 0);
    if (amount.isZero())
        return;
    Holding &holding = m_accounts[no - 1].holdings[instrument];
    if (isDeskBucket(from)) {
        desk(true, instrument, from) -= amount.raw();
    } else {
        Quantity &source = bucketOf(holding, from);
        source -= amount;
        KHOP_INVARIANT(source.raw() >= 0);
    }
    if (isDeskBucket(to)) {
        desk(true, instrument, to) += amount.raw();
    } else {
        Quantity &target = bucketOf(holding, to);
        target = Quantity(plus(target.raw(), amount.raw()));
    }
    holding.updatedAt = now;
    ++m_lastEntry;
    if (m_entries)
        m_entries->emplace_back(m_lastEntry, reason.type, no, true, instrument, std::uint16_t{0},
                                amount.raw(), from, to, reason.order, reason.execution, now,
                                LedgerEntry::Status::Completed, reason.cost);
}

void Ledger::cashArrives(AccountNo no, std::uint16_t currency, Money amount, Time at)
{
    Cash &cash = m_accounts[no - 1].cash[currency];
    cash.arriving[at] += amount;
    auto &due = m_arrivals[at];
    if (due.empty() || due.back() != no)
        due.push_back(no);
}

void Ledger::securitiesArrive(AccountNo no, InstrumentIndex instrument, Quantity amount, Time at,
                              Date traded)
{
    auto &[date, quantity] = m_accounts[no - 1].holdings[instrument].arriving[at];
    date = traded;
    quantity += amount;
    auto &due = m_arrivals[at];
    if (due.empty() || due.back() != no)
        due.push_back(no);
}

Time Ledger::nextArrival() const
{
    return m_arrivals.empty() ? Time{std::numeric_limits<std::int64_t>::max()}
                              : m_arrivals.begin()->first;
}

void Ledger::settle(Time now)
{
    while (!m_arrivals.empty() && m_arrivals.begin()->first <= now) {
        const Time at = m_arrivals.begin()->first;
        std::vector<AccountNo> due = std::move(m_arrivals.begin()->second);
        m_arrivals.erase(m_arrivals.begin());
        std::sort(due.begin(), due.end());
        due.erase(std::unique(due.begin(), due.end()), due.end());
        for (const AccountNo no : due) {
            Account &account = m_accounts[no - 1];
            for (auto &&[currency, cash] : account.cash) {
                if (const Money *const found = cash.arriving.find(at)) {
                    const Money amount = *found;
                    cash.arriving.erase(at);
                    arrived(cash, no, currency, amount, at, {LedgerEntry::Type::Settlement}, at);
                }
            }
            for (auto &&[instrument, holding] : account.holdings) {
                if (const auto *const found = holding.arriving.find(at)) {
                    const Quantity amount = found->second;
                    holding.arriving.erase(at);
                    moveSecurities(no, instrument, amount, Bucket::Pending, Bucket::Available,
                                   {LedgerEntry::Type::Settlement}, at);
                }
            }
        }
    }
}

void Ledger::bought(AccountNo no, InstrumentIndex instrument, Money cost)
{
    Holding &holding = m_accounts[no - 1].holdings[instrument];
    holding.cost = Money(plus(holding.cost.raw(), cost.raw()));
}

Money Ledger::sold(AccountNo no, InstrumentIndex instrument, Quantity quantity,
                   Quantity ownedBefore, Money net)
{
    Holding &holding = m_accounts[no - 1].holdings[instrument];
    const auto share =
        mulDiv(holding.cost.raw(), quantity.raw(), ownedBefore.raw(), Rounding::HalfUp);
    KHOP_INVARIANT(share.has_value());
    holding.cost -= Money(*share);
    holding.realized += net - Money(*share);
    return net - Money(*share);
}

std::string Ledger::checkBalanced() const
{
    std::map<std::pair<bool, std::uint32_t>, Int128> sums;
    for (const bool securities : {false, true}) {
        const std::vector<Buckets> &assets = securities ? m_deskSecurities : m_deskCash;
        for (std::uint32_t asset = 0; asset < assets.size(); ++asset) {
            for (const std::int64_t amount : assets[asset])
                sums[{securities, asset}] += amount;
        }
    }
    for (const Account &account : m_accounts) {
        for (auto &&[currency, cash] : account.cash) {
            sums[{false, currency}] +=
                Int128(cash.available.raw()) + cash.held.raw() + cash.pending.raw();
            std::int64_t arriving = 0;
            for (auto &&[at, amount] : cash.arriving)
                arriving += amount.raw();
            if (arriving != cash.pending.raw())
                return "account " + std::to_string(account.info.no)
                       + ": cash arriving and pending differ";
        }
        for (auto &&[instrument, holding] : account.holdings) {
            sums[{true, instrument}] += Int128(holding.owned().raw());
            std::int64_t arriving = 0;
            for (auto &&[at, amount] : holding.arriving)
                arriving += amount.second.raw();
            if (arriving != holding.pending.raw())
                return "account " + std::to_string(account.info.no)
                       + ": securities arriving and pending differ";
            if (holding.taxable < Quantity{} || holding.taxable > holding.owned())
                return "account " + std::to_string(account.info.no)
                       + ": more securities came free than are owned";
        }
    }
    for (const auto &[asset, sum] : sums) {
        if (sum != 0)
            return std::string(asset.first ? "instrument " : "currency ")
                   + std::to_string(asset.second) + " does not sum to zero";
    }
    return checkLent();
}

void Ledger::save(ByteWriter &out) const
{
    out.u64(m_lastEntry);
    out.u64(m_accounts.size());
    for (const Account &account : m_accounts) {
        out.id(account.info.id);
        out.text(account.info.name);
        out.u64(account.info.foreign);
        out.u64(account.cash.size());
        for (auto &&[currency, cash] : account.cash) {
            out.u64(currency);
            for (const Money amount :
                 {cash.available, cash.held, cash.pending, cash.deposited, cash.withdrawn})
                out.number(amount);
            out.time(cash.updatedAt);
            out.u64(cash.arriving.size());
            for (auto &&[at, amount] : cash.arriving) {
                out.time(at);
                out.number(amount);
            }
            out.number(cash.loan);
            out.u64(cash.advanced.size());
            for (auto &&[at, amount] : cash.advanced) {
                out.time(at);
                out.number(amount);
            }
        }
        out.u64(account.holdings.size());
        for (auto &&[instrument, holding] : account.holdings) {
            out.u64(instrument);
            for (const Quantity amount : {holding.available, holding.held, holding.pending})
                out.number(amount);
            out.number(holding.cost);
            out.number(holding.realized);
            out.number(holding.taxable);
            out.time(holding.updatedAt);
            out.u64(holding.arriving.size());
            for (auto &&[at, bought] : holding.arriving) {
                out.time(at);
                out.i64(bought.first.day);
                out.number(bought.second);
            }
        }
    }
    for (const bool securities : {false, true}) {
        const std::vector<Buckets> &assets = securities ? m_deskSecurities : m_deskCash;
        out.u64(assets.size());
        for (const Buckets &buckets : assets) {
            for (const std::int64_t amount : buckets)
                out.i64(amount);
        }
    }
}

bool Ledger::load(ByteReader &in)
{
    *this = {};
    m_lastEntry = in.u64();
    for (std::uint64_t accounts = in.u64(); accounts > 0 && in.ok(); --accounts) {
        const Uuid id = in.id();
        const AccountNo no = open(id, std::string(in.text()));
        setForeign(no, in.u64() != 0);
        for (std::uint64_t cells = in.u64(); cells > 0 && in.ok(); --cells) {
            const auto currency = static_cast<std::uint16_t>(in.u64());
            Cash &cash = m_accounts[no - 1].cash[currency];
            for (Money *amount :
                 {&cash.available, &cash.held, &cash.pending, &cash.deposited, &cash.withdrawn})
                *amount = in.number<Money>();
            cash.updatedAt = in.time();
            for (std::uint64_t arrivals = in.u64(); arrivals > 0 && in.ok(); --arrivals) {
                const Time at = in.time();
                cashArrives(no, currency, in.number<Money>(), at);
            }
            cash.loan = in.number<Money>();
            m_loans += cash.loan.isZero() ? 0 : 1;
            for (std::uint64_t advances = in.u64(); advances > 0 && in.ok(); --advances) {
                const Time at = in.time();
                cash.advanced[at] = in.number<Money>();
            }
        }
        for (std::uint64_t cells = in.u64(); cells > 0 && in.ok(); --cells) {
            const auto instrument = static_cast<InstrumentIndex>(in.u64());
            Holding &holding = m_accounts[no - 1].holdings[instrument];
            for (Quantity *amount : {&holding.available, &holding.held, &holding.pending})
                *amount = in.number<Quantity>();
            holding.cost = in.number<Money>();
            holding.realized = in.number<Money>();
            holding.taxable = in.number<Quantity>();
            holding.updatedAt = in.time();
            for (std::uint64_t arrivals = in.u64(); arrivals > 0 && in.ok(); --arrivals) {
                const Time at = in.time();
                const Date traded{static_cast<std::int32_t>(in.i64())};
                securitiesArrive(no, instrument, in.number<Quantity>(), at, traded);
            }
        }
    }
    for (const bool securities : {false, true}) {
        const std::uint64_t assets = in.u64();
        for (std::uint32_t asset = 0; asset < assets && in.ok(); ++asset) {
            for (std::size_t bucket = 0; bucket < bucketCount; ++bucket)
                desk(securities, asset, static_cast<Bucket>(bucket)) = in.i64();
        }
    }
    return in.ok() && checkBalanced().empty();
}

} // namespace khop
