// SPDX-License-Identifier: GPL-3.0-or-later
// A second set of books, kept from what a desk reports and from nothing else: buckets from ledger
// entries, holds from orders, costs from executions. The desk must agree with it after every command.
#pragma once

#include "base/wide.h"
#include "engine/engine.h"

#include <QTest>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace khop::test {

using Bucket = LedgerEntry::Bucket;

inline std::size_t indexOf(Bucket bucket) { return static_cast<std::size_t>(bucket); }

/// Rounded as the money rules have it: 15 hundredths of a percent, halves up.
inline Int128 rounded(Int128 value, std::int64_t ppm)
{
    return (value * ppm + 500'000) / 1'000'000;
}

class MoneyModel
{
public:
    struct Asset {
        AccountNo account = 0;
        bool securities = false;
        std::uint32_t no = 0; // instrument or currency
        auto operator<=>(const Asset &) const = default;
    };
    struct Holding {
        Quantity owned;
        Money cost, realized;
    };

    /// What securities cost that the next group gives.
    void noteGift(AccountNo account, InstrumentIndex instrument, Money cost)
    {
        m_holdings[{account, true, instrument}].cost += cost;
    }

    /// Takes note of one command's group. Empty when all is well, else what is off.
    std::string take(const CommittedGroup &group, const Engine &engine)
    {
        m_touched.clear();
        auto execution = group.executions.begin();
        for (const LedgerEntry &entry : group.entries) {
            if (std::string off = book(entry); !off.empty())
                return off;
            if (!entry.securities) {
                holdForRights(entry, engine);
                continue;
            }
            const bool comes = indexOf(entry.from) >= deskBuckets;
            if (entry.execution == 0) {
                give(entry, engine);
            } else if (execution == group.executions.end() || execution->no != entry.execution
                       || execution->account != entry.account
                       || execution->side != (comes ? Side::Buy : Side::Sell)) {
                return "entry " + std::to_string(entry.no) + " names an execution that is not next";
            } else {
                cost(*execution++);
            }
        }
        if (execution != group.executions.end())
            return "execution " + std::to_string(execution->no) + " moved no securities";
        for (const OrderRecord &order : group.orders) {
            if (std::string off = note(order, engine); !off.empty())
                return off;
        }
        for (const Asset &asset : m_touched) {
            if (std::string off = compare(asset, engine); !off.empty())
                return off;
        }
        return {};
    }

    /// Everything there is, not only what the last command touched.
    std::string compareAll(const Engine &engine) const
    {
        std::map<std::pair<bool, std::uint32_t>, Int128> sums;
        for (const auto &[asset, buckets] : m_buckets) {
            for (const std::int64_t amount : buckets)
                sums[{asset.securities, asset.no}] += amount;
            if (asset.account == 0)
                continue;
            if (std::string off = compare(asset, engine); !off.empty())
                return off;
        }
        for (const auto &[asset, sum] : sums) {
            if (sum != 0)
                return std::string(asset.first ? "instrument " : "currency ")
                       + std::to_string(asset.second) + " does not sum to zero";
        }
        return engine.checkInvariants();
    }

    std::size_t entries() const { return m_entries; }

private:
    static constexpr std::size_t deskBuckets = 3; // from here on they are the desk's
    using Buckets = std::array<std::int64_t, 16>;
    struct Hold {
        AccountNo account = 0;
        bool securities = false;
        std::uint32_t asset = 0;
        std::int64_t amount = 0;
    };

    static std::string nameOf(const Asset &asset)
    {
        return "account " + std::to_string(asset.account)
               + (asset.securities ? ", instrument " : ", currency ") + std::to_string(asset.no);
    }

    std::string book(const LedgerEntry &entry)
    {
        ++m_entries;
        if (entry.no != ++m_lastEntry)
            return "entry " + std::to_string(entry.no) + " follows "
                   + std::to_string(m_lastEntry - 1);
        if (entry.amount <= 0 || entry.from == entry.to)
            return "entry " + std::to_string(entry.no) + " moves nothing";
        const std::uint32_t no = entry.securities ? entry.instrument : entry.currency;
        const Asset own{entry.account, entry.securities, no};
        const Asset desk{0, entry.securities, no};
        const auto cell = [&](Bucket bucket) -> std::int64_t & {
            return m_buckets[indexOf(bucket) < deskBuckets ? own : desk][indexOf(bucket)];
        };
        cell(entry.from) -= entry.amount;
        cell(entry.to) += entry.amount;
        m_touched.insert(own);
        if (indexOf(entry.from) < deskBuckets && cell(entry.from) < 0)
            return nameOf(own) + " goes below zero with entry " + std::to_string(entry.no);
        return {};
    }

    /// Securities that come or go without a trade; within the account they stay the same.
    void give(const LedgerEntry &entry, const Engine &engine)
    {
        const bool comes = indexOf(entry.from) >= deskBuckets,
                   goes = indexOf(entry.to) >= deskBuckets;
        Quantity &owned = m_holdings[{entry.account, true, entry.instrument}].owned;
        owned += Quantity((comes ? entry.amount : 0) - (goes ? entry.amount : 0));
        const CorporateAction *const action = actionOf(entry, engine);
        if (!comes || !action || action->terms.type != CorporateActionType::Merger)
            return;
        // costs go over with the shares
        Holding &before = m_holdings[{entry.account, true, action->terms.instrument}];
        m_holdings[{entry.account, true, entry.instrument}].cost +=
            std::exchange(before.cost, Money{});
    }

    static const CorporateAction *actionOf(const LedgerEntry &entry, const Engine &engine)
    {
        const auto &actions = engine.corporateActions().entries();
        const auto found = actions.find(entry.order);
        return found == actions.end() ? nullptr : &found->second.action;
    }

    /// Cash is held for new shares until they are listed.
    void holdForRights(const LedgerEntry &entry, const Engine &engine)
    {
        if (!actionOf(entry, engine))
            return;
        m_held[{entry.account, false, entry.currency}] +=
            (entry.to == Bucket::Held ? entry.amount : 0)
            - (entry.from == Bucket::Held ? entry.amount : 0);
    }

    void cost(const ExecutionRecord &execution)
    {
        Holding &holding = m_holdings[{execution.account, true, execution.instrument}];
        if (execution.side == Side::Buy) {
            holding.owned += execution.quantity;
            holding.cost += execution.value + execution.fee;
            return;
        }
        // halves up, and all values here are positive
        const Int128 product = Int128(holding.cost.raw()) * execution.quantity.raw();
        const Money share(static_cast<std::int64_t>((2 * product + holding.owned.raw())
                                                    / (2 * Int128(holding.owned.raw()))));
        holding.owned -= execution.quantity;
        holding.cost -= share;
        holding.realized += execution.value - execution.fee - execution.tax - share;
    }

    /// Nothing is held for orders that wait for a condition or for their parent.
    static bool waits(const OrderRecord &order)
    {
        const bool conditional = order.condition && !hasChild(order.condition->type);
        return order.status == OrderStatus::Queued && (conditional || !order.parent.isNull());
    }

    std::string note(const OrderRecord &order, const Engine &engine)
    {
        if (order.quantity != order.remaining + order.traded + order.cancelled)
            return order.id.text() + ": quantity is not leaves + fills + cancelled";
        const Instrument &instrument = engine.exchange().instrument(order.instrument);
        const auto currency = static_cast<std::uint32_t>(
            currencyIndex(engine.exchange().rules(), instrument.currency));
        Hold hold{order.account, order.side == Side::Sell,
                  order.side == Side::Sell ? order.instrument : currency, 0};
        if (isOpen(order.status) && !waits(order)) {
            hold.amount = order.side == Side::Sell ? order.remaining.raw() : order.held.raw();
            if (order.side == Side::Buy && order.price
                && order.held != needed(order, instrument, engine))
                return order.id.text() + " holds " + std::to_string(order.held.raw())
                       + " and needs " + std::to_string(needed(order, instrument, engine).raw());
        } else if (!order.held.isZero()) {
            return order.id.text() + ": a hold that is for nothing";
        }
        const auto found = m_open.find(order.id);
        if (found != m_open.end()) {
            m_held[{found->second.account, found->second.securities, found->second.asset}] -=
                found->second.amount;
            m_open.erase(found);
        }
        if (isOpen(order.status))
            m_open.emplace(order.id, hold);
        const Asset asset{hold.account, hold.securities, hold.asset};
        m_held[asset] += hold.amount;
        m_touched.insert(asset);
        return {};
    }

    static Money needed(const OrderRecord &order, const Instrument &instrument,
                        const Engine &engine)
    {
        const MarketRules &rules = engine.exchange().rules();
        const std::int64_t fee = rules.of(instrument.exchange).rates.fee;
        const int scale = rules.currencies[currencyIndex(rules, instrument.currency)].scale;
        Int128 value = Int128(order.price->raw()) * order.remaining.raw();
        Int128 unit = 1;
        for (int k = instrument.priceScale + instrument.quantityScale - scale; k > 0; --k)
            unit *= 10;
        value = (value + unit - 1) / unit;
        const Int128 traded = order.tradedValue.raw();
        return Money(
            static_cast<std::int64_t>(value + rounded(traded + value, fee) - rounded(traded, fee)));
    }

    std::string compare(const Asset &asset, const Engine &engine) const
    {
        const auto buckets = m_buckets.find(asset);
        const Buckets own = buckets == m_buckets.end() ? Buckets{} : buckets->second;
        const auto held = m_held.find(asset);
        const std::int64_t needs = held == m_held.end() ? 0 : held->second;
        if (own[indexOf(Bucket::Held)] != needs)
            return nameOf(asset) + ": held " + std::to_string(own[indexOf(Bucket::Held)])
                   + ", orders need " + std::to_string(needs);
        std::array<std::int64_t, 3> shown{};
        if (asset.securities) {
            const Position position = engine.position(asset.account, asset.no);
            shown = {position.sellable.raw(), position.held.raw(),
                     (position.quantity - position.sellable - position.held).raw()};
            const auto found = m_holdings.find(asset);
            if (found != m_holdings.end()) {
                const Holding &holding = found->second;
                if (holding.owned != position.quantity)
                    return nameOf(asset) + ": owned " + std::to_string(position.quantity.raw())
                           + ", by executions " + std::to_string(holding.owned.raw());
                if (holding.cost != position.costBasis || holding.realized != position.realizedPnl)
                    return nameOf(asset) + ": cost " + std::to_string(position.costBasis.raw())
                           + ", by executions " + std::to_string(holding.cost.raw()) + "; realized "
                           + std::to_string(position.realizedPnl.raw()) + ", "
                           + std::to_string(holding.realized.raw());
            }
        } else {
            const Balance balance =
                engine.balance(asset.account, static_cast<std::uint16_t>(asset.no));
            shown = {balance.available.raw(), balance.held.raw(), balance.pending.raw()};
        }
        for (const Bucket bucket : {Bucket::Available, Bucket::Held, Bucket::Pending}) {
            if (shown[indexOf(bucket)] != own[indexOf(bucket)])
                return nameOf(asset) + ": bucket " + std::to_string(indexOf(bucket)) + " shows "
                       + std::to_string(shown[indexOf(bucket)]) + ", by entries "
                       + std::to_string(own[indexOf(bucket)]);
        }
        return {};
    }

    std::map<Asset, Buckets> m_buckets; // account 0: the desk's own
    std::map<Asset, std::int64_t> m_held;
    std::map<Asset, Holding> m_holdings;
    std::map<Uuid, Hold> m_open;
    std::set<Asset> m_touched; // by the last command
    std::size_t m_entries = 0;
    std::uint64_t m_lastEntry = 0;
};

} // namespace khop::test
