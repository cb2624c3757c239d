// SPDX-License-Identifier: GPL-3.0-or-later
// khopd as it is started by people and scripts: users, an order, a stop, a new start.
#include "../support/server_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

const QString program = QStringLiteral(KHOP_BINARY_DIR "/khopd");

class Khopd
{
public:
    explicit Khopd(const QString &folder, const QStringList &more = {})
    {
        QStringList arguments{u"--data-dir"_s, folder,       u"--port"_s,
                              u"0"_s,          u"--clock"_s, u"2026-11-20T10:00:00+07:00"_s,
                              u"--speed"_s,    u"0"_s,       u"--participants"_s,
                              u"off"_s};
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(program, arguments + more);
        QByteArray output;
        while (!output.contains("ready ") && m_process.waitForReadyRead(20'000))
            output += m_process.readAll();
        static const QRegularExpression ready(u"ready (http://\\S+)"_s);
        m_output = QString::fromUtf8(output);
        m_url = QUrl(ready.match(m_output).captured(1));
    }
    ~Khopd()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    const QUrl &url() const { return m_url; }
    const QString &output() const { return m_output; }
    int stop()
    {
        m_process.terminate();
        return m_process.waitForFinished(20'000) && m_process.exitStatus() == QProcess::NormalExit
                   ? m_process.exitCode()
                   : -1;
    }
    RawReply call(const std::string &method, const std::string &target,
                  const std::string &body = {}, const std::string &token = {}) const
    {
        RawClient client(m_url);
        client.send(method + ' ' + target
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                      "application/json\r\nAuthorization: Bearer "
                    + token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
                    + body);
        return client.receive(20'000);
    }
    std::string login(const std::string &name) const
    {
        return textAt(
            call("POST", "/auth/login",
                 R"({"username":")" + name + R"(","password":"a password of )" + name + R"("})"),
            "data/access_token");
    }

private:
    QProcess m_process;
    QString m_output;
    QUrl m_url;
};

QString addUser(const QString &folder, const QString &name, const QString &role, int expected = 0)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, {u"user"_s, u"add"_s, name, u"--role"_s, role, u"--password-stdin"_s,
                            u"--data-dir"_s, folder});
    process.write("a password of " + name.toUtf8() + "\n");
    process.closeWriteChannel();
    if (!process.waitForFinished(20'000) || process.exitCode() != expected)
        qFatal("user add: %d %s", process.exitCode(), process.readAll().constData());
    return QString::fromUtf8(process.readAll());
}

} // namespace

class KhopdTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasAcknowledgedIsThereAfterANewStart()
    {
        QTemporaryDir folder;
        addUser(folder.path(), u"boss"_s, u"admin"_s);
        std::string order;
        {
            Khopd khopd(folder.path());
            QVERIFY2(khopd.url().isValid() && khopd.url().port() > 0, qPrintable(khopd.output()));
            addUser(folder.path(), u"trader1"_s, u"trader"_s); // beside the running server
            addUser(folder.path(), u"trader1"_s, u"trader"_s, 1);
            const std::string trader = khopd.login("trader1");
            const std::string admin = khopd.login("boss");
            QVERIFY(!trader.empty() && !admin.empty());
            const std::string account =
                textAt(khopd.call("GET", "/accounts/profile", {}, trader), "data/account_id");
            QCOMPARE(khopd
                         .call("POST", "/api/v1/accounts/" + account + "/cash",
                               R"({"amount":"1000000000","currency":"VND"})", admin)
                         .status,
                     200);
            QCOMPARE(khopd
                         .call("POST", "/api/v1/accounts/" + account + "/securities",
                               R"({"symbol":"SSI","quantity":1000})", admin)
                         .status,
                     200);
            const RawReply placed = khopd.call(
                "POST", "/api/v1/orders",
                R"({"symbol":"SSI","side":"SELL","quantity":500,"price":31500,"client_order_id":"e2e"})",
                trader);
            QVERIFY2(placed.status == 201, placed.body.c_str());
            order = textAt(placed, "data/order_id");
            QCOMPARE(khopd.stop(), 0);
        }
        Khopd khopd(folder.path());
        const std::string trader = khopd.login("trader1");
        const RawReply found = khopd.call("GET", "/orders/" + order, {}, trader);
        QCOMPARE(found.status, 200);
        QCOMPARE(textAt(found, "data/status"), std::string("ACTIVE"));
        QCOMPARE(textAt(khopd.call("GET", "/positions/SSI", {}, trader), "data/held"),
                 std::string("500"));
        const RawReply cancelled = khopd.call("DELETE", "/orders/" + order, {}, trader);
        QCOMPARE(textAt(cancelled, "data/status"), std::string("CANCELLED"));
        QCOMPARE(khopd.stop(), 0);
    }

    void aBusyPortAndAPublicAddressEndInAClearError()
    {
        QTemporaryDir first;
        QTemporaryDir second;
        Khopd khopd(first.path());
        const QString port = QString::number(khopd.url().port());
        for (const QStringList &more :
             {QStringList{u"--port"_s, port}, QStringList{u"--host"_s, u"0.0.0.0"_s}}) {
            QProcess process;
            process.setProcessChannelMode(QProcess::MergedChannels);
            process.start(program, QStringList{u"--data-dir"_s, second.path()} + more);
            QVERIFY(process.waitForFinished(20'000));
            QVERIFY(process.exitCode() != 0);
            const QString output = QString::fromUtf8(process.readAll());
            QVERIFY2(output.contains(more.last()), qPrintable(output));
        }
    }
};

QTEST_GUILESS_MAIN(KhopdTest)
#include "tst_khopd.moc"
