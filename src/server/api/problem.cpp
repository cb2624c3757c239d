// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/problem.h"

#include "base/bounds.h"
#include "base/clock.h"
#include "server/json/writer.h"

#include <algorithm>

namespace khop::server {

namespace {

std::string timestamp() { return isoTime(WallClock().now()); }

/// There is one already: a conflict, where other wrong values are 422.
bool isDuplicate(const Error &error)
{
    return error.code == Code::VALIDATION_ERROR
           && (error.bound == nameNotTaken || error.bound == symbolNotListed);
}

Response problemResponse(int status, Code code, std::string_view detail, std::string_view requestId,
                         const std::vector<Error> &items, bool inQuery, Language language)
{
    JsonWriter json;
    json.beginObject()
        .field("type", "urn:khop:problem:" + std::string(codeName(code)))
        .field("title", reasonPhrase(status))
        .numberField("status", status)
        .field("detail", detail)
        .field("code", codeName(code));
    json.key("errors").beginArray();
    for (const Error &item : items)
        writeItem(json, item, inQuery, language);
    json.endArray();
    json.field("success", false)
        .field("message", detail)
        .nullField("data")
        .field("timestamp", timestamp());
    if (requestId.empty())
        json.nullField("request_id");
    else
        json.field("request_id", requestId);
    json.endObject();

    Response response;
    response.status = status;
    response.contentType = "application/problem+json";
    response.body = json.take();
    if (status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

} // namespace

void writeItem(JsonWriter &json, const Error &error, bool inQuery, Language language)
{
    json.beginObject()
        .field("pointer", inQuery ? "?" + error.field : pointerTo(error))
        .field("code", codeName(error.code))
        .field("message", sentence(error, language))
        .endObject();
}

std::string pointerTo(const Error &error)
{
    std::string pointer = '/' + error.field;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    std::replace(pointer.begin(), pointer.end(), '[', '/'); // trades[2].price
    std::erase(pointer, ']');
    return pointer;
}

int httpStatus(Code code)
{
    switch (code) {
    case Code::OK: return 200;
    case Code::UNAUTHENTICATED:
    case Code::INVALID_TOKEN:
    case Code::INVALID_SIGNATURE:
    case Code::INVALID_CREDENTIALS: return 401;
    case Code::FORBIDDEN: return 403;
    case Code::NOT_FOUND:
    case Code::ACCOUNT_UNKNOWN: return 404;
    case Code::METHOD_NOT_ALLOWED: return 405;
    case Code::REQUEST_TIMEOUT: return 408;
    case Code::DUPLICATE_CLIENT_ORDER_ID:
    case Code::ORDER_NOT_CANCELLABLE:
    case Code::ORDER_NOT_AMENDABLE:
    case Code::PUT_THROUGH_ENDED:
    case Code::IMPORT_CHANGED_SINCE:
    case Code::REQUEST_UNDER_WAY: return 409;
    case Code::LENGTH_REQUIRED: return 411;
    case Code::VERSION_MISMATCH: return 412;
    case Code::PAYLOAD_TOO_LARGE: return 413;
    case Code::URI_TOO_LONG: return 414;
    case Code::UNSUPPORTED_MEDIA_TYPE: return 415;
    case Code::EXPECTATION_FAILED: return 417;
    case Code::WRONG_HOST: return 421;
    case Code::TOO_MANY_ATTEMPTS:
    case Code::RATE_LIMITED: return 429;
    case Code::HEADERS_TOO_LARGE: return 431;
    case Code::MALFORMED_JSON:
    case Code::MALFORMED_REQUEST: return 400;
    case Code::NOT_IMPLEMENTED: return 501;
    case Code::OVERLOADED:
    case Code::SHUTTING_DOWN:
    case Code::VENUE_UNAVAILABLE:
    case Code::UNKNOWN_OUTCOME:
    case Code::STORE_ERROR:
    case Code::CONFIGURATION_ERROR: return 503;
    case Code::HTTP_VERSION: return 505;
    case Code::INTERNAL_ERROR: return 500;
    default: return 422;
    }
}

Response success(int status, const Text &message, std::string_view data, std::string_view requestId,
                 Language language)
{
    JsonWriter json;
    json.beginObject().field("success", true).field("message", message.in(language));
    json.key("data").raw(data);
    json.field("timestamp", timestamp()).field("request_id", requestId).endObject();
    Response response;
    response.status = status;
    response.body = json.take();
    return response;
}

Response problem(const Error &error, std::string_view requestId, Language language,
                 const ProblemOptions &options)
{
    int status = options.status != 0 ? options.status : httpStatus(error.code);
    if (options.status == 0 && options.inQuery && error.code == Code::UNKNOWN_FIELD)
        status = 400;
    std::string detail =
        options.detail.empty() ? sentence(error, language) : std::string(options.detail);
    if (!options.hint.empty()) {
        detail += ' ';
        detail += options.hint;
    }
    const std::vector<Error> items =
        error.field.empty() ? std::vector<Error>{} : std::vector{error};
    Response response =
        problemResponse(status, error.code, detail, requestId, items, options.inQuery, language);
    if (status == 429 || status == 503) {
        const bool given =
            (error.code == Code::TOO_MANY_ATTEMPTS || error.code == Code::RATE_LIMITED)
            && !error.bound.empty();
        response.headers.emplace_back("Retry-After", given ? error.bound : "1");
    }
    return response;
}

Code leadingCode(const std::vector<Error> &errors)
{
    const Code code = errors.front().code;
    const bool same = std::all_of(errors.begin(), errors.end(),
                                  [&](const Error &error) { return error.code == code; });
    return same && code != Code::REQUIRED ? code : Code::VALIDATION_ERROR;
}

Response problems(const std::vector<Error> &errors, std::string_view requestId, Language language)
{
    const Code code = leadingCode(errors);
    const int status = std::ranges::all_of(errors, isDuplicate) ? 409 : httpStatus(code);
    return problemResponse(status, code, sentence(errors.front(), language), requestId, errors,
                           false, language);
}

Language preferredLanguage(std::string_view acceptLanguage)
{
    // q-values have at most three decimals; thousandths compare without fractions.
    int english = -1;
    int vietnamese = -1;
    while (!acceptLanguage.empty()) {
        const std::size_t comma = acceptLanguage.find(',');
        std::string_view range = acceptLanguage.substr(0, comma);
        acceptLanguage =
            comma == std::string_view::npos ? std::string_view{} : acceptLanguage.substr(comma + 1);
        while (!range.empty() && range.front() == ' ')
            range.remove_prefix(1);
        int quality = 1000;
        if (const std::size_t q = range.find("q="); q != std::string_view::npos) {
            const std::string_view value = range.substr(q + 2);
            quality = value.starts_with('1') ? 1000 : 0;
            if (value.starts_with("0.")) {
                int weight = 100;
                for (const char c : value.substr(2, 3)) {
                    if (c < '0' || c > '9')
                        break;
                    quality += (c - '0') * weight;
                    weight /= 10;
                }
            }
        }
        const std::string_view primary = range.substr(0, 2);
        const bool whole =
            range.size() <= 2 || range[2] == '-' || range[2] == ';' || range[2] == ' ';
        if (whole && equalsIgnoringCase(primary, "vi"))
            vietnamese = std::max(vietnamese, quality);
        else if (whole && equalsIgnoringCase(primary, "en"))
            english = std::max(english, quality);
    }
    return vietnamese > 0 && vietnamese > english ? Language::Vietnamese : Language::English;
}

} // namespace khop::server
