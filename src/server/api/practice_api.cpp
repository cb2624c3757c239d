// SPDX-License-Identifier: GPL-3.0-or-later
// Practice, for admins: endow accounts, move the clock.
#include "server/api/api.h"

#include "base/decimal.h"
#include "server/api/cash_fields.h"
#include "server/json/writer.h"

namespace khop::server {

namespace {

constexpr Text endowed{"The account was endowed.", "Đã cấp cho tài khoản."};
constexpr Text foreignSet{"Whether the account is a foreign investor's was noted.",
                          "Đã ghi nhận tài khoản có phải của nhà đầu tư nước ngoài hay không."};
constexpr Text clockText{"The practice clock.", "Đồng hồ thực hành."};

} // namespace

// An account exists on the desk from the moment it is first needed.
void Api::withAccount(const Call &call, std::function<void(AccountNo)> done)
{
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    if (const std::optional<AccountInfo> info = m_service.findAccount(*id)) {
        done(info->no);
        return;
    }
    const std::optional<User> user = m_identity.userByAccount(*id);
    if (!user) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    ensureAccount(*user, [this, to = call.to, done = std::move(done)](Result<AccountNo> account) {
        if (account)
            done(*account);
        else
            fail(to, account.error());
    });
}

void Api::endowCash(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"amount", "currency"});
    const CashAmount cash = readCash(body, m_market);
    EndowCash endow;
    endow.currency = cash.currency;
    endow.amount = cash.amount;
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    withAccount(call, [this, to = call.to, endow](AccountNo account) mutable {
        endow.account = account;
        submit(endow, to, [this, endow](const Answerer &whom, CommandResult result) {
            if (!result.ok()) {
                fail(whom, result.error);
                return;
            }
            JsonWriter json;
            json.beginObject()
                .field("account_id", m_market.account(endow.account).idText)
                .field("currency", endow.currency)
                .field("amount", m_market.money(endow.currency, endow.amount))
                .endObject();
            succeed(whom, 200, endowed, json.text());
        });
    });
}

void Api::endowSecurities(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"symbol", "asset_id", "quantity", "price"});
    std::optional<std::string_view> symbol = body.text("symbol", 32);
    if (!symbol)
        symbol = body.text("asset_id", 32);
    const Instrument *instrument = symbol ? m_market.find(*symbol) : nullptr;
    if (!symbol)
        body.mistake(Code::REQUIRED, "symbol");
    else if (!instrument)
        body.mistake(Code::INSTRUMENT_UNKNOWN, "symbol", *symbol);
    const auto quantityText = body.decimal("quantity");
    const auto priceText = body.decimal("price");
    if (!body.has("quantity"))
        body.mistake(Code::REQUIRED, "quantity");
    EndowSecurities endow;
    if (instrument) {
        endow.instrument = instrument->index;
        if (quantityText) {
            const auto raw = parseDecimal(*quantityText, instrument->quantityScale);
            if (raw && *raw > 0)
                endow.quantity = Quantity(*raw);
            else
                body.mistake(Code::INVALID_QUANTITY, "quantity", *quantityText, "above 0");
        }
        if (priceText) {
            const auto raw = parseDecimal(*priceText, instrument->priceScale);
            if (raw && *raw > 0)
                endow.price = Price(*raw);
            else
                body.mistake(Code::INVALID_PRICE, "price", *priceText, "a price above 0");
        }
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    withAccount(call, [this, to = call.to, endow](AccountNo account) mutable {
        endow.account = account;
        submit(endow, to, [this, endow](const Answerer &whom, CommandResult result) {
            const Instrument *given = m_market.instrument(endow.instrument);
            if (!result.ok() || !given) {
                fail(whom, result.ok() ? Error{Code::INSTRUMENT_UNKNOWN} : result.error);
                return;
            }
            JsonWriter json;
            json.beginObject()
                .field("account_id", m_market.account(endow.account).idText)
                .field("symbol", given->symbol)
                .field("quantity", m_market.quantity(*given, endow.quantity))
                .endObject();
            succeed(whom, 200, endowed, json.text());
        });
    });
}

void Api::setForeign(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"foreign"});
    const std::optional<bool> foreign = body.boolean("foreign");
    if (!body.has("foreign"))
        body.mistake(Code::REQUIRED, "foreign");
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    withAccount(call, [this, to = call.to, foreign = *foreign](AccountNo account) {
        submit(SetAccountForeign{account, foreign}, to,
               [this, account, foreign](const Answerer &whom, CommandResult result) {
                   if (!result.ok()) {
                       fail(whom, result.error);
                       return;
                   }
                   JsonWriter json;
                   json.beginObject()
                       .field("account_id", m_market.account(account).idText)
                       .field("foreign", foreign)
                       .endObject();
                   succeed(whom, 200, foreignSet, json.text());
               });
    });
}

std::string Api::clockJson(const ClockState &clock)
{
    JsonWriter json;
    json.beginObject()
        .field("time", isoTime(clock.now))
        .field("practice", clock.practice)
        .numberField("speed", clock.speed)
        .field("paused", clock.speed == 0)
        .field("participants", clock.participants)
        .field("calendar_known", clock.calendarKnown)
        .endObject();
    return json.take();
}

void Api::getClock(Call &call)
{
    if (allowOnly(call, {}))
        succeed(call.to, 200, clockText, clockJson(m_service.clock()));
}

void Api::setClock(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"time", "speed", "paused", "step"});
    std::optional<Time> time;
    std::optional<int> speed;
    if (const auto text = body.text("time", 40)) {
        time = parseIsoTime(*text);
        if (!time)
            body.mistake(Code::VALIDATION_ERROR, "time", *text, "2026-11-20T09:05:00+07:00");
    }
    if (const auto text = body.decimal("speed")) {
        const auto parsed = parseDecimal(*text, 0);
        if (parsed && *parsed >= 0 && *parsed <= 100)
            speed = static_cast<int>(*parsed);
        else
            body.mistake(Code::VALIDATION_ERROR, "speed", *text, "0…100");
    }
    if (const auto paused = body.boolean("paused")) {
        if (speed && (*speed == 0) != *paused)
            body.mistake(Code::VALIDATION_ERROR, "paused", {}, "what speed says");
        else if (*paused)
            speed = 0;
        else if (!speed && m_service.clock().speed == 0)
            speed = 1;
    }
    if (const auto text = body.decimal("step")) {
        const auto seconds = parseDecimal(*text, 0);
        if (time || !seconds || *seconds < 1 || *seconds > 86'400)
            body.mistake(Code::VALIDATION_ERROR, "step", *text, "1…86400 seconds, without time");
        else
            time = m_service.now() + *seconds * 1000;
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    if (time) {
        if (const Result<void> jumped = m_service.jumpTo(*time); !jumped) {
            fail(call.to, jumped.error());
            return;
        }
    }
    if (speed) {
        if (const Result<void> set = m_service.setSpeed(*speed); !set) {
            fail(call.to, set.error());
            return;
        }
    }
    succeed(call.to, 200, clockText, clockJson(m_service.clock()));
}

void Api::nextSession(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    if (const Result<void> moved = m_service.nextSession(); !moved)
        fail(call.to, moved.error());
    else
        succeed(call.to, 200, clockText, clockJson(m_service.clock()));
}

void Api::resetPractice(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    if (!call.request.body.empty()) {
        const std::optional<JsonDocument> document = readBody(call);
        if (!document)
            return;
        const Body body(document->root(), {});
        if (!body.mistakes().empty()) {
            fail(call.to, body.mistakes());
            return;
        }
    }
    m_service.resetPractice(here<ClockState>([this, to = call.to](Result<ClockState> clock) {
        if (clock)
            succeed(to, 200, clockText, clockJson(*clock));
        else
            fail(to, clock.error());
    }));
}

} // namespace khop::server
