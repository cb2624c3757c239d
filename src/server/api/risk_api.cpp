// SPDX-License-Identifier: GPL-3.0-or-later
// /risk: limits, their use, and the kill switch.
#include "server/api/api.h"

#include "server/api/risk_json.h"

namespace khop::server {

namespace {

constexpr Text limitsRead{"The limits.", "Hạn mức giao dịch."};
constexpr Text limitsSet{"The limits were set.", "Đã đặt hạn mức giao dịch."};
constexpr Text usageRead{"The limits and how much of them is used.",
                         "Hạn mức giao dịch và mức đã dùng."};
constexpr Text killed{"New orders are blocked; open orders were cancelled where that was allowed.",
                      "Đã chặn lệnh mới; các lệnh chờ được phép hủy đã bị hủy."};
constexpr Text lifted{"Orders are taken again.", "Đã nhận lệnh trở lại."};

} // namespace

/// Account 0: the house's limits.
std::string Api::riskLimitsJson(AccountNo account) const
{
    const auto policy = m_service.riskPolicy();
    const RiskLimits none;
    const RiskLimits *const own = account == 0 ? &policy->house : policy->limitsOf(account);
    JsonWriter json;
    json.beginObject();
    json.optionalField("account_id", account == 0 ? std::nullopt
                                                  : std::optional(m_market.account(account).idText))
        .optionalField("username", account == 0
                                       ? std::nullopt
                                       : std::optional(m_market.account(account).username));
    json.key("limits");
    writeLimits(json, own ? *own : none, m_market);
    json.key("house");
    writeLimits(json, policy->house, m_market);
    json.endObject();
    return json.take();
}

void Api::getRiskLimits(Call &call)
{
    std::optional<AccountNo> account;
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call)
        || !accountFilter(call, account))
        return;
    succeed(call.to, 200, limitsRead, riskLimitsJson(account.value_or(0)));
}

void Api::setRiskLimits(Call &call)
{
    std::optional<AccountNo> account;
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call)
        || !accountFilter(call, account))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    LimitsReader reader(m_market);
    auto limits = std::make_shared<RiskLimits>(reader.read(document->root()));
    if (!reader.mistakes().empty()) {
        fail(call.to, reader.mistakes());
        return;
    }
    const AccountNo of = account.value_or(0);
    submit(SetRiskLimits{of, std::move(limits)}, call.to,
           [this, of](const Answerer &to, CommandResult result) {
               if (result.ok())
                   succeed(to, 200, limitsSet, riskLimitsJson(of));
               else
                   fail(to, result.error);
           });
}

void Api::getRiskUsage(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    JsonWriter json;
    json.beginObject()
        .field("account_id", m_market.account(*account).idText)
        .field("username", m_market.account(*account).username);
    json.key("kill_switch");
    writeKillSwitch(json, *m_service.riskPolicy(), *account);
    json.key("limits").beginArray();
    for (const LimitUse &use : m_service.limitUse(*account))
        writeLimitUse(json, use, m_market);
    json.endArray().endObject();
    succeed(call.to, 200, usageRead, json.text());
}

/// Whose switch a request means: a trader's own, an administrator's choice, every account where it
/// names none. Nothing (with an answer given) when it is refused.
std::optional<SetKillSwitch> Api::readKillSwitch(const Call &call)
{
    const Caller &caller = *call.caller;
    if (caller.claims.role != Role::Trader && !caller.isAdmin()) {
        fail(call.to, Error{Code::FORBIDDEN});
        return std::nullopt;
    }
    std::optional<AccountNo> account;
    if (!allowOnly(call, {"account_id", "desk"}) || !practiceDesk(call)
        || !accountFilter(call, account))
        return std::nullopt;
    SetKillSwitch set;
    set.account = account.value_or(0);
    set.byHouse = caller.isAdmin();
    set.on = call.request.method == Method::Post;
    if (!set.on && call.request.body.empty())
        return set;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return std::nullopt;
    Body body(document->root(), {"account_id", "reason"});
    if (const auto reason = set.on ? body.requiredText("reason", longestKillReason)
                                   : body.text("reason", longestKillReason)) {
        set.reason = *reason;
        if (set.on && reason->empty())
            body.mistake(Code::REQUIRED, "reason");
    }
    std::optional<Error> refusal;
    if (const auto text = body.text("account_id", 40)) {
        const std::optional<Uuid> id = Uuid::parse(*text);
        const auto info = id ? m_service.findAccount(*id) : std::nullopt;
        if (!caller.isAdmin() && !caller.own(id))
            refusal = Error{Code::FORBIDDEN, "account_id"};
        else if (!info)
            refusal = Error{Code::ACCOUNT_UNKNOWN, "account_id", std::string(*text)};
        else
            set.account = info->no;
    }
    if (!refusal && body.mistakes().empty())
        return set;
    if (refusal)
        fail(call.to, *refusal);
    else
        fail(call.to, body.mistakes());
    return std::nullopt;
}

void Api::answerKillSwitch(const Answerer &to, AccountNo account, std::uint32_t cancelled)
{
    JsonWriter json;
    json.beginObject();
    json.optionalField("account_id", account == 0
                                         ? std::nullopt
                                         : std::optional(m_market.account(account).idText));
    const auto policy = m_service.riskPolicy();
    json.key("kill_switch");
    writeKillSwitch(json, *policy, account);
    json.numberField("cancelled", cancelled).endObject();
    succeed(to, 200, policy->killed(account) ? killed : lifted, json.text());
}

void Api::setKillSwitch(Call &call)
{
    std::optional<SetKillSwitch> set = readKillSwitch(call);
    if (!set)
        return;
    const AccountNo account = set->account;
    submit(std::move(*set), call.to, [this, account](const Answerer &to, CommandResult result) {
        if (result.ok())
            answerKillSwitch(to, account, result.count);
        else
            fail(to, result.error);
    });
}

void Api::liftKillSwitch(Call &call)
{
    std::optional<SetKillSwitch> set = readKillSwitch(call);
    if (!set)
        return;
    const auto policy = m_service.riskPolicy();
    const RiskPolicy::Account *const own = policy->find(set->account);
    // what the house has set only the house lifts
    if (!set->byHouse && policy->killed(set->account) && !(own && own->kill.byOwner)) {
        fail(call.to, Error{Code::FORBIDDEN, "account_id", {}, "admin"});
        return;
    }
    const AccountNo account = set->account;
    submit(std::move(*set), call.to, [this, account](const Answerer &to, CommandResult result) {
        if (result.ok())
            answerKillSwitch(to, account, 0);
        else
            fail(to, result.error);
    });
}

} // namespace khop::server
