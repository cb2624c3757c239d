// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/money_fields.h"

#include "base/decimal.h"
#include "base/utf8.h"

#include <algorithm>

namespace khop::server {

namespace {

std::optional<std::int64_t> numberOf(const std::optional<JsonValue> &value, int scale)
{
    if (!value || !(value->isString() || value->isNumber()))
        return std::nullopt;
    return parseDecimal(value->text(), scale);
}

std::string writtenAs(const std::optional<JsonValue> &value)
{
    const bool textual = value && (value->isString() || value->isNumber());
    return textual ? shortened(value->text(), 40) : std::string();
}

void writeTiers(JsonWriter &json, const std::vector<FeeTier> &tiers, const std::string &currency,
                const MarketView &market)
{
    json.key("tiers").beginArray();
    for (const FeeTier &tier : tiers)
        json.beginObject()
            .field("above", market.money(currency, tier.above))
            .field("fee", percentText(tier.fee))
            .endObject();
    json.endArray();
}

} // namespace

std::string percentText(std::int64_t ppm) { return formatDecimal(ppm, percentDigits, true); }

std::optional<std::int64_t> MoneyReader::percent(const std::string &path,
                                                 std::optional<JsonValue> value)
{
    const auto raw = numberOf(value, percentDigits);
    if (!raw)
        m_body.mistake(Code::VALIDATION_ERROR, path, writtenAs(value),
                       "a percentage with at most 4 decimals");
    return raw;
}

std::optional<Money> MoneyReader::money(const std::string &path, std::optional<JsonValue> value,
                                        std::string_view currency)
{
    const auto raw = numberOf(value, m_market.rules().currencyScale(currency));
    if (!raw || *raw < 0) {
        m_body.mistake(Code::VALIDATION_ERROR, path, writtenAs(value), "an amount of 0 or more");
        return std::nullopt;
    }
    return Money(*raw);
}

std::vector<FeeTier> MoneyReader::tiers(JsonValue list, std::string_view currency)
{
    std::vector<FeeTier> tiers;
    if (!list.isArray() || list.size() > mostFeeTiers) {
        m_body.mistake(Code::VALIDATION_ERROR, "tiers", {},
                       "at most " + std::to_string(mostFeeTiers) + " of {above, fee}");
        return tiers;
    }
    for (auto item = list.first(); item; item = item->next()) {
        const std::string path = "tiers[" + std::to_string(tiers.size()) + "]";
        if (!item->isObject()) {
            m_body.mistake(Code::VALIDATION_ERROR, path, {}, "{above, fee}");
            return tiers;
        }
        const Body tier(*item, {"above", "fee"});
        for (const Error &wrong : tier.mistakes())
            m_body.mistake(wrong.code, path + '.' + wrong.field, wrong.value, wrong.bound);
        const auto above = money(path + ".above", item->find("above"), currency);
        const auto fee = percent(path + ".fee", item->find("fee"));
        tiers.push_back({above.value_or(Money{}), fee.value_or(0)});
    }
    return tiers;
}

SetFeeSchedule MoneyReader::feeSchedule()
{
    SetFeeSchedule set;
    std::string currency = "VND";
    const auto add = [&](Exchange exchange) {
        set.exchanges |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(exchange));
        currency = m_market.rules().of(exchange).currency;
    };
    const auto exchanges = m_body.value("exchanges");
    if (!exchanges) {
        for (const Exchange exchange : {Exchange::HOSE, Exchange::HNX, Exchange::UPCOM})
            add(exchange);
    } else if (!exchanges->isArray() || exchanges->size() == 0) {
        m_body.mistake(Code::VALIDATION_ERROR, "exchanges", {}, "[HOSE, HNX, UPCOM, SPOT]");
    }
    for (auto item = exchanges && exchanges->isArray() ? exchanges->first() : std::nullopt; item;
         item = item->next()) {
        const auto exchange =
            item->isString() ? exchangeFromName(upperCase(item->text())) : std::nullopt;
        if (exchange)
            add(*exchange);
        else
            m_body.mistake(Code::VALIDATION_ERROR, "exchanges", writtenAs(item),
                           "HOSE, HNX, UPCOM, SPOT");
    }
    if (const auto from = m_body.requiredText("from", 16)) {
        const auto date = parseIsoDate(*from);
        if (date)
            set.from = *date;
        else
            m_body.mistake(Code::VALIDATION_ERROR, "from", *from, "YYYY-MM-DD");
    }
    if (m_body.has("fee"))
        set.fee = percent("fee", m_body.value("fee"));
    if (const auto list = m_body.value("tiers"))
        set.tiers = tiers(*list, currency);
    return set;
}

MarginTerms MoneyReader::marginTerms()
{
    MarginTerms terms;
    const std::string &currency = m_market.rules().of(Exchange::HOSE).currency;
    if (!m_body.has("limit"))
        m_body.mistake(Code::REQUIRED, "limit");
    else if (const auto limit = money("limit", m_body.value("limit"), currency))
        terms.limit = *limit;
    for (const auto &[field, to] : {std::pair("initial_ratio", &terms.initial),
                                    {"maintenance_ratio", &terms.maintenance},
                                    {"force_sell_ratio", &terms.forceSell},
                                    {"interest", &terms.interest},
                                    {"loan_ratio", &terms.ratio}}) {
        if (m_body.has(field))
            *to = percent(field, m_body.value(field)).value_or(*to);
    }
    const auto ratios = m_body.value("loan_ratios");
    if (ratios && (!ratios->isObject() || ratios->size() > mostLoanRatios))
        m_body.mistake(Code::VALIDATION_ERROR, "loan_ratios", {}, "{\"SYMBOL\": percentage}");
    for (auto item = ratios && ratios->isObject() ? ratios->first() : std::nullopt; item;
         item = item->next()) {
        const std::string path = "loan_ratios." + shortened(item->key(), 32);
        const Instrument *const instrument = m_market.find(item->key());
        if (!instrument)
            m_body.mistake(Code::INSTRUMENT_UNKNOWN, path, shortened(item->key(), 32));
        else if (const auto ratio = percent(path, *item))
            terms.ratios[instrument->index] = *ratio;
    }
    return terms;
}

void writeFees(JsonWriter &json, const FeesInForce &fees, AccountNo account,
               const MarketView &market)
{
    json.key("fees").beginArray();
    for (int e = 0; e < exchangeCount; ++e) {
        const auto exchange = static_cast<Exchange>(e);
        const std::string &currency = market.rules().of(exchange).currency;
        const Rates &rates = fees.of(account, exchange);
        json.beginObject()
            .field("exchange", name(exchange))
            .field("currency", currency)
            .field("fee", percentText(rates.fee))
            .field("exchange_fee", percentText(rates.exchangeFee))
            .field("sell_tax", percentText(rates.sellTax))
            .field("dividend_tax", percentText(rates.dividendTax))
            .field("custody_per_month", formatDecimal(rates.custody, 6, true))
            .field("custody_charged", market.rules().policies.custodyByAccount)
            .field("own", fees.own.contains({account, exchange}));
        writeTiers(json, rates.tiers, currency, market);
        json.key("schedules").beginArray();
        if (const auto rows = fees.schedules.find({account, exchange});
            rows != fees.schedules.end()) {
            for (const FeeSchedule &row : rows->second) {
                json.beginObject().field("from", isoDate(row.from));
                json.optionalField("fee",
                                   row.fee ? std::optional(percentText(*row.fee)) : std::nullopt);
                writeTiers(json, row.tiers, currency, market);
                json.endObject();
            }
        }
        json.endArray().endObject();
    }
    json.endArray();
}

void writeMargin(JsonWriter &json, const MarginReport &report, const MarketView &market)
{
    const MarginTerms &terms = *report.terms;
    const auto amount = [&](Money money) { return market.money(report.currency, money); };
    json.field("currency", report.currency)
        .field("state", name(report.figures.state))
        .field("ratio", percentText(report.figures.ratio))
        .field("assets", amount(report.figures.assets))
        .field("debt", amount(report.figures.debt))
        .field("equity", amount(report.figures.equity()))
        .field("loan", amount(report.account.loan))
        .field("interest_due", amount(report.account.interest))
        .field("capacity", amount(report.figures.capacity))
        .field("limit", amount(terms.limit))
        .field("limit_left", amount(std::max(Money{}, terms.limit - report.account.loan)))
        .field("sale_needed", amount(report.figures.state == MarginState::Normal
                                         ? Money{}
                                         : saleNeeded(terms, report.figures)))
        .field("initial_ratio", percentText(terms.initial))
        .field("maintenance_ratio", percentText(terms.maintenance))
        .field("force_sell_ratio", percentText(terms.forceSell))
        .field("interest", percentText(terms.interest))
        .field("loan_ratio", percentText(terms.ratio));
    json.key("loan_ratios").beginObject();
    for (const auto &[index, ratio] : terms.ratios) {
        if (const Instrument *const instrument = market.instrument(index))
            json.field(instrument->symbol, percentText(loanRatio(terms, *instrument)));
    }
    json.endObject();
}

} // namespace khop::server
