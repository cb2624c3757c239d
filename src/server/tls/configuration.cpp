// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tls/configuration.h"

#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslcipher.h>
#include <QtNetwork/qsslellipticcurve.h>
#include <QtNetwork/qsslkey.h>
#include <QtNetwork/qsslsocket.h>

#include <algorithm>

#ifdef Q_OS_LINUX
#include <sys/socket.h>
#endif

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

// In the order of preference. The first three are of TLS 1.3, whose key exchange is always ephemeral.
const QStringList cipherNames{u"TLS_AES_128_GCM_SHA256"_s,       u"TLS_AES_256_GCM_SHA384"_s,
                              u"TLS_CHACHA20_POLY1305_SHA256"_s, u"ECDHE-ECDSA-AES128-GCM-SHA256"_s,
                              u"ECDHE-RSA-AES128-GCM-SHA256"_s,  u"ECDHE-ECDSA-AES256-GCM-SHA384"_s,
                              u"ECDHE-RSA-AES256-GCM-SHA384"_s,  u"ECDHE-ECDSA-CHACHA20-POLY1305"_s,
                              u"ECDHE-RSA-CHACHA20-POLY1305"_s};
const QStringList curveNames{u"X25519"_s, u"prime256v1"_s, u"secp384r1"_s};

QList<QSslCipher> ciphers()
{
    const QList<QSslCipher> supported = QSslConfiguration::supportedCiphers();
    QList<QSslCipher> chosen;
    for (const QString &name : cipherNames) {
        for (const QSslCipher &cipher : supported) {
            if (cipher.name() == name)
                chosen.append(cipher);
        }
    }
    return chosen;
}

QSslKey keyIn(const Secret &pem)
{
    const QByteArray text = QByteArray::fromStdString(pem.reveal());
    const QSslKey ec(text, QSsl::Ec);
    return ec.isNull() ? QSslKey(text, QSsl::Rsa) : ec;
}

} // namespace

Result<QSslConfiguration> tlsConfiguration(const Tls &tls)
{
    const auto wrong = [](const char *value, const char *bound) {
        return refuse(Code::CONFIGURATION_ERROR, "TLS", value, bound);
    };
    if (!QSslSocket::supportsSsl())
        return wrong("no TLS library", "Qt's OpenSSL plug-in and OpenSSL 3");
    const QList<QSslCertificate> chain = QSslCertificate::fromData(tls.certificates, QSsl::Pem);
    const QSslKey key = keyIn(tls.privateKey);
    if (chain.isEmpty() || key.isNull())
        return wrong("certificate or key", "a certificate and its RSA or EC key in PEM form");
    QSslConfiguration configuration;
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setCiphers(ciphers());
    QList<QSslEllipticCurve> curves;
    for (const QString &name : curveNames) {
        if (const auto curve = QSslEllipticCurve::fromShortName(name); curve.isValid())
            curves.append(curve);
    }
    configuration.setEllipticCurves(curves);
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setCaCertificates({}); // clients show none: no need to read the system's
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    configuration.setAllowedNextProtocols({"http/1.1"});
    return configuration;
}

qint64 unsentBytes(const QTcpSocket &socket)
{
    const auto *encrypted = qobject_cast<const QSslSocket *>(&socket);
    return socket.bytesToWrite() + (encrypted ? encrypted->encryptedBytesToWrite() : 0);
}

qint64 sendAtOnce(QTcpSocket &socket, std::string_view bytes)
{
#ifdef Q_OS_LINUX
    if (socket.bytesToWrite() > 0 || qobject_cast<const QSslSocket *>(&socket))
        return 0;
    const auto count = ::send(static_cast<int>(socket.socketDescriptor()), bytes.data(),
                              bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return std::max<qint64>(count, 0);
#else
    return 0;
#endif
}

} // namespace khop::server
