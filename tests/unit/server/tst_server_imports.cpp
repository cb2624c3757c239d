// SPDX-License-Identifier: GPL-3.0-or-later
// Brokers' statements over REST: looked at, applied, undone; who may, and what is refused.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class ImportsApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_viewer, m_admin;
    int m_traders = 0;

    RawReply send(std::string_view target, std::string_view body, const std::string &token,
                  std::string_view type = "text/csv", std::string_view headers = {})
    {
        RawClient client(m_server->url);
        client.send("POST " + std::string(target)
                    + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                      "Bearer "
                    + token + "\r\nContent-Type: " + std::string(type)
                    + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"
                    + std::string(headers) + "\r\n" + std::string(body));
        return client.receive(30'000);
    }
    RawReply post(const std::string &target, const ServerFixture::Person &who)
    {
        return m_server->call("POST", target, {}, who.token);
    }
    RawReply get(const std::string &target, const ServerFixture::Person &who)
    {
        return m_server->call("GET", target, {}, who.token);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<ServerFixture>();
        m_other = m_server->person("bich", server::Role::Trader);
        m_viewer = m_server->person("lan", server::Role::Viewer);
        m_admin = m_server->person("chu", server::Role::Admin);
    }
    /// A trader who has done nothing yet, for all rows of a function.
    void init()
    {
        if (!QTest::currentDataTag() || m_trader.token.empty())
            m_trader = m_server->person("binh" + std::to_string(++m_traders), server::Role::Trader);
    }
    void cleanupTestCase() { m_server.reset(); }

    void aStatementIsLookedAtAppliedAndUndone();
    void columnsMayBeMapped();
    void rowsThatCannotBeReadAreSaidAndMayBeLeftOut();
    void whatIsMissingMayBeCovered();
    void othersSeeAndChangeNothing();
    void badRequestsSayWhatIsWrong_data();
    void badRequestsSayWhatIsWrong();
    void filesAreBounded();
    void recordsAreExported();
    void theYearComesAsCsvAndPdf();
    void badExportsSayWhatIsWrong_data();
    void badExportsSayWhatIsWrong();
};

namespace {

const std::string trades =
    "Ngày GD,Mã CK,Loại lệnh,KL khớp,Giá khớp,Giá trị khớp,Phí,Thuế\n"
    "05/11/2026,SSI,Bán,500,\"32,000\",\"16,000,000\",\"24,000\",\"16,000\"\n"
    "02/11/2026,SSI,Mua,\"1,000\",\"31,000\",\"31,000,000\",\"46,500\",0\n";
const std::string cash = "Ngày;Diễn giải;Phát sinh tăng;Phát sinh giảm\n"
                         "02/11/2026;Nộp tiền;100.000.000;0\n";

} // namespace

void ImportsApiTest::aStatementIsLookedAtAppliedAndUndone()
{
    RawReply reply = send("/api/v1/import/cash?preset=SSI", cash, m_trader.token);
    QVERIFY2(reply.status == 200, reply.body.c_str());
    const std::string cashId = textAt(reply, "data/import_id");
    QCOMPARE(textAt(reply, "data/added_count"), std::string("1"));
    QCOMPARE(post("/import/" + cashId + "/apply", m_trader).status, 200);

    reply = send("/import/trades?preset=ssi&file_name=T.csv", trades, m_trader.token);
    QVERIFY2(reply.status == 200, reply.body.c_str());
    QCOMPARE(textAt(reply, "data/added_count"), std::string("2"));
    QCOMPARE(textAt(reply, "data/reading/encoding"), std::string("UTF-8"));
    QCOMPARE(textAt(reply, "data/status"), std::string("PREVIEW"));
    const std::string id = textAt(reply, "data/import_id");
    QCOMPARE(textAt(get("/positions/SSI", m_trader), "data/quantity"), std::string()); // not yet

    reply = post("/import/" + id + "/apply", m_trader);
    QVERIFY2(reply.status == 200, reply.body.c_str());
    const std::string before = textAt(reply, "data/ledger_hash_before");
    const std::string after = textAt(reply, "data/ledger_hash");
    QVERIFY(before.size() == 32 && after.size() == 32 && before != after);
    QCOMPARE(textAt(get("/positions/SSI", m_trader), "data/quantity"), std::string("500"));
    QCOMPARE(textAt(get("/balance", m_trader), "data/current_balance"), std::string("84913500"));
    // applied again it is the same import
    reply = post("/import/" + id + "/apply", m_trader);
    QCOMPARE(reply.status, 200);
    QCOMPARE(textAt(reply, "data/ledger_hash"), after);
    // read again there is nothing new
    reply = send("/import/trades?preset=SSI", trades, m_trader.token);
    QCOMPARE(textAt(reply, "data/added_count"), std::string("0"));
    QCOMPARE(textAt(reply, "data/duplicate_count"), std::string("2"));
    reply = post("/import/" + textAt(reply, "data/import_id") + "/apply", m_trader);
    QCOMPARE(textAt(reply, "data/row_count"), std::string("0"));
    QCOMPARE(textAt(reply, "data/ledger_hash"), after);

    reply = get("/import/" + id, m_trader);
    QCOMPARE(textAt(reply, "data/file_name"), std::string("T.csv"));
    QCOMPARE(textAt(reply, "data/total_count"), std::string("2"));
    reply = post("/import/" + id + "/undo", m_trader);
    QVERIFY2(reply.status == 200, reply.body.c_str());
    QCOMPARE(textAt(reply, "data/ledger_hash"), before);
    QCOMPARE(textAt(reply, "data/status"), std::string("UNDONE"));
    QCOMPARE(post("/import/" + id + "/undo", m_trader).status, 404);
    QCOMPARE(post("/import/" + id + "/apply", m_trader).status, 404);
    reply = get("/import", m_trader);
    QCOMPARE(textAt(reply, "data/total_count"), std::string("2"));
}

void ImportsApiTest::columnsMayBeMapped()
{
    const std::string file = "when|what|way|how many|at\n2026-11-02|SSI|Buy|100|31000\n";
    const RawReply reply = send("/import/trades?col_day=when&col_symbol=what&col_side=way"
                                "&col_quantity=how%20many&col_price=at&cover_cash=true",
                                file, m_trader.token, "application/octet-stream");
    QVERIFY2(reply.status == 200, reply.body.c_str());
    QCOMPARE(textAt(reply, "data/added_count"), std::string("1"));
    QCOMPARE(textAt(reply, "data/covered_amount"), std::string("3100000"));
    QCOMPARE(textAt(reply, "data/reading/separator"), std::string("|"));
}

void ImportsApiTest::rowsThatCannotBeReadAreSaidAndMayBeLeftOut()
{
    RawReply reply = send("/import/trades?preset=SSI&cover_cash=true",
                          trades + "01/11/2026,NOPE,Mua,100,\"31,000\",,,\n", m_trader.token);
    QCOMPARE(textAt(reply, "data/refused_count"), std::string("1"));
    QVERIFY(reply.body.find("\"line\":4,\"column\":2") != std::string::npos);
    const std::string id = textAt(reply, "data/import_id");
    reply = post("/import/" + id + "/apply", m_trader);
    QCOMPARE(reply.status, 422);
    QCOMPARE(textAt(reply, "code"), std::string("INSTRUMENT_UNKNOWN"));
    QVERIFY(reply.body.find("line 4") != std::string::npos);
    QVERIFY(textAt(get("/positions/SSI", m_trader), "data/quantity").empty());
    QCOMPARE(post("/import/" + id + "/apply?skip_refused=true", m_trader).status, 200);
    QCOMPARE(textAt(get("/positions/SSI", m_trader), "data/quantity"), std::string("500"));
}

void ImportsApiTest::whatIsMissingMayBeCovered()
{
    RawReply reply = send("/import/trades?preset=SSI", trades, m_trader.token);
    QCOMPARE(textAt(reply, "data/refusal/code"), std::string("IMPORT_CASH_SHORT"));
    QCOMPARE(textAt(reply, "data/refusal/line"), std::string("3"));
    const std::string id = textAt(reply, "data/import_id");
    reply = post("/import/" + id + "/apply", m_trader);
    QCOMPARE(reply.status, 422);
    QCOMPARE(textAt(reply, "code"), std::string("IMPORT_CASH_SHORT"));
    reply = post("/import/" + id + "/apply?cover_cash=true", m_trader);
    QCOMPARE(reply.status, 200);
    QCOMPARE(textAt(reply, "data/covered_amount"), std::string("31046500"));
    // what it brought is gone: it cannot be undone
    const RawReply out =
        m_server->call("POST", "/balance/withdraw", R"({"amount":"15960000"})", m_trader.token);
    QCOMPARE(out.status, 200);
    reply = post("/import/" + id + "/undo", m_trader);
    QCOMPARE(reply.status, 409);
    QCOMPARE(textAt(reply, "code"), std::string("IMPORT_CHANGED_SINCE"));
    QVERIFY(reply.body.find("VND") != std::string::npos);
}

void ImportsApiTest::othersSeeAndChangeNothing()
{
    RawReply reply = send("/import/cash?preset=SSI", cash, m_trader.token);
    const std::string id = textAt(reply, "data/import_id");
    QCOMPARE(post("/import/" + id + "/apply", m_other).status, 404); // another's preview
    QCOMPARE(post("/import/" + id + "/apply", m_trader).status, 200);
    QCOMPARE(get("/import/" + id, m_other).status, 404);
    QCOMPARE(post("/import/" + id + "/undo", m_other).status, 404);
    QCOMPARE(textAt(get("/import", m_other), "data/total_count"), std::string("0"));
    QCOMPARE(send("/import/cash?preset=SSI", cash, m_viewer.token).status, 403);
    QCOMPARE(post("/import/" + id + "/undo", m_viewer).status, 403);
    const std::string own = m_trader.user.accountId.text();
    QCOMPARE(send("/import/cash?preset=SSI&account_id=" + own, cash, m_other.token).status, 403);
    QCOMPARE(m_server->call("POST", "/import/cash").status, 401);
    // an admin acts for others
    reply = send("/import/cash?preset=SSI&account_id=" + own, cash, m_admin.token);
    QCOMPARE(textAt(reply, "data/duplicate_count"), std::string("1"));
    QCOMPARE(post("/import/" + id + "/undo", m_admin).status, 200);
}

void ImportsApiTest::badRequestsSayWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *name, const char *target, const std::string &body, int status,
                        const char *code) {
        QTest::addRow("%s", name) << QByteArray(target) << QByteArray::fromStdString(body) << status
                                  << QByteArray(code);
    };
    row("unknown kind", "/import/orders", trades, 404, "NOT_FOUND");
    row("unknown preset", "/import/trades?preset=XYZ", trades, 422, "VALIDATION_ERROR");
    row("preset and columns", "/import/trades?preset=SSI&col_day=D", trades, 422,
        "VALIDATION_ERROR");
    row("wrong separator", "/import/trades?preset=SSI&separator=%3B", trades, 422, "FILE_INVALID");
    row("no separator", "/import/trades?separator=x", trades, 422, "VALIDATION_ERROR");
    row("unknown currency", "/import/trades?preset=SSI&currency=EUR", trades, 422,
        "VALIDATION_ERROR");
    row("unknown parameter", "/import/trades?sort=up", trades, 400, "UNKNOWN_FIELD");
    row("not a flag", "/import/trades?cover_cash=1", trades, 422, "VALIDATION_ERROR");
    row("no statement", "/import/trades?preset=SSI", "hello\nworld\n", 422, "FILE_INVALID");
    row("no body", "/import/trades?preset=SSI", "", 422, "REQUIRED");
    row("nothing to apply", "/import/0192f0c0-0000-7000-8000-000000000000/apply", "", 404,
        "NOT_FOUND");
    row("no id", "/import/x/undo", "", 404, "NOT_FOUND");
}

void ImportsApiTest::badRequestsSayWhatIsWrong()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    for (const char *language : {"Accept-Language: vi\r\n", ""}) {
        const RawReply reply =
            send(target.toStdString(), body.toStdString(), m_trader.token, "text/csv", language);
        QVERIFY2(reply.status == status, reply.body.c_str());
        QCOMPARE(textAt(reply, "code"), code.toStdString());
    }
    QVERIFY(m_server->desk.desk->imports(m_trader.account).rows->empty());
}

void ImportsApiTest::filesAreBounded()
{
    QCOMPARE(send("/import/trades", trades, m_trader.token, "application/json").status, 415);
    // larger than any other body, and still read
    std::string large = trades;
    while (large.size() < 3'000'000)
        large += "02/11/2026,HPG,Mua,100,\"29,300\",,,\n";
    RawReply reply =
        send("/import/trades?preset=SSI&limit=10&any_order=true", large, m_trader.token);
    QVERIFY2(reply.status == 200, reply.body.c_str());
    QVERIFY(reply.body.size() < 20'000);
    QCOMPARE(send("/import/trades", std::string(8 * 1024 * 1024 + 1, 'x'), m_trader.token).status,
             413);
    QCOMPARE(send("/orders", std::string(300'000, 'x'), m_trader.token, "application/json").status,
             413);
    // a user has a few previews; the oldest makes room
    std::vector<std::string> ids;
    for (int i = 0; i < 6; ++i)
        ids.push_back(
            textAt(send("/import/cash?preset=SSI", cash, m_trader.token), "data/import_id"));
    QCOMPARE(post("/import/" + ids.front() + "/apply", m_trader).status, 404);
    QCOMPARE(post("/import/" + ids.back() + "/apply", m_trader).status, 200);
}

void ImportsApiTest::recordsAreExported()
{
    send("/import/cash?preset=SSI", cash, m_trader.token);
    const std::string id =
        textAt(send("/import/trades?preset=SSI&cover_cash=true", trades, m_trader.token),
               "data/import_id");
    QCOMPARE(post("/import/" + id + "/apply", m_trader).status, 200);
    RawReply reply = get("/api/v1/export/executions.csv?from=2026-11-05&to=2026-11-30", m_trader);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.headers.at("content-type"), std::string("text/csv; charset=utf-8"));
    QCOMPARE(reply.headers.at("content-disposition"),
             std::string("attachment; filename=\"executions.csv\""));
    QCOMPARE(reply.body,
             std::string("source,date,time,symbol,side,quantity,price,value,fee,tax,realized_pnl,"
                         "currency,settles_at,execution_id,order_id\r\n"
                         "IMPORTED,2026-11-05,,SSI,SELL,500,32000,16000000,24000,16000,436750,VND,"
                         ",,\r\n"));
    reply = get("/export/positions.csv?bom=true", m_trader);
    QVERIFY(reply.body.starts_with("\xEF\xBB\xBFsymbol,"));
    // one's own only, but for admins
    QCOMPARE(get("/export/positions.csv", m_other).body.find("SSI"), std::string::npos);
    const std::string own = m_trader.user.accountId.text();
    QCOMPARE(get("/export/orders.csv?account_id=" + own, m_other).status, 403);
    QVERIFY(get("/export/positions.csv?account_id=" + own, m_admin).body.find("SSI")
            != std::string::npos);
    QCOMPARE(m_server->call("GET", "/export/orders.csv").status, 401);
    QCOMPARE(get("/export/cash.csv", m_viewer).status, 200);
}

void ImportsApiTest::theYearComesAsCsvAndPdf()
{
    const std::string id =
        textAt(send("/import/trades?preset=SSI&cover_cash=true", trades, m_trader.token),
               "data/import_id");
    QCOMPARE(post("/import/" + id + "/apply", m_trader).status, 200);
    RawReply reply = get("/statements/2026.csv", m_trader);
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.body.find("Total of the year,31000000,16000000,70500,16000,436750\r\n")
            != std::string::npos);
    reply = get("/statements/2026.csv?lang=vi", m_trader);
    QVERIFY(reply.body.find("Cộng cả năm") != std::string::npos);
    reply = m_server->call("GET", "/statements/2026.csv", {}, m_trader.token,
                           "Accept-Language: vi\r\n");
    QVERIFY(reply.body.find("Cộng cả năm") != std::string::npos);
    reply = get("/api/v1/statements/2026.pdf", m_trader);
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.headers.at("content-type"), std::string("application/pdf"));
    QVERIFY(reply.body.starts_with("%PDF-"));
}

void ImportsApiTest::badExportsSayWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    const auto row = [](const char *target, int status) {
        QTest::addRow("%s", target) << QByteArray(target) << status;
    };
    row("/export/trades.csv", 404);
    row("/export/orders.txt", 404);
    row("/export/orders", 404);
    row("/export/orders.csv?from=05/11/2026", 422);
    row("/export/orders.csv?from=2026-11-05&to=2026-11-04", 422);
    row("/export/orders.csv?bom=1", 422);
    row("/export/orders.csv?sort=up", 400);
    row("/statements/26.pdf", 404);
    row("/statements/2026.xls", 404);
    row("/statements/2026", 404);
    row("/statements/1999.pdf", 422);
    row("/statements/2027.csv", 422);
    row("/statements/2026.pdf?lang=fr", 422);
}

void ImportsApiTest::badExportsSayWhatIsWrong()
{
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    const RawReply reply = get(target.toStdString(), m_trader);
    QVERIFY2(reply.status == status, reply.body.c_str());
}

QTEST_GUILESS_MAIN(ImportsApiTest)
#include "tst_server_imports.moc"
