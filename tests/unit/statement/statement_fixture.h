// SPDX-License-Identifier: GPL-3.0-or-later
// Statements as brokers write them, made up for the tests, and the same text in other bytes.
#pragma once

#include <QTest>

#include "portfolio/portfolio.h"
#include "statement/broker_statement.h"

#include <set>

namespace khop::test {

inline constexpr InstrumentIndex ssi = 0, fpt = 1, hpg = 2;

inline const std::vector<Instrument> &instruments()
{
    static const std::vector<Instrument> all = [] {
        std::vector<Instrument> listed;
        for (const auto &[symbol, reference] :
             {std::pair{"SSI", 31'000}, {"FPT", 105'500}, {"HPG", 29'300}}) {
            Instrument instrument;
            instrument.index = static_cast<InstrumentIndex>(listed.size());
            instrument.symbol = symbol;
            instrument.reference = Price(reference);
            listed.push_back(instrument);
        }
        Instrument coin;
        coin.index = 3;
        coin.symbol = "BTC";
        coin.currency = "USD";
        coin.priceScale = 2;
        coin.quantityScale = 8;
        listed.push_back(coin);
        return listed;
    }();
    return all;
}

inline const KnownKeys nothingKnown = [](const std::string &) { return false; };

inline Result<StatementPreview> previewed(std::string_view bytes, const StatementFormat &format,
                                          StatementKind kind = StatementKind::Trades,
                                          const KnownKeys &known = nothingKnown)
{
    return previewStatement(bytes, "F.csv", kind, format, instruments(), known);
}
inline Result<StatementPreview> previewed(std::string_view bytes, const char *preset,
                                          StatementKind kind = StatementKind::Trades,
                                          const KnownKeys &known = nothingKnown)
{
    return previewed(bytes, *statementPreset(preset), kind, known);
}

/// Executions with a heading above and a sum below, the newest first, in groups with commas.
inline const std::string ssiTrades =
    "CÔNG TY CỔ PHẦN CHỨNG KHOÁN (mẫu cho kiểm thử)\n"
    "LỊCH SỬ KHỚP LỆNH,,,,,,,,\n"
    "Từ ngày 01/11/2026 đến ngày 30/11/2026\n"
    "\n"
    "STT,Ngày GD,Mã CK,Loại lệnh,KL khớp,Giá khớp,Giá trị khớp,Phí,Thuế\n"
    "1,05/11/2026,SSI,Bán,500,\"32,000\",\"16,000,000\",\"24,000\",\"16,000\"\n"
    "2,02/11/2026,SSI,Mua,\"1,000\",\"31,000\",\"31,000,000\",\"46,500\",0\n"
    "Tổng cộng,,,,\"1,500\",,\"47,000,000\",\"70,500\",\"16,000\"\n";

/// Orders, executed or not, with times, points in groups and semicolons.
inline const std::string tcbsTrades =
    "Mã CP;Ngày GD;Giao dịch;KL đặt;Giá đặt;KL khớp;Giá khớp;Giá trị khớp;Phí GD;Thuế;Trạng "
    "thái;Số hiệu lệnh\r\n"
    "SSI;02/11/2026 09:16:05;Mua;600;31.000;600;31.000;18.600.000;27.900;0;Khớp hết;A1\r\n"
    "FPT;02/11/2026 09:20:00;Mua;100;100.000;0;0;0;0;0;Đã hủy;A2\r\n"
    "SSI;02/11/2026 10:01:30;Mua;400;31.000;400;31.000;12.400.000;18.600;0;Khớp hết;A3\r\n"
    "SSI;05/11/2026 14:00:00;Bán;500;32.000;500;32.000;16.000.000;24.000;16.000;Khớp hết;A4\r\n";

/// A cash statement with both directions in columns of their own.
inline const std::string ssiCash =
    "Ngày;Diễn giải;Phát sinh tăng;Phát sinh giảm;Số dư\n"
    "02/11/2026;Nộp tiền vào tài khoản;100.000.000;0;100.000.000\n"
    "04/11/2026;Trả tiền mua CK ngày 02/11/2026;0;31.000.000;69.000.000\n"
    "04/11/2026;Phí mua CK ngày 02/11/2026;0;46.500;68.953.500\n"
    "09/11/2026;Nhận tiền bán CK ngày 05/11/2026;16.000.000;0;84.953.500\n"
    "09/11/2026;Phí bán CK;;24.000;84.929.500\n"
    "09/11/2026;Thuế TNCN bán CK;;16.000;84.913.500\n"
    "10/11/2026;Cổ tức bằng tiền SSI 10%;500.000;;85.413.500\n"
    "10/11/2026;Thuế cổ tức SSI;;25.000;85.388.500\n";

/// The key of every row, for the next import.
class Imported
{
public:
    void add(const StatementPreview &preview)
    {
        for (const StatementRow &row : preview.added)
            m_keys.insert(row.key);
    }
    KnownKeys known() const
    {
        return [this](const std::string &key) { return m_keys.contains(key); };
    }

private:
    std::set<std::string> m_keys;
};

/// Vietnamese text in windows-1258: vowels with their shape, tones behind them.
inline QByteArray windows1258(const std::string &text)
{
    static const std::map<char16_t, char> own{
        {0x0102, '\xC3'}, {0x0300, '\xCC'}, {0x0110, '\xD0'}, {0x0309, '\xD2'}, {0x01A0, '\xD5'},
        {0x01AF, '\xDD'}, {0x0303, '\xDE'}, {0x0103, '\xE3'}, {0x0301, '\xEC'}, {0x0111, '\xF0'},
        {0x0323, '\xF2'}, {0x01A1, '\xF5'}, {0x01B0, '\xFD'}, {0x20AB, '\xFE'}};
    QByteArray bytes;
    const auto put = [&](char16_t code) {
        const auto found = own.find(code);
        bytes.append(found != own.end() ? found->second : static_cast<char>(code));
    };
    for (const QChar c : QString::fromStdString(text).normalized(QString::NormalizationForm_C)) {
        QString shape, tones;
        for (const QChar part : QString(c).normalized(QString::NormalizationForm_D)) {
            const bool tone = QStringView(u"\u0300\u0301\u0303\u0309\u0323").contains(part);
            (tone ? tones : shape).append(part);
        }
        put(shape.normalized(QString::NormalizationForm_C)[0].unicode());
        for (const QChar tone : tones)
            put(tone.unicode());
    }
    return bytes;
}

} // namespace khop::test
