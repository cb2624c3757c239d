// SPDX-License-Identifier: GPL-3.0-or-later
#include "market_fixture.h"

#include "base/sentences.h"

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(khop::Error)

class SentencesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCodeSpeaksBothLanguages_data();
    void everyCodeSpeaksBothLanguages();
    void sentencesNameWhatWasGivenAndWhatWouldDo_data();
    void sentencesNameWhatWasGivenAndWhatWouldDo();
    void longArgumentsAreCut();
};

void SentencesTest::everyCodeSpeaksBothLanguages_data()
{
    QTest::addColumn<int>("code");
#define KHOP_ROW(name) QTest::newRow(#name) << static_cast<int>(Code::name);
    KHOP_CODES(KHOP_ROW)
#undef KHOP_ROW
}

void SentencesTest::everyCodeSpeaksBothLanguages()
{
    QFETCH(int, code);
    const Error bare{static_cast<Code>(code)};
    const Error full{static_cast<Code>(code), "price", "54400", "54300"};
    for (const Error &error : {bare, full}) {
        const QString english = shown(sentence(error, Language::English));
        const QString vietnamese = shown(sentence(error, Language::Vietnamese));
        for (const QString &text : {english, vietnamese}) {
            QVERIFY2(text.size() > 4, qPrintable(text));
            QVERIFY2(text.endsWith(u'.'), qPrintable(text));
            QVERIFY2(text[0].isUpper() || text[0] == u'“' || text[0].isDigit(), qPrintable(text));
            QVERIFY2(!text.contains(u'{') && !text.contains(u'}') && !text.contains(u'_'),
                     qPrintable(text));
            QVERIFY2(!text.contains(u"  "_s), qPrintable(text));
        }
        QVERIFY2(english != vietnamese, qPrintable(english));
    }
}

void SentencesTest::sentencesNameWhatWasGivenAndWhatWouldDo_data()
{
    QTest::addColumn<Error>("error");
    QTest::addColumn<QString>("english");
    QTest::addColumn<QString>("vietnamese");
    QTest::newRow("ceiling") << Error{Code::PRICE_ABOVE_CEILING, "price", "54400", "54300"}
                             << u"The price 54,400 is above the ceiling 54,300."_s
                             << u"Giá 54,400 cao hơn giá trần 54,300."_s;
    QTest::newRow("floor") << Error{Code::PRICE_BELOW_FLOOR, "price", "47200", "47250"}
                           << u"The price 47,200 is below the floor 47,250."_s
                           << u"Giá 47,200 thấp hơn giá sàn 47,250."_s;
    QTest::newRow("thousand dong")
        << Error{Code::PRICE_BELOW_FLOOR, "price", "85.5", "79100"}
        << u"The price 85.5 is below the floor 79,100. If thousand dong are meant, that is 85,500 dong: set price_unit to “kVND”."_s
        << u"Giá 85.5 thấp hơn giá sàn 79,100. Nếu tính theo nghìn đồng thì giá là 85,500 đồng: hãy đặt price_unit là “kVND”."_s;
    QTest::newRow("cents are not thousand dong")
        << Error{Code::PRICE_BELOW_FLOOR, "price", "0.00", "0.01"}
        << u"The price 0.00 is below the floor 0.01."_s << u"Giá 0.00 thấp hơn giá sàn 0.01."_s;
    QTest::newRow("far too small is no unit")
        << Error{Code::PRICE_BELOW_FLOOR, "price", "1", "79100"}
        << u"The price 1 is below the floor 79,100."_s << u"Giá 1 thấp hơn giá sàn 79,100."_s;
    QTest::newRow("lot") << Error{Code::INVALID_LOT, "quantity", "1150", "100"}
                         << u"The quantity 1,150 is not a multiple of the lot of 100."_s
                         << u"Khối lượng 1,150 không phải bội số của lô 100."_s;
    QTest::newRow("cash")
        << Error{Code::INSUFFICIENT_CASH, "", "1234567.89", "100000"}
        << u"Not enough buying power: the order needs 1,234,567.89, available is 100,000."_s
        << u"Không đủ sức mua: lệnh cần 1,234,567.89, tiền khả dụng là 100,000."_s;
    QTest::newRow("lunch")
        << Error{Code::MARKET_CLOSED, "", "BREAK", "2026-11-20 13:00"}
        << u"The market is in its lunch break. Orders are taken again on 2026-11-20 at 13:00."_s
        << u"Thị trường đang nghỉ trưa. Nhận lệnh lại từ 13:00 ngày 20/11/2026."_s;
    QTest::newRow("odd lots in an auction") << Error{Code::MARKET_CLOSED, "quantity", "50", "100"}
                                            << u"Odd lots are not traded in this session."_s
                                            << u"Không giao dịch lô lẻ trong phiên này."_s;
    QTest::newRow("closed for unsaid reasons")
        << Error{Code::MARKET_CLOSED} << u"The market is closed."_s << u"Thị trường đã đóng cửa."_s;
    QTest::newRow("Tet")
        << Error{Code::HOLIDAY, "", "2026-02-17", "2026-02-23"}
        << u"2026-02-17 is not a trading day; the next one is 2026-02-23."_s
        << u"Ngày 17/02/2026 không phải ngày giao dịch; ngày giao dịch tiếp theo là 23/02/2026."_s;
    QTest::newRow("status") << Error{Code::ORDER_NOT_CANCELLABLE, "status", "FILLED"}
                            << u"The order cannot be cancelled: its status is “filled”."_s
                            << u"Không thể hủy lệnh: lệnh ở trạng thái “Khớp toàn bộ”."_s;
    QTest::newRow("configuration")
        << Error{Code::CONFIGURATION_ERROR, "exchanges.HOSE.lot", "0", "1 … 1000000"}
        << u"The configuration is wrong at exchanges.HOSE.lot: “0” is given, what would do is 1 … 1000000."_s
        << u"Cấu hình sai tại exchanges.HOSE.lot: giá trị “0”, cần 1 … 1000000."_s;
    QTest::newRow("file that cannot be opened")
        << Error{Code::CONFIGURATION_ERROR, "my.csv", "No such file or directory"}
        << u"The configuration is wrong at my.csv: No such file or directory."_s
        << u"Cấu hình sai tại my.csv: No such file or directory."_s;
    QTest::newRow("body that is no JSON")
        << Error{Code::MALFORMED_JSON, "", "", "It is empty."}
        << u"The content cannot be read as JSON: It is empty."_s
        << u"Không đọc được nội dung dưới dạng JSON: nội dung trống."_s;
    QTest::newRow("field without its value")
        << Error{Code::VALIDATION_ERROR, "password", "", "8 to 128 characters"}
        << u"“password” must be 8 to 128 characters."_s
        << u"“password” phải là từ 8 đến 128 ký tự."_s;
    QTest::newRow("bound with a number in it")
        << Error{Code::VALIDATION_ERROR, "symbols", "", "at most 0.5"}
        << u"“symbols” must be at most 0.5."_s << u"“symbols” phải là tối đa 0.5."_s;
    QTest::newRow("practice only")
        << Error{Code::FORBIDDEN, "speed", "5", "practice"}
        << u"You are not allowed to do this; it needs “practice”."_s
        << u"Bạn không có quyền thực hiện thao tác này; cần “practice”."_s;
    QTest::newRow("database") << Error{Code::STORE_ERROR, "khop.db", "the journal has a gap"}
                              << u"The database khop.db has a problem: the journal has a gap."_s
                              << u"Cơ sở dữ liệu khop.db gặp lỗi: the journal has a gap."_s;
    QTest::newRow("configuration without a value")
        << Error{Code::CONFIGURATION_ERROR, "exchanges.HOSE.lot", "", "100"}
        << u"The configuration lacks exchanges.HOSE.lot, for example 100."_s
        << u"Cấu hình thiếu exchanges.HOSE.lot, ví dụ 100."_s;
}

void SentencesTest::sentencesNameWhatWasGivenAndWhatWouldDo()
{
    QFETCH(Error, error);
    QFETCH(QString, english);
    QFETCH(QString, vietnamese);
    QCOMPARE(shown(sentence(error, Language::English)), english);
    QCOMPARE(shown(sentence(error, Language::Vietnamese)), vietnamese);
}

void SentencesTest::longArgumentsAreCut()
{
    const Error error{Code::INSTRUMENT_UNKNOWN, "symbol", std::string(100'000, 'X')};
    QVERIFY(sentence(error, Language::English).size() < 300);
    const Error accented{Code::INSTRUMENT_UNKNOWN, "symbol",
                         "a" + shown("đ").repeated(1000).toStdString()};
    QVERIFY(!shown(sentence(accented, Language::Vietnamese)).contains(QChar::ReplacementCharacter));
}

QTEST_GUILESS_MAIN(SentencesTest)
#include "tst_sentences.moc"
