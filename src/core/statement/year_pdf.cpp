// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/year_pdf.h"

#include "base/decimal.h"
#include "statement/pdf_pages.h"
#include "statement/year_words.h"

#include <algorithm>
#include <utility>

namespace khop {

namespace {

constexpr int lineHeight = 12;

// where the columns of trades stand
constexpr int atDate = PdfPages::left, atSymbol = 96, atSide = 140;
constexpr int endQuantity = 226, endPrice = 278, endValue = 362, endFee = 420, endTax = 474,
              endRealized = PdfPages::right;
constexpr int endOpening = 250, endClosing = 360;
constexpr int endAmount = 360;

class YearPaper
{
public:
    YearPaper(const YearStatement &statement, const InstrumentList &instruments,
              const MarketRules &rules, Language language)
        : m_statement(statement)
        , m_instruments(instruments)
        , m_rules(rules)
        , m_language(language)
    {}

    Result<std::string> write()
    {
        addHead();
        if (m_statement.sections.empty())
            m_pages.add({.cells = {{PdfPages::left, false, say(YearWord::Nothing)}}});
        for (const YearSection &section : m_statement.sections)
            addSection(section);
        return m_pages.write("Khop " + std::to_string(m_statement.year),
                             m_statement.owner + " · " + m_statement.account, say(YearWord::Page));
    }

private:
    std::string say(YearWord which) const { return std::string(word(which, m_language)); }
    std::string money(Money amount) const { return grouped(amount.raw(), m_scale, m_language); }
    std::string quantity(const Instrument &instrument, Quantity quantity) const
    {
        std::string text = formatDecimal(quantity.raw(), instrument.quantityScale, true);
        const std::size_t point = text.find('.');
        const int decimals =
            point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
        return grouped(*parseDecimal(text, decimals), decimals, m_language);
    }

    void addHead()
    {
        m_pages.add({.cells = {{PdfPages::left, false,
                                say(YearWord::Title) + ' ' + std::to_string(m_statement.year)}},
                     .size = 15,
                     .height = 22,
                     .bold = true,
                     .after = 4});
        const auto pair = [&](YearWord name, const std::string &value) {
            m_pages.add({.cells = {{PdfPages::left, false, say(name)}, {140, false, value}},
                         .size = 9,
                         .height = 13});
        };
        pair(YearWord::OwnerName, m_statement.owner);
        pair(YearWord::Account, m_statement.account);
        pair(YearWord::AsOf, writtenDay(m_statement.asOf, m_language));
        m_pages.add({.cells = {{PdfPages::left, false, say(YearWord::Practice)}}, .height = 14});
    }

    void addTitle(const std::string &title)
    {
        m_pages.space(10);
        m_pages.add({.cells = {{PdfPages::left, false, title}},
                     .size = 11,
                     .height = 16,
                     .bold = true,
                     .keep = 3 * lineHeight,
                     .after = 3});
    }

    void addSection(const YearSection &section)
    {
        const Currency &currency = m_rules.currencies[section.currency];
        m_scale = currency.scale;
        m_currency = currency.code;
        addTitle(say(YearWord::Trades) + " (" + m_currency + ')');
        addTrades(section);
        addTitle(say(YearWord::Cash) + " (" + m_currency + ')');
        addCash(section);
        if (section.holdings.empty())
            return;
        addTitle(say(YearWord::Holdings) + " (" + m_currency + ')');
        addHoldings(section);
    }

    PdfLine figures(std::string first, const YearSums &sums, int heading) const
    {
        return {.cells = {{atDate, false, std::move(first)},
                          {endValue, true, money(sums.sold + sums.bought)},
                          {endFee, true, money(sums.fees)},
                          {endTax, true, money(sums.saleTax)},
                          {endRealized, true, money(sums.realized)}},
                .bold = true,
                .heading = heading};
    }

    void addTrades(const YearSection &section)
    {
        const int heading =
            m_pages.addHeading({.cells = {{atDate, false, say(YearWord::Day)},
                                          {atSymbol, false, say(YearWord::Symbol)},
                                          {atSide, false, say(YearWord::SideTitle)},
                                          {endQuantity, true, say(YearWord::Shares)},
                                          {endPrice, true, say(YearWord::UnitPrice)},
                                          {endValue, true, say(YearWord::Value)},
                                          {endFee, true, say(YearWord::Fee)},
                                          {endTax, true, say(YearWord::Tax)},
                                          {endRealized, true, say(YearWord::Realized)}},
                                .height = 16,
                                .bold = true,
                                .ruled = true,
                                .keep = 3 * lineHeight,
                                .after = 2});
        auto trade = section.trades.begin();
        for (int month = 1; month <= 12; ++month) {
            const YearSums &sums = section.months[static_cast<std::size_t>(month - 1)];
            if (sums.trades == 0)
                continue;
            m_pages.add(
                {.cells = {{atDate, false, writtenMonth(m_statement.year, month, m_language)}},
                 .height = 15,
                 .bold = true,
                 .heading = heading,
                 .keep = lineHeight});
            for (std::size_t n = 0; n < sums.trades; ++n)
                addTrade(*trade++, heading);
            PdfLine total = figures(say(YearWord::MonthTotal), sums, heading);
            total.ruled = true;
            total.height = 14;
            m_pages.add(std::move(total));
        }
        PdfLine total = figures(say(YearWord::YearTotal), section.total, heading);
        total.height = 16;
        m_pages.add(std::move(total));
        if (std::exchange(m_imported, false))
            m_pages.add({.cells = {{PdfPages::left, false, "* " + say(YearWord::Imported)}}});
    }

    void addTrade(const YearTrade &trade, int heading)
    {
        const Instrument &instrument = m_instruments[trade.instrument];
        const bool sold = trade.side == Side::Sell;
        m_pages.add(
            {.cells = {{atDate, false, writtenDay(trade.day, m_language)},
                       {atSymbol, false, instrument.symbol},
                       {atSide, false,
                        say(sold ? YearWord::Sell : YearWord::Buy) + (trade.imported ? " *" : "")},
                       {endQuantity, true, quantity(instrument, trade.quantity)},
                       {endPrice, true,
                        grouped(trade.price.raw(), instrument.priceScale, m_language)},
                       {endValue, true, money(trade.value)},
                       {endFee, true, money(trade.fee)},
                       {endTax, true, money(trade.tax)},
                       {endRealized, true, sold ? money(trade.realized) : std::string()}},
             .height = lineHeight,
             .heading = heading});
        m_imported |= trade.imported;
    }

    void amount(YearWord name, Money amount, bool bold = false)
    {
        m_pages.add(
            {.cells = {{PdfPages::left, false, say(name)}, {endAmount, true, money(amount)}},
             .height = lineHeight,
             .bold = bold,
             .ruled = name == YearWord::Other,
             .after = name == YearWord::Other ? 3 : 0});
    }

    void addCash(const YearSection &section)
    {
        for (const auto &[name, value] : cashLines(section))
            amount(name, value, name == YearWord::Opening || name == YearWord::Closing);
    }

    void addHoldings(const YearSection &section)
    {
        const int heading =
            m_pages.addHeading({.cells = {{PdfPages::left, false, say(YearWord::Symbol)},
                                          {endOpening, true, say(YearWord::OpeningQuantity)},
                                          {endClosing, true, say(YearWord::ClosingQuantity)}},
                                .height = 16,
                                .bold = true,
                                .ruled = true,
                                .keep = lineHeight,
                                .after = 2});
        for (const YearHolding &holding : section.holdings) {
            const Instrument &instrument = m_instruments[holding.instrument];
            m_pages.add({.cells = {{PdfPages::left, false, instrument.symbol},
                                   {endOpening, true, quantity(instrument, holding.opening)},
                                   {endClosing, true, quantity(instrument, holding.closing)}},
                         .height = lineHeight,
                         .heading = heading});
        }
    }

    const YearStatement &m_statement;
    const InstrumentList &m_instruments;
    const MarketRules &m_rules;
    Language m_language;
    int m_scale = 0;
    std::string m_currency;
    bool m_imported = false;
    PdfPages m_pages;
};

} // namespace

Result<std::string> yearPdf(const YearStatement &statement, const InstrumentList &instruments,
                            const MarketRules &rules, Language language)
{
    std::size_t trades = 0;
    for (const YearSection &section : statement.sections)
        trades += section.trades.size();
    if (trades > mostPdfTrades)
        return refuse(Code::VALIDATION_ERROR, "trades", std::to_string(trades),
                      "<= " + std::to_string(mostPdfTrades) + " (CSV)");
    return YearPaper(statement, instruments, rules, language).write();
}

} // namespace khop
