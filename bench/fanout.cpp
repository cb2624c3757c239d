// SPDX-License-Identifier: GPL-3.0-or-later
// Market data to many streams: how soon a trade reaches them, and how many messages they are sent.
#include "base/clock.h"
#include "base/decimal.h"
#include "http_load.h"
#include "http_message.h"
#include "prepared_server.h"
#include "stream_wire.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

namespace khop::bench {

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Streams that read what they are sent, on one thread.
class Subscribers
{
public:
    Subscribers() : m_epoll(epoll_create1(EPOLL_CLOEXEC)) {}

    Outcome<void> add(const LoopbackAddress &address, const std::string &token,
                      const std::string &subscription);
    std::size_t size() const { return m_streams.size(); }
    /// Reads what comes within some milliseconds; `seen` is called with every text when given.
    void read(int milliseconds, const std::function<void(std::string_view)> &seen = {});

    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::size_t lost = 0;

private:
    struct Stream {
        Descriptor socket;
        std::string rest; // of a frame that is not complete
    };
    void receive(Stream &stream, const std::function<void(std::string_view)> &seen);

    Descriptor m_epoll;
    std::vector<Stream> m_streams;
    std::vector<char> m_block = std::vector<char>(1 << 20);
};

Outcome<void> Subscribers::add(const LoopbackAddress &address, const std::string &token,
                               const std::string &subscription)
{
    auto socket = openStream(address, token);
    if (!socket)
        return std::unexpected(socket.error());
    std::string frames;
    appendText(frames, subscription);
    if (!sendAll(*socket, frames))
        return std::unexpected(systemError());
    setNonBlocking(*socket);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = m_streams.size();
    if (epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, socket->get(), &event) != 0)
        return std::unexpected(systemError());
    m_streams.push_back({std::move(*socket), {}});
    return {};
}

void Subscribers::receive(Stream &stream, const std::function<void(std::string_view)> &seen)
{
    const ssize_t n = recv(stream.socket.get(), m_block.data(), m_block.size(), 0);
    if (n <= 0) {
        if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
            ++lost;
            stream.socket.close();
        }
        return;
    }
    bytes += static_cast<std::uint64_t>(n);
    std::string_view data(m_block.data(), static_cast<std::size_t>(n));
    if (!stream.rest.empty()) {
        stream.rest += data;
        data = stream.rest;
    }
    for (WireFrame frame = firstFrame(data); frame.size > 0; frame = firstFrame(data)) {
        if (frame.opcode == 1) {
            ++messages;
            if (seen)
                seen(frame.payload);
        }
        data.remove_prefix(frame.size);
    }
    stream.rest = std::string(data);
}

void Subscribers::read(int milliseconds, const std::function<void(std::string_view)> &seen)
{
    std::array<epoll_event, 256> events;
    const int count =
        epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()), milliseconds);
    for (int i = 0; i < count; ++i) {
        Stream &stream =
            m_streams[static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64)];
        if (stream.socket)
            receive(stream, seen);
    }
}

/// POST /orders, one after the other on one connection.
class OrderPost
{
public:
    OrderPost(const LoopbackAddress &address, Descriptor socket)
        : m_address(address)
        , m_socket(std::move(socket))
    {}
    Outcome<void> send(const std::string &token, const std::string &body)
    {
        std::string request;
        appendRequest(request, m_address.hostHeader(), {"POST", "/api/v1/orders", token, body});
        if (!sendAll(m_socket, request))
            return std::unexpected(systemError());
        std::string in;
        std::array<char, 16'384> block;
        while (true) {
            const ssize_t n = recv(m_socket.get(), block.data(), block.size(), 0);
            if (n <= 0)
                return std::unexpected("an order was not answered");
            in.append(block.data(), static_cast<std::size_t>(n));
            const auto answer = parseAnswer(in);
            if (!answer)
                return std::unexpected(answer.error());
            if (!*answer)
                continue;
            if ((*answer)->status != 201)
                return std::unexpected("an order was refused: " + in.substr(0, 600));
            return {};
        }
    }

private:
    const LoopbackAddress &m_address;
    Descriptor m_socket;
};

struct Latency {
    LoadResult each; // of every subscriber of every trade
    LoadResult last; // of the slowest subscriber of every trade
};

/// From the REST answer to the order that trades, to each subscriber that has read of the trade; 0 when it
/// was there first.
Outcome<Latency> measureLatency(const PreparedServer &server, const FlowInstrument &instrument,
                                std::int64_t subscribers, std::int64_t rounds)
{
    Subscribers streams;
    for (std::int64_t i = 0; i < subscribers; ++i) {
        const auto added = streams.add(
            server.address, server.tokens[static_cast<std::size_t>(i) % server.tokens.size()],
            R"({"op":"subscribe","channel":"trades","symbols":[")" + instrument.symbol + "\"]}");
        if (!added)
            return std::unexpected(added.error());
    }
    auto socket = server.address.connect(true);
    if (!socket)
        return std::unexpected(socket.error());
    OrderPost post(server.address, std::move(*socket));
    const auto order = [&](const char *side) {
        return R"({"symbol":")" + instrument.symbol + R"(","side":")" + side + R"(","quantity":")"
               + instrument.quantity + R"(","price":")"
               + formatDecimal(instrument.reference.raw(), instrument.priceScale) + "\"}";
    };

    std::mutex mutex;
    std::vector<std::int64_t> arrivals; // of this round
    std::atomic<bool> done = false;
    std::jthread reader([&] {
        while (!done) {
            streams.read(20, [&](std::string_view text) {
                if (!text.starts_with(R"({"channel":"trades","type":"update")"))
                    return;
                const std::lock_guard lock(mutex);
                arrivals.push_back(steadyNanoseconds());
            });
        }
    });
    Latency latency;
    Outcome<void> problem;
    for (std::int64_t round = 0; round < rounds && problem; ++round) {
        problem = post.send(server.tokens[0], order("SELL"));
        if (problem)
            problem = post.send(server.tokens[1 % server.tokens.size()], order("BUY"));
        const std::int64_t answered = steadyNanoseconds();
        bool all = false;
        while (problem && !all && steadyNanoseconds() < answered + second) {
            std::this_thread::sleep_for(std::chrono::microseconds(500));
            const std::lock_guard lock(mutex);
            all = arrivals.size() >= static_cast<std::size_t>(subscribers);
        }
        const std::lock_guard lock(mutex);
        std::int64_t slowest = 0;
        for (const std::int64_t arrival : arrivals) {
            latency.each.latencies.push_back(std::max<std::int64_t>(0, arrival - answered));
            slowest = std::max(slowest, latency.each.latencies.back());
        }
        latency.last.latencies.push_back(all ? slowest : second);
        arrivals.clear();
    }
    done = true;
    if (!problem)
        return std::unexpected(problem.error());
    std::ranges::sort(latency.each.latencies);
    std::ranges::sort(latency.last.latencies);
    return latency;
}

/// Places orders at a steady rate until told to stop.
void keepTrading(const LoopbackAddress &address, const std::string &token, OrderFlow flow,
                 std::int64_t rate, const std::atomic<bool> &done)
{
    auto socket = openStream(address, token);
    if (!socket)
        return;
    std::string body, frames;
    std::array<char, 65'536> block;
    const std::int64_t start = steadyNanoseconds();
    std::int64_t placed = 0;
    while (!done) {
        const std::int64_t due = (steadyNanoseconds() - start) / 1'000 * rate / 1'000'000;
        frames.clear();
        for (; placed < due; ++placed) {
            flow.next(body);
            appendText(frames, R"({"op":"order.place",)" + body.substr(1));
        }
        if (!sendAll(*socket, frames))
            return;
        while (recv(socket->get(), block.data(), block.size(), MSG_DONTWAIT) > 0) {
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

struct Delivered {
    double seconds = 0;
    std::uint64_t messages = 0, bytes = 0;
    std::size_t lost = 0;
};

Outcome<Delivered> measureDelivery(const PreparedServer &server,
                                   const std::vector<FlowInstrument> &instruments,
                                   std::int64_t subscribers, std::int64_t rate,
                                   std::int64_t seconds)
{
    std::string symbols;
    for (const FlowInstrument &instrument : instruments)
        symbols += (symbols.empty() ? "\"" : ",\"") + instrument.symbol + '"';
    Subscribers streams;
    for (std::int64_t i = 0; i < subscribers; ++i) {
        const std::string &token =
            server.tokens[static_cast<std::size_t>(i) % server.tokens.size()];
        constexpr std::array channels{"book", "trades", "quotes"};
        const auto added =
            streams.add(server.address, token,
                        R"({"op":"subscribe","channel":")"
                            + std::string(channels[static_cast<std::size_t>(i) % channels.size()])
                            + R"(","symbols":[)" + symbols + "]}");
        if (!added)
            return std::unexpected(added.error());
        streams.read(0);
    }
    std::atomic<bool> done = false;
    std::jthread trading([&] {
        keepTrading(server.address, server.tokens.front(), OrderFlow(instruments, "fanout"), rate,
                    done);
    });
    const auto readFor = [&](std::int64_t nanoseconds) {
        const std::int64_t start = steadyNanoseconds();
        while (steadyNanoseconds() < start + nanoseconds)
            streams.read(10);
        return static_cast<double>(steadyNanoseconds() - start) / second;
    };
    readFor(second); // the snapshots
    streams.messages = streams.bytes = 0;
    Delivered delivered;
    delivered.seconds = readFor(seconds * second);
    delivered.messages = streams.messages;
    delivered.bytes = streams.bytes;
    delivered.lost = streams.lost;
    done = true;
    return delivered;
}

} // namespace

int runFanout(const Arguments &arguments)
{
    CommandLine line(
        "fanout", "Trades on a server of this computer while streams read the market data of it, "
                  "and\nprints one line of JSON: how soon a trade reaches them after its REST "
                  "answer, and\nhow many messages a second they are sent. Server and traders as "
                  "for rest.");
    addServerOptions(line,
                     "ACB,BID,CTG,DGC,FPT,GAS,GVR,HDB,HPG,LPB,MBB,MSN,MWG,PLX,SAB,SHB,SSB,SSI,STB,"
                     "TCB,TPB,VCB,VHM,VIB,VIC,VJC,VNM,VPB,VPL,VRE"); // the VN30
    line.option("subscribers", "N", "streams that are counted", "1000");
    line.option("nearby", "N", "streams that a trade's time is taken to", "100");
    line.option("rounds", "N", "trades whose time is taken", "500");
    line.option("orders", "N", "orders a second while messages are counted", "1000");
    line.option("seconds", "N", "how long they are counted", "8");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const auto subscribers = line.number("subscribers", 1, 1'900);
    const auto nearby = line.number("nearby", 1, 1'000);
    const auto rounds = line.number("rounds", 1, 100'000);
    const auto orders = line.number("orders", 1, 100'000);
    const auto seconds = line.number("seconds", 1, 3'600);
    if (!subscribers || !nearby || !rounds || !orders || !seconds)
        return exitUsage;
    // every stream is a descriptor
    rlimit descriptors{};
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
    auto server = prepareServer(line);
    if (!server)
        return server.error();

    const auto latency = measureLatency(*server, server->instruments.back(), *nearby, *rounds);
    if (!latency)
        return line.error(latency.error(), exitFailed);
    std::vector<FlowInstrument> traded = server->instruments;
    if (traded.size() > 1)
        traded.pop_back();
    const auto delivered = measureDelivery(*server, traded, *subscribers, *orders, *seconds);
    if (!delivered)
        return line.error(delivered.error(), exitFailed);
    const auto milliseconds = [](std::int64_t nanoseconds) {
        return static_cast<double>(nanoseconds) / 1e6;
    };
    std::printf(
        "{\"nearby\":%lld,\"trades\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"slowest_p50_ms\":%.3f,"
        "\"slowest_p99_ms\":%.3f,\"subscribers\":%lld,\"orders_per_second\":%lld,"
        "\"messages_per_second\":%.0f,\"megabytes_per_second\":%.1f,\"lost\":%zu}\n",
        static_cast<long long>(*nearby), latency->last.latencies.size(),
        milliseconds(latency->each.percentile(50)), milliseconds(latency->each.percentile(99)),
        milliseconds(latency->last.percentile(50)), milliseconds(latency->last.percentile(99)),
        static_cast<long long>(*subscribers), static_cast<long long>(*orders),
        static_cast<double>(delivered->messages) / delivered->seconds,
        static_cast<double>(delivered->bytes) / delivered->seconds / 1e6, delivered->lost);
    if (server->own) {
        if (const auto stopped = server->own->stop(); !stopped)
            return line.error(stopped.error(), exitFailed);
    }
    return delivered->messages == 0 ? exitFailed : exitDone;
}

} // namespace khop::bench
