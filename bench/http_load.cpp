// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_load.h"

#include "base/clock.h"
#include "http_message.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <deque>

namespace khop::bench {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t patience = 10 * second; // for the answers still due at the end

class Load
{
public:
    Load(const LoopbackAddress &address, const LoadPlan &plan)
        : m_address(address)
        , m_plan(plan)
        , m_epoll(epoll_create1(EPOLL_CLOEXEC))
        , m_connections(plan.connections)
    {}

    std::expected<LoadResult, std::string> run();

private:
    struct Connection {
        Descriptor socket;
        std::string out;
        std::size_t written = 0;
        std::string in;
        std::int64_t sentAt = 0;
        bool owed = false;      // an answer
        bool wantsWrite = true; // also while it connects
    };

    std::expected<void, std::string> open(std::size_t index);
    void serve(std::size_t index, std::uint32_t events);
    void ask(std::size_t index);
    void write(std::size_t index);
    void read(std::size_t index);
    void answered(Connection &connection, const HttpAnswer &answer);
    void lose(std::size_t index, const std::string &why);
    void watch(std::size_t index, bool write);
    void askInTurn(std::size_t index);
    void askDue();
    bool over() const { return steadyNanoseconds() >= m_end; }

    const LoopbackAddress &m_address;
    const LoadPlan &m_plan;
    Descriptor m_epoll;
    std::vector<Connection> m_connections;
    std::array<char, 65'536> m_block;
    LoadResult m_result;
    std::int64_t m_end = 0;
    std::size_t m_owed = 0;
    std::deque<std::pair<std::int64_t, std::size_t>> m_due; // with a rate: who asks when, ascending
};

std::expected<void, std::string> Load::open(std::size_t index)
{
    Connection &connection = m_connections[index];
    auto socket = m_address.connect(false);
    if (!socket)
        return std::unexpected("http://" + m_address.hostHeader() + ": " + socket.error());
    connection = {};
    connection.socket = std::move(*socket);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u64 = index;
    if (epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, connection.socket.get(), &event) != 0)
        return std::unexpected(systemError());
    return {};
}

void Load::watch(std::size_t index, bool write)
{
    Connection &connection = m_connections[index];
    if (connection.wantsWrite == write)
        return;
    connection.wantsWrite = write;
    epoll_event event{};
    event.events = write ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.u64 = index;
    epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, connection.socket.get(), &event);
}

void Load::ask(std::size_t index)
{
    Connection &connection = m_connections[index];
    connection.out.clear();
    connection.written = 0;
    m_plan.next(index, connection.out);
    connection.owed = true;
    ++m_owed;
    connection.sentAt = steadyNanoseconds();
    write(index);
}

/// At once, or with a rate when a connection's turn has come: the interval is the same for all.
void Load::askInTurn(std::size_t index)
{
    if (m_plan.rate == 0) {
        ask(index);
        return;
    }
    const std::int64_t interval =
        second * static_cast<std::int64_t>(m_connections.size()) / m_plan.rate;
    const std::int64_t due = m_connections[index].sentAt + interval;
    const auto place =
        std::ranges::upper_bound(m_due, due, {}, &std::pair<std::int64_t, std::size_t>::first);
    m_due.insert(place, {due, index});
    watch(index, false);
}

void Load::askDue()
{
    const std::int64_t now = steadyNanoseconds();
    while (!m_due.empty() && m_due.front().first <= now) {
        const std::size_t index = m_due.front().second;
        m_due.pop_front();
        if (m_connections[index].socket && !m_connections[index].owed && !over())
            ask(index);
    }
}

void Load::write(std::size_t index)
{
    Connection &connection = m_connections[index];
    while (connection.written < connection.out.size()) {
        const ssize_t n = send(connection.socket.get(), connection.out.data() + connection.written,
                               connection.out.size() - connection.written, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            watch(index, true);
            return;
        }
        if (n < 0) {
            lose(index, systemError());
            return;
        }
        connection.written += static_cast<std::size_t>(n);
    }
    watch(index, false);
}

void Load::answered(Connection &connection, const HttpAnswer &answer)
{
    connection.owed = false;
    --m_owed;
    if (answer.status >= 200 && answer.status < 300) {
        m_result.latencies.push_back(steadyNanoseconds() - connection.sentAt);
        return;
    }
    const std::string_view code = textMember(answer.body, "code");
    ++m_result
          .errors[std::to_string(answer.status) + "/" + (code.empty() ? "?" : std::string(code))];
}

void Load::read(std::size_t index)
{
    Connection &connection = m_connections[index];
    const ssize_t n = recv(connection.socket.get(), m_block.data(), m_block.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    if (n <= 0) {
        lose(index, n == 0 ? "connection closed" : systemError());
        return;
    }
    connection.in.append(m_block.data(), static_cast<std::size_t>(n));
    const auto answer = parseAnswer(connection.in);
    if (!answer) {
        lose(index, answer.error());
        return;
    }
    if (!*answer)
        return;
    if (!connection.owed) {
        lose(index, "an answer to nothing");
        return;
    }
    answered(connection, **answer);
    const bool closes = (*answer)->closes;
    connection.in.erase(0, (*answer)->size);
    if (closes) {
        if (auto opened = open(index); !opened)
            lose(index, opened.error());
    } else if (!over()) {
        askInTurn(index);
    }
}

/// Counts the loss and connects again.
void Load::lose(std::size_t index, const std::string &why)
{
    Connection &connection = m_connections[index];
    if (connection.owed)
        --m_owed;
    if (!over() || connection.owed)
        ++m_result.errors[why];
    connection = {};
    if (over())
        return;
    if (const auto opened = open(index); !opened)
        ++m_result.errors[opened.error()];
}

void Load::serve(std::size_t index, std::uint32_t events)
{
    Connection &connection = m_connections[index];
    if (!connection.socket)
        return;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        read(index);
        return;
    }
    if ((events & EPOLLOUT) == 0)
        return;
    if (connection.owed)
        write(index);
    else if (!over())
        ask(index); // connected
    else
        watch(index, false);
}

std::expected<LoadResult, std::string> Load::run()
{
    if (!m_epoll)
        return std::unexpected(systemError());
    for (std::size_t i = 0; i < m_connections.size(); ++i) {
        if (auto opened = open(i); !opened)
            return std::unexpected(opened.error());
    }
    const std::int64_t start = steadyNanoseconds();
    m_end = start + m_plan.seconds * second;
    std::array<epoll_event, 256> events;
    while (!over() || (m_owed > 0 && steadyNanoseconds() < m_end + patience)) {
        const int count = epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()),
                                     m_plan.rate == 0 ? 100 : 1);
        if (count < 0 && errno != EINTR)
            return std::unexpected(systemError());
        for (int i = 0; i < count; ++i)
            serve(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64),
                  events[static_cast<std::size_t>(i)].events);
        askDue();
    }
    m_result.seconds = static_cast<double>(steadyNanoseconds() - start) / second;
    if (m_owed > 0)
        m_result.errors["no answer"] += m_owed;
    std::ranges::sort(m_result.latencies);
    return std::move(m_result);
}

} // namespace

std::int64_t LoadResult::percentile(double percent) const
{
    if (latencies.empty())
        return 0;
    const double rank = std::ceil(percent / 100 * static_cast<double>(latencies.size()));
    const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
    return latencies[std::min(index, latencies.size() - 1)];
}

void printLoad(const LoadResult &result, std::size_t connections, std::size_t accounts)
{
    const auto milliseconds = [](std::int64_t nanoseconds) {
        return static_cast<double>(nanoseconds) / 1e6;
    };
    QJsonObject errors;
    for (const auto &[what, count] : result.errors)
        errors[QString::fromStdString(what)] = static_cast<qint64>(count);
    std::printf("{\"connections\":%zu,\"accounts\":%zu,\"seconds\":%.3f,\"acks\":%zu,\"acks_per_"
                "second\":%.0f,"
                "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"errors\":%s}\n",
                connections, accounts, result.seconds, result.latencies.size(),
                static_cast<double>(result.latencies.size()) / result.seconds,
                milliseconds(result.percentile(50)), milliseconds(result.percentile(90)),
                milliseconds(result.percentile(99)), milliseconds(result.percentile(100)),
                QJsonDocument(errors).toJson(QJsonDocument::Compact).constData());
}

std::expected<LoadResult, std::string> putLoad(const LoopbackAddress &address, const LoadPlan &plan)
{
    return Load(address, plan).run();
}

} // namespace khop::bench
