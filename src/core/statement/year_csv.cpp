// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv_writer.h"
#include "base/decimal.h"
#include "statement/year_statement.h"
#include "statement/year_words.h"

namespace khop {

namespace {

class YearSheet
{
public:
    YearSheet(const YearStatement &statement, const InstrumentList &instruments,
              const MarketRules &rules, Language language)
        : m_statement(statement)
        , m_instruments(instruments)
        , m_rules(rules)
        , m_language(language)
    {}

    std::string write()
    {
        writeHead();
        for (const YearSection &section : m_statement.sections) {
            m_scale = m_rules.currencies[section.currency].scale;
            m_csv.endRow();
            pair(YearWord::Currency, m_rules.currencies[section.currency].code);
            writeTrades(section);
            writeMonths(section);
            writeCash(section);
            writeHoldings(section);
        }
        return m_csv.take();
    }

private:
    std::string_view say(YearWord which) const { return word(which, m_language); }
    void titles(std::initializer_list<YearWord> all)
    {
        for (const YearWord title : all)
            m_csv.plain(say(title));
        m_csv.endRow();
    }
    void pair(YearWord name, std::string_view value)
    {
        m_csv.plain(say(name)).text(value).endRow();
    }
    void money(Money amount) { m_csv.plain(formatDecimal(amount.raw(), m_scale)); }
    void amount(YearWord name, Money amount)
    {
        m_csv.plain(say(name));
        money(amount);
        m_csv.endRow();
    }
    void writeHead()
    {
        m_csv.plain(say(YearWord::Title)).plain(std::to_string(m_statement.year)).endRow();
        pair(YearWord::OwnerName, m_statement.owner);
        pair(YearWord::Account, m_statement.account);
        pair(YearWord::AsOf, isoDate(m_statement.asOf));
    }
    void writeTrades(const YearSection &section)
    {
        m_csv.endRow();
        titles({YearWord::Day, YearWord::Symbol, YearWord::SideTitle, YearWord::Shares,
                YearWord::UnitPrice, YearWord::Value, YearWord::Fee, YearWord::Tax,
                YearWord::Realized, YearWord::Source});
        for (const YearTrade &trade : section.trades) {
            const Instrument &instrument = m_instruments[trade.instrument];
            m_csv.plain(isoDate(trade.day))
                .plain(instrument.symbol)
                .plain(say(trade.side == Side::Buy ? YearWord::Buy : YearWord::Sell))
                .plain(formatDecimal(trade.quantity.raw(), instrument.quantityScale, true))
                .plain(formatDecimal(trade.price.raw(), instrument.priceScale));
            for (const Money part : {trade.value, trade.fee, trade.tax, trade.realized})
                money(part);
            m_csv.plain(trade.imported ? say(YearWord::Imported) : std::string_view()).endRow();
        }
    }
    void writeSums(std::string_view name, const YearSums &sums)
    {
        m_csv.plain(name);
        for (const Money part : {sums.bought, sums.sold, sums.fees, sums.saleTax, sums.realized})
            money(part);
        m_csv.endRow();
    }
    void writeMonths(const YearSection &section)
    {
        m_csv.endRow();
        titles({YearWord::Month, YearWord::Bought, YearWord::Sold, YearWord::Fees,
                YearWord::SaleTax, YearWord::Realized});
        for (std::size_t month = 0; month < section.months.size(); ++month) {
            const std::string number = std::to_string(month + 1);
            if (section.months[month].trades > 0)
                writeSums(std::to_string(m_statement.year) + (month < 9 ? "-0" : "-") + number,
                          section.months[month]);
        }
        writeSums(say(YearWord::YearTotal), section.total);
    }
    void writeCash(const YearSection &section)
    {
        m_csv.endRow();
        pair(YearWord::Cash, m_rules.currencies[section.currency].code);
        for (const auto &[name, value] : cashLines(section))
            amount(name, value);
    }
    void writeHoldings(const YearSection &section)
    {
        m_csv.endRow();
        titles({YearWord::Symbol, YearWord::OpeningQuantity, YearWord::ClosingQuantity});
        for (const YearHolding &holding : section.holdings) {
            const Instrument &instrument = m_instruments[holding.instrument];
            m_csv.plain(instrument.symbol);
            for (const Quantity quantity : {holding.opening, holding.closing})
                m_csv.plain(formatDecimal(quantity.raw(), instrument.quantityScale, true));
            m_csv.endRow();
        }
    }

    const YearStatement &m_statement;
    const InstrumentList &m_instruments;
    const MarketRules &m_rules;
    Language m_language;
    int m_scale = 0;
    CsvWriter m_csv;
};

} // namespace

std::string yearCsv(const YearStatement &statement, const InstrumentList &instruments,
                    const MarketRules &rules, Language language, bool byteOrderMark)
{
    return (byteOrderMark ? std::string(CsvWriter::byteOrderMark) : std::string())
           + YearSheet(statement, instruments, rules, language).write();
}

} // namespace khop
