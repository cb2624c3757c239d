// SPDX-License-Identifier: GPL-3.0-or-later
// /openapi.json, and /docs: Swagger UI, from the program itself and without any other host.
#include "server/api/api.h"
#include "server/api/openapi.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qfile.h>

#include <array>

static void initSwaggerUi() { Q_INIT_RESOURCE(swagger_ui); }

namespace khop::server {

namespace {

struct Page {
    std::string name;
    std::string_view type;
    std::string body;
    std::string deflated; // the same as "deflate" has it (RFC 9110: a zlib stream)
    std::string etag;     // without its quotes
};

Page pageOf(std::string name, std::string_view type, std::string body)
{
    const QByteArrayView bytes(body.data(), static_cast<qsizetype>(body.size()));
    const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    // qCompress puts the length before the stream
    const QByteArray packed = qCompress(bytes.toByteArray()).mid(4);
    return {std::move(name), type, std::move(body), packed.toStdString(),
            hash.toHex().left(32).toStdString()};
}

// Scripts and styles are the program's own files; the pictures inside the style sheet are data URLs.
constexpr std::string_view contentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::string_view checkedEachTime = "no-cache";

std::vector<Page> readPages()
{
    initSwaggerUi();
    std::vector<Page> pages;
    for (const auto &[name, type] :
         std::initializer_list<std::pair<const char *, std::string_view>>{
             {"index.html", "text/html; charset=utf-8"},
             {"start.js", "text/javascript; charset=utf-8"},
             {"swagger-ui.css", "text/css; charset=utf-8"},
             {"swagger-ui-bundle.js", "text/javascript; charset=utf-8"},
             {"favicon-32x32.png", "image/png"},
             {"LICENSE", "text/plain; charset=utf-8"},
             {"NOTICE", "text/plain; charset=utf-8"},
             {"swagger-ui-bundle.js.LICENSE.txt", "text/plain; charset=utf-8"}}) {
        QFile file(QStringLiteral(":/docs/%1").arg(QLatin1String(name)));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        pages.push_back(pageOf(name, type, file.readAll().toStdString()));
    }
    return pages;
}

const std::vector<Page> &pages()
{
    static const std::vector<Page> read = readPages();
    return read;
}

/// The description as a page; its body is empty when it could not be made.
const Page &describingPage()
{
    static const Page page =
        pageOf("openapi.json", "application/json", apiDescription().value_or(std::string()));
    return page;
}

/// 304 where the client has it already.
Response cached(const HttpRequest &request, const Page &page)
{
    const bool deflate = hasToken(request.header("accept-encoding"), "deflate");
    const std::string etag = '"' + page.etag + (deflate ? "-deflate\"" : "\"");
    Response response;
    response.cacheControl = checkedEachTime;
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    const std::string_view known = request.header("if-none-match");
    if (known == "*" || known.find(etag) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    if (deflate)
        response.headers.emplace_back("Content-Encoding", "deflate");
    response.contentType = page.type;
    response.body = deflate ? page.deflated : page.body;
    return response;
}

} // namespace

void prepareDocs()
{
    describingPage();
    pages();
}

void Api::getDescription(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const Result<std::string> &description = apiDescription();
    if (!description) {
        fail(call.to, description.error());
        return;
    }
    answer(call.to, cached(call.request, describingPage()));
}

void Api::getDocs(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::string name = call.parameters.empty() ? "index.html" : call.parameters.front();
    const auto page = std::ranges::find(pages(), name, &Page::name);
    if (page == pages().end()) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    Response response = cached(call.request, *page);
    response.headers.emplace_back("Content-Security-Policy", contentPolicy);
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    answer(call.to, response);
}

} // namespace khop::server
