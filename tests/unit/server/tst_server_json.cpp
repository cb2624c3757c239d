// SPDX-License-Identifier: GPL-3.0-or-later
// JSON is read strictly and written exactly.
#ifndef Q_MOC_RUN
#include "server/json/reader.h"
#include "server/json/writer.h"
#endif

#include <QTest>

using namespace khop;
using namespace khop::server;

class JsonTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsNotStrictJsonIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("blank") << QByteArray("  \n ");
        QTest::newRow("byte-order mark") << QByteArray("\xEF\xBB\xBF{}");
        QTest::newRow("scalar root") << QByteArray("1");
        QTest::newRow("not closed") << QByteArray(R"({"a":1)");
        QTest::newRow("wrong bracket") << QByteArray(R"({"a":[1})");
        QTest::newRow("something follows") << QByteArray(R"({"a":1} x)");
        QTest::newRow("second value follows") << QByteArray(R"({"a":1}{"a":2})");
        QTest::newRow("duplicate key") << QByteArray(R"({"a":1,"a":2})");
        QTest::newRow("duplicate key behind an escape") << QByteArray(R"({"a":1,"\u0061":2})");
        QTest::newRow("duplicate key deep down") << QByteArray(R"({"x":[{"b":1,"b":1}]})");
        QTest::newRow("NaN") << QByteArray(R"({"a":NaN})");
        QTest::newRow("Infinity") << QByteArray(R"({"a":Infinity})");
        QTest::newRow("leading zero") << QByteArray(R"({"a":01})");
        QTest::newRow("no digit after the point") << QByteArray(R"({"a":1.})");
        QTest::newRow("plus sign") << QByteArray(R"({"a":+1})");
        QTest::newRow("hexadecimal") << QByteArray(R"({"a":0x10})");
        QTest::newRow("literal with a tail") << QByteArray(R"({"a":truex})");
        QTest::newRow("null with a tail") << QByteArray(R"({"a":nullx})");
        QTest::newRow("single quotes") << QByteArray(R"({'a':1})");
        QTest::newRow("trailing comma") << QByteArray(R"({"a":1,})");
        QTest::newRow("comment") << QByteArray(R"({"a":1/*x*/})");
        QTest::newRow("lone high surrogate") << QByteArray(R"({"a":"\ud800"})");
        QTest::newRow("lone low surrogate") << QByteArray(R"({"a":"\udc00"})");
        QTest::newRow("lone surrogate in a key") << QByteArray(R"({"\ud800":1})");
        QTest::newRow("raw control character") << QByteArray("{\"a\":\"\x01\"}");
        QTest::newRow("bad UTF-8") << QByteArray("{\"a\":\"\xFF\"}");
        QTest::newRow("overlong UTF-8") << QByteArray("{\"a\":\"\xC0\xAF\"}");
        QTest::newRow("bad escape") << QByteArray(R"({"a":"\x"})");
        QTest::newRow("17 levels")
            << QByteArray(R"({"a":)") + QByteArray(16, '[') + QByteArray(16, ']') + "}";
    }
    void whatIsNotStrictJsonIsRefused()
    {
        QFETCH(QByteArray, text);
        const auto document = JsonDocument::parse(text.toStdString());
        QVERIFY(!document);
        QCOMPARE(document.error().code, Code::MALFORMED_JSON);
        QVERIFY(!document.error().bound.empty());
    }

    void numbersKeepTheirText()
    {
        const auto document =
            JsonDocument::parse(R"({"a":85.50, "b": 9007199254740993 ,"c":-0.0,"d":1e3})");
        QVERIFY(document.has_value());
        QCOMPARE(document->root().find("a")->text(), std::string_view("85.50"));
        QCOMPARE(document->root().find("b")->text(), std::string_view("9007199254740993"));
        QCOMPARE(document->root().find("c")->text(), std::string_view("-0.0"));
        QCOMPARE(document->root().find("d")->text(), std::string_view("1e3"));
    }

    void membersAreWalkedInOrder()
    {
        const auto document = JsonDocument::parse(
            R"({"list":[1,"hai",null,true,{"x":[]}],"text":"Kh\u1edbp \ud83d\ude00","none":null})");
        QVERIFY(document.has_value());
        const JsonValue list = *document->root().find("list");
        QCOMPARE(list.size(), std::size_t{5});
        auto item = list.first();
        QVERIFY(item->isNumber());
        item = item->next();
        QCOMPARE(item->text(), std::string_view("hai"));
        item = item->next();
        QVERIFY(item->isNull());
        item = item->next();
        QVERIFY(item->boolean());
        item = item->next();
        QVERIFY(item->find("x")->isArray());
        QVERIFY(!item->next());
        QCOMPARE(document->root().find("text")->text(), std::string_view("Khớp 😀"));
        QVERIFY(!document->root().find("other"));
    }

    void sixteenLevelsAreRead()
    {
        const std::string deep = R"({"a":)" + std::string(15, '[') + std::string(15, ']') + "}";
        QVERIFY(JsonDocument::parse(deep).has_value());
    }

    void writtenTextReadsBackTheSame()
    {
        std::string text = "quote \" slash \\ tab \t newline \n Khớp ";
        text += '\x01';
        JsonWriter json;
        json.beginObject()
            .field("text", text)
            .key("list")
            .beginArray()
            .number(-5)
            .boolean(true)
            .null()
            .endArray();
        json.key("empty").beginObject().endObject().field("last", "x").endObject();
        const auto document = JsonDocument::parse(json.text());
        QVERIFY(document.has_value());
        QCOMPARE(document->root().find("text")->text(), std::string_view(text));
        QCOMPARE(document->root().find("list")->size(), std::size_t{3});
        QCOMPARE(document->root().find("last")->text(), std::string_view("x"));
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "tst_server_json.moc"
