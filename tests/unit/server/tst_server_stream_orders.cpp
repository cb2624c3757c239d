// SPDX-License-Identifier: GPL-3.0-or-later
// Order entry over /ws/v1 and the channels of one account: what REST would say, once the order is durable;
// and what came after a sequence number.
#include "../../support/stream_client.h"

#include <QTest>

#include <atomic>

using namespace khop;
using namespace khop::test;

class StreamOrdersTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_viewer;

    std::uint64_t ordersInAll(AccountNo account);
    std::string subscribed(StreamClient &client, const std::string &channel,
                           const std::string &more = {});

private Q_SLOTS:
    void init();
    void cleanup();
    void anOrderIsAcknowledgedWithItself();
    void theSameClientOrderIdIsOneOrder();
    void anOrderIsAmendedAndCancelled();
    void whatIsRefusedIsRefusedAsOverRest_data();
    void whatIsRefusedIsRefusedAsOverRest();
    void onlyOwnersAndTradersMayTouchAnOrder();
    void manyOrdersMayBeOutstanding();
    void executionsPositionsAndCashArriveAsTheyHappen();
    void whatCameAfterASequenceIsReplayed();
    void aSequenceThatIsNotKeptIsASnapshot();
    void aReplayGoesBackBeyondARestart();
    void aLongDayIsSentInPieces();
    void aReaderWhoIsTooSlowIsToldSo();
    void privateChannelsAreOnesOwn();
    void quotesAndSessionsFollowTheMarket();
    void aTokenThatIsRevokedEndsTheStream();
    void anIdleStreamOfARevokedTokenEndsToo();
    void theLanguageMayBeSaidWithTheToken();
};

#ifndef Q_MOC_RUN // moc 6.4 loses its way in the strings below

namespace {

std::string textOf(const std::string &json, std::string_view path)
{
    RawReply reply;
    reply.body = json;
    return json.empty() ? std::string() : textAt(reply, path);
}

std::string placing(const std::string &id, const std::string &fields)
{
    return R"({"op":"order.place","id":)" + id + "," + fields + "}";
}

} // namespace

/// What a subscription is answered with first, after its ack.
std::string StreamOrdersTest::subscribed(StreamClient &client, const std::string &channel,
                                         const std::string &more)
{
    client.send(R"({"op":"subscribe","id":"s","channel":")" + channel + "\"" + more + "}");
    if (client.next("\"ack\"").empty())
        return {};
    return client.next("\"channel\":\"" + channel + "\"");
}

std::uint64_t StreamOrdersTest::ordersInAll(AccountNo account)
{
    OrderQuery query;
    query.account = account;
    std::uint64_t total = 0;
    m_server->desk.desk->queryOrders(query,
                                     [&](Result<Page<OrderRecord>> page) { total = page->total; });
    return total;
}

void StreamOrdersTest::init()
{
    server::Options options;
    options.defaultSymbol = "SSI";
    m_server = std::make_unique<ServerFixture>(options);
    m_trader = m_server->person("trang", server::Role::Trader);
    m_other = m_server->person("oanh", server::Role::Trader);
    m_viewer = m_server->person("minh", server::Role::Viewer);
    m_server->desk.cash(m_trader.account, 10000000000);
    m_server->desk.cash(m_other.account, 10000000000);
    m_server->desk.shares(m_other.account, "SSI", 1000000);
}

void StreamOrdersTest::cleanup() { m_server.reset(); }

void StreamOrdersTest::anOrderIsAcknowledgedWithItself()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    QVERIFY(client.isOpen());
    client.send(placing("7", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":100,)"
                             R"("client_order_id":"a-1")"));
    const std::string ack = client.next("\"id\":7");
    QCOMPARE(textOf(ack, "type"), std::string("ack"));
    QCOMPARE(textOf(ack, "op"), std::string("order.place"));
    QCOMPARE(textOf(ack, "duplicate"), std::string("false"));
    QCOMPARE(textOf(ack, "order/status"), std::string("ACTIVE"));
    QCOMPARE(textOf(ack, "order/client_order_id"), std::string("a-1"));
    // the same order as over REST, member by member
    const std::string id = textOf(ack, "order/order_id");
    const RawReply rest = m_server->call("GET", "/orders/" + id, {}, m_trader.token);
    QCOMPARE(rest.status, 200);
    const std::size_t at = ack.find("\"order\":") + 8;
    const std::string order = ack.substr(at, ack.size() - at - 1);
    QVERIFY2(rest.body.find(order) != std::string::npos, rest.body.c_str());
}

void StreamOrdersTest::theSameClientOrderIdIsOneOrder()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    const std::string fields =
        R"("symbol":"SSI","side":"BUY","price":"30000","quantity":100,"client_order_id":"once")";
    client.send(placing("1", fields));
    client.send(placing("2", fields));
    const std::string first = client.next("\"id\":1");
    const std::string second = client.next("\"id\":2");
    QCOMPARE(textOf(second, "type"), std::string("ack"));
    QCOMPARE(textOf(second, "duplicate"), std::string("true"));
    QCOMPARE(textOf(second, "order/order_id"), textOf(first, "order/order_id"));
    // over REST it is known as well
    const RawReply rest = m_server->call(
        "POST", "/orders",
        R"({"symbol":"SSI","side":"BUY","price":"30000","quantity":100,"client_order_id":"once"})",
        m_trader.token);
    QCOMPARE(rest.status, 200);
    client.send(placing("3", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":200,)"
                             R"("client_order_id":"once")"));
    QCOMPARE(textOf(client.next("\"id\":3"), "code"), std::string("DUPLICATE_CLIENT_ORDER_ID"));
    QCOMPARE(ordersInAll(m_trader.account), std::uint64_t{1});
}

void StreamOrdersTest::anOrderIsAmendedAndCancelled()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    client.send(placing("1", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":300)"));
    const std::string id = textOf(client.next("\"id\":1"), "order/order_id");
    client.send(R"({"op":"order.amend","id":2,"order_id":")" + id
                + R"(","quantity":"200","version":1})");
    const std::string amended = client.next("\"id\":2");
    QCOMPARE(textOf(amended, "type"), std::string("ack"));
    QCOMPARE(textOf(amended, "order/quantity"), std::string("200"));
    client.send(R"({"op":"order.amend","id":3,"order_id":")" + id
                + R"(","quantity":"100","version":1})");
    QCOMPARE(textOf(client.next("\"id\":3"), "code"), std::string("VERSION_MISMATCH"));
    client.send(R"({"op":"order.cancel","id":4,"order_id":")" + id + R"("})");
    const std::string cancelled = client.next("\"id\":4");
    QCOMPARE(textOf(cancelled, "order/status"), std::string("CANCELLED"));
    QCOMPARE(textOf(cancelled, "duplicate"), std::string("false"));
    client.send(R"({"op":"order.cancel","id":5,"order_id":")" + id + R"("})");
    QCOMPARE(textOf(client.next("\"id\":5"), "duplicate"), std::string("true"));
    client.send(R"({"op":"order.amend","id":6,"order_id":")" + id + R"(","quantity":100})");
    QCOMPARE(textOf(client.next("\"id\":6"), "code"), std::string("ORDER_NOT_AMENDABLE"));
}

// Refused as REST refuses it: same code, same sentence, same fields.
void StreamOrdersTest::whatIsRefusedIsRefusedAsOverRest_data()
{
    QTest::addColumn<QString>("fields");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const char *fields, const char *code) {
        QTest::newRow(name) << fields << code;
    };
    row("an unknown field", R"("symbol":"SSI","side":"BUY","price":30000,"quantity":100,"x":1)",
        "UNKNOWN_FIELD");
    row("no quantity", R"("symbol":"SSI","side":"BUY","price":30000)", "VALIDATION_ERROR");
    row("several fields", R"("symbol":"NOPE","side":"HOLD","price":30000,"quantity":"x")",
        "VALIDATION_ERROR");
    row("an unknown symbol", R"("symbol":"NOPE","side":"BUY","price":30000,"quantity":100)",
        "INSTRUMENT_UNKNOWN");
    row("off the tick", R"("symbol":"SSI","side":"BUY","price":30001,"quantity":100)",
        "INVALID_TICK");
    row("a broken lot", R"("symbol":"SSI","side":"BUY","price":30000,"quantity":150)",
        "INVALID_LOT");
    row("thousands", R"("symbol":"SSI","side":"BUY","price":30,"quantity":100)",
        "PRICE_BELOW_FLOOR");
    row("no cash", R"("symbol":"SSI","side":"BUY","price":30000,"quantity":500000)",
        "INSUFFICIENT_CASH");
    row("no shares", R"("symbol":"SSI","side":"SELL","price":30000,"quantity":100)",
        "INSUFFICIENT_SECURITIES");
    row("another's account",
        R"("symbol":"SSI","side":"BUY","price":30000,"quantity":100,)"
        R"("account_id":"01890000-0000-7000-8000-000000000000")",
        "FORBIDDEN");
    row("an exponent", R"("symbol":"SSI","side":"BUY","price":3e4,"quantity":100)",
        "VALIDATION_ERROR");
}

void StreamOrdersTest::whatIsRefusedIsRefusedAsOverRest()
{
    QFETCH(QString, fields);
    QFETCH(QString, code);
    const std::string body = fields.toStdString();
    for (const std::string language : {"en", "vi"}) {
        const RawReply rest = m_server->call("POST", "/orders", "{" + body + "}", m_trader.token,
                                             "Accept-Language: " + language + "\r\n");
        QVERIFY(rest.status >= 400);
        StreamClient client(m_server->url, "/ws/v1", m_trader.token,
                            "Accept-Language: " + language + "\r\n");
        client.send(placing("\"x\"", body));
        const std::string error = client.next("\"id\":\"x\"");
        QCOMPARE(textOf(error, "type"), std::string("error"));
        QCOMPARE(textOf(error, "code"), code.toStdString());
        QCOMPARE(textOf(error, "code"), textAt(rest, "code"));
        QCOMPARE(textOf(error, "message"), textAt(rest, "message"));
        const auto errors = [](const std::string &json) {
            const std::size_t at = json.find("\"errors\":[");
            return json.substr(at, json.find(']', at) - at);
        };
        QCOMPARE(errors(error), errors(rest.body));
    }
    QCOMPARE(ordersInAll(m_trader.account), std::uint64_t{0});
}

void StreamOrdersTest::onlyOwnersAndTradersMayTouchAnOrder()
{
    StreamClient mine(m_server->url, "/ws/v1", m_trader.token);
    mine.send(placing("1", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":100)"));
    const std::string id = textOf(mine.next("\"id\":1"), "order/order_id");
    StreamClient theirs(m_server->url, "/ws/v1", m_other.token);
    theirs.send(R"({"op":"order.cancel","id":1,"order_id":")" + id + R"("})");
    QCOMPARE(textOf(theirs.next("\"id\":1"), "code"), std::string("NOT_FOUND"));
    theirs.send(R"({"op":"order.amend","id":2,"order_id":")" + id + R"(","quantity":200})");
    QCOMPARE(textOf(theirs.next("\"id\":2"), "code"), std::string("NOT_FOUND"));
    theirs.send(R"({"op":"order.cancel","id":3,"order_id":"not-an-id"})");
    QCOMPARE(textOf(theirs.next("\"id\":3"), "code"), std::string("NOT_FOUND"));
    theirs.send(R"({"op":"order.cancel","id":4})");
    QCOMPARE(textOf(theirs.next("\"id\":4"), "code"), std::string("VALIDATION_ERROR"));
    theirs.send(R"({"op":"order.cancel","id":5,"order_id":")" + id + R"(","price":1})");
    QCOMPARE(textOf(theirs.next("\"id\":5"), "code"), std::string("UNKNOWN_FIELD"));
    StreamClient viewer(m_server->url, "/ws/v1", m_viewer.token);
    viewer.send(placing("1", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":100)"));
    QCOMPARE(textOf(viewer.next("\"id\":1"), "code"), std::string("FORBIDDEN"));
}

// 3,000 orders in one burst: each is answered once, and none of the flood guard's hundred a second.
void StreamOrdersTest::manyOrdersMayBeOutstanding()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    constexpr int burst = 3000;
    std::string frames;
    for (int i = 0; i < burst; ++i)
        frames += RawFrame{.payload = placing(
                               std::to_string(i),
                               R"("symbol":"SSI","side":"BUY","price":"30000","quantity":100)")}
                      .bytes();
    client.sendBytes(frames);
    std::vector<int> answers(burst);
    int acks = 0;
    for (int i = 0; i < burst; ++i) {
        const std::string answer = client.next("\"op\":\"order.place\"");
        QVERIFY(!answer.empty());
        ++answers[static_cast<std::size_t>(std::stoi(textOf(answer, "id")))];
        if (textOf(answer, "type") == "ack")
            ++acks;
        else
            QVERIFY2(textOf(answer, "code") == "OVERLOADED"
                         || textOf(answer, "code") == "INSUFFICIENT_CASH",
                     answer.c_str());
    }
    QCOMPARE(std::count(answers.begin(), answers.end(), 1), burst);
    QCOMPARE(ordersInAll(m_trader.account), static_cast<std::uint64_t>(acks));
    QVERIFY(acks >= 1024);
}

void StreamOrdersTest::executionsPositionsAndCashArriveAsTheyHappen()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    QVERIFY(subscribed(client, "executions").find("\"executions\":[]") != std::string::npos);
    QVERIFY(subscribed(client, "positions").find("\"positions\":[]") != std::string::npos);
    QCOMPARE(textOf(subscribed(client, "cash"), "type"), std::string("snapshot"));
    m_server->desk.order(m_other.account, "SSI", Side::Sell, OrderType::LO, 200, 30000);
    client.send(placing("1", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":200)"));
    std::map<std::string, std::string> updates;
    while (updates.size() < 3) {
        const std::string update = client.next("\"type\":\"update\"");
        QVERIFY(!update.empty());
        // cash and positions change twice: when it is held, and when it trades
        updates[textOf(update, "channel")] = update;
    }
    QVERIFY(updates["executions"].find("\"quantity\":\"200\"") != std::string::npos);
    QVERIFY(updates["positions"].find("\"pending_t0\":\"200\"") != std::string::npos);
    QVERIFY(updates["cash"].find("\"currency\":\"VND\"") != std::string::npos);
    const Balance balance = m_server->desk.dong(m_trader.account);
    QVERIFY2(
        updates["cash"].find("\"current_balance\":\"" + std::to_string(balance.current.raw()) + '"')
            != std::string::npos,
        updates["cash"].c_str());
}

void StreamOrdersTest::whatCameAfterASequenceIsReplayed()
{
    m_server->desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29500, "early");
    std::string seq;
    {
        StreamClient client(m_server->url, "/ws/v1", m_trader.token);
        const std::string snapshot = subscribed(client, "orders");
        QCOMPARE(textOf(snapshot, "type"), std::string("snapshot"));
        QVERIFY(snapshot.find("\"early\"") != std::string::npos);
        client.send(placing("1", R"("symbol":"SSI","side":"BUY","price":"30000",)"
                                 R"("quantity":100,"client_order_id":"seen")"));
        const std::string update = client.next("\"type\":\"update\"");
        QCOMPARE(textOf(update, "prev_seq"), textOf(snapshot, "seq"));
        seq = textOf(update, "seq");
        client.cut();
    }
    m_server->desk.clockTo("2026-11-20T10:05:00+07:00");
    m_server->desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 30100, "missed");
    m_server->desk.clockTo("2026-11-20T10:10:00+07:00");
    m_server->desk.order(m_other.account, "SSI", Side::Sell, OrderType::LO, 100, 30100);
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    const std::string replay = subscribed(client, "orders", ",\"since_seq\":" + seq);
    QCOMPARE(textOf(replay, "type"), std::string("replay"));
    QCOMPARE(textOf(replay, "since_seq"), seq);
    QVERIFY(replay.find("\"missed\"") != std::string::npos);
    QVERIFY(replay.find("\"FILLED\"") != std::string::npos);
    QVERIFY(replay.find("resync") == std::string::npos);
    const std::string executions = subscribed(client, "executions", ",\"since_seq\":" + seq);
    QCOMPARE(textOf(executions, "type"), std::string("replay"));
    QVERIFY(executions.find("\"price\":\"30100\"") != std::string::npos);
    // the last one is known: nothing is owed
    const std::string later = textOf(executions, "seq");
    m_server->desk.clockTo("2026-11-20T10:15:00+07:00");
    StreamClient again(m_server->url, "/ws/v1", m_trader.token);
    const std::string nothing = subscribed(again, "executions", ",\"since_seq\":" + later);
    QVERIFY(nothing.find("\"more\":false") != std::string::npos);
}

void StreamOrdersTest::aSequenceThatIsNotKeptIsASnapshot()
{
    m_server->desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29500, "one");
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    const std::string snapshot = subscribed(client, "orders", ",\"since_seq\":999999999");
    QCOMPARE(textOf(snapshot, "type"), std::string("snapshot"));
    QCOMPARE(textOf(snapshot, "resync"), std::string("true"));
    QVERIFY(snapshot.find("\"one\"") != std::string::npos);
    const std::string cash = subscribed(client, "cash", ",\"since_seq\":999999999");
    QCOMPARE(textOf(cash, "resync"), std::string("true"));
}

void StreamOrdersTest::aReplayGoesBackBeyondARestart()
{
    DeskFixture &desk = m_server->desk;
    desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29'500, "early");
    desk.clockTo("2026-11-20T10:05:00+07:00");
    desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29'600, "last seen");
    const std::string seq = std::to_string(desk.desk->health().sequence);
    desk.clockTo("2026-11-20T10:10:00+07:00");
    desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29'700, "missed");
    m_server->server.reset();
    desk.desk.reset();
    desk.open(std::nullopt);
    server::Options options;
    options.port = 0;
    m_server->server = std::make_unique<server::Server>(options, *desk.desk, *m_server->identity);
    const auto started = m_server->server->start();
    QVERIFY(started);
    StreamClient client(*started, "/ws/v1", m_trader.token);
    const std::string replay = subscribed(client, "orders", ",\"since_seq\":" + seq);
    QCOMPARE(textOf(replay, "type"), std::string("replay"));
    QVERIFY(replay.find("\"missed\"") != std::string::npos);
    QVERIFY(replay.find("\"early\"") == std::string::npos);
}

// More rows than one message holds come in pieces, all of them and each once.
void StreamOrdersTest::aLongDayIsSentInPieces()
{
    constexpr int orders = 1234;
    for (int i = 0; i < orders; ++i)
        m_server->desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29500,
                             "n" + std::to_string(i));
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    client.send(R"({"op":"subscribe","id":1,"channel":"orders"})");
    std::set<std::string> seen;
    std::size_t rows = 0;
    std::string more = "true";
    while (more == "true") {
        const std::string page = client.next("\"snapshot\"");
        QVERIFY(!page.empty());
        const auto document = server::JsonDocument::parse(page);
        const auto list = document->root().find("orders");
        for (auto order = list->first(); order; order = order->next(), ++rows)
            seen.insert(std::string(order->find("client_order_id")->text()));
        more = textOf(page, "more");
    }
    QCOMPARE(rows, static_cast<std::size_t>(orders));
    QCOMPARE(seen.size(), static_cast<std::size_t>(orders));
}

/// What waits for a reader is bounded: past 4 MiB it is closed, and who reads on finds out why.
void StreamOrdersTest::aReaderWhoIsTooSlowIsToldSo()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    client.raw().socket().setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 131'072);
    client.raw().socket().setReadBufferSize(65'536);
    QVERIFY(!subscribed(client, "orders").empty());
    DeskFixture &desk = m_server->desk;
    desk.cash(m_trader.account, 1'000'000'000);
    const auto placed =
        desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 1'000, 30'000);
    QVERIFY(placed.ok());
    constexpr int changes = 24'000;
    std::atomic<int> answered = 0;
    for (int k = 0; k < changes; ++k) {
        desk.desk->submit(
            AmendOrder{
                m_trader.account, placed.order->id, {}, Quantity(k % 2 == 0 ? 900 : 1'000), {}},
            [&answered](CommandResult) { ++answered; });
    }
    QTRY_COMPARE_WITH_TIMEOUT(answered.load(), changes, 30'000);
    client.raw().socket().setReadBufferSize(0);
    QCOMPARE(client.closeCode(), 1013);
}

void StreamOrdersTest::privateChannelsAreOnesOwn()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    for (const std::string channel : {"orders", "executions", "positions", "cash"})
        QVERIFY(!subscribed(client, channel).empty());
    m_server->desk.order(m_other.account, "SSI", Side::Sell, OrderType::LO, 100, 30000);
    m_server->desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 29000, "own");
    const std::string update = client.next("\"type\":\"update\"");
    QVERIFY(update.find("oanh") == std::string::npos);
    QVERIFY(update.find(m_server->desk.desk->account(m_other.account)->id.text())
            == std::string::npos);
    client.send(R"({"op":"subscribe","id":9,"channel":"cash","account_id":")"
                + m_server->desk.desk->account(m_other.account)->id.text() + R"("})");
    QCOMPARE(textOf(client.next("\"id\":9"), "code"), std::string("FORBIDDEN"));
}

void StreamOrdersTest::quotesAndSessionsFollowTheMarket()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    client.send(R"({"op":"subscribe","id":1,"channel":"quotes","symbols":["SSI"]})");
    const std::string snapshot = client.next("\"snapshot\"");
    QCOMPARE(textOf(snapshot, "symbol"), std::string("SSI"));
    QCOMPARE(textOf(snapshot, "session"), std::string("CONTINUOUS"));
    client.send(R"({"op":"subscribe","id":2,"channel":"session"})");
    QVERIFY(!client.next("\"market\":\"HOSE\"").empty());
    m_server->desk.order(m_other.account, "SSI", Side::Sell, OrderType::LO, 300, 30000);
    m_server->desk.order(m_trader.account, "SSI", Side::Buy, OrderType::LO, 100, 30000);
    std::string quote;
    do {
        quote = client.next("\"channel\":\"quotes\"");
        QVERIFY(!quote.empty());
    } while (textOf(quote, "last") != "30000");
    QCOMPARE(textOf(quote, "volume"), std::string("100"));
    m_server->desk.clockTo("2026-11-20T11:31:00+07:00");
    const std::string session = client.next("\"channel\":\"session\",\"type\":\"update\"");
    QVERIFY2(session.find("\"BREAK\"") != std::string::npos, session.c_str());
    client.send(R"({"op":"resync","id":3,"channel":"quotes","symbols":["SSI"]})");
    QVERIFY(!client.next("\"snapshot\"").empty());
    client.send(R"({"op":"resync","id":4,"channel":"book","symbols":["SSI"]})");
    QCOMPARE(textOf(client.next("\"id\":4"), "code"), std::string("VALIDATION_ERROR"));
}

void StreamOrdersTest::aTokenThatIsRevokedEndsTheStream()
{
    StreamClient client(m_server->url, "/ws/v1", m_trader.token);
    client.send(R"({"op":"ping","id":1})");
    QVERIFY(!client.next("pong").empty());
    QCOMPARE(m_server->call("POST", "/auth/logout", {}, m_trader.token).status, 200);
    client.send(placing("2", R"("symbol":"SSI","side":"BUY","price":"30000","quantity":100)"));
    QCOMPARE(client.closeCode(), 4401);
    QCOMPARE(ordersInAll(m_trader.account), std::uint64_t{0});
}

void StreamOrdersTest::anIdleStreamOfARevokedTokenEndsToo()
{
    StreamClient client(m_server->url, "/ws/v1");
    client.send(R"({"op":"auth","token":")" + m_trader.token + R"("})");
    QVERIFY(!client.next("\"ack\"").empty());
    QCOMPARE(m_server->call("POST", "/auth/logout", {}, m_trader.token).status, 200);
    QCOMPARE(client.closeCode(), 4401);
}

void StreamOrdersTest::theLanguageMayBeSaidWithTheToken()
{
    StreamClient client(m_server->url, "/ws/v1");
    client.send(R"({"op":"auth","id":1,"token":")" + m_trader.token + R"(","lang":"vi"})");
    QVERIFY(!client.next("\"ack\"").empty());
    client.send(placing("2", R"("symbol":"SSI","side":"BUY","price":"30001","quantity":100)"));
    const RawReply rest = m_server->call(
        "POST", "/orders", R"({"symbol":"SSI","side":"BUY","price":"30001","quantity":100})",
        m_trader.token, "Accept-Language: vi\r\n");
    QCOMPARE(textOf(client.next("\"id\":2"), "message"), textAt(rest, "message"));
}

#endif

QTEST_GUILESS_MAIN(StreamOrdersTest)
#include "tst_server_stream_orders.moc"
