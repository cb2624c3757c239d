// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/response.h"

#include <array>
#include <ctime>

namespace khop::server {

namespace {

// The Date header changes once a second; each HTTP thread keeps its own.
std::string_view dateHeader()
{
    thread_local std::time_t lastSecond = 0;
    thread_local std::string text;
    const std::time_t now = std::time(nullptr);
    if (now == lastSecond)
        return text;
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
#ifdef _WIN32
    gmtime_s(&utc, &now);
#else
    gmtime_r(&now, &utc);
#endif
    const auto two = [](int number) {
        return std::string{static_cast<char>('0' + number / 10),
                           static_cast<char>('0' + number % 10)};
    };
    text = std::string("Date: ") + days[static_cast<std::size_t>(utc.tm_wday)] + ", "
           + two(utc.tm_mday) + ' ' + months[static_cast<std::size_t>(utc.tm_mon)] + ' '
           + std::to_string(utc.tm_year + 1900) + ' ' + two(utc.tm_hour) + ':' + two(utc.tm_min)
           + ':' + two(utc.tm_sec) + " GMT\r\n";
    lastSecond = now;
    return text;
}

} // namespace

std::string_view reasonPhrase(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
    }
}

ReplyBytes serialise(const Response &response, std::string_view requestId)
{
    ReplyBytes reply;
    std::string &out = reply.bytes;
    out.reserve(384 + response.body.size());
    out += "HTTP/1.1 ";
    out += std::to_string(response.status);
    out += ' ';
    out += reasonPhrase(response.status);
    out += "\r\n";
    out += dateHeader();
    if (response.status != 204 && response.status != 304) {
        out += "Content-Type: ";
        out += response.contentType;
        out += "\r\nContent-Length: ";
        out += std::to_string(response.body.size());
        out += "\r\n";
    }
    out += "Cache-Control: ";
    out += response.cacheControl;
    out += "\r\nX-Content-Type-Options: nosniff\r\n";
    if (!requestId.empty()) {
        out += "X-Request-ID: ";
        out += requestId;
        out += "\r\n";
    }
    for (const auto &[headerName, value] : response.headers) {
        out += headerName;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    out += response.head;
    out += "\r\n";
    reply.headSize = out.size();
    out += response.body;
    return reply;
}

} // namespace khop::server
