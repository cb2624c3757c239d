// SPDX-License-Identifier: GPL-3.0-or-later
#include "risk/policy.h"

#include <algorithm>

namespace khop {

namespace {

bool looksAtSymbols(const SymbolLimits &limits) { return limits.position || limits.concentration; }

bool looksAtAccount(const RiskLimits &limits)
{
    return looksAtSymbols(limits.every) || limits.positionCount
           || std::ranges::any_of(
               limits.money, [](const auto &entry) { return entry.second.dailyLoss.has_value(); })
           || std::ranges::any_of(limits.symbols,
                                  [](const auto &entry) { return looksAtSymbols(entry.second); });
}

bool looksAtPace(const RiskLimits &limits) { return limits.rate || limits.duplicateWindow; }

void save(ByteWriter &out, const std::optional<std::string> &reason)
{
    out.u64(reason ? 1 : 0);
    if (reason)
        out.text(*reason);
}

std::optional<std::string> loadReason(ByteReader &in)
{
    return in.u64() == 0 ? std::nullopt : std::optional(std::string(in.text()));
}

} // namespace

const RiskPolicy::Account *RiskPolicy::find(AccountNo account) const
{
    const auto found = accounts.find(account);
    return found == accounts.end() ? nullptr : &found->second;
}

const RiskLimits *RiskPolicy::limitsOf(AccountNo account) const
{
    const Account *const own = find(account);
    return own ? &own->limits : nullptr;
}

const std::string *RiskPolicy::killed(AccountNo account) const
{
    if (killAll)
        return &*killAll;
    const Account *const own = find(account);
    if (!own)
        return nullptr;
    const KillSwitch &kill = own->kill;
    return kill.byHouse ? &*kill.byHouse : kill.byOwner ? &*kill.byOwner : nullptr;
}

bool RiskPolicy::killsAny() const
{
    return killAll || std::ranges::any_of(accounts, [](const auto &entry) {
               return entry.second.kill != KillSwitch{};
           });
}

bool RiskPolicy::looksAtAccount(AccountNo account) const
{
    const RiskLimits *const own = limitsOf(account);
    return khop::looksAtAccount(house) || (own && khop::looksAtAccount(*own));
}

bool RiskPolicy::looksAtPace(AccountNo account) const
{
    const RiskLimits *const own = limitsOf(account);
    return khop::looksAtPace(house) || (own && khop::looksAtPace(*own));
}

void RiskPolicy::save(ByteWriter &out) const
{
    encodeLimits(out, house);
    khop::save(out, killAll);
    out.u64(accounts.size());
    for (const auto &[no, account] : accounts) {
        out.u64(no);
        encodeLimits(out, account.limits);
        khop::save(out, account.kill.byHouse);
        khop::save(out, account.kill.byOwner);
    }
}

bool RiskPolicy::load(ByteReader &in, std::size_t known)
{
    *this = {};
    house = decodeLimits(in);
    killAll = loadReason(in);
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto no = static_cast<AccountNo>(in.u64());
        if (no < 1 || no > known)
            return false;
        Account &account = accounts[no];
        account.limits = decodeLimits(in);
        account.kill.byHouse = loadReason(in);
        account.kill.byOwner = loadReason(in);
    }
    return in.ok();
}

} // namespace khop
