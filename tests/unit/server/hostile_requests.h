// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that nobody should send, and the answer each must get.
//
// In the texts stand, in place of what only the running test knows: $T a trader's token, $V a viewer's,
// $A an administrator's, $ORDER an open order of the trader, $THEIRS one of another user, $ACCOUNT and
// $OTHER the trader's and the other user's account.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace khop::test {

struct HostileRequest {
    std::string name;
    std::string bytes;
    int status = 0;
    std::string code; // empty: only the status is asked
    bool closes = false;
};

class HostileRequests
{
public:
    std::vector<HostileRequest> all()
    {
        addAuthentication();
        addAuthorisation();
        addJson();
        addNumbers();
        addStrings();
        addPaths();
        addQueries();
        addHttp();
        addCrossOrigin();
        return std::move(m_rows);
    }

private:
    static constexpr std::string_view host = "Host: localhost\r\n";
    static constexpr std::string_view trader = "Authorization: Bearer $T\r\n";

    void raw(std::string name, std::string bytes, int status, std::string code = {})
    {
        m_rows.push_back({std::move(name), std::move(bytes), status, std::move(code), true});
    }
    void ask(std::string name, std::string_view line, std::string_view headers, int status,
             std::string code = {}, std::string_view body = {})
    {
        std::string bytes = std::string(line) + " HTTP/1.1\r\n" + std::string(host);
        bytes += headers;
        if (!body.empty() && headers.find("Content-Type") == std::string_view::npos)
            bytes += "Content-Type: application/json\r\n";
        if (!body.empty())
            bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        bytes += "\r\n";
        bytes += body;
        m_rows.push_back({std::move(name), std::move(bytes), status, std::move(code), false});
    }
    void get(std::string name, std::string_view target, int status, std::string code = {})
    {
        ask(std::move(name), "GET " + std::string(target), trader, status, std::move(code));
    }
    void order(std::string name, std::string_view body, int status, std::string code = {})
    {
        ask(std::move(name), "POST /orders", trader, status, std::move(code), body);
    }
    /// An order in which one field is as given.
    void field(std::string name, std::string_view key, std::string_view value, int status,
               std::string code = {})
    {
        std::string body = "{\"symbol\":\"SSI\",\"side\":\"BUY\"";
        for (const auto &[field, usual] :
             {std::pair{"quantity", "100"}, std::pair{"price", "31000"}}) {
            if (key != field)
                body.append(",\"").append(field).append("\":").append(usual);
        }
        if (key == "symbol" || key == "side")
            body = key == "symbol" ? R"({"side":"BUY","quantity":100,"price":31000)"
                                   : R"({"symbol":"SSI","quantity":100,"price":31000)";
        body.append(",\"").append(key).append("\":").append(value).append("}");
        order(std::move(name), body, status, std::move(code));
    }

    void addAuthentication()
    {
        const auto token = [this](std::string name, const std::string &header) {
            ask(std::move(name), "GET /balance", header, 401);
        };
        token("no token", "");
        token("empty Authorization", "Authorization:\r\n");
        token("scheme alone", "Authorization: Bearer\r\n");
        token("scheme and a space", "Authorization: Bearer \r\n");
        token("another scheme", "Authorization: Basic ZGVtbzpkZW1v\r\n");
        token("digest", "Authorization: Digest username=\"demo\"\r\n");
        token("token without scheme", "Authorization: $T\r\n");
        token("garbage", "Authorization: Bearer x\r\n");
        token("three dots", "Authorization: Bearer ...\r\n");
        token("two parts", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30\r\n");
        token(
            "alg none",
            "Authorization: Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhbmgiLCJyb2xlIjo"
            "iYWRtaW4iLCJleHAiOjk5OTk5OTk5OTl9.\r\n");
        token(
            "alg NonE",
            "Authorization: Bearer eyJhbGciOiJOb25FIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhbmgiLCJyb2xlIjo"
            "iYWRtaW4iLCJleHAiOjk5OTk5OTk5OTl9.\r\n");
        token(
            "alg RS256",
            "Authorization: Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbmgiLCJyb2xlIj"
            "oiYWRtaW4iLCJleHAiOjk5OTk5OTk5OTl9.AAAA\r\n");
        token("signature cut off", "Authorization: Bearer $T-\r\n");
        token("a byte more", "Authorization: Bearer $TA\r\n");
        token("space inside", "Authorization: Bearer $T $T\r\n");
        token("huge token", "Authorization: Bearer " + std::string(7'000, 'a') + "\r\n");
        token("not ASCII", "Authorization: Bearer \xC3\xA9\xC3\xA9\xC3\xA9\r\n");
        token("as a cookie", "Cookie: access_token=$T\r\n");
        token("as X-Auth-Token", "X-Auth-Token: $T\r\n");
        ask("Authorization twice", "GET /balance",
            "Authorization: Bearer $T\r\nAuthorization: Bearer x\r\n", 400);
        ask("token in the query", "GET /balance?access_token=$T", "", 401);
        ask("wrong password", "POST /auth/login", "", 401, "INVALID_CREDENTIALS",
            R"({"username":"binh","password":"wrong horse"})");
        ask("no such user", "POST /auth/login", "", 401, "INVALID_CREDENTIALS",
            R"({"username":"nobody","password":"wrong horse"})");
        ask("password is a number", "POST /auth/login", "", 422, "",
            R"({"username":"binh","password":12345678})");
        ask("password is an array", "POST /auth/login", "", 422, "",
            R"({"username":"binh","password":["correct horse binh"]})");
        ask("no password", "POST /auth/login", "", 422, "", R"({"username":"binh"})");
        ask("log in with a role", "POST /auth/login", "", 422, "UNKNOWN_FIELD",
            R"({"username":"binh","password":"correct horse binh","role":"admin"})");
        ask("log in with SQL", "POST /auth/login", "", 401, "INVALID_CREDENTIALS",
            R"({"username":"binh' OR '1'='1","password":"wrong horse"})");
        ask("log in by GET", "GET /auth/login?username=binh&password=x", "", 405);
        ask("refresh with garbage", "POST /auth/refresh", "", 401, "",
            R"({"refresh_token":"garbage"})");
        ask("refresh with an access token", "POST /auth/refresh", "", 422, "",
            R"({"refresh_token":"$T"})");
        ask("refresh with nothing", "POST /auth/refresh", "", 422, "", "{}");
        ask("registration is closed", "POST /auth/register", "", 403, "",
            R"({"username":"newcomer","password":"correct horse"})");
        ask("register as administrator", "POST /auth/register", "", 403, "FORBIDDEN",
            R"({"username":"newcomer","password":"correct horse","role":"admin"})");
    }

    void addAuthorisation()
    {
        const std::string viewer = "Authorization: Bearer $V\r\n";
        const std::string admin = "Authorization: Bearer $A\r\n";
        const std::string_view good =
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000})";
        ask("a viewer orders", "POST /orders", viewer, 403, "FORBIDDEN", good);
        ask("an administrator orders", "POST /orders", admin, 403, "FORBIDDEN", good);
        ask("a viewer cancels", "DELETE /orders/$ORDER", viewer, 403, "FORBIDDEN");
        ask("a viewer deposits", "POST /balance/deposit", viewer, 403, "FORBIDDEN",
            R"({"amount":1})");
        ask("a trader endows", "POST /accounts/$ACCOUNT/cash", trader, 403, "FORBIDDEN",
            R"({"amount":1,"currency":"VND"})");
        ask("a trader moves the clock", "PUT /practice/clock", trader, 403, "FORBIDDEN",
            R"({"speed":100})");
        ask("a trader halts", "POST /inventory/assets/SSI/halt", trader, 403, "FORBIDDEN");
        ask("a trader sets limits", "PUT /risk/limits", trader, 403, "FORBIDDEN", "{}");
        ask("a trader settles", "POST /trades/1/settle", trader, 403, "FORBIDDEN");
        get("a trader reads the journal", "/audit", 403, "FORBIDDEN");
        get("a trader verifies", "/audit/verify", 403, "FORBIDDEN");
        get("a trader reads the log", "/server/log", 403, "FORBIDDEN");
        get("a trader reads the clients", "/server/clients", 403, "FORBIDDEN");
        get("another's order", "/orders/$THEIRS", 404, "NOT_FOUND");
        get("another's executions", "/orders/$THEIRS/executions", 404, "NOT_FOUND");
        get("another's place in the queue", "/orders/$THEIRS/queue", 404, "NOT_FOUND");
        ask("cancel another's order", "DELETE /orders/$THEIRS", trader, 404, "NOT_FOUND");
        ask("amend another's order", "PUT /orders/$THEIRS", trader, 404, "NOT_FOUND",
            R"({"price":30000})");
        get("another's account", "/balance?account_id=$OTHER", 403, "FORBIDDEN");
        get("another's orders", "/orders?account_id=$OTHER", 403, "FORBIDDEN");
        get("another's user id", "/orders?user_id=00000000-0000-7000-8000-000000000000", 403,
            "FORBIDDEN");
        field("order for another", "account_id", "\"$OTHER\"", 403, "FORBIDDEN");
        get("another's portfolio", "/portfolio/bich", 404, "NOT_FOUND");
        ask("metrics through a proxy", "GET /metrics", "X-Forwarded-For: 127.0.0.1\r\n", 403);
        ask("metrics with Forwarded", "GET /internal/metrics", "Forwarded: for=127.0.0.1\r\n", 403);
    }

    void addJson()
    {
        const auto bad = [this](std::string name, std::string_view body) {
            order(std::move(name), body, 400, "MALFORMED_JSON");
        };
        bad("not JSON", "hello");
        bad("cut off", R"({"symbol":"SSI")");
        bad("trailing comma", R"({"symbol":"SSI",})");
        bad("single quotes", "{'symbol':'SSI'}");
        bad("comment", "{/* */\"symbol\":\"SSI\"}");
        bad("unquoted key", "{symbol:\"SSI\"}");
        bad("two documents", "{}{}");
        bad("trailing text", "{} x");
        bad("duplicate key", R"({"symbol":"SSI","symbol":"FPT"})");
        bad("duplicate key, escaped", "{\"symbol\":\"SSI\",\"s\\u0079mbol\":\"FPT\"}");
        bad("NaN", R"({"quantity":NaN})");
        bad("Infinity", R"({"quantity":Infinity})");
        bad("leading zero", R"({"quantity":0100})");
        bad("plus sign", R"({"quantity":+100})");
        bad("hexadecimal", R"({"quantity":0x64})");
        bad("point without digits", R"({"quantity":100.})");
        bad("BOM", "\xEF\xBB\xBF{}");
        bad("UTF-16", std::string_view("\xFF\xFE{\0}\0", 6));
        bad("lone surrogate", "{\"description\":\"\\ud800\"}");
        bad("lone low surrogate", "{\"description\":\"\\udc00\"}");
        bad("not UTF-8", "{\"description\":\"\xC3\x28\"}");
        bad("overlong UTF-8", "{\"description\":\"\xC0\x80\"}");
        bad("raw control character", "{\"description\":\"a\nb\"}");
        bad("bad escape", R"({"description":"\x41"})");
        bad("17 deep", std::string(17, '[') + std::string(17, ']'));
        bad("100,000 deep", std::string(100'000, '['));
        bad("NUL in the document", std::string_view("{\0}", 3));
        order("array", "[]", 422, "VALIDATION_ERROR");
        bad("string", "\"order\"");
        bad("number", "1");
        bad("null", "null");
        bad("true", "true");
        order("empty object", "{}", 422);
        order("unknown field",
              R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000,"admin":true})", 422,
              "UNKNOWN_FIELD");
        order("__proto__",
              R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000,"__proto__":{}})", 422,
              "UNKNOWN_FIELD");
        bad("10,000 fields", manyFields());
        ask("body empty", "POST /orders", trader, 400, "MALFORMED_JSON");
        ask("form", "POST /orders",
            std::string(trader) + "Content-Type: application/x-www-form-urlencoded\r\n", 415,
            "UNSUPPORTED_MEDIA_TYPE", "symbol=SSI");
        ask("text", "POST /orders", std::string(trader) + "Content-Type: text/plain\r\n", 415,
            "UNSUPPORTED_MEDIA_TYPE", "{}");
        ask("XML", "POST /orders", std::string(trader) + "Content-Type: application/xml\r\n", 415,
            "UNSUPPORTED_MEDIA_TYPE",
            R"(<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>)");
        ask("another charset", "POST /orders",
            std::string(trader) + "Content-Type: application/json; charset=utf-16\r\n", 415,
            "UNSUPPORTED_MEDIA_TYPE", "{}");
        ask("batch of nothing", "POST /orders/batch", trader, 422, "", R"({"orders":[]})");
        ask("batch of 101", "POST /orders/batch", trader, 422, "", manyOrders(101));
        ask("batch that is no list", "POST /orders/batch", trader, 422, "", R"({"orders":{}})");
    }

    static std::string manyFields()
    {
        std::string body = "{\"symbol\":\"SSI\"";
        for (int i = 0; i < 10'000; ++i)
            body += ",\"f" + std::to_string(i) + "\":1";
        return body + "}";
    }
    static std::string manyOrders(int count)
    {
        std::string body = "{\"orders\":[{}";
        for (int i = 1; i < count; ++i)
            body += ",{}";
        return body + "]}";
    }

    void addNumbers()
    {
        const auto quantity = [this](const char *value, const char *code = "") {
            field(std::string("quantity ") + value, "quantity", value, 422, code);
        };
        quantity("0");
        quantity("-100");
        quantity("-0");
        quantity("1e2");
        quantity("1E2");
        quantity("\"1e2\"");
        quantity("100.5");
        quantity("99999999999999999999");
        quantity("9223372036854775807");
        quantity("9223372036854775808");
        quantity("1"
                 "000000000000000000000000000000000000000");
        quantity("\"100 \"");
        quantity("\" 100\"");
        quantity("\"1,000\"");
        quantity("\"0x64\"");
        quantity("\"\"");
        quantity("true");
        quantity("[100]");
        quantity("{}");
        quantity("null");
        quantity("150", "INVALID_LOT");
        quantity("500100", "QUANTITY_ABOVE_MAXIMUM");
        const auto price = [this](const char *value, const char *code = "") {
            field(std::string("price ") + value, "price", value, 422, code);
        };
        price("0");
        price("-31000");
        price("31000.5");
        price("31000.0000000001");
        price("3.1e4");
        order("price 1e400", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":1e400})", 400,
              "MALFORMED_JSON");
        price("\"NaN\"");
        price("\"Infinity\"");
        price("99999999999999999999");
        price("0.000000000000000000000000000001");
        price("31.0", "PRICE_BELOW_FLOOR");
        price("31001", "INVALID_TICK");
        price("99999950", "PRICE_ABOVE_CEILING");
        price("\"\xD9\xA3\xD9\xA1\xD9\xA0\xD9\xA0\xD9\xA0\""); // Arabic-Indic digits
        field("price_unit of its own", "price_unit", "\"USD\"", 422);
        get("limit 0", "/orders?limit=0", 422);
        get("limit -1", "/orders?limit=-1", 422);
        get("limit 101", "/orders?limit=101", 422);
        get("limit 1e1", "/orders?limit=1e1", 422);
        get("limit 2^64", "/orders?limit=18446744073709551616", 422);
        get("offset -1", "/orders?offset=-1", 422);
        get("offset 2^63", "/orders?offset=9223372036854775808", 422);
        get("page 0", "/orders?page=0", 422);
        get("depth 2^32 + 1", "/orderbook?symbol=SSI&depth=4294967297", 422);
        get("days 366", "/positions/history/changes?days=366", 422);
        ask("deposit of nothing", "POST /balance/deposit", trader, 422, "", R"({"amount":0})");
        ask("negative deposit", "POST /balance/deposit", trader, 422, "", R"({"amount":-5})");
        ask("deposit beyond 64 bits", "POST /balance/deposit", trader, 422, "",
            R"({"amount":"92233720368547758080"})");
        ask("half a dong", "POST /balance/deposit", trader, 422, "", R"({"amount":"0.5"})");
        ask("withdraw what is not there", "POST /balance/withdraw", trader, 422,
            "INSUFFICIENT_CASH", R"({"amount":"900000000000"})");
    }

    void addStrings()
    {
        field("client id of 65", "client_order_id", '"' + std::string(65, 'a') + '"', 422);
        field("empty client id", "client_order_id", "\"\"", 422);
        field("client id with a space", "client_order_id", "\"a b\"", 422);
        field("client id with a line end", "client_order_id", "\"a\\r\\nSet-Cookie: x\"", 422);
        field("client id with NUL", "client_order_id", "\"a\\u0000b\"", 422);
        field("client id with markup", "client_order_id", "\"<script>\"", 422);
        field("client id is a number", "client_order_id", "17", 422);
        field("description of 501", "description", '"' + std::string(501, 'd') + '"', 422);
        field("symbol unknown", "symbol", "\"XXX\"", 422, "INSTRUMENT_UNKNOWN");
        field("symbol empty", "symbol", "\"\"", 422);
        field("symbol is SQL", "symbol", "\"SSI'; DROP TABLE orders;--\"", 422,
              "INSTRUMENT_UNKNOWN");
        field("symbol of 100,000", "symbol", '"' + std::string(100'000, 'S') + '"', 422);
        field("symbol is a path", "symbol", "\"../../etc/passwd\"", 422, "INSTRUMENT_UNKNOWN");
        field("symbol with a look-alike", "symbol", "\"SS\xD0\x86\"", 422, "INSTRUMENT_UNKNOWN");
        field("side unknown", "side", "\"HOLD\"", 422);
        field("side is 2", "side", "2", 422);
        field("type unknown", "order_type", "\"STOP\"", 422);
        field("time in force unknown", "time_in_force", "\"FOREVER\"", 422);
        field("GTC on HOSE", "time_in_force", "\"GTC\"", 422, "TIME_IN_FORCE_NOT_ALLOWED");
        field("ends in the past", "expires_at", "\"2020-01-01T00:00:00Z\"", 422);
        field("ends on no day", "expires_at", "\"2026-02-30T00:00:00Z\"", 422);
        field("account that is no id", "account_id", "\"mine\"", 403);
        field("condition is text", "condition", "\"STOP\"", 422);
        field("condition unknown", "condition", R"({"type":"NEVER","trigger_price":1})", 422);
        field("trigger missing", "condition", R"({"type":"STOP"})", 422);
        ask("account label of 1,000", "POST /accounts", trader, 422, "",
            "{\"label\":\"" + std::string(1'000, 'l') + "\"}");
        ask("request id with a line end", "GET /health/live", "X-Request-ID: a\\r\\nX-Evil: 1\r\n",
            200);
        ask("request id of 10,000", "GET /health/live",
            "X-Request-ID: " + std::string(10'000, 'r') + "\r\n", 200);
        ask("language of all", "GET /health/live",
            "Accept-Language: " + std::string(5'000, ',') + "q=9\r\n", 200);
    }

    void addPaths()
    {
        const auto nothing = [this](std::string name, std::string_view target) {
            get(std::move(name), target, 404, "NOT_FOUND");
        };
        nothing("no such path", "/api/v1/nothing");
        nothing("another version", "/api/v2/orders");
        nothing("prefix without slash", "/api/v1orders");
        nothing("up", "/../etc/passwd");
        nothing("up, escaped", "/%2e%2e/%2e%2e/etc/passwd");
        nothing("up inside docs", "/docs/../../etc/passwd");
        nothing("up inside docs, escaped", "/docs/..%2f..%2fetc%2fpasswd");
        nothing("two slashes", "//orders");
        nothing("slash inside an id", "/orders/a%2fb");
        nothing("NUL in an id", "/orders/a%00b");
        nothing("line end in an id", "/orders/%0d%0aX-Evil:%201");
        nothing("half an escape", "/orders/%4");
        nothing("no escape", "/orders/%zz");
        nothing("not UTF-8", "/orders/%ff%fe");
        nothing("an id that is none", "/orders/123");
        nothing("an id of 4,000", "/orders/" + std::string(4'000, 'a'));
        nothing("an id nobody has", "/orders/00000000-0000-7000-8000-000000000000");
        nothing("a trade nobody made", "/trades/00000000-0000-7000-8000-000000000000");
        nothing("an instrument unknown", "/instruments/XXX");
        nothing("an export unknown", "/export/everything.csv");
        nothing("an export up", "/export/..%2fkhop.db");
        nothing("a statement of no year", "/statements/nineteen.pdf");
        nothing("semicolon", "/orders;jsessionid=1");
        nothing("git", "/.git/config");
        nothing("env", "/.env");
        nothing("case", "/Orders");
    }

    void addQueries()
    {
        get("unknown parameter", "/orders?x=1", 400, "UNKNOWN_FIELD");
        get("twice", "/orders?limit=1&limit=2", 400);
        get("twice, escaped", "/orders?limit=1&%6cimit=2", 400);
        get("half an escape in a query", "/orders?symbol=%4", 400);
        get("page and offset", "/orders?page=1&offset=2", 400);
        get("cursor and page", "/orders?page=1&cursor=1", 400);
        get("cursor that is none", "/orders?cursor=!!!", 422);
        get("status unknown", "/orders?status=DONE", 422);
        get("date that is none", "/orders?start_date=yesterday", 422);
        get("the 32nd", "/orders?start_date=2026-01-32", 422);
        get("mine maybe", "/trades?mine=maybe", 422);
        get("live desk", "/orderbook?symbol=SSI&desk=live", 503, "VENUE_UNAVAILABLE");
        get("no such desk", "/orderbook?symbol=SSI&desk=mars", 422);
        get("quotes of nothing", "/quotes", 422);
        get("quotes of 201", "/quotes?symbols=" + manySymbols(201), 422);
        get("200 parameters", "/orders?" + manyParameters(200), 400);
        get("period unknown", "/positions/analytics/performance?period=2Y", 422);
        get("journal from nowhere", "/balance?from_seq=1", 400, "UNKNOWN_FIELD");
    }

    static std::string manySymbols(int count)
    {
        std::string symbols = "SSI";
        for (int i = 1; i < count; ++i)
            symbols += ",SSI";
        return symbols;
    }
    static std::string manyParameters(int count)
    {
        std::string query = "a0=1";
        for (int i = 1; i < count; ++i)
            query += "&a" + std::to_string(i) + "=1";
        return query;
    }

    void addHttp()
    {
        const std::string live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
        const std::string post =
            "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        raw("garbage", "\x16\x03\x01\x02\r\n\r\n", 400);
        raw("no version", "GET /health/live\r\n\r\n", 400);
        raw("Content-Type twice", post + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
            400);
        raw("HTTP/2.0", "GET /health/live HTTP/2.0\r\nHost: localhost\r\n\r\n", 505);
        raw("HTTP/9.9", "GET /health/live HTTP/9.9\r\nHost: localhost\r\n\r\n", 505);
        raw("version that is none", "GET /health/live HTTPX\r\nHost: localhost\r\n\r\n", 400);
        raw("no Host", "GET /health/live HTTP/1.1\r\n\r\n", 400);
        raw("another Host", "GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421);
        raw("Host twice", live + "Host: localhost\r\n\r\n", 400);
        raw("Host with a user", "GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 421);
        raw("line feeds alone", "GET /health/live HTTP/1.1\nHost: localhost\n\n", 400);
        raw("space before the colon", live + "X-A : 1\r\n\r\n", 400);
        raw("folded header", live + "X-A: 1\r\n 2\r\n\r\n", 400);
        raw("header without colon", live + "X-A\r\n\r\n", 400);
        raw("NUL in a header", live + std::string("X-A: 1\0\r\n\r\n", 11), 400);
        raw("request line of 9,000", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n\r\n", 414);
        raw("header of 20,000", live + "X-A: " + std::string(20'000, 'a') + "\r\n\r\n", 431);
        raw("65 headers", live + repeated("X-A: 1\r\n", 65) + "\r\n", 431);
        raw("body announced at 100 MB", post + "Content-Length: 100000000\r\n\r\n", 413);
        raw("length and chunks",
            post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        raw("chunks", post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411);
        raw("hidden chunks", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
        raw("length twice", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400);
        raw("length -1", post + "Content-Length: -1\r\n\r\n", 400);
        raw("length +2", post + "Content-Length: +2\r\n\r\n{}", 400);
        raw("length 2^64", post + "Content-Length: 18446744073709551616\r\n\r\n", 400);
        raw("expects a unicorn", post + "Content-Length: 2\r\nExpect: unicorn\r\n\r\n", 417);
        ask("method unknown", "BREW /orders", trader, 501);
        ask("TRACE", "TRACE /orders", trader, 501);
        raw("CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", 501);
        ask("PATCH where there is none", "PATCH /health", trader, 405, "METHOD_NOT_ALLOWED");
        ask("DELETE of health", "DELETE /health", trader, 405, "METHOD_NOT_ALLOWED");
        ask("POST to a list", "POST /trades", trader, 405, "METHOD_NOT_ALLOWED", "{}");
        ask("method by header", "GET /orders/$ORDER",
            std::string(trader) + "X-HTTP-Method-Override: DELETE\r\n", 200);
        ask("websocket path by GET", "GET /ws/v1", trader, 426);
        ask("websocket without version", "GET /ws/v1",
            std::string(trader)
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
                  "dGhlIHNhbXBsZSBub25jZQ==\r\n",
            400);
        ask("h2c", "GET /health/live",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
            200);
        ask("Range", "GET /health/live", "Range: bytes=0-1,2-3,4-5\r\n", 200);
        ask("version that is old", "PUT /orders/$ORDER",
            std::string(trader) + "If-Match: \"99\"\r\n", 412, "VERSION_MISMATCH",
            R"({"price":30900})");
        ask("If-Match that is none", "PUT /orders/$ORDER",
            std::string(trader) + "If-Match: banana\r\n", 422, "", R"({"price":30900})");
        furtherRequests();
    }

    void furtherRequests()
    {
        static constexpr std::string_view administrator = "Authorization: Bearer $A\r\n";
        static constexpr std::string_view good =
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000})";
        // what names no order must not become all of them
        ask("cancel an order without its id", "DELETE /orders//", trader, 404, "NOT_FOUND");
        ask("cancel without an id, at length", "DELETE /api/v1/orders//", trader, 404, "NOT_FOUND");
        get("orders with two slashes", "/orders//", 404, "NOT_FOUND");
        ask("cancel all of another", "DELETE /orders?symbol=SSI&account_id=$OTHER", trader, 403,
            "FORBIDDEN");
        ask("order for another by the query", "POST /orders?account_id=$OTHER", trader, 403,
            "FORBIDDEN", good);
        get("another's trades", "/trades?mine=true&account_id=$OTHER", 403, "FORBIDDEN");
        // what a request does not take is not passed over
        ask("cancel with garbage", "POST /orders/$ORDER/cancel", trader, 400, "MALFORMED_JSON",
            "{garbage");
        ask("cancel with a field", "POST /orders/$ORDER/cancel", trader, 422, "UNKNOWN_FIELD",
            R"({"x":1})");
        ask("cancel with a list", "DELETE /orders/$ORDER", trader, 422, "", "[1]");
        ask("cancel all with a body", "DELETE /orders", trader, 422, "UNKNOWN_FIELD",
            R"({"symbol":"SSI"})");
        ask("halt with garbage", "POST /inventory/assets/SSI/halt", administrator, 400,
            "MALFORMED_JSON", "{garbage");
        ask("halt with a field", "POST /inventory/assets/SSI/halt", administrator, 422,
            "UNKNOWN_FIELD", R"({"reason":"x"})");
        ask("a name that is a number", "PATCH /inventory/assets/SSI", administrator, 422,
            "VALIDATION_ERROR", R"({"name":7})");
        ask("a recording outside its folder", "DELETE /recordings/..%2fkhop.db", administrator, 404,
            "NOT_FOUND");
        // versions
        for (const std::string tag :
             {"\"99\"", "W/\"1\"", "\"abc\"", "\"98\", \"99\"", "\"99999999999999999999\""}) {
            const std::string headers = std::string(trader) + "If-Match: " + tag + "\r\n";
            ask("cancel of version " + tag, "DELETE /orders/$ORDER", headers, 412,
                "VERSION_MISMATCH");
            ask("cancel by POST of version " + tag, "POST /orders/$ORDER/cancel", headers, 412,
                "VERSION_MISMATCH");
            ask("change of version " + tag, "PUT /orders/$ORDER", headers, 412, "VERSION_MISMATCH",
                R"({"price":30900})");
        }
        for (const std::string tag : {"banana", "\"1", "\"1\",", "\"1\" \"2\"", "1, 2", "W/1"})
            ask("cancel of what is no version: " + tag, "DELETE /orders/$ORDER",
                std::string(trader) + "If-Match: " + tag + "\r\n", 422);
        // text that is cut, or is none
        field("side in Vietnamese", "side", "\"mua giá mở cửa nhé\"", 422);
        field("side in pictures", "side", "\"a😀😀😀😀😀😀😀😀😀😀😀😀\"", 422);
        get("query that is no text", "/orders?symbol=%ff", 400, "MALFORMED_REQUEST");
        get("name that is no text", "/orders?%ff=1", 400, "MALFORMED_REQUEST");
        ask("public query that is no text", "GET /health?%c3%28", "", 400, "MALFORMED_REQUEST");
        get("parameter without a name", "/orders?=1", 400, "UNKNOWN_FIELD");
        ask("version that is no text", "DELETE /orders/$ORDER",
            std::string(trader) + "If-Match: \xff\r\n", 422);
        get("export that is no text", "/export/%ff%fe.csv", 404, "NOT_FOUND");
        get("cursor in Vietnamese", "/orders?cursor=c" + repeated("%E1%BB%87", 20), 422);
        for (const char *const feed : {"/ws/orderbook/", "/ws/trades/"}) {
            const std::string upgrade =
                std::string(trader)
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
            ask(std::string(feed) + " of the live desk",
                "GET " + std::string(feed) + "?symbol=SSI&desk=live", upgrade, 503,
                "VENUE_UNAVAILABLE");
            ask(std::string(feed) + " of no desk",
                "GET " + std::string(feed) + "?symbol=SSI&desk=mars", upgrade, 422,
                "VALIDATION_ERROR");
        }
    }

    static std::string repeated(std::string_view text, int times)
    {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += text;
        return all;
    }

    void addCrossOrigin()
    {
        const std::string origin = std::string(trader) + "Origin: https://evil.example\r\n";
        ask("preflight", "OPTIONS /orders",
            "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n", 204);
        ask("another origin reads", "GET /health/live", origin, 200);
        const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                    "Sec-WebSocket-Version: 13\r\n"
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        ask("stream from another origin", "GET /ws/v1", origin + upgrade, 403, "FORBIDDEN");
        ask("stream from null", "GET /ws/v1", "Origin: null\r\n" + upgrade, 403, "FORBIDDEN");
        ask("stream from a look-alike", "GET /ws/v1",
            "Origin: http://localhost.evil.example\r\n" + upgrade, 403, "FORBIDDEN");
        ask("stream with the token in its address", "GET /ws/v1?token=$T", upgrade, 400,
            "UNKNOWN_FIELD");
        ask("stream with a bad token", "GET /ws/v1", "Authorization: Bearer x\r\n" + upgrade, 401);
        ask("stream of nothing", "GET /ws/v2", std::string(trader) + upgrade, 404);
    }

    std::vector<HostileRequest> m_rows;
};

} // namespace khop::test
