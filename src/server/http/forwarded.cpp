// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/forwarded.h"

#include <QtNetwork/qhostaddress.h>

namespace khop::server {

namespace {

std::string_view lastValue(const HttpRequest &request, std::string_view lowerName)
{
    std::string_view value;
    for (const Header &header : request.headers) {
        if (equalsIgnoringCase(header.name, lowerName))
            value = header.value;
    }
    const std::size_t comma = value.rfind(',');
    return trimmed(comma == std::string_view::npos ? value : value.substr(comma + 1));
}

/// "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]:4711" and "2001:db8::1" as an address in its one form.
std::string addressIn(std::string_view text)
{
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        text = end == std::string_view::npos ? std::string_view{} : text.substr(1, end - 1);
    } else if (const std::size_t colon = text.find(':');
               colon != std::string_view::npos && text.rfind(':') == colon) {
        text = text.substr(0, colon);
    }
    const QHostAddress address(
        QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size())));
    return address.isNull() ? std::string() : address.toString().toStdString();
}

} // namespace

Forwarded forwardedBy(const HttpRequest &request)
{
    Forwarded forwarded;
    forwarded.client = addressIn(lastValue(request, "x-forwarded-for"));
    forwarded.host = lastValue(request, "x-forwarded-host");
    const std::string_view scheme = lastValue(request, "x-forwarded-proto");
    if (equalsIgnoringCase(scheme, "https"))
        forwarded.scheme = "https";
    else if (equalsIgnoringCase(scheme, "http"))
        forwarded.scheme = "http";
    return forwarded;
}

} // namespace khop::server
