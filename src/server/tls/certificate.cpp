// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/tls/certificate.h"

#include "base/private_file.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtNetwork/qhostaddress.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

template <auto free>
struct Freed {
    template <class T>
    void operator()(T *object) const
    {
        free(object);
    }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

constexpr long year = 365L * 24 * 3600; // seconds

Bio reading(std::string_view text)
{
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Certificate certificateIn(const QByteArray &pem)
{
    const Bio bio = reading({pem.constData(), static_cast<std::size_t>(pem.size())});
    return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

// A key under a passphrase is no key here: nobody is there to be asked.
int noPassphrase(char *, int, int, void *) { return 0; }

Key keyIn(const Secret &pem)
{
    const Bio bio = reading(pem.reveal());
    return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr));
}

std::string written(BIO *bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

bool isValidNow(const X509 *certificate)
{
    return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0
           && X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

std::unexpected<Error> wrong(const QString &file, const char *value, const char *bound)
{
    return refuse(Code::CONFIGURATION_ERROR, file.toStdString(), value, bound);
}

Result<Tls> checkedPair(Tls tls, const QString &certificateFile, const QString &keyFile)
{
    const Certificate certificate = certificateIn(tls.certificates);
    if (!certificate)
        return wrong(certificateFile, "no certificate", "a certificate in PEM form");
    const Key key = keyIn(tls.privateKey);
    if (!key)
        return wrong(keyFile, "no private key",
                     "an RSA or EC key in PEM form, without a passphrase");
    const int kind = EVP_PKEY_get_base_id(key.get());
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
        return wrong(keyFile, "another kind of key", "an RSA or EC key");
    if (X509_check_private_key(certificate.get(), key.get()) != 1)
        return wrong(keyFile, "another key", "the key of the certificate");
    if (!isValidNow(certificate.get()))
        return wrong(certificateFile, "a certificate that is not valid now", "one that is");
    return tls;
}

QString alternativeNames(const QString &host)
{
    QString names = u"DNS:localhost,IP:127.0.0.1,IP:::1"_s;
    const QHostAddress address(host);
    if (address.isNull())
        return names + u",DNS:"_s + host;
    const bool any = address == QHostAddress(QHostAddress::AnyIPv4)
                     || address == QHostAddress(QHostAddress::AnyIPv6)
                     || address == QHostAddress(QHostAddress::Any);
    return any || address.isLoopback() ? names : names + u",IP:"_s + address.toString();
}

bool isFor(X509 *certificate, const QString &host)
{
    const QHostAddress address(host);
    const QByteArray text = host.toLatin1();
    if (address.isNull())
        return X509_check_host(certificate, text.constData(), static_cast<std::size_t>(text.size()),
                               0, nullptr)
               == 1;
    return !alternativeNames(host).contains(address.toString())
           || X509_check_ip_asc(certificate, text.constData(), 0) == 1;
}

bool addExtension(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509 *certificate)
{
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return false;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7F) | 0x40); // positive, always 16 bytes
    const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
        BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

Certificate signedCertificate(EVP_PKEY *key, const QString &host)
{
    Certificate certificate(X509_new());
    X509 *made = certificate.get();
    const auto *commonName = reinterpret_cast<const unsigned char *>("Khop");
    X509_NAME *name = X509_get_subject_name(made);
    const bool ok =
        X509_set_version(made, X509_VERSION_3) == 1 && setSerial(made)
        && X509_gmtime_adj(X509_getm_notBefore(made), -3600) // for clocks that are behind
        && X509_gmtime_adj(X509_getm_notAfter(made), year) && X509_set_pubkey(made, key) == 1
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, commonName, -1, -1, 0) == 1
        && X509_set_issuer_name(made, name) == 1
        && addExtension(made, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(made, NID_key_usage, "critical,digitalSignature")
        && addExtension(made, NID_ext_key_usage, "serverAuth")
        && addExtension(made, NID_subject_key_identifier, "hash")
        && addExtension(made, NID_subject_alt_name, alternativeNames(host).toLatin1().constData())
        && X509_sign(made, key, EVP_sha256()) > 0;
    return ok ? std::move(certificate) : nullptr;
}

Result<Tls> madePair(const QString &certificateFile, const QString &keyFile, const QString &host)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = key ? signedCertificate(key.get(), host) : nullptr;
    const Bio certificateText(BIO_new(BIO_s_mem())), keyText(BIO_new(BIO_s_mem()));
    if (!certificate || PEM_write_bio_X509(certificateText.get(), certificate.get()) != 1
        || PEM_write_bio_PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
               != 1)
        return wrong(certificateFile, "it cannot be made", "a working OpenSSL");
    Tls tls;
    tls.certificates = QByteArray::fromStdString(written(certificateText.get()));
    tls.privateKey = Secret(written(keyText.get()));
    if (auto kept = writePrivately(keyFile, QByteArray::fromStdString(tls.privateKey.reveal()));
        !kept)
        return std::unexpected(kept.error());
    if (auto kept = writePrivately(certificateFile, tls.certificates); !kept)
        return std::unexpected(kept.error());
    return tls;
}

} // namespace

Result<Tls> readTls(const QString &certificateFile, const QString &keyFile)
{
    constexpr qint64 largest = 1024 * 1024;
    Tls tls;
    for (const QString &path : {certificateFile, keyFile}) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                          file.errorString().toStdString(), "a file this user can read");
        if (path == certificateFile)
            tls.certificates = file.read(largest);
        if (path == keyFile) {
            file.seek(0);
            tls.privateKey = Secret(file.read(largest).toStdString());
        }
    }
    return checkedPair(std::move(tls), certificateFile, keyFile);
}

Result<Tls> selfSignedTls(const QString &dataDir, const QString &host)
{
    const QString certificateFile = QDir(dataDir).filePath(u"tls.crt"_s);
    const QString keyFile = QDir(dataDir).filePath(u"tls.key"_s);
    if (QFile::exists(certificateFile) && QFile::exists(keyFile)) {
        const auto certificate = readPrivately(certificateFile);
        const auto key = readPrivately(keyFile);
        if (!certificate || !key)
            return std::unexpected(certificate ? key.error() : certificate.error());
        Result<Tls> kept =
            checkedPair({*certificate, Secret(key->toStdString())}, certificateFile, keyFile);
        const Certificate read = certificateIn(*certificate);
        if (kept && isFor(read.get(), host))
            return kept;
    }
    return madePair(certificateFile, keyFile, host);
}

std::string fingerprint(const Tls &tls)
{
    const Certificate certificate = certificateIn(tls.certificates);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1)
        return {};
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0)
            text += ':';
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 0xF];
    }
    return text;
}

} // namespace khop::server
