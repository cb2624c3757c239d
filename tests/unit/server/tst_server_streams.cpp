// SPDX-License-Identifier: GPL-3.0-or-later
// WebSocket: snapshots and deltas that add up, the feeds of the original services, limits.
#include "../../support/server_fixture.h"

#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

class Stream
{
public:
    Stream(const QUrl &server, const QString &path, const std::string &token = {},
           const QString &origin = {})
        : m_socket(origin)
    {
        QUrl url = server;
        url.setScheme(u"ws"_s);
        QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &m_socket,
                         [this](const QString &text) { m_messages.push_back(text.toStdString()); });
        QNetworkRequest request(QUrl(url.toString() + path));
        if (!token.empty())
            request.setRawHeader("Authorization", QByteArray("Bearer ") + token.c_str());
        m_socket.open(request);
    }
    bool isOpen()
    {
        return QTest::qWaitFor(
            [this] { return m_socket.state() == QAbstractSocket::ConnectedState; }, 3'000);
    }
    void send(const std::string &text) { m_socket.sendTextMessage(QString::fromStdString(text)); }
    /// The next message that holds `part`; those before it are dropped.
    std::string next(const std::string &part, int timeout = 5'000)
    {
        std::string found;
        static_cast<void>(QTest::qWaitFor(
            [&] {
                while (!m_messages.empty()) {
                    const std::string message = m_messages.front();
                    m_messages.erase(m_messages.begin());
                    if (message.find(part) != std::string::npos) {
                        found = message;
                        return true;
                    }
                }
                return false;
            },
            timeout));
        return found;
    }
    int closeCode(int timeout = 8'000)
    {
        static_cast<void>(QTest::qWaitFor(
            [this] { return m_socket.state() == QAbstractSocket::UnconnectedState; }, timeout));
        return m_socket.state() == QAbstractSocket::UnconnectedState ? m_socket.closeCode() : -1;
    }
    QWebSocket &socket() { return m_socket; }

private:
    QWebSocket m_socket;
    std::vector<std::string> m_messages;
};

server::JsonDocument json(const std::string &text)
{
    auto document = server::JsonDocument::parse(text);
    if (!document)
        qFatal("not JSON: '%s'", text.c_str());
    return std::move(*document);
}

} // namespace

class StreamsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other;

    CommandResult place(const ServerFixture::Person &who, Side side, std::int64_t quantity,
                        std::int64_t price)
    {
        return m_server->desk.order(who.account, "SSI", side, OrderType::LO, quantity, price);
    }

private Q_SLOTS:
    void initTestCase()
    {
        server::Options options;
        options.defaultSymbol = "SSI";
        m_server = std::make_unique<ServerFixture>(options);
        m_trader = m_server->person("trang", server::Role::Trader);
        m_other = m_server->person("oanh", server::Role::Trader);
        m_server->desk.cash(m_trader.account, 10'000'000'000);
        m_server->desk.shares(m_other.account, "SSI", 1'000'000);
    }
    void cleanupTestCase() { m_server.reset(); }

    void aBookIsASnapshotAndDeltasThatAddUp()
    {
        place(m_other, Side::Sell, 500, 32'000);
        Stream stream(m_server->url, u"/ws/v1"_s);
        QVERIFY(stream.isOpen());
        stream.send(R"({"op":"auth","token":")" + m_trader.token + R"("})");
        QVERIFY(!stream.next("\"ack\"").empty());
        stream.send(R"({"op":"subscribe","id":1,"channel":"book","symbols":["SSI"]})");
        QVERIFY(stream.next("\"ack\"").find("\"id\":1") != std::string::npos);
        const auto snapshot = json(stream.next("\"snapshot\""));
        std::map<std::string, std::string> asks;
        for (auto level = snapshot.root().find("asks")->first(); level; level = level->next())
            asks[std::string(level->find("price")->text())] = level->find("quantity")->text();
        QCOMPARE(asks["32000"], std::string("500"));
        std::string sequence(snapshot.root().find("seq")->text());

        const auto second = place(m_other, Side::Sell, 300, 32'100);
        place(m_trader, Side::Buy, 200, 32'000);
        m_server->desk.send(CancelOrder{m_other.account, second.order->id});
        place(m_trader, Side::Buy, 300, 32'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_server->desk.desk->depth(m_server->desk.symbol("SSI"), 5).asks.empty(), 2'000);
        while (!asks.empty()) {
            const std::string text = stream.next("\"delta\"");
            QVERIFY(!text.empty());
            const auto delta = json(text);
            QCOMPARE(delta.root().find("prev_seq")->text(), std::string_view(sequence));
            sequence = delta.root().find("seq")->text();
            for (auto level = delta.root().find("asks")->first(); level; level = level->next()) {
                const std::string price(level->find("price")->text());
                if (level->find("quantity")->text() == "0")
                    asks.erase(price);
                else
                    asks[price] = level->find("quantity")->text();
            }
        }
    }

    void tradesAndOwnOrdersArriveAsTheyHappen()
    {
        Stream mine(m_server->url, u"/ws/v1"_s, m_trader.token);
        Stream theirs(m_server->url, u"/ws/v1/"_s, m_other.token);
        QVERIFY(mine.isOpen() && theirs.isOpen());
        for (Stream *stream : {&mine, &theirs}) {
            stream->send(R"({"op":"subscribe","channel":"orders"})");
            stream->send(R"({"op":"subscribe","channel":"trades","symbols":["SSI"]})");
            QVERIFY(!stream->next("\"snapshot\"").empty());
        }
        place(m_other, Side::Sell, 100, 31'500);
        QVERIFY(theirs.next("\"channel\":\"orders\",\"type\":\"update\"").find("\"31500\"")
                != std::string::npos);
        const auto buy = place(m_trader, Side::Buy, 100, 31'500);
        const std::string update = mine.next("\"channel\":\"orders\",\"type\":\"update\"");
        QVERIFY(update.find(buy.order->id.text()) != std::string::npos);
        QVERIFY(update.find("\"FILLED\"") != std::string::npos);
        QVERIFY(update.find("oanh") == std::string::npos);
        const std::string trade = mine.next("\"channel\":\"trades\"");
        QVERIFY(trade.find("\"bid_order_id\":\"" + buy.order->id.text()) != std::string::npos);
        QVERIFY(trade.find("\"ask_order_id\":null") != std::string::npos);
    }

    void theOriginalFeedsKeepTheirFormat()
    {
        place(m_other, Side::Sell, 700, 32'500);
        Stream book(m_server->url, u"/ws/orderbook/"_s, m_trader.token);
        QVERIFY(book.isOpen());
        const auto first = json(book.next("asks"));
        const auto level = first.root().find("asks")->first();
        QVERIFY(level->find("price")->isNumber());
        QCOMPARE(level->find("price")->text(), std::string_view("32500"));
        QCOMPARE(level->find("quantity")->text(), std::string_view("700"));
        QVERIFY(!book.next("asks", 2'500)
                     .empty()); // again within a second or so, though nothing changed

        Stream trades(m_server->url, u"/ws/trades/?symbol=SSI"_s);
        QVERIFY(trades.isOpen());
        trades.send(R"({"op":"auth","token":")" + m_trader.token + R"("})");
        QVERIFY(!trades.next("{\"trades\":").empty());
        const auto buy = place(m_trader, Side::Buy, 200, 32'500);
        QVERIFY(!trades.next("\"bid_order_id\":\"" + buy.order->id.text()).empty());
        trades.send("ping");
        QCOMPARE(trades.next("pong"), std::string("pong"));
        trades.send("{nonsense");
        QVERIFY(trades.next("error").find("\"message\"") != std::string::npos);
    }

    void strangersAreSentAway()
    {
        Stream bad(m_server->url, u"/ws/v1"_s, "no.such.token");
        QVERIFY(!bad.isOpen());
        Stream foreign(m_server->url, u"/ws/v1"_s, m_trader.token, u"https://evil.example"_s);
        QVERIFY(!foreign.isOpen());
        Stream unknown(m_server->url, u"/ws/nothing"_s, m_trader.token);
        QVERIFY(!unknown.isOpen());
        Stream wrong(m_server->url, u"/ws/v1"_s);
        QVERIFY(wrong.isOpen());
        wrong.send(R"({"op":"auth","token":"x"})");
        QCOMPARE(wrong.closeCode(), 4401);
        Stream hasty(m_server->url, u"/ws/v1"_s);
        QVERIFY(hasty.isOpen());
        hasty.send(R"({"op":"subscribe","channel":"book","symbols":["SSI"]})");
        QCOMPARE(hasty.closeCode(), 4401);
        Stream silent(m_server->url, u"/ws/v1"_s);
        QVERIFY(silent.isOpen());
        QCOMPARE(silent.closeCode(), 4408);
    }

    void tooLargeOrTooManyMessagesCloseTheStream()
    {
        Stream large(m_server->url, u"/ws/v1"_s, m_trader.token);
        QVERIFY(large.isOpen());
        large.send(std::string(70'000, 'x'));
        QCOMPARE(large.closeCode(), 1009);
        Stream busy(m_server->url, u"/ws/v1"_s, m_trader.token);
        QVERIFY(busy.isOpen());
        for (int i = 0; i < 500; ++i)
            busy.send("ping");
        QCOMPARE(busy.closeCode(), 4429);
        QCOMPARE(m_server->call("GET", "/health").status, 200);
    }

    void ordersAreCancelledWhenTheConnectionIsLost_data()
    {
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<bool>("politely");
        QTest::newRow("asked for, closed") << true << true;
        QTest::newRow("asked for, cut") << true << false;
        QTest::newRow("taken back") << false << false;
    }
    void ordersAreCancelledWhenTheConnectionIsLost()
    {
        QFETCH(bool, enabled);
        QFETCH(bool, politely);
        const auto order = place(m_trader, Side::Buy, 100, 29'000);
        QVERIFY(order.order);
        const auto state = [&] { return m_server->desk.stateOf(*order.order).status; };
        QCOMPARE(state(), OrderStatus::Active);
        {
            Stream stream(m_server->url, u"/ws/v1"_s, m_trader.token);
            QVERIFY(stream.isOpen());
            stream.send(R"({"op":"cancel_on_disconnect","id":1,"enabled":true})");
            QVERIFY(stream.next("\"ack\"").find("true") != std::string::npos);
            if (!enabled) {
                stream.send(R"({"op":"cancel_on_disconnect","enabled":false})");
                QVERIFY(stream.next("\"ack\"").find("false") != std::string::npos);
            }
            QCOMPARE(state(), OrderStatus::Active);
            if (politely)
                stream.socket().close();
            else
                stream.socket().abort();
            QVERIFY(stream.closeCode() != -1);
        }
        if (enabled) {
            QTRY_COMPARE(state(), OrderStatus::Cancelled);
            return;
        }
        // another connection that comes and goes says nothing about it either
        Stream second(m_server->url, u"/ws/v1"_s, m_trader.token);
        QVERIFY(second.isOpen());
        second.send(R"({"op":"cancel_on_disconnect","enabled":"yes"})");
        QVERIFY(second.next("error").find("true, false") != std::string::npos);
        second.send(R"({"op":"cancel_on_disconnect","on":true})");
        QVERIFY(second.next("error").find("UNKNOWN_FIELD") != std::string::npos);
        QCOMPARE(state(), OrderStatus::Active);
        m_server->call("DELETE", "/orders", {}, m_trader.token);
    }

    void aViewerCannotAskForCancels()
    {
        const auto viewer = m_server->person("onlooker", server::Role::Viewer);
        Stream stream(m_server->url, u"/ws/v1"_s, viewer.token);
        QVERIFY(stream.isOpen());
        stream.send(R"({"op":"cancel_on_disconnect","enabled":true})");
        QVERIFY(stream.next("error").find("FORBIDDEN") != std::string::npos);
    }

    void aPlainRequestToAStreamIsToldSo() { QCOMPARE(m_server->call("GET", "/ws/v1").status, 426); }
};

QTEST_GUILESS_MAIN(StreamsTest)
#include "tst_server_streams.moc"
