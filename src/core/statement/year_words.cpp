// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/year_words.h"

#include "base/decimal.h"

#include <array>

namespace khop {

namespace {

struct Pair {
    std::string_view english, vietnamese;
};

constexpr std::array words{
    Pair{"Yearly statement of trades, fees and taxes", "Sao kê giao dịch, phí và thuế năm"},
    Pair{"Year", "Năm"},
    Pair{"Owner", "Chủ tài khoản"},
    Pair{"Account", "Tài khoản"},
    Pair{"As of", "Tính đến ngày"},
    Pair{"Currency", "Loại tiền"},
    Pair{"Trades", "Giao dịch chứng khoán"},
    Pair{"Date", "Ngày"},
    Pair{"Symbol", "Mã CK"},
    Pair{"Side", "Mua/Bán"},
    Pair{"Buy", "Mua"},
    Pair{"Sell", "Bán"},
    Pair{"Quantity", "Khối lượng"},
    Pair{"Price", "Giá"},
    Pair{"Value", "Giá trị"},
    Pair{"Fee", "Phí"},
    Pair{"Tax", "Thuế"},
    Pair{"Realized P&L", "Lãi/lỗ đã thực hiện"},
    Pair{"Source", "Nguồn"},
    Pair{"imported", "nhập từ sao kê"},
    Pair{"Month", "Tháng"},
    Pair{"Total of the month", "Cộng tháng"},
    Pair{"Total of the year", "Cộng cả năm"},
    Pair{"Bought", "Tổng mua"},
    Pair{"Sold", "Tổng bán"},
    Pair{"Fees", "Phí giao dịch"},
    Pair{"Sale tax", "Thuế bán chứng khoán"},
    Pair{"Cash", "Tiền"},
    Pair{"Opening balance", "Số dư đầu kỳ"},
    Pair{"Deposits", "Nộp tiền"},
    Pair{"Withdrawals", "Rút tiền"},
    Pair{"Dividends", "Cổ tức"},
    Pair{"Dividend tax", "Thuế cổ tức"},
    Pair{"Interest", "Lãi tiền gửi, lãi vay"},
    Pair{"Custody and other charges", "Phí lưu ký và phí khác"},
    Pair{"Other and adjustments", "Khác và điều chỉnh"},
    Pair{"Closing balance", "Số dư cuối kỳ"},
    Pair{"Holdings", "Chứng khoán nắm giữ"},
    Pair{"Opening quantity", "Số lượng đầu kỳ"},
    Pair{"Closing quantity", "Số lượng cuối kỳ"},
    Pair{"Nothing happened in this year.", "Không có phát sinh trong năm."},
    Pair{"Page", "Trang"},
    Pair{"A practice account: not a document for the tax office.",
         "Tài khoản thực hành: không dùng để kê khai thuế."},
};
static_assert(words.size() == static_cast<std::size_t>(YearWord::Practice) + 1);

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

} // namespace

std::string_view word(YearWord word, Language language)
{
    const Pair &pair = words[static_cast<std::size_t>(word)];
    return language == Language::Vietnamese ? pair.vietnamese : pair.english;
}

std::vector<std::pair<YearWord, Money>> cashLines(const YearSection &section)
{
    return {
        {YearWord::Opening, section.opening},          {YearWord::Deposited, section.deposited},
        {YearWord::Withdrawn, -section.withdrawn},     {YearWord::Bought, -section.total.bought},
        {YearWord::Sold, section.total.sold},          {YearWord::Fees, -section.total.fees},
        {YearWord::SaleTax, -section.total.saleTax},   {YearWord::Dividends, section.dividends},
        {YearWord::DividendTax, -section.dividendTax}, {YearWord::Interest, section.interest},
        {YearWord::Charges, -section.charges},         {YearWord::Other, section.other},
        {YearWord::Closing, section.closing}};
}

std::string grouped(std::int64_t raw, int scale, Language language)
{
    std::string text = formatGrouped(raw, scale);
    if (language == Language::Vietnamese) {
        for (char &c : text)
            c = c == ',' ? '.' : c == '.' ? ',' : c;
    }
    return text;
}

std::string writtenDay(Date day, Language language)
{
    const std::string iso = isoDate(day);
    return language == Language::Vietnamese
               ? iso.substr(8, 2) + '/' + iso.substr(5, 2) + '/' + iso.substr(0, 4)
               : iso;
}

std::string writtenMonth(int year, int month, Language language)
{
    return language == Language::Vietnamese
               ? "Tháng " + std::to_string(month) + '/' + std::to_string(year)
               : std::string(months[static_cast<std::size_t>(month - 1)]) + ' '
                     + std::to_string(year);
}

} // namespace khop
