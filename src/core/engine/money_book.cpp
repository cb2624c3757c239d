// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/money_book.h"

namespace khop {

void MoneyBook::save(ByteWriter &out) const
{
    fees.save(out);
    margin.save(out);
    dues.save(out);
    out.i64(day.day);
    out.u64(settledEarly.size());
    for (const auto &[trade, at] : settledEarly) {
        out.u64(trade);
        out.time(at);
    }
    out.u64(withdrawals->size());
    for (const auto &[entry, waiting] : *withdrawals) {
        out.u64(entry);
        out.u64(waiting.account);
        out.u64(waiting.currency);
        out.number(waiting.amount);
        out.time(waiting.time);
    }
}

bool MoneyBook::load(ByteReader &in, std::size_t accounts, std::size_t instruments)
{
    if (!fees.load(in, accounts) || !margin.load(in, accounts) || !dues.load(in, accounts))
        return false;
    for (const auto &[account, terms] : margin.policy()) {
        if (!terms->ratios.empty() && terms->ratios.rbegin()->first >= instruments)
            return false;
    }
    day = {static_cast<std::int32_t>(in.i64())};
    settledEarly.clear();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const std::uint64_t trade = in.u64();
        settledEarly[trade] = in.time();
    }
    auto waits = std::make_shared<PendingWithdrawals>();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        PendingWithdrawal &waiting = (*waits)[in.u64()];
        waiting.account = static_cast<AccountNo>(in.u64());
        waiting.currency = static_cast<std::uint16_t>(in.u64());
        waiting.amount = in.number<Money>();
        waiting.time = in.time();
        if (waiting.account < 1 || waiting.account > accounts)
            return false;
    }
    withdrawals = std::move(waits);
    return in.ok();
}

} // namespace khop
