// SPDX-License-Identifier: GPL-3.0-or-later
// Advances on sale proceeds, exchange rates and conversions, and trades settled by hand.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "ledger/cash_terms.h"
#include "risk/limits.h"
#include "server/api/cash_fields.h"
#include "server/api/money_fields.h"
#include "server/api/records_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text quoted{"What an advance would be.", "Báo giá ứng trước tiền bán."};
constexpr Text advanced{"The advance was paid out.", "Đã ứng trước tiền bán."};
constexpr Text ratesRead{"The exchange rates.", "Tỷ giá."};
constexpr Text convertedCash{"The amount was converted.", "Đã đổi tiền."};
constexpr Text settledTrade{"The trade is settled.", "Giao dịch đã thanh toán."};
constexpr int rateScale = 6;

/// What arrives when, less what was advanced on it.
std::vector<std::pair<Time, Money>> freeOf(const Balance &balance)
{
    std::vector<std::pair<Time, Money>> free = balance.arriving;
    for (auto &[at, amount] : free) {
        for (const auto &[when, taken] : balance.advances)
            amount -= when == at ? taken : Money{};
    }
    return free;
}

} // namespace

Balance Api::balanceOf(AccountNo account, std::string_view currency) const
{
    for (const Balance &balance : m_service.balances(account)) {
        if (balance.currency == currency)
            return balance;
    }
    Balance none;
    none.account = account;
    none.currency = currency;
    return none;
}

void Api::quoteCashAdvance(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "currency", "amount", "desk"})
        || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const std::string currency = upperCase(call.query.get("currency").value_or("VND"));
    const MarketRules &rules = m_market.rules();
    const auto known = std::ranges::find(rules.currencies, currency, &Currency::code);
    const Date today = vietnamDate(m_service.now());
    const CashRates *const rates =
        known == rules.currencies.end()
            ? nullptr
            : rules.cashRatesOn(static_cast<std::uint16_t>(known - rules.currencies.begin()),
                                today);
    if (!rates) {
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "currency", shortened(currency, 16),
                                 "a currency that is advanced"});
        return;
    }
    std::optional<Money> wanted;
    if (const auto text = call.query.get("amount")) {
        const auto raw = parseDecimal(*text, known->scale);
        if (!raw || *raw <= 0) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "amount", shortened(*text, 32),
                                     "an amount above 0"});
            return;
        }
        wanted = Money(*raw);
    }
    const auto free = freeOf(balanceOf(*account, currency));
    const AdvanceQuote most = quoteAdvance(free, today, rates->advanceFee);
    const AdvanceQuote quote = wanted ? quoteAdvance(free, today, rates->advanceFee, wanted) : most;
    const auto amount = [&](Money money) { return m_market.money(currency, money); };
    JsonWriter json;
    json.beginObject()
        .field("account_id", m_market.account(*account).idText)
        .field("currency", currency)
        .field("available", amount(most.amount))
        .field("amount", amount(quote.amount))
        .field("fee", amount(quote.fee))
        .field("fee_per_day", percentText(rates->advanceFee));
    json.key("parts").beginArray();
    for (const AdvanceQuote::Part &part : quote.parts)
        json.beginObject()
            .field("settlement_date", isoDate(vietnamDate(part.at)))
            .numberField("days", advanceDays(today, part.at))
            .field("amount", amount(part.amount))
            .field("fee", amount(part.fee))
            .endObject();
    json.endArray().endObject();
    succeed(call.to, 200, quoted, json.text());
}

void Api::advanceCash(Call &call)
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
    submit(AdvanceCash{account, cash.currency, cash.amount}, call.to,
           [this, account, cash](const Answerer &to, CommandResult result) {
               if (!result.ok()) {
                   fail(to, result.error);
                   return;
               }
               JsonWriter json;
               json.beginObject()
                   .field("amount", m_market.money(cash.currency, result.amount))
                   .field("fee", m_market.money(cash.currency, result.fee));
               writeBalance(json, balanceOf(account, cash.currency), m_market);
               json.endObject();
               succeed(to, 201, advanced, json.text());
           });
}

void Api::getRates(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const MarketRules &rules = m_market.rules();
    const Date today = vietnamDate(m_service.now());
    const FxRules &fx = rules.fx;
    JsonWriter json;
    json.beginObject()
        .field("base_currency", rules.currencies[fx.base].code)
        .field("date", isoDate(today))
        .field("spread", percentText(fx.spread));
    json.key("rates").beginArray();
    for (const Currency &listed : rules.currencies) {
        const std::uint16_t currency = currencyIndex(rules, listed.code);
        const auto rate = fx.rateOn(currency, today);
        if (currency == fx.base || !rate)
            continue;
        const auto with = [&](std::int64_t ppm, Rounding rounding) {
            return formatDecimal(mulDiv(*rate, ppm, 1'000'000, rounding).value_or(0), rateScale,
                                 true);
        };
        Date from;
        for (const FxRate &one : fx.rates) {
            if (one.currency == currency && one.from <= today)
                from = one.from;
        }
        json.beginObject()
            .field("currency", listed.code)
            .field("rate", formatDecimal(*rate, rateScale, true))
            .field("bid", with(1'000'000 - fx.spread, Rounding::Down))
            .field("ask", with(1'000'000 + fx.spread, Rounding::Up))
            .field("from", isoDate(from))
            .endObject();
    }
    json.endArray().endObject();
    succeed(call.to, 200, ratesRead, json.text());
}

void Api::convertCash(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"from", "to", "amount"});
    ConvertCash convert;
    convert.account = call.caller->account;
    const auto &currencies = m_market.rules().currencies;
    std::string codes;
    for (const Currency &currency : currencies)
        codes += (codes.empty() ? "" : ", ") + currency.code;
    for (const auto &[field, to] : {std::pair("from", &convert.from), {"to", &convert.to}}) {
        const auto text = body.requiredText(field, 8);
        if (!text)
            continue;
        *to = upperCase(*text);
        if (std::ranges::find(currencies, *to, &Currency::code) == currencies.end()) {
            body.mistake(Code::VALIDATION_ERROR, field, *text, codes);
            to->clear();
        }
    }
    const auto amount = body.decimal("amount");
    if (!body.has("amount"))
        body.mistake(Code::REQUIRED, "amount");
    if (amount && !convert.from.empty()) {
        const auto raw = parseDecimal(*amount, m_market.rules().currencyScale(convert.from));
        if (raw && *raw > 0)
            convert.amount = Money(*raw);
        else
            body.mistake(Code::VALIDATION_ERROR, "amount", *amount, "an amount above 0");
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    submit(convert, call.to, [this, convert](const Answerer &to, CommandResult result) {
        if (!result.ok()) {
            fail(to, result.error);
            return;
        }
        JsonWriter json;
        json.beginObject()
            .field("from", convert.from)
            .field("to", convert.to)
            .field("amount", m_market.money(convert.from, convert.amount))
            .field("received", m_market.money(convert.to, result.amount));
        json.key("balances").beginArray();
        for (const std::string &currency : {convert.from, convert.to}) {
            json.beginObject();
            writeBalance(json, balanceOf(convert.account, currency), m_market);
            json.endObject();
        }
        json.endArray().endObject();
        succeed(to, 200, convertedCash, json.text());
    });
}

/// A trade by its id, or 404.
void Api::withTrade(const Call &call, std::function<void(TradeRecord)> done)
{
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    TradeQuery query;
    query.limit = 1;
    query.before = uuid7Low(*id) + 1;
    m_service.queryTrades(
        query, here<Page<TradeRecord>>([this, to = call.to, id = *id,
                                        done = std::move(done)](Result<Page<TradeRecord>> rows) {
            if (!rows)
                fail(to, rows.error());
            else if (rows->rows.empty() || rows->rows.front().id != id)
                fail(to, Error{Code::NOT_FOUND});
            else
                done(std::move(rows->rows.front()));
        }));
}

void Api::settleTrade(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    withTrade(call, [this, to = call.to](TradeRecord trade) {
        auto settle = std::make_shared<SettleTrade>();
        settle->trade = trade.no;
        addLegs(to, std::move(trade), std::move(settle), true);
    });
}

/// Looks up what the accounts' executions say of a trade, the buyer's first, and then settles it.
void Api::addLegs(const Answerer &to, TradeRecord trade, std::shared_ptr<SettleTrade> settle,
                  bool buyer)
{
    const AccountNo account = buyer ? trade.buyAccount : trade.sellAccount;
    if (account == 0) {
        if (buyer)
            addLegs(to, std::move(trade), std::move(settle), false);
        else
            sendSettlement(to, trade, *settle);
        return;
    }
    TradeQuery query;
    query.account = account;
    query.limit = 2; // both sides of a trade with oneself
    query.before = trade.no + 1;
    m_service.queryExecutions(
        query, here<Page<ExecutionRecord>>([this, to, trade = std::move(trade), settle,
                                            buyer](Result<Page<ExecutionRecord>> rows) {
            if (!rows) {
                fail(to, rows.error());
                return;
            }
            const Side side = buyer ? Side::Buy : Side::Sell;
            for (const ExecutionRecord &one : rows->rows) {
                if (one.no == trade.no && one.side == side)
                    settle->legs.push_back(
                        {one.account, one.instrument, side,
                         side == Side::Buy ? one.quantity : Quantity{},
                         side == Side::Sell ? one.value - one.fee - one.tax : Money{},
                         one.settlesAt});
            }
            if (buyer)
                addLegs(to, trade, settle, false);
            else
                sendSettlement(to, trade, *settle);
        }));
}

void Api::sendSettlement(const Answerer &to, const TradeRecord &trade, const SettleTrade &settle)
{
    submit(settle, to, [this, trade](const Answerer &whom, CommandResult result) {
        if (!result.ok()) {
            fail(whom, result.error);
            return;
        }
        TradeRecord settled = trade;
        settled.settlesAt = std::min(trade.settlesAt, m_service.now());
        JsonWriter json;
        writeTrade(json, settled, m_market, 0, true, m_service.now());
        succeed(whom, 200, settledTrade, json.text());
    });
}

} // namespace khop::server
