// SPDX-License-Identifier: GPL-3.0-or-later
// Requests are cut off the stream the same way however they arrive, or refused.
#ifndef Q_MOC_RUN
#include "server/http/framing.h"
#endif

#include <QTest>

using namespace khop;
using namespace khop::server;

class FramingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRequestIsReadWhateverThePieces()
    {
        const std::string text =
            "\r\nPOST /orders/?a=b HTTP/1.1\r\nHost: localhost:8001\r\nContent-Length: 5\r\n"
            "X-Thing:  padded \t\r\n\r\nhelloGET / HTTP/1.1\r\nHost: x\r\n\r\n";
        for (std::size_t piece = 1; piece <= text.size(); ++piece) {
            const FramingLimits limits;
            Framing framing(limits);
            std::size_t begin = 0;
            std::vector<std::string> bodies;
            for (std::size_t end = 0; end < text.size();) {
                end = std::min(end + piece, text.size());
                while (begin < end) {
                    const auto progress = framing.advance(text.data() + begin, end - begin);
                    QVERIFY2(progress != Framing::Progress::Refused, framing.refusal().what);
                    if (progress != Framing::Progress::Complete)
                        break;
                    const HttpRequest &request = framing.request();
                    bodies.push_back(
                        std::string(name(request.method)) + ' ' + std::string(request.path) + ' '
                        + std::string(request.query) + ' ' + std::string(request.host) + ' '
                        + std::string(request.body) + ' ' + std::string(request.header("x-thing")));
                    begin += framing.take();
                }
            }
            QCOMPARE(begin, text.size());
            QCOMPARE(bodies, (std::vector<std::string>{
                                 "POST /orders/ a=b localhost:8001 hello padded", "GET /  x  "}));
        }
    }

    void closingIsReadFromVersionAndHeader_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<bool>("keepAlive");
        QTest::newRow("1.1") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\n") << true;
        QTest::newRow("1.1 close")
            << QByteArray("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n") << false;
        QTest::newRow("1.1 close in a list")
            << QByteArray("GET / HTTP/1.1\r\nHost: x\r\nConnection: te, close\r\n") << false;
        QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0\r\n") << false;
        QTest::newRow("1.0 keep-alive")
            << QByteArray("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n") << true;
    }
    void closingIsReadFromVersionAndHeader()
    {
        QFETCH(QByteArray, head);
        QFETCH(bool, keepAlive);
        const FramingLimits limits;
        Framing framing(limits);
        const std::string text = head.toStdString() + "\r\n";
        QCOMPARE(framing.advance(text.data(), text.size()), Framing::Progress::Complete);
        QCOMPARE(framing.request().keepAlive, keepAlive);
    }

    void anEndlessHeadIsRefusedAtTheLimit()
    {
        const FramingLimits limits;
        const auto sizeWhenRefused = [&](std::string text, int status) -> std::size_t {
            Framing framing(limits);
            for (;; text += std::string(100, 'a')) {
                if (framing.advance(text.data(), text.size()) == Framing::Progress::Refused)
                    return framing.refusal().status == status ? text.size() : 0;
                if (text.size() > 10 * limits.head)
                    return 0;
            }
        };
        const std::size_t line = sizeWhenRefused("GET /", 414);
        QVERIFY(line > limits.requestLine && line <= limits.requestLine + 200);
        const std::size_t head = sizeWhenRefused("GET / HTTP/1.1\r\nHost: x\r\nX: ", 431);
        QVERIFY(head >= limits.head && head <= limits.head + 200);
    }
};

QTEST_APPLESS_MAIN(FramingTest)
#include "tst_server_framing.moc"
