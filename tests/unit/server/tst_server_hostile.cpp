// SPDX-License-Identifier: GPL-3.0-or-later
// Each of the hostile requests gets its answer, changes nothing, and leaves the server well.
#include "../../support/server_fixture.h"

#include "base/utf8.h"

#ifndef Q_MOC_RUN
#include "hostile_requests.h"
#endif

#include <QTest>

using namespace khop;
using namespace khop::test;

class HostileTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    std::map<std::string, std::string> m_words;
    std::vector<HostileRequest> m_rows;

    std::string filled(std::string text) const
    {
        // Longer names first: $THEIRS before $T.
        for (const char *name : {"$ACCOUNT", "$THEIRS", "$ORDER", "$OTHER", "$A", "$V", "$T"}) {
            const std::string &word = m_words.at(name);
            for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;
                 at += word.size())
                text.replace(at, std::string_view(name).size(), word);
        }
        // The length of a body is counted before its words are known.
        const std::size_t end = text.find("\r\n\r\n");
        const std::size_t length = text.find("Content-Length: ");
        if (length < end && end != std::string::npos) {
            const std::size_t line = text.find("\r\n", length);
            text.replace(length, line - length,
                         "Content-Length: " + std::to_string(text.size() - end - 4));
        }
        return text;
    }

    /// Whatever a request could have changed.
    std::string state()
    {
        const ServiceHealth health = m_server->desk.desk->health();
        std::string state = std::to_string(health.orders) + ' ' + std::to_string(health.executions)
                            + ' ' + std::to_string(m_server->identity->users().size());
        for (const AccountInfo &account : m_server->desk.desk->accounts()) {
            for (const Balance &balance : m_server->desk.desk->balances(account.no))
                state += ' ' + std::to_string(balance.available.raw()) + '+'
                         + std::to_string(balance.held.raw());
        }
        return state;
    }

private Q_SLOTS:
    void initTestCase()
    {
        server::Options options;
        options.limits.lingerTimeout = 200;
        m_server = std::make_unique<ServerFixture>(options);
        const auto trader = m_server->person("binh", server::Role::Trader);
        const auto other = m_server->person("bich", server::Role::Trader);
        const auto viewer = m_server->person("xem", server::Role::Viewer);
        const auto admin = m_server->person("anh", server::Role::Admin);
        const auto place = [this](const ServerFixture::Person &who) {
            m_server->desk.cash(who.account, 100'000'000);
            return textAt(m_server->call("POST", "/orders",
                                         "{\"symbol\":\"SSI\",\"side\":\"BUY\",\"quantity\":100,"
                                         "\"price\":31000}",
                                         who.token),
                          "data/order_id");
        };
        m_words = {{"$T", trader.token},
                   {"$V", viewer.token},
                   {"$A", admin.token},
                   {"$ORDER", place(trader)},
                   {"$THEIRS", place(other)},
                   {"$ACCOUNT", trader.user.accountId.text()},
                   {"$OTHER", other.user.accountId.text()}};
        QVERIFY(!m_words["$ORDER"].empty());
        m_rows = HostileRequests().all();
        QVERIFY2(m_rows.size() >= 140, std::to_string(m_rows.size()).c_str());
    }
    void cleanupTestCase() { m_server.reset(); }

    void aHostileRequestIsRefusedAndChangesNothing_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            QTest::newRow(m_rows[i].name.c_str()) << static_cast<int>(i);
    }
    void aHostileRequestIsRefusedAndChangesNothing()
    {
        QFETCH(int, index);
        const HostileRequest &row = m_rows[static_cast<std::size_t>(index)];
        const std::string before = state();
        RawClient client(m_server->url);
        client.send(row.closes ? row.bytes : filled(row.bytes));
        const RawReply reply = client.receive();
        QVERIFY2(reply.status == row.status,
                 ("answered " + std::to_string(reply.status) + " instead of "
                  + std::to_string(row.status) + ": " + reply.body.substr(0, 300))
                     .c_str());
        if (!row.code.empty())
            QCOMPARE(textAt(reply, "code"), row.code);
        QVERIFY2(isUtf8(reply.body), "the answer is no text");
        if (reply.status >= 400) {
            QVERIFY2(reply.body.find(m_words.at("$T")) == std::string::npos,
                     "a token was sent back");
            QCOMPARE(reply.headers.at("content-type"), "application/problem+json");
            QVERIFY(!textAt(reply, "code").empty());
            QVERIFY(!textAt(reply, "message").empty());
        }
        QVERIFY(!reply.headers.contains("access-control-allow-origin"));
        QVERIFY(!reply.headers.contains("set-cookie"));
        QVERIFY(!reply.headers.contains("x-evil"));
        if (row.closes)
            QVERIFY(client.isClosedByServer());

        QCOMPARE(state(), before);
        const RawReply health = m_server->call("GET", "/health");
        QCOMPARE(health.status, 200);
        QCOMPARE(textAt(health, "status"), "healthy");
    }
};

QTEST_GUILESS_MAIN(HostileTest)
#include "tst_server_hostile.moc"
