// SPDX-License-Identifier: GPL-3.0-or-later
// /balance/…: cash in and out of the caller's account, and every entry of it in the ledger.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/cash_fields.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text deposited{"The amount was deposited.", "Đã nộp tiền."};
constexpr Text withdrawnCash{"The amount was withdrawn.", "Đã rút tiền."};
constexpr Text withdrawalWaits{"The withdrawal waits for an administrator.",
                               "Yêu cầu rút tiền đang chờ duyệt."};
constexpr Text decidedEntry{"The transaction was decided.", "Đã xử lý giao dịch tiền."};
constexpr Text entriesRead{"The entries of the account.", "Sao kê tiền."};

constexpr std::array entryTypes{
    LedgerEntry::Type::Deposit,      LedgerEntry::Type::Withdraw,
    LedgerEntry::Type::OrderHold,    LedgerEntry::Type::OrderRelease,
    LedgerEntry::Type::OrderPayment, LedgerEntry::Type::OrderRefund,
    LedgerEntry::Type::Fee,          LedgerEntry::Type::Tax,
    LedgerEntry::Type::Dividend,     LedgerEntry::Type::Interest,
    LedgerEntry::Type::Custody,      LedgerEntry::Type::Advance,
    LedgerEntry::Type::Fx,           LedgerEntry::Type::SystemAdjustment,
    LedgerEntry::Type::Settlement,   LedgerEntry::Type::Loan,
    LedgerEntry::Type::Repayment};

std::string_view nameOf(LedgerEntry::Bucket bucket)
{
    constexpr std::array<std::string_view, 8> names{"AVAILABLE", "HELD",    "PENDING", "MARKET",
                                                    "FEES",      "TAX_DUE", "OUTSIDE", "LOANS"};
    return names[static_cast<std::size_t>(bucket)];
}

bool isOwn(LedgerEntry::Bucket bucket)
{
    return bucket == LedgerEntry::Bucket::Available || bucket == LedgerEntry::Bucket::Held
           || bucket == LedgerEntry::Bucket::Pending;
}

/// What an entry does to the account's money: more, less, or the same elsewhere.
std::string_view directionOf(const LedgerEntry &entry)
{
    if (isOwn(entry.from) == isOwn(entry.to))
        return "INTERNAL";
    return isOwn(entry.to) ? "IN" : "OUT";
}

void writeEntry(JsonWriter &json, const LedgerEntry &entry, const MarketView &market)
{
    const std::string &currency = market.rules().currencies[entry.currency].code;
    const auto number = [](std::uint64_t no) {
        return no == 0 ? std::nullopt : std::optional(std::to_string(no));
    };
    json.beginObject()
        .field("transaction_id", uuid7(entry.time, 4, entry.no).text())
        .field("transaction_type", name(entry.type))
        .field("direction", directionOf(entry))
        .field("amount", market.money(currency, Money(entry.amount)))
        .field("currency", currency)
        .field("from", nameOf(entry.from))
        .field("to", nameOf(entry.to))
        .field("status", name(entry.status));
    json.optionalField("order_number", number(entry.order));
    json.optionalField("execution_number", number(entry.execution));
    json.field("timestamp", isoTime(entry.time)).endObject();
}

} // namespace

CashAmount readCash(Body &body, const MarketView &market)
{
    CashAmount cash;
    cash.currency = upperCase(body.text("currency", 8).value_or("VND"));
    const auto text = body.decimal("amount");
    if (!body.has("amount"))
        body.mistake(Code::REQUIRED, "amount");
    const auto &currencies = market.rules().currencies;
    const auto known = std::ranges::find(currencies, cash.currency, &Currency::code);
    if (known == currencies.end()) {
        std::string codes;
        for (const Currency &currency : currencies)
            codes += (codes.empty() ? "" : ", ") + currency.code;
        body.mistake(Code::VALIDATION_ERROR, "currency", cash.currency, codes);
    } else if (text) {
        const auto raw = parseDecimal(*text, known->scale);
        if (raw && *raw > 0)
            cash.amount = Money(*raw);
        else
            body.mistake(Code::VALIDATION_ERROR, "amount", *text, "an amount above 0");
    }
    return cash;
}

void Api::moveOwnCash(Call &call, bool in)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"amount", "currency"});
    const CashAmount cash = readCash(body, m_market);
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    const AccountNo account = call.caller->account;
    const auto answered = [this, account, cash, in](const Answerer &to, CommandResult result) {
        if (!result.ok()) {
            fail(to, result.error);
            return;
        }
        JsonWriter json;
        json.beginObject();
        for (const Balance &balance : m_service.balances(account)) {
            if (balance.currency == cash.currency)
                writeBalance(json, balance, m_market);
        }
        json.endObject();
        const bool waits = !in && m_service.rules()->policies.approvedWithdrawals;
        succeed(to, waits ? 202 : 200,
                in      ? deposited
                : waits ? withdrawalWaits
                        : withdrawnCash,
                json.text());
    };
    if (in)
        submit(EndowCash{account, cash.currency, cash.amount}, call.to, answered);
    else
        submit(WithdrawCash{account, cash.currency, cash.amount}, call.to, answered);
}

void Api::depositCash(Call &call) { moveOwnCash(call, true); }
void Api::withdrawCash(Call &call) { moveOwnCash(call, false); }

/// An administrator decides on a withdrawal that waits.
void Api::decideTransaction(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"status"});
    DecideWithdrawal decide;
    if (const auto text = body.requiredText("status", 16)) {
        const std::string upper = upperCase(*text);
        constexpr std::array decisions{LedgerEntry::Status::Completed, LedgerEntry::Status::Failed,
                                       LedgerEntry::Status::Cancelled};
        const auto *const known = std::ranges::find_if(
            decisions, [&](LedgerEntry::Status status) { return name(status) == upper; });
        if (known == decisions.end())
            body.mistake(Code::VALIDATION_ERROR, "status", *text, "COMPLETED, FAILED, CANCELLED");
        else
            decide.status = *known;
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const auto waiting = m_service.pendingWithdrawals();
    const auto found = id ? waiting->find(uuid7Low(*id)) : waiting->end();
    if (found == waiting->end() || uuid7(found->second.time, 4, found->first) != *id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    decide.entry = found->first;
    const std::string currency = m_market.rules().currencies[found->second.currency].code;
    submit(decide, call.to,
           [this, currency, status = decide.status, id = *id](const Answerer &to,
                                                              CommandResult result) {
               if (!result.ok()) {
                   fail(to, result.error);
                   return;
               }
               JsonWriter json;
               json.beginObject()
                   .field("transaction_id", id.text())
                   .field("status", name(status))
                   .field("amount", m_market.money(currency, result.amount));
               writeBalance(json, balanceOf(result.account, currency), m_market);
               json.endObject();
               succeed(to, 200, decidedEntry, json.text());
           });
}

void Api::listCashEntries(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "currency", "type", "limit", "cursor", "offset",
                          "page", "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    const auto account = page ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    EntryQuery query;
    query.account = *account;
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    if (const auto text = call.query.get("currency")) {
        const auto &currencies = m_market.rules().currencies;
        const auto known = std::ranges::find(currencies, upperCase(*text), &Currency::code);
        if (known == currencies.end()) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "currency", shortened(*text, 16),
                                     currencies.front().code});
            return;
        }
        query.currency = static_cast<std::uint16_t>(known - currencies.begin());
    }
    if (const auto text = call.query.get("type")) {
        const std::string upper = upperCase(*text);
        const auto *const known = std::ranges::find_if(
            entryTypes, [&](LedgerEntry::Type type) { return name(type) == upper; });
        if (known == entryTypes.end()) {
            std::string names;
            for (const LedgerEntry::Type type : entryTypes)
                names += (names.empty() ? "" : ", ") + std::string(name(type));
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "type", upper.substr(0, 24), names});
            return;
        }
        query.type = *known;
    }
    m_service.queryEntries(
        query, here<Page<LedgerEntry>>([this, to = call.to,
                                        username = std::string(usernameFor(call, account))](
                                           Result<Page<LedgerEntry>> rows) {
            if (!rows) {
                fail(to, rows.error());
                return;
            }
            JsonWriter json;
            json.beginObject().field("username", username);
            writePage(json, "transactions", *rows,
                      [&](const LedgerEntry &entry) { writeEntry(json, entry, m_market); });
            json.endObject();
            succeed(to, 200, entriesRead, json.text());
        }));
}

} // namespace khop::server
