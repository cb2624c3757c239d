// SPDX-License-Identifier: GPL-3.0-or-later
// Fees, taxes, exchange rates and interest as dated tables of the rules.
#include "market_fixture.h"

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr const char *hoseRates =
    R"("rates": { "fee": 0.0015, "exchange_fee": 0.00027, "sell_tax": 0.001, "dividend_tax": 0.05, "custody": 0.27 })";
constexpr const char *fxRates = R"([{ "currency": "USD", "from": "2025-05-05", "rate": 26000 }])";
constexpr const char *cashRates =
    R"([{ "currency": "VND", "from": "2025-05-05", "advance_fee": 0.0004, "interest": 0 }])";

std::string with(std::string_view from, const std::string &to)
{
    std::string text = defaultMarketRulesText();
    const std::size_t at = text.find(from);
    if (at == std::string::npos)
        qFatal("not in the rules: %s", std::string(from).c_str());
    return text.replace(at, from.size(), to);
}

MarketRules read(const std::string &text)
{
    auto rules = parseMarketRules(text);
    if (!rules)
        qFatal("%s", qPrintable(shown(rules.error())));
    return *rules;
}

} // namespace

class MoneyRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shippedRulesNameEveryRate();
    void tablesHoldFromTheirDays();
    void aChangeOfTheRulesMayReplaceATable();
    void ratesOfCurrenciesHoldFromTheirDays();
    void rulesWithoutRatesConvertNothing();
    void brokenTablesNameTheirPath_data();
    void brokenTablesNameTheirPath();
};

void MoneyRulesTest::shippedRulesNameEveryRate()
{
    const Rates &hose = shippedRules().of(Exchange::HOSE).rates;
    QCOMPARE(hose.fee, 1'500);
    QCOMPARE(hose.exchangeFee, 270);
    QCOMPARE(hose.sellTax, 1'000);
    QCOMPARE(hose.dividendTax, 50'000);
    QCOMPARE(hose.custody, 270'000);
    const CashRates *const dong = shippedRules().cashRatesOn(0, dateOf(2026, 11, 20));
    QVERIFY(dong && dong->advanceFee == 400 && dong->interest == 0);
    QVERIFY(!shippedRules().cashRatesOn(1, dateOf(2026, 11, 20)));
}

void MoneyRulesTest::tablesHoldFromTheirDays()
{
    const MarketRules rules = read(with(hoseRates, R"("rates": [
        { "from": "2025-05-05", "fee": 0.0015, "sell_tax": 0.001 },
        { "from": "2026-12-01", "fee": 0.002, "sell_tax": 0.0015, "tiers":
          [{ "above": 100000000, "fee": 0.001 }, { "above": 500000000, "fee": 0.0005 }] }])"));
    const ExchangeRules &hose = rules.of(Exchange::HOSE);
    QCOMPARE(hose.ratesOn(dateOf(2020, 1, 1)).fee, 1'500);
    QCOMPARE(hose.ratesOn(dateOf(2026, 11, 30)).fee, 1'500);
    QCOMPARE(hose.ratesOn(dateOf(2026, 12, 1)).fee, 2'000);
    QCOMPARE(hose.ratesOn(dateOf(2026, 12, 1)).sellTax, 1'500);
    QCOMPARE(hose.ratesOn(dateOf(2027, 12, 1)).tiers.size(), 2U);
    QCOMPARE(hose.ratesOn(dateOf(2027, 12, 1)).tiers[1].above, Money(500'000'000));
    QCOMPARE(rules.of(Exchange::HNX).ratesOn(dateOf(2027, 1, 1)).fee, 1'500);
}

void MoneyRulesTest::aChangeOfTheRulesMayReplaceATable()
{
    const MarketRules rules =
        read(with("\"fx\": {", R"("changes": [{ "effective_from": "2026-12-01",
            "exchanges": { "HOSE": { "rates": { "fee": 0.003 } } } }], "fx": {)"));
    QCOMPARE(rules.inForceOn(dateOf(2026, 11, 30)).of(Exchange::HOSE).rates.fee, 1'500);
    const MarketRules &later = rules.inForceOn(dateOf(2026, 12, 1));
    QCOMPARE(later.of(Exchange::HOSE).rates.fee, 3'000);
    QCOMPARE(later.of(Exchange::HOSE).rates.sellTax, 1'000);
    QCOMPARE(later.fx.rateOn(1, dateOf(2026, 12, 1)), rules.fx.rateOn(1, dateOf(2026, 12, 1)));
}

void MoneyRulesTest::ratesOfCurrenciesHoldFromTheirDays()
{
    const FxRules fx = read(with(fxRates, R"([
        { "currency": "USD", "from": "2025-05-05", "rate": 26000 },
        { "currency": "USD", "from": "2026-12-01", "rate": "26412.5" }])"))
                           .fx;
    QVERIFY(!fx.rateOn(1, dateOf(2025, 5, 4)));
    QCOMPARE(fx.rateOn(1, dateOf(2026, 11, 30)), 26'000'000'000);
    QCOMPARE(fx.rateOn(1, dateOf(2026, 12, 1)), 26'412'500'000);
    QCOMPARE(fx.rateOn(0, dateOf(2000, 1, 1)), 1'000'000);
    QCOMPARE(fx.spread, 5'000);
}

void MoneyRulesTest::rulesWithoutRatesConvertNothing()
{
    const MarketRules rules = read(with(fxRates, "[]"));
    QVERIFY(!rules.fx.rateOn(1, dateOf(2026, 11, 20)));
}

void MoneyRulesTest::brokenTablesNameTheirPath_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *from, const char *to, const char *expected) {
        QTest::newRow(name) << QByteArray::fromStdString(with(from, to))
                            << u"CONFIGURATION_ERROR|"_s + QString::fromUtf8(expected);
    };
    const auto rates = [&](const char *name, const char *to, const char *expected) {
        row(name, hoseRates, to, (std::string("exchanges.HOSE.rates") + expected).c_str());
    };
    row("negative fee", "\"fee\": 0.0015", "\"fee\": -0.0001",
        "exchanges.HOSE.rates.fee|-0.0001|0 … 0.1");
    row("dividend tax above everything", "0.05, \"custody\"", "1.01, \"custody\"",
        "exchanges.HOSE.rates.dividend_tax|1.01|0 … 1");
    row("negative sale tax", "\"sell_tax\": 0.001", "\"sell_tax\": -1",
        "exchanges.HOSE.rates.sell_tax|-1|0 … 0.5");
    row("negative custody", "\"custody\": 0.27", "\"custody\": -0.27",
        "exchanges.HOSE.rates.custody|-0.27|0 … 1000000");
    row("exchange part in percent", "0.00027", "27",
        "exchanges.HOSE.rates.exchange_fee|27|0 … 0.1");
    rates("a table without its day", R"("rates": [{ "fee": 0.0015, "sell_tax": 0.001 }])",
          "[0].from||…");
    rates("no table", R"("rates": [])", "|[…]|[{\"from\": …, \"fee\": …, \"sell_tax\": …}]");
    rates("the first table too late",
          R"("rates": [{ "from": "2025-05-06", "fee": 0.0015, "sell_tax": 0.001 }])",
          "[0].from|2025-05-06|<= 2025-05-05");
    rates("days that overlap", R"("rates": [{ "from": "2025-05-05", "fee": 0.0015, "sell_tax": 0 },
          { "from": "2025-05-05", "fee": 0.002, "sell_tax": 0 }])",
          "[1].from|2025-05-05|> 2025-05-05");
    rates("a day in a table for all days",
          R"("rates": { "from": "2025-05-05", "fee": 0.0015, "sell_tax": 0.001 })",
          ".from|from|fee | exchange_fee | sell_tax | dividend_tax | par_value | custody | tiers");
    rates("tiers in disorder", R"("rates": { "fee": 0.0015, "sell_tax": 0, "tiers":
          [{ "above": 500, "fee": 0.001 }, { "above": 500, "fee": 0.0005 }] })",
          ".tiers[1].above|500|501 … 1000000000000000");
    rates("a tier that costs too much", R"("rates": { "fee": 0.0015, "sell_tax": 0, "tiers":
          [{ "above": 500, "fee": 0.11 }] })",
          ".tiers[0].fee|0.11|0 … 0.1");
    row("a rate of nothing", fxRates, R"([{ "currency": "USD", "from": "2025-05-05", "rate": 0 }])",
        "fx.rates[0].rate|0|0.000001 … 1000000000");
    row("a rate of the base", fxRates,
        R"([{ "currency": "VND", "from": "2025-05-05", "rate": 1 }])",
        "fx.rates[0].currency|VND|!= VND");
    row("rates of one day", fxRates, R"([{ "currency": "USD", "from": "2025-05-05", "rate": 1 },
        { "currency": "USD", "from": "2025-05-05", "rate": 2 }])",
        "fx.rates[1].from|2025-05-05|> 2025-05-05");
    row("an unknown currency", fxRates,
        R"([{ "currency": "EUR", "from": "2025-05-05", "rate": 1 }])",
        "fx.rates[0].currency|EUR|VND | USD");
    row("a spread of everything", "\"spread\": 0.005", "\"spread\": 0.6", "fx.spread|0.6|0 … 0.5");
    row("interest above the whole", cashRates,
        R"([{ "currency": "VND", "from": "2025-05-05", "advance_fee": 0, "interest": 1.1 }])",
        "cash[0].interest|1.1|0 … 1");
    row("cash of one day twice", cashRates,
        R"([{ "currency": "VND", "from": "2025-05-05", "advance_fee": 0, "interest": 0 },
            { "currency": "VND", "from": "2025-05-04", "advance_fee": 0, "interest": 0 }])",
        "cash[1].from|2025-05-04|> 2025-05-05");
}

void MoneyRulesTest::brokenTablesNameTheirPath()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    const auto rules = parseMarketRules(text.toStdString());
    QCOMPARE(rules ? u"OK"_s : shown(rules.error()), expected);
}

QTEST_GUILESS_MAIN(MoneyRulesTest)
#include "tst_money_rules.moc"
