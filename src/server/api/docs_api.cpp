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
    std::string_view name;
    std::string_view type;
    std::string body;
    std::string etag;
};

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
        const QByteArray bytes = file.readAll();
        const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
        pages.push_back(
            {name, type, bytes.toStdString(), '"' + hash.toHex().left(32).toStdString() + '"'});
    }
    return pages;
}

const std::vector<Page> &pages()
{
    static const std::vector<Page> read = readPages();
    return read;
}

/// 304 where the client has it already.
Response cached(const HttpRequest &request, const std::string &etag, std::string_view type,
                const std::string &body)
{
    Response response;
    response.cacheControl = checkedEachTime;
    response.headers.emplace_back("ETag", etag);
    const std::string_view known = request.header("if-none-match");
    if (known == "*" || known.find(etag) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    response.contentType = type;
    response.body = body;
    return response;
}

} // namespace

void Api::getDescription(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const Result<ApiDescription> &description = apiDescription();
    if (description)
        answer(call.to,
               cached(call.request, description->etag, "application/json", description->json));
    else
        fail(call.to, description.error());
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
    Response response = cached(call.request, page->etag, page->type, page->body);
    response.headers.emplace_back("Content-Security-Policy", contentPolicy);
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    answer(call.to, response);
}

} // namespace khop::server
