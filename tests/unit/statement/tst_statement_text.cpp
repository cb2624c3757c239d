// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as text, text as records, titles as words.
#include "statement_fixture.h"

#include "statement/statement_table.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

class StatementTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vietnameseIsReadInEveryEncoding_data();
    void vietnameseIsReadInEveryEncoding();
    void everyByteOfWindows1258IsReadOrRefused();
    void brokenBytesAreRefused_data();
    void brokenBytesAreRefused();
    void wordsAreFolded_data();
    void wordsAreFolded();
    void recordsKeepTheirLines();
    void brokenRecordsAreRefused();
};

void StatementTextTest::vietnameseIsReadInEveryEncoding_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("encoding");
    const QString text =
        u"Ngày GD, Mã CK, Khối lượng khớp, Giá trị, Phí, Thuế, Đã hủy, Ưng Ỷ Ặ ₫"_s;
    const auto row = [](const char *name, const QByteArray &bytes, TextEncoding encoding) {
        QTest::newRow(name) << bytes << static_cast<int>(encoding);
    };
    const QByteArray utf8 = text.toUtf8();
    row("UTF-8", utf8, TextEncoding::Utf8);
    row("UTF-8 with a mark", "\xEF\xBB\xBF" + utf8, TextEncoding::Utf8);
    row("UTF-8 decomposed", text.normalized(QString::NormalizationForm_D).toUtf8(),
        TextEncoding::Utf8);
    row("windows-1258", windows1258(text.toStdString()), TextEncoding::Windows1258);
    QByteArray little("\xFF\xFE"), big("\xFE\xFF");
    for (const QChar c : text) {
        const char16_t code = c.unicode();
        const char low = static_cast<char>(code & 0xFFU), high = static_cast<char>(code >> 8U);
        little.append(low).append(high);
        big.append(high).append(low);
    }
    row("UTF-16, low byte first", little, TextEncoding::Utf16);
    row("UTF-16, high byte first", big, TextEncoding::Utf16);
}

void StatementTextTest::vietnameseIsReadInEveryEncoding()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, encoding);
    const auto text = readStatementText(bytes.toStdString(), "F.csv");
    QVERIFY(text);
    QCOMPARE(text->text, "Ngày GD, Mã CK, Khối lượng khớp, Giá trị, Phí, Thuế, Đã hủy, Ưng Ỷ Ặ ₫");
    QCOMPARE(static_cast<int>(text->encoding), encoding);
}

void StatementTextTest::everyByteOfWindows1258IsReadOrRefused()
{
    int refused = 0;
    for (int byte = 0x80; byte < 0x100; ++byte) {
        const std::string bytes{'a', static_cast<char>(byte), 'b'}; // never well-formed UTF-8
        const auto text = readStatementText(bytes, "F.csv");
        if (!text) {
            ++refused;
            QCOMPARE(text.error().code, Code::FILE_INVALID);
            QCOMPARE(text.error().field, std::string("F.csv: line 1"));
            QVERIFY(text.error().value.starts_with("byte 0x"));
        } else {
            QVERIFY(QString::fromStdString(text->text).startsWith(u'a') || byte == 0xCC
                    || byte == 0xD2 || byte == 0xDE || byte == 0xEC
                    || byte == 0xF2); // a tone joins its vowel
        }
    }
    QCOMPARE(refused, 9); // 81 8A 8D 8E 8F 90 9A 9D 9E
}

void StatementTextTest::brokenBytesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("field");
    QTest::newRow("NUL") << QByteArray("a\nb\0c", 5) << u"F.csv: line 2"_s;
    QTest::newRow("escape") << QByteArray("\x1B[31m") << u"F.csv: line 1"_s;
    QTest::newRow("mark in the middle") << QByteArray("a\n\n\xEF\xBB\xBF") << u"F.csv: line 3"_s;
    QTest::newRow("two marks") << QByteArray("\xEF\xBB\xBF\xEF\xBB\xBF") << u"F.csv: line 1"_s;
    QTest::newRow("odd UTF-16") << QByteArray("\xFF\xFE\x41", 3) << u"F.csv"_s;
    QTest::newRow("half a pair of UTF-16")
        << QByteArray("\xFF\xFE\x00\xD8\x41\x00", 6) << u"F.csv"_s;
    QTest::newRow("undefined byte") << QByteArray("ok\nok\n\x81") << u"F.csv: line 3"_s;
    QTest::newRow("too large") << QByteArray((32 << 20) + 1, 'a') << u"F.csv"_s;
}

void StatementTextTest::brokenBytesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, field);
    const auto text = readStatementText(
        std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())), "F.csv");
    QVERIFY(!text);
    QCOMPARE(text.error().code, Code::FILE_INVALID);
    QCOMPARE(QString::fromStdString(text.error().field), field);
    QVERIFY(!text.error().value.empty() && !text.error().bound.empty());
}

void StatementTextTest::wordsAreFolded_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("folded");
    QTest::newRow("composed") << u"Số hiệu lệnh"_s << u"so hieu lenh"_s;
    QTest::newRow("decomposed") << u"Số hiệu lệnh"_s.normalized(QString::NormalizationForm_D)
                                << u"so hieu lenh"_s;
    QTest::newRow("capitals and marks") << u"  SỐ-HIỆU\n_LỆNH: "_s << u"so hieu lenh"_s;
    QTest::newRow("d") << u"Đã đặt"_s << u"da dat"_s;
    QTest::newRow("slash") << u"Mua/Bán"_s << u"mua ban"_s;
    QTest::newRow("parentheses") << u"Giá (đ)"_s << u"gia d"_s;
    QTest::newRow("nothing") << u" -- "_s << QString();
}

void StatementTextTest::wordsAreFolded()
{
    QFETCH(QString, text);
    QFETCH(QString, folded);
    QCOMPARE(foldedWords(text.toStdString()), folded.toStdString());
}

void StatementTextTest::recordsKeepTheirLines()
{
    const std::string text = "a;b\r\n\n\"two\nlines\";c\r\n   \nlast";
    const auto records = recordsOf(text, "F.csv");
    QVERIFY(records);
    QCOMPARE(records->size(), std::size_t{3});
    QCOMPARE((*records)[0].text, std::string_view("a;b"));
    QCOMPARE((*records)[1].line, std::size_t{3});
    QCOMPARE((*records)[1].text, std::string_view("\"two\nlines\";c"));
    QCOMPARE((*records)[2].line, std::size_t{6});
    QCOMPARE((*records)[2].text, std::string_view("last"));
}

void StatementTextTest::brokenRecordsAreRefused()
{
    const auto open = recordsOf("a\n\"b;c\nd\ne", "F.csv");
    QVERIFY(!open);
    QCOMPARE(open.error().field, std::string("F.csv: line 2"));
    const auto endless = recordsOf("a\nb\n" + std::string(20'000, 'x'), "F.csv");
    QVERIFY(!endless);
    QCOMPARE(endless.error().field, std::string("F.csv: line 3"));
    std::string many;
    for (int i = 0; i < 200'001; ++i)
        many += "a\n";
    const auto rows = recordsOf(many, "F.csv");
    QVERIFY(!rows);
    QCOMPARE(rows.error().field, std::string("F.csv: line 200001"));
}

QTEST_APPLESS_MAIN(StatementTextTest)
#include "tst_statement_text.moc"
