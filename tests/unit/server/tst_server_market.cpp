// SPDX-License-Identifier: GPL-3.0-or-later
// Quotes, candles, the place in a queue, order statistics, listing instruments, the journal.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class MarketApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_buyer, m_seller, m_admin;

    std::string place(const ServerFixture::Person &who, const char *side, int quantity, int price)
    {
        const RawReply reply = m_server->call("POST", "/orders",
                                              std::string("{\"symbol\":\"SSI\",\"side\":\"") + side
                                                  + "\",\"quantity\":" + std::to_string(quantity)
                                                  + ",\"price\":" + std::to_string(price) + "}",
                                              who.token);
        if (reply.status != 201)
            qFatal("order: %s", reply.body.c_str());
        return textAt(reply, "data/order_id");
    }
    RawReply get(const std::string &path, const ServerFixture::Person &who)
    {
        return m_server->call("GET", path, {}, who.token);
    }
    /// The text at a path in the n-th element of an array of data.
    static std::string inList(const RawReply &reply, const char *list, std::size_t n,
                              const char *field)
    {
        const auto document = reply.json();
        const auto array = document.root().find("data")->find(list);
        if (!array)
            return "no " + std::string(list);
        std::optional<server::JsonValue> item = array->first();
        for (; item && n > 0; --n)
            item = item->next();
        const auto value = item ? item->find(field) : std::nullopt;
        return value ? std::string(value->text()) : "nothing";
    }

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<ServerFixture>();
        m_buyer = m_server->person("binh", server::Role::Trader);
        m_seller = m_server->person("bich", server::Role::Trader);
        m_admin = m_server->person("anh", server::Role::Admin);
        m_server->desk.cash(m_buyer.account, 1'000'000'000);
        const RawReply given =
            m_server->call("POST", "/accounts/" + m_seller.user.accountId.text() + "/securities",
                           "{\"symbol\":\"SSI\",\"quantity\":10000}", m_admin.token);
        QCOMPARE(given.status, 200);
    }
    void cleanup() { m_server.reset(); }

    void quotesShowTheDay()
    {
        place(m_seller, "SELL", 300, 31'000);
        place(m_buyer, "BUY", 200, 31'000);
        const RawReply quotes = get("/quotes?symbols=SSI,fpt", m_buyer);
        QCOMPARE(quotes.status, 200);
        QCOMPARE(textAt(quotes, "data/total_count"), "2");
        QCOMPARE(inList(quotes, "quotes", 0, "symbol"), "SSI");
        QCOMPARE(inList(quotes, "quotes", 0, "last"), "31000");
        QCOMPARE(inList(quotes, "quotes", 0, "volume"), "200");
        QCOMPARE(inList(quotes, "quotes", 0, "value"), "6200000");
        QCOMPARE(inList(quotes, "quotes", 1, "symbol"), "FPT");
    }

    void candlesAreMadeOfTrades()
    {
        place(m_seller, "SELL", 300, 31'000);
        place(m_seller, "SELL", 300, 31'200);
        place(m_buyer, "BUY", 500, 31'200);
        for (const char *interval : {"1m", "1h", "1D"}) {
            const RawReply candles =
                get(std::string("/candles?symbol=SSI&interval=") + interval, m_buyer);
            QCOMPARE(candles.status, 200);
            QCOMPARE(textAt(candles, "data/total_count"), "1");
            QCOMPARE(inList(candles, "candles", 0, "open"), "31000");
            QCOMPARE(inList(candles, "candles", 0, "high"), "31200");
            QCOMPARE(inList(candles, "candles", 0, "low"), "31000");
            QCOMPARE(inList(candles, "candles", 0, "close"), "31200");
            QCOMPARE(inList(candles, "candles", 0, "volume"), "500");
            QCOMPARE(inList(candles, "candles", 0, "trades"), "2");
        }
        QCOMPARE(textAt(get("/candles?symbol=SSI&interval=1m&to=2026-11-19", m_buyer),
                        "data/total_count"),
                 "0");
        QCOMPARE(get("/candles?symbol=SSI&interval=7m", m_buyer).status, 422);
    }

    void anOrderKnowsItsPlace()
    {
        place(m_seller, "SELL", 300, 31'500);
        place(m_seller, "SELL", 200, 31'500);
        const std::string third = place(m_seller, "SELL", 100, 31'500);
        const std::string path = "/orders/" + third + "/queue";
        QCOMPARE(textAt(get(path, m_seller), "data/quantity_ahead"), "500");
        place(m_buyer, "BUY", 400, 31'500);
        QCOMPARE(textAt(get(path, m_seller), "data/quantity_ahead"), "100");
        QCOMPARE(get(path, m_buyer).status, 404);
        place(m_buyer, "BUY", 200, 31'500);
        const RawReply done = get(path, m_seller);
        QCOMPARE(textAt(done, "data/status"), "FILLED");
        QCOMPARE(textAt(done, "data/resting"), "false");
    }

    void statisticsCountOrdersAndVolumes()
    {
        place(m_seller, "SELL", 300, 31'000);
        place(m_buyer, "BUY", 300, 31'000);
        const std::string open = place(m_buyer, "BUY", 100, 30'500);
        place(m_buyer, "BUY", 100, 30'400);
        QCOMPARE(m_server->call("DELETE", "/orders/" + open, {}, m_buyer.token).status, 200);
        const RawReply summary = get("/orders/statistics/summary", m_buyer);
        QCOMPARE(summary.status, 200);
        QCOMPARE(textAt(summary, "data/total_orders"), "3");
        QCOMPARE(textAt(summary, "data/by_status/FILLED"), "1");
        QCOMPARE(textAt(summary, "data/by_status/CANCELLED"), "1");
        QCOMPARE(textAt(summary, "data/by_status/ACTIVE"), "1");
        QCOMPARE(textAt(summary, "data/filled_percent"), "33.33");
        QCOMPARE(inList(summary, "by_currency", 0, "bought"), "9300000");
        QCOMPARE(textAt(get("/orders/statistics/summary?symbol=FPT", m_buyer), "data/total_orders"),
                 "0");
    }

    void filteredTotalsFollowWhatHappens()
    {
        const std::string first = place(m_buyer, "BUY", 100, 30'500);
        place(m_buyer, "BUY", 100, 30'400);
        const auto total = [this](const char *filter) {
            return textAt(get(std::string("/orders?") + filter, m_buyer), "data/total_count");
        };
        QCOMPARE(total("status=ACTIVE"), "2");
        QCOMPARE(total("status=ACTIVE&symbol=SSI"), "2");
        QCOMPARE(total("symbol=SSI"), "2");
        QCOMPARE(total("symbol=FPT"), "0");
        QCOMPARE(m_server->call("DELETE", "/orders/" + first, {}, m_buyer.token).status, 200);
        place(m_buyer, "BUY", 100, 30'300);
        QCOMPARE(total("status=ACTIVE"), "2");
        QCOMPARE(total("status=CANCELLED"), "1");
        QCOMPARE(total("status=ACTIVE&symbol=SSI"), "2");
        QCOMPARE(total("symbol=SSI"), "3");
        QCOMPARE(total("client_order_id=none"), "0");
    }

    void administratorsListAndChangeInstruments()
    {
        const char *terms =
            "{\"symbol\":\"newco\",\"exchange\":\"HNX\",\"name\":\"New, \\\"Co\\\"\","
            "\"reference\":20000,\"sector\":\"Thử\"}";
        QCOMPARE(m_server->call("POST", "/inventory/assets", terms, m_buyer.token).status, 403);
        const RawReply listed = m_server->call("POST", "/inventory/assets", terms, m_admin.token);
        QCOMPARE(listed.status, 201);
        QCOMPARE(textAt(listed, "data/instrument/name"), "New, \"Co\"");
        QCOMPARE(textAt(listed, "data/instrument/ceiling"), "22000");
        QCOMPARE(m_server->call("POST", "/inventory/assets", terms, m_admin.token).status, 409);
        QCOMPARE(textAt(m_server->call("GET", "/instruments/NEWCO"), "data/symbol"), "NEWCO");

        const RawReply changed = m_server->call("PATCH", "/inventory/assets/NEWCO",
                                                "{\"name\":\"Newer\"}", m_admin.token);
        QCOMPARE(changed.status, 200);
        QCOMPARE(textAt(changed, "data/instrument/name"), "Newer");
        const RawReply fixed = m_server->call("PATCH", "/inventory/assets/NEWCO",
                                              "{\"exchange\":\"HOSE\"}", m_admin.token);
        QCOMPARE(fixed.status, 422);
        const RawReply wrong = m_server->call(
            "POST", "/inventory/assets",
            "{\"symbol\":\"BAD\",\"exchange\":\"HNX\",\"reference\":\"cheap\"}", m_admin.token);
        QCOMPARE(wrong.status, 422);
        QVERIFY2(wrong.body.find("/reference") != std::string::npos, wrong.body.c_str());
        QCOMPARE(
            m_server->call("PATCH", "/inventory/assets/NOBODY", "{\"name\":\"x\"}", m_admin.token)
                .status,
            404);
    }

    void aListingWaitsWhileOrdersAreOpen()
    {
        place(m_buyer, "BUY", 100, 30'500);
        for (const char *symbol : {"WAITA", "WAITB"}) {
            const RawReply waits =
                m_server->call("POST", "/inventory/assets",
                               std::string("{\"symbol\":\"") + symbol
                                   + "\",\"exchange\":\"HOSE\",\"name\":\"W\",\"reference\":10000}",
                               m_admin.token);
            QCOMPARE(waits.status, 202);
            QCOMPARE(textAt(waits, "data/in_force"), "false");
        }
        QCOMPARE(m_server->call("GET", "/instruments/WAITA").status, 404);
        // The next day: both are there, the second did not push the first aside.
        const RawReply moved = m_server->call(
            "PUT", "/practice/clock", "{\"time\":\"2026-11-23T09:30:00+07:00\"}", m_admin.token);
        QCOMPARE(moved.status, 200);
        QTRY_COMPARE(m_server->call("GET", "/instruments/WAITA").status, 200);
        QCOMPARE(m_server->call("GET", "/instruments/WAITB").status, 200);
    }

    void theJournalIsExportedAndVerified()
    {
        const std::string order = place(m_buyer, "BUY", 100, 30'500);
        const RawReply journal = get("/audit?limit=100", m_admin);
        QCOMPARE(journal.status, 200);
        QVERIFY(journal.body.find("\"kind\":\"PlaceOrder\",\"account_id\":\""
                                  + m_buyer.user.accountId.text() + "\",\"order_id\":\"" + order)
                != std::string::npos);
        // Each group names the hash of the one before it.
        const auto document = journal.json();
        std::string previous;
        for (auto entry = document.root().find("data")->find("entries")->first(); entry;
             entry = entry->next()) {
            QCOMPARE(std::string(entry->find("previous_hash")->text()), previous);
            previous = entry->find("hash")->text();
        }
        const RawReply page = get("/audit?from_seq=2&limit=1", m_admin);
        QCOMPARE(inList(page, "entries", 0, "first_seq"), "2");
        const RawReply verified = get("/audit/verify", m_admin);
        QCOMPARE(textAt(verified, "data/whole"), "true");
    }
};

QTEST_GUILESS_MAIN(MarketApiTest)
#include "tst_server_market.moc"
