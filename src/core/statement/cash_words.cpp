// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/cash_words.h"

#include <array>
#include <string>

namespace khop {

namespace {

enum class Direction : std::uint8_t { In, Out, Either };

struct Phrase {
    std::string_view words;
    Direction direction;
    CashMeaning meaning;
};

/// The first that is found and goes that way counts: taxes and fees before what they are on.
constexpr std::array phrases{
    Phrase{"thue co tuc", Direction::Out, CashMeaning::Tax},
    Phrase{"thue tncn co tuc", Direction::Out, CashMeaning::Tax},
    Phrase{"thue tu co tuc", Direction::Out, CashMeaning::Tax},
    Phrase{"dividend tax", Direction::Out, CashMeaning::Tax},
    Phrase{"phi mua", Direction::Out, CashMeaning::OfTrade},
    Phrase{"phi ban", Direction::Out, CashMeaning::OfTrade},
    Phrase{"phi giao dich", Direction::Out, CashMeaning::OfTrade},
    Phrase{"phi gd", Direction::Out, CashMeaning::OfTrade},
    Phrase{"trading fee", Direction::Out, CashMeaning::OfTrade},
    Phrase{"thue ban", Direction::Out, CashMeaning::OfTrade},
    Phrase{"thue chuyen nhuong", Direction::Out, CashMeaning::OfTrade},
    Phrase{"thue tncn", Direction::Out, CashMeaning::OfTrade},
    Phrase{"phi ung truoc", Direction::Out, CashMeaning::Charge},
    Phrase{"lai ung truoc", Direction::Out, CashMeaning::Charge},
    Phrase{"phi luu ky", Direction::Out, CashMeaning::Charge},
    Phrase{"phi sms", Direction::Out, CashMeaning::Charge},
    Phrase{"phi quan ly", Direction::Out, CashMeaning::Charge},
    Phrase{"phi chuyen tien", Direction::Out, CashMeaning::Charge},
    Phrase{"custody fee", Direction::Out, CashMeaning::Charge},
    Phrase{"ung truoc", Direction::Either, CashMeaning::OfTrade},
    Phrase{"co tuc", Direction::In, CashMeaning::Dividend},
    Phrase{"dividend", Direction::In, CashMeaning::Dividend},
    Phrase{"tra lai tien gui", Direction::In, CashMeaning::Interest},
    Phrase{"lai tien gui", Direction::In, CashMeaning::Interest},
    Phrase{"lai so du", Direction::In, CashMeaning::Interest},
    Phrase{"lai vay", Direction::Out, CashMeaning::Interest},
    Phrase{"lai margin", Direction::Out, CashMeaning::Interest},
    Phrase{"interest", Direction::Either, CashMeaning::Interest},
    Phrase{"tien mua", Direction::Out, CashMeaning::OfTrade},
    Phrase{"mua ck", Direction::Out, CashMeaning::OfTrade},
    Phrase{"mua chung khoan", Direction::Out, CashMeaning::OfTrade},
    Phrase{"tien ban", Direction::In, CashMeaning::OfTrade},
    Phrase{"ban ck", Direction::In, CashMeaning::OfTrade},
    Phrase{"ban chung khoan", Direction::In, CashMeaning::OfTrade},
    Phrase{"nop tien", Direction::In, CashMeaning::Deposit},
    Phrase{"nhan chuyen tien", Direction::In, CashMeaning::Deposit},
    Phrase{"chuyen tien vao", Direction::In, CashMeaning::Deposit},
    Phrase{"deposit", Direction::In, CashMeaning::Deposit},
    Phrase{"rut tien", Direction::Out, CashMeaning::Withdraw},
    Phrase{"chuyen tien ra", Direction::Out, CashMeaning::Withdraw},
    Phrase{"chuyen tien", Direction::Out, CashMeaning::Withdraw},
    Phrase{"withdraw", Direction::Out, CashMeaning::Withdraw},
};

} // namespace

std::optional<CashMeaning> cashMeaning(std::string_view foldedWords, bool comesIn)
{
    const std::string text = ' ' + std::string(foldedWords) + ' ';
    for (const Phrase &phrase : phrases) {
        const std::size_t at = text.find(' ' + std::string(phrase.words));
        const bool whole = at != std::string::npos && text[at + 1 + phrase.words.size()] == ' ';
        // English words may go on: deposits, withdrawal
        const bool begun =
            at != std::string::npos && (phrase.words == "withdraw" || phrase.words == "deposit");
        const bool fits =
            phrase.direction == Direction::Either || (phrase.direction == Direction::In) == comesIn;
        if ((whole || begun) && fits)
            return phrase.meaning;
    }
    return std::nullopt;
}

std::string_view knownCashWords()
{
    return "Nộp tiền | Rút tiền | Cổ tức | Thuế cổ tức | Lãi tiền gửi | Lãi vay | Phí lưu ký | …";
}

} // namespace khop
