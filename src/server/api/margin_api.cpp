// SPDX-License-Identifier: GPL-3.0-or-later
// Fees by account, margin, and buying power.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/money_fields.h"

namespace khop::server {

namespace {

constexpr Text feesRead{"The fees of the account.", "Biểu phí của tài khoản."};
constexpr Text feesSet{"The fees were set.", "Đã đặt biểu phí."};
constexpr Text marginRead{"The margin of the account.", "Tình trạng ký quỹ của tài khoản."};
constexpr Text marginSet{"The margin terms were set.", "Đã đặt điều kiện ký quỹ."};
constexpr Text marginEnded{"The account has no margin any more.",
                           "Tài khoản không còn dùng ký quỹ."};
constexpr Text powerRead{"The buying power.", "Sức mua."};

} // namespace

/// The account of the path: one of the caller's own, for admins any.
bool Api::mayRead(const Call &call, AccountNo account)
{
    if (call.caller->isAdmin() || call.caller->owns(account))
        return true;
    fail(call.to, Error{Code::NOT_FOUND});
    return false;
}

void Api::answerFees(const Answerer &to, AccountNo account, const Text &message)
{
    JsonWriter json;
    json.beginObject()
        .field("account_id", m_market.account(account).idText)
        .field("username", m_market.account(account).username);
    writeFees(json, *m_service.fees(), account, m_market);
    json.endObject();
    succeed(to, 200, message, json.text());
}

void Api::getAccountFees(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const auto info = id ? m_service.findAccount(*id) : std::nullopt;
    if (!info)
        fail(call.to, Error{Code::NOT_FOUND});
    else if (mayRead(call, info->no))
        answerFees(call.to, info->no, feesRead);
}

void Api::setAccountFees(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"exchanges", "from", "fee", "tiers"});
    SetFeeSchedule set = MoneyReader(body, m_market).feeSchedule();
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    withAccount(call, [this, to = call.to, set](AccountNo account) mutable {
        set.account = account;
        submit(set, to, [this, account](const Answerer &whom, CommandResult result) {
            if (result.ok())
                answerFees(whom, account, feesSet);
            else
                fail(whom, result.error);
        });
    });
}

void Api::answerMargin(const Answerer &to, AccountNo account, const Text &message)
{
    JsonWriter json;
    json.beginObject()
        .field("account_id", m_market.account(account).idText)
        .field("username", m_market.account(account).username);
    const auto report = m_service.margin(account);
    json.field("margin", report.has_value());
    if (report)
        writeMargin(json, *report, m_market);
    json.endObject();
    succeed(to, 200, message, json.text());
}

void Api::getMargin(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    if (const auto account = oneAccount(call))
        answerMargin(call.to, *account, marginRead);
}

void Api::setMargin(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"limit", "initial_ratio", "maintenance_ratio", "force_sell_ratio",
                                 "interest", "loan_ratio", "loan_ratios"});
    auto terms = std::make_shared<const MarginTerms>(MoneyReader(body, m_market).marginTerms());
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    withAccount(call, [this, to = call.to, terms](AccountNo account) {
        submit(SetMargin{account, terms}, to,
               [this, account](const Answerer &whom, CommandResult result) {
                   if (result.ok())
                       answerMargin(whom, account, marginSet);
                   else
                       fail(whom, result.error);
               });
    });
}

void Api::endMargin(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    withAccount(call, [this, to = call.to](AccountNo account) {
        submit(SetMargin{account, nullptr}, to,
               [this, account](const Answerer &whom, CommandResult result) {
                   if (result.ok())
                       answerMargin(whom, account, marginEnded);
                   else
                       fail(whom, result.error);
               });
    });
}

/// Now, and by date: what arrives when. With a symbol (and a price) also how much of it can be bought.
void Api::getBuyingPower(Call &call)
{
    if (!allowOnly(call,
                   {"account_id", "user_id", "symbol", "asset_id", "price", "currency", "desk"})
        || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    bool refused = false;
    const Instrument *instrument = account ? symbolParameter(call, false, refused) : nullptr;
    if (!account || refused)
        return;
    const std::string currency =
        instrument ? instrument->currency : upperCase(call.query.get("currency").value_or("VND"));
    std::optional<Price> price;
    if (const auto text = call.query.get("price")) {
        const auto raw = instrument ? parseDecimal(*text, instrument->priceScale) : std::nullopt;
        if (!raw || *raw <= 0) {
            failQuery(call.to,
                      Error{Code::INVALID_PRICE, "price", shortened(*text, 32), "a price above 0"});
            return;
        }
        price = Price(*raw);
    }
    Balance balance;
    for (const Balance &one : m_service.balances(*account)) {
        if (one.currency == currency)
            balance = one;
    }
    const auto margin = m_service.margin(*account);
    const bool lends = margin && margin->currency == currency;
    Money power = balance.available;
    std::optional<OrderPreview> preview;
    if (instrument) {
        PlaceOrder place;
        place.account = *account;
        place.instrument = instrument->index;
        place.type = instrument->banded ? OrderType::LO : OrderType::Limit;
        place.quantity = instrument->lot;
        place.price =
            price.value_or(m_service.quote(instrument->index).last.value_or(instrument->reference));
        preview = m_service.preview(place);
        power = preview->buyingPower;
        price = place.price;
    }
    const auto amount = [&](Money money) { return m_market.money(currency, money); };
    JsonWriter json;
    json.beginObject()
        .field("account_id", m_market.account(*account).idText)
        .field("currency", currency)
        .field("cash_balance", amount(balance.current))
        .field("buying_power", amount(power))
        .field("held", amount(balance.held))
        .field("margin_used", amount(balance.loan));
    json.field("margin_available",
               amount(lends ? std::max(Money{}, margin->terms->limit - balance.loan) : Money{}));
    json.key("pending_settlement").beginArray();
    Money later = balance.available;
    for (const auto &[at, arriving] : balance.arriving) {
        Money free = arriving;
        for (const auto &[when, advanced] : balance.advances)
            free -= when == at ? advanced : Money{};
        later += free;
        json.beginObject()
            .field("date", isoDate(vietnamDate(at)))
            .field("at", isoTime(at))
            .field("amount", amount(free))
            .field("cash_available_then", amount(later))
            .endObject();
    }
    json.endArray();
    if (preview) {
        json.key("maximum").beginObject();
        json.field("symbol", instrument->symbol)
            .field("price", m_market.price(*instrument, *price))
            .field("quantity", m_market.quantity(*instrument, preview->maximum))
            .endObject();
    }
    json.endObject();
    succeed(call.to, 200, powerRead, json.text());
}

} // namespace khop::server
