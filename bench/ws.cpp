// SPDX-License-Identifier: GPL-3.0-or-later
// Order entry over WebSocket: N connections with M orders each that wait for their answer.
#include "base/clock.h"
#include "http_load.h"
#include "http_message.h"
#include "prepared_server.h"
#include "stream_wire.h"

#include <QDateTime>

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

namespace khop::bench {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t patience = 10 * second; // for the answers still due at the end

class StreamLoad
{
public:
    StreamLoad(OrderFlow flow, std::size_t outstanding, std::int64_t seconds)
        : m_flow(std::move(flow))
        , m_outstanding(outstanding)
        , m_seconds(seconds)
        , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    {}

    Outcome<void> open(const LoopbackAddress &address, const std::string &token);
    LoadResult run();

private:
    struct Connection {
        Descriptor socket;
        std::string in;
        std::vector<std::int64_t> sentAt; // by id
        std::size_t owed = 0;
    };
    void place(Connection &connection, std::size_t count);
    void read(Connection &connection);
    bool answered(Connection &connection, std::string_view message);
    void lose(Connection &connection, const std::string &why);
    bool over() const { return steadyNanoseconds() >= m_end; }

    OrderFlow m_flow;
    std::size_t m_outstanding;
    std::int64_t m_seconds;
    Descriptor m_epoll;
    std::vector<Connection> m_connections;
    std::array<char, 256 * 1024> m_block;
    std::string m_body, m_message, m_out;
    LoadResult m_result;
    std::int64_t m_end = 0;
    std::size_t m_owed = 0;
};

Outcome<void> StreamLoad::open(const LoopbackAddress &address, const std::string &token)
{
    auto socket = openStream(address, token);
    if (!socket)
        return std::unexpected(socket.error());
    setNonBlocking(*socket);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = m_connections.size();
    if (epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, socket->get(), &event) != 0)
        return std::unexpected(systemError());
    m_connections.push_back({std::move(*socket), {}, {}, 0});
    return {};
}

void StreamLoad::place(Connection &connection, std::size_t count)
{
    m_out.clear();
    const std::int64_t now = steadyNanoseconds();
    for (std::size_t i = 0; i < count; ++i) {
        m_flow.next(m_body);
        m_message = R"({"op":"order.place","id":)";
        m_message += std::to_string(connection.sentAt.size());
        m_message += ',';
        m_message.append(m_body, 1); // the body without its first brace
        connection.sentAt.push_back(now);
        appendText(m_out, m_message);
    }
    connection.owed += count;
    m_owed += count;
    if (count > 0 && !sendAll(connection.socket, m_out))
        lose(connection, systemError());
}

// True for the answer to an order.
bool StreamLoad::answered(Connection &connection, std::string_view message)
{
    const bool ack = message.starts_with(R"({"type":"ack","id":)");
    if (!ack && !message.starts_with(R"({"type":"error","id":)"))
        return false;
    message.remove_prefix(message.find("\"id\":") + 5);
    std::size_t id = 0;
    std::from_chars(message.data(), message.data() + message.size(), id);
    if (id >= connection.sentAt.size() || connection.sentAt[id] == 0)
        return false;
    const std::int64_t sentAt = std::exchange(connection.sentAt[id], 0);
    --connection.owed;
    --m_owed;
    if (ack)
        m_result.latencies.push_back(steadyNanoseconds() - sentAt);
    else
        ++m_result.errors[std::string(textMember(message, "code"))];
    return true;
}

void StreamLoad::read(Connection &connection)
{
    const ssize_t n = recv(connection.socket.get(), m_block.data(), m_block.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    if (n <= 0) {
        lose(connection, n == 0 ? "connection closed" : systemError());
        return;
    }
    connection.in.append(m_block.data(), static_cast<std::size_t>(n));
    std::string_view rest = connection.in;
    std::size_t answers = 0;
    for (WireFrame frame = firstFrame(rest); frame.size > 0; frame = firstFrame(rest)) {
        answers += frame.opcode == 1 && answered(connection, frame.payload) ? 1 : 0;
        rest.remove_prefix(frame.size);
    }
    connection.in.erase(0, connection.in.size() - rest.size());
    if (!over())
        place(connection, answers);
}

void StreamLoad::lose(Connection &connection, const std::string &why)
{
    m_owed -= std::exchange(connection.owed, 0);
    ++m_result.errors[why];
    connection.socket.close();
}

LoadResult StreamLoad::run()
{
    const std::int64_t start = steadyNanoseconds();
    m_end = start + m_seconds * second;
    for (Connection &connection : m_connections)
        place(connection, m_outstanding);
    std::array<epoll_event, 64> events;
    while (m_owed > 0 && steadyNanoseconds() < m_end + patience) {
        const int count =
            epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()), 100);
        for (int i = 0; i < count; ++i) {
            Connection &connection = m_connections[static_cast<std::size_t>(
                events[static_cast<std::size_t>(i)].data.u64)];
            if (connection.socket)
                read(connection);
        }
    }
    m_result.seconds = static_cast<double>(steadyNanoseconds() - start) / second;
    if (m_owed > 0)
        m_result.errors["no answer"] += m_owed;
    std::ranges::sort(m_result.latencies);
    return std::move(m_result);
}

} // namespace

int runWs(const Arguments &arguments)
{
    CommandLine line(
        "ws",
        "Puts orders on a server of this computer over WebSocket and prints one line of JSON.\n"
        "Server and traders as for rest. Exits 1 when no order was acknowledged.");
    addServerOptions(line);
    line.option("connections", "N", "streams", "8");
    line.option("outstanding", "N", "orders of each that wait for their answer", "64");
    line.option("seconds", "N", "how long", "8");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const auto connections = line.number("connections", 1, 1'000);
    const auto outstanding = line.number("outstanding", 1, 1'024);
    const auto seconds = line.number("seconds", 1, 86'400);
    if (!connections || !outstanding || !seconds)
        return exitUsage;
    auto server = prepareServer(line);
    if (!server)
        return server.error();

    StreamLoad load(OrderFlow(std::move(server->instruments),
                              "bench-" + std::to_string(QDateTime::currentMSecsSinceEpoch())),
                    static_cast<std::size_t>(*outstanding), *seconds);
    for (std::int64_t i = 0; i < *connections; ++i) {
        const auto opened = load.open(
            server->address, server->tokens[static_cast<std::size_t>(i) % server->tokens.size()]);
        if (!opened)
            return line.error(opened.error(), exitFailed);
    }
    const LoadResult result = load.run();
    printLoad(result, static_cast<std::size_t>(*connections), server->tokens.size());
    if (server->own) {
        if (const auto stopped = server->own->stop(); !stopped)
            return line.error(stopped.error(), exitFailed);
    }
    return result.latencies.empty() ? exitFailed : exitDone;
}

} // namespace khop::bench
