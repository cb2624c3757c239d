// SPDX-License-Identifier: GPL-3.0-or-later
// What a hostile client may do to a stream: each input has its stated answer, the server's health is asked
// after each, and no order comes of any.
#include "../../support/stream_client.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

namespace {

struct Hostile {
    std::string headers = {}; // of the handshake
    std::string path = "/ws/v1";
    std::string host = "localhost";
    bool token = true;       // in the handshake's Authorization
    std::string bytes = {};  // sent after the handshake
    int status = 101;        // of the handshake
    int close = 0;           // 0: the connection stays
    std::string answer = {}; // a part of the message that comes
};

std::string text(const std::string &payload) { return RawFrame{.payload = payload}.bytes(); }

} // namespace

Q_DECLARE_METATYPE(Hostile)

class StreamHostileTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other;

    std::uint64_t sequence() const;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void everyInputHasItsAnswer_data();
    void everyInputHasItsAnswer();
    void halfAFrameHoldsNobodyUp();
    void framesMayComeByteByByte();
    void framesMayComeWithTheHandshake();
    void silentStrangersKeepNobodyOut();
};

#ifndef Q_MOC_RUN // moc 6.4 loses its way in the strings below

std::uint64_t StreamHostileTest::sequence() const { return m_server->desk.desk->health().sequence; }

void StreamHostileTest::initTestCase()
{
    server::Options options;
    options.defaultSymbol = "SSI";
    m_server = std::make_unique<ServerFixture>(options);
    m_trader = m_server->person("trang", server::Role::Trader);
    m_other = m_server->person("oanh", server::Role::Trader);
    m_server->desk.cash(m_trader.account, 10000000000);
}

void StreamHostileTest::cleanupTestCase() { m_server.reset(); }

void StreamHostileTest::everyInputHasItsAnswer_data()
{
    QTest::addColumn<Hostile>("input");
    const auto row = [](const char *name, const Hostile &input) { QTest::newRow(name) << input; };
    const auto closes = [&](const char *name, const std::string &bytes, int code) {
        row(name, {.bytes = bytes, .close = code});
    };
    const auto says = [&](const char *name, const std::string &message, const char *answer) {
        row(name, {.bytes = text(message), .answer = answer});
    };
    const auto refused = [&](const char *name, Hostile input, int status) {
        input.status = status;
        row(name, input);
    };

    // Handshake
    refused("no key", {.headers = "Sec-WebSocket-Key: \r\n"}, 400);
    refused("a key that is not base64", {.headers = "Sec-WebSocket-Key: ???\r\n"}, 400);
    refused("a short key", {.headers = "Sec-WebSocket-Key: c2hvcnQ=\r\n"}, 400);
    refused("an old version", {.headers = "Sec-WebSocket-Version: 8\r\n"}, 400);
    refused("a version that is no number", {.headers = "Sec-WebSocket-Version: x\r\n"}, 400);
    refused("a foreign origin", {.headers = "Origin: https://evil.example\r\n"}, 403);
    refused("an origin in disguise", {.headers = "Origin: http://localhost.evil.example\r\n"}, 403);
    refused("the null origin", {.headers = "Origin: null\r\n"}, 403);
    refused("a foreign host", {.host = "evil.example"}, 421);
    refused("no such stream", {.path = "/ws/v2"}, 404);
    refused("a token in the query", {.path = "/ws/v1?token=" + m_trader.token, .token = false},
            400);
    refused("an access_token in the query",
            {.path = "/ws/v1?access_token=" + m_trader.token, .token = false}, 400);
    refused("a false token", {.headers = "Authorization: Bearer x.y.z\r\n", .token = false}, 401);
    refused("another scheme", {.headers = "Authorization: Basic eDp5\r\n", .token = false}, 401);
    refused("a feed of an unknown symbol", {.path = "/ws/trades?symbol=NOPE"}, 422);
    refused("a feed of depth 51", {.path = "/ws/orderbook?depth=51"}, 422);
    refused("a body with the handshake",
            {.headers = "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"}, 400);

    // Frames
    closes("an unmasked frame", RawFrame{.payload = "ping", .masked = false}.bytes(), 1002);
    closes("an unmasked control frame", RawFrame{.opcode = 9, .masked = false}.bytes(), 1002);
    closes("reserved bit 1", RawFrame{.payload = "ping", .reserved = 4}.bytes(), 1002);
    closes("reserved bit 2", RawFrame{.payload = "ping", .reserved = 2}.bytes(), 1002);
    closes("reserved bit 3", RawFrame{.payload = "ping", .reserved = 1}.bytes(), 1002);
    for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
        closes(qPrintable(QStringLiteral("opcode %1").arg(opcode)),
               RawFrame{.opcode = opcode}.bytes(), 1002);
    closes("a ping in pieces", RawFrame{.opcode = 9, .final = false}.bytes(), 1002);
    closes("a close in pieces", RawFrame{.opcode = 8, .final = false}.bytes(), 1002);
    closes("a ping of 126 bytes", RawFrame{.opcode = 9, .payload = std::string(126, 'x')}.bytes(),
           1002);
    closes("a length in more bytes than it needs",
           RawFrame{.payload = "ping", .lengthBytes = 2}.bytes(), 1002);
    closes("a length in eight bytes that fits two",
           RawFrame{.payload = std::string(300, 'x'), .lengthBytes = 8}.bytes(), 1002);
    closes("a length with its highest bit",
           RawFrame{.announced = std::uint64_t{1} << 63, .lengthBytes = 8}.bytes(), 1002);
    closes("nothing to continue", RawFrame{.opcode = 0, .payload = "x"}.bytes(), 1002);
    closes("a message in the middle of another",
           RawFrame{.payload = "{", .final = false}.bytes() + text("ping"), 1002);
    closes("binary", RawFrame{.opcode = 2, .payload = "ping"}.bytes(), 1003);
    closes("binary in pieces", RawFrame{.opcode = 2, .payload = "p", .final = false}.bytes(), 1003);
    closes("a message of 64 KiB and one byte", RawFrame{.payload = std::string(65537, ' ')}.bytes(),
           1009);
    closes("100 MB announced", RawFrame{.announced = 100000000}.bytes(), 1009);
    closes("an exabyte announced", RawFrame{.announced = std::uint64_t{1} << 60}.bytes(), 1009);
    closes("pieces that add up to too much",
           RawFrame{.payload = std::string(40000, ' '), .final = false}.bytes()
               + RawFrame{.opcode = 0, .payload = std::string(40000, ' ')}.bytes(),
           1009);
    std::string pieces = RawFrame{.final = false}.bytes();
    for (int i = 0; i < 1100; ++i)
        pieces += RawFrame{.opcode = 0, .final = false}.bytes();
    closes("a thousand empty pieces", pieces, 1009);
    closes("text that is not UTF-8", text("\xC3\x28"), 1007);
    closes("an overlong encoding", text("\xC0\xAF"), 1007);
    closes("a surrogate in UTF-8", text("\xED\xA0\x80"), 1007);
    closes("half a character at the end", text("\xE1\xBB"), 1007);
    closes("half a character at the end of the last piece",
           RawFrame{.payload = "\xE1", .final = false}.bytes()
               + RawFrame{.opcode = 0, .payload = "\xBB"}.bytes(),
           1007);
    closes("a close of one byte", RawFrame{.opcode = 8, .payload = "x"}.bytes(), 1002);
    closes("a close with code 999", RawFrame{.opcode = 8, .payload = "\x03\xE7"}.bytes(), 1002);
    closes("a close with code 1005", RawFrame{.opcode = 8, .payload = "\x03\xED"}.bytes(), 1002);
    closes("a close with code 1006", RawFrame{.opcode = 8, .payload = "\x03\xEE"}.bytes(), 1002);
    closes("a close with a reason that is not UTF-8",
           RawFrame{.opcode = 8, .payload = std::string("\x03\xE8\xFF", 3)}.bytes(), 1007);
    closes("a polite close", RawFrame{.opcode = 8, .payload = "\x03\xE8"}.bytes(), 1000);
    closes("a close without a word", RawFrame{.opcode = 8}.bytes(), 1000);
    closes("garbage", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 1002);
    row("a message in pieces, with a ping between",
        {.bytes = RawFrame{.payload = R"({"op":)", .final = false}.bytes()
                  + RawFrame{.opcode = 9, .payload = "hi"}.bytes()
                  + RawFrame{.opcode = 0, .payload = R"("ping"})"}.bytes(),
         .answer = "pong"});

    // Messages
    says("not JSON", "{nonsense", "MALFORMED_JSON");
    says("nothing", "", "MALFORMED_JSON");
    says("an array", "[1,2]", "VALIDATION_ERROR");
    says("a string", "\"ping\"", "MALFORMED_JSON");
    says("a byte-order mark", "\xEF\xBB\xBF{\"op\":\"ping\"}", "MALFORMED_JSON");
    says("a key twice", R"({"op":"ping","op":"auth"})", "MALFORMED_JSON");
    says("NaN", R"({"op":"ping","id":NaN})", "MALFORMED_JSON");
    says("a lone surrogate", R"({"op":"\ud800"})", "MALFORMED_JSON");
    says("two values", R"({"op":"ping"}{"op":"ping"})", "MALFORMED_JSON");
    says("too deep", R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}",
         "MALFORMED_JSON");
    says("an unknown op", R"({"op":"order.steal","id":1})", "VALIDATION_ERROR");
    says("an op of no kind", R"({"op":"drop"})", "VALIDATION_ERROR");
    says("an op that is a number", R"({"op":1})", "VALIDATION_ERROR");
    says("no op", R"({"id":1})", "VALIDATION_ERROR");
    says("an id that is an object", R"({"op":"ping","id":{}})", "VALIDATION_ERROR");
    says("an id of 65 bytes", R"({"op":"ping","id":")" + std::string(65, 'x') + "\"}",
         "VALIDATION_ERROR");
    says("an unknown member", R"({"op":"subscribe","channel":"orders","x":1})", "UNKNOWN_FIELD");
    says("no channel", R"({"op":"subscribe"})", "VALIDATION_ERROR");
    says("an unknown channel", R"({"op":"subscribe","channel":"secrets"})", "book, trades, quotes");
    says("alerts, which there are none of", R"({"op":"subscribe","channel":"alerts"})",
         "VALIDATION_ERROR");
    says("no symbols", R"({"op":"subscribe","channel":"book"})", "VALIDATION_ERROR");
    says("no symbol among the symbols", R"({"op":"subscribe","channel":"book","symbols":[]})",
         "VALIDATION_ERROR");
    says("a symbol that is a number", R"({"op":"subscribe","channel":"book","symbols":[1]})",
         "INSTRUMENT_UNKNOWN");
    says("a symbol there is not", R"({"op":"subscribe","channel":"book","symbols":["NOPE"]})",
         "INSTRUMENT_UNKNOWN");
    std::string symbols = "\"SSI\"";
    for (int i = 0; i < 200; ++i)
        symbols += ",\"SSI\"";
    says("201 symbols", R"({"op":"subscribe","channel":"book","symbols":[)" + symbols + "]}",
         "VALIDATION_ERROR");
    says("symbols of a private channel",
         R"({"op":"subscribe","channel":"orders","symbols":["SSI"]})", "UNKNOWN_FIELD");
    says("a sequence of a public channel",
         R"({"op":"subscribe","channel":"book","symbols":["SSI"],"since_seq":1})", "UNKNOWN_FIELD");
    says("a negative sequence", R"({"op":"subscribe","channel":"orders","since_seq":-1})",
         "VALIDATION_ERROR");
    says("a sequence with an exponent", R"({"op":"subscribe","channel":"orders","since_seq":1e3})",
         "VALIDATION_ERROR");
    says("a sequence out of range",
         R"({"op":"subscribe","channel":"orders","since_seq":99999999999999999999})",
         "VALIDATION_ERROR");
    says("an account of another's",
         R"({"op":"subscribe","channel":"orders","account_id":")" + m_other.user.accountId.text()
             + "\"}",
         "FORBIDDEN");
    says("an account that is a number", R"({"op":"subscribe","channel":"orders","account_id":7})",
         "FORBIDDEN");
    says("the live desk", R"({"op":"subscribe","channel":"orders","desk":"live"})",
         "VENUE_UNAVAILABLE");
    says("a desk there is not", R"({"op":"subscribe","channel":"orders","desk":"x"})",
         "VALIDATION_ERROR");
    says("a language there is not",
         R"({"op":"auth","lang":"fr","token":")" + m_trader.token + "\"}", "VALIDATION_ERROR");
    says("a resync of what is not subscribed",
         R"({"op":"resync","channel":"book","symbols":["SSI"]})", "VALIDATION_ERROR");
    says("a resync of orders", R"({"op":"resync","channel":"orders","symbols":["SSI"]})",
         "VALIDATION_ERROR");
    says("an order of no fields", R"({"op":"order.place"})", "VALIDATION_ERROR");
    says("an order with a type member", R"({"op":"order.place","type":"x"})", "UNKNOWN_FIELD");
    says("a client order id with blanks",
         R"({"op":"order.place","symbol":"SSI","side":"BUY","price":30000,"quantity":100,)"
         R"("client_order_id":"a b"})",
         "VALIDATION_ERROR");
    says("a quantity of 1e2",
         R"({"op":"order.place","symbol":"SSI","side":"BUY","price":30000,"quantity":1e2})",
         "VALIDATION_ERROR");
    says("a quantity beyond 64 bits",
         R"({"op":"order.place","symbol":"SSI","side":"BUY","price":30000,)"
         R"("quantity":99999999999999999999})",
         "INVALID_QUANTITY");
    says("a cancel of an array", R"({"op":"order.cancel","order_id":["x"]})", "VALIDATION_ERROR");
    says("an amendment of nothing",
         R"({"op":"order.amend","order_id":"01890000-0000-7000-8000-000000000000"})",
         "VALIDATION_ERROR");

    // Who is it?
    row("a subscription before auth",
        {.token = false,
         .bytes = text(R"({"op":"subscribe","channel":"book","symbols":["SSI"]})"),
         .close = 4401});
    row("an order before auth",
        {.token = false, .bytes = text(R"({"op":"order.place","symbol":"SSI"})"), .close = 4401});
    row("auth without a token", {.token = false, .bytes = text(R"({"op":"auth"})"), .close = 4401});
    row("auth with a number",
        {.token = false, .bytes = text(R"({"op":"auth","token":1})"), .close = 4401});
    row("auth with a broken token",
        {.token = false,
         .bytes = text(R"({"op":"auth","token":")" + m_trader.token + "x\"}"),
         .close = 4401});
    row("auth with a member too many", {.token = false,
                                        .bytes = text(R"({"op":"auth","password":"x"})"),
                                        .answer = "UNKNOWN_FIELD"});
    row("auth twice", {.bytes = text(R"({"op":"auth","id":2,"token":")" + m_trader.token + "\"}"),
                       .answer = "\"ack\",\"id\":2"});
    row("auth as somebody else",
        {.bytes = text(R"({"op":"auth","token":")" + m_other.token + "\"}"), .close = 4403});
    row("silence instead of auth", {.token = false, .close = 4408});
    row("pings instead of auth",
        {.token = false, .bytes = text(R"({"op":"ping"})"), .close = 4408});
    std::string flood;
    for (int i = 0; i < 300; ++i)
        flood += RawFrame{.opcode = 9}.bytes();
    closes("a flood of pings", flood, 4429);
    flood.clear();
    for (int i = 0; i < 300; ++i)
        flood += text("{");
    closes("a flood of nonsense", flood, 4429);
}

void StreamHostileTest::everyInputHasItsAnswer()
{
    QFETCH(Hostile, input);
    const std::uint64_t before = sequence();
    {
        StreamClient client(m_server->url, input.path, input.token ? m_trader.token : "",
                            input.headers, input.host);
        QCOMPARE(client.handshake().status, input.status);
        if (input.status == 101 && !input.bytes.empty())
            client.sendBytes(input.bytes);
        if (!input.answer.empty()) {
            const std::string answer = client.next(input.answer, 3000);
            QVERIFY2(!answer.empty(), input.answer.c_str());
        }
        if (input.status == 101 && input.close != 0) {
            QCOMPARE(client.closeCode(), input.close);
        } else if (input.status == 101) {
            client.send(R"({"op":"ping","id":"still here"})");
            QVERIFY(!client.next("still here").empty());
        }
    }
    QCOMPARE(m_server->call("GET", "/health").status, 200);
    QCOMPARE(sequence(), before);
}

// A connection that stops in the middle of something holds nobody up, and is gone after a while.
void StreamHostileTest::halfAFrameHoldsNobodyUp()
{
    StreamClient half(m_server->url, "/ws/v1", m_trader.token);
    half.sendBytes(RawFrame{.payload = "ping"}.bytes().substr(0, 3));
    StreamClient other(m_server->url, "/ws/v1", m_trader.token);
    other.send("ping");
    QCOMPARE(other.next("pong"), std::string("pong"));
    half.sendBytes(RawFrame{.payload = "ping"}.bytes().substr(3));
    QCOMPARE(half.next("pong"), std::string("pong"));
}

void StreamHostileTest::framesMayComeByteByByte()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    for (const char byte : RawFrame{.payload = R"({"op":"ping","id":1})"}.bytes()) {
        client.sendBytes(std::string(1, byte));
    }
    QVERIFY(!client.next("pong").empty());
}

// What comes with the handshake, before its answer, is not lost.
void StreamHostileTest::framesMayComeWithTheHandshake()
{
    RawClient client(m_server->url);
    client.send("GET /ws/v1 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
                "Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                "dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer "
                + m_trader.token + "\r\n\r\n" + text("ping"));
    const RawReply reply = client.receive();
    QCOMPARE(reply.status, 101);
    QCOMPARE(reply.headers.at("sec-websocket-accept"),
             std::string("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); // RFC 6455, section 1.3
    QVERIFY(QTest::qWaitFor(
        [&] {
            client.socket().waitForReadyRead(10);
            return client.socket().bytesAvailable() + static_cast<qint64>(client.leftOver().size())
                   >= 6;
        },
        3000));
}

// Strangers that say nothing make room: somebody with a token still gets in.
void StreamHostileTest::silentStrangersKeepNobodyOut()
{
    std::vector<std::unique_ptr<StreamClient>> strangers;
    for (int i = 0; i < 300; ++i)
        strangers.push_back(std::make_unique<StreamClient>(m_server->url, "/ws/v1"));
    StreamClient client(m_server->url, "/ws/v1");
    QVERIFY(client.isOpen());
    client.send(R"({"op":"auth","token":")" + m_trader.token + R"("})");
    QVERIFY(!client.next("\"ack\"").empty());
    QCOMPARE(strangers.front()->closeCode(), 4408);
}

#endif

QTEST_GUILESS_MAIN(StreamHostileTest)
#include "tst_server_stream_hostile.moc"
