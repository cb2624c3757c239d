// SPDX-License-Identifier: GPL-3.0-or-later
// The channels of one account: orders, executions, positions, cash. Their seq is the journal's, so that it
// goes on after a restart; each message names the one before it.
#include "server/api/records_json.h"
#include "server/ws/stream_hub.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr std::size_t pageRows = 500;
constexpr qint64 pageWait = 256 * 1024; // waiting bytes above which the next page is kept back
constexpr std::size_t mostTimes = 100'000;

const std::vector<OrderStatus> openStatuses = {
    OrderStatus::Pending,         OrderStatus::Queued,        OrderStatus::Active,
    OrderStatus::PartiallyFilled, OrderStatus::PendingCancel, OrderStatus::PendingReplace};

} // namespace

void StreamHub::publish(std::shared_ptr<const CommittedGroup> group)
{
    m_sequence = std::max(m_sequence, group->sequence);
    // One entry a second is exact enough: a replay may begin a little early.
    if (group->time - m_times.back().second >= 1'000) {
        m_times.emplace_back(m_sequence, group->time);
        if (m_times.size() > mostTimes)
            m_times.pop_front();
    }
    if (m_clients.empty())
        return;
    m_groups.push_back(std::move(group));
    if (!m_flushTimer.isActive()) // a third of the time at least is left to requests
        m_flushTimer.start(static_cast<int>(std::clamp<std::int64_t>(m_flushCost / 2, 1, 20)));
}

/// No later than the moment that sequence was reached; nothing when that was before this start, or will be.
std::optional<Time> StreamHub::timeOf(std::uint64_t sequence) const
{
    if (sequence > m_sequence)
        return std::nullopt;
    const auto after = std::upper_bound(
        m_times.begin(), m_times.end(), sequence,
        [](std::uint64_t value, const auto &entry) { return value < entry.first; });
    if (after == m_times.begin())
        return std::nullopt;
    return std::prev(after)->second;
}

void StreamHub::startReplay(Client &client, Channel channel, std::optional<std::uint64_t> since)
{
    const PrivateFeed &feed = client.feeds[static_cast<std::size_t>(channel)];
    const bool known = since && *since <= m_sequence; // else of another desk's past
    const bool resync = since && !known;
    if (channel == Channel::Positions || channel == Channel::Cash) {
        sendState(client, channel, resync);
        return;
    }
    const std::optional<Time> reached = known ? timeOf(*since) : std::nullopt;
    Replay replay;
    replay.channel = channel;
    replay.account = feed.account;
    replay.seq = feed.seq;
    if (known)
        replay.since = since;
    replay.resync = resync;
    replay.locating = known && !reached;
    replay.changedFrom = reached.value_or(vietnamTime(vietnamDate(m_service.now()), 0));
    replay.older = channel == Channel::Orders;
    client.replays.push_back(std::move(replay));
    pumpReplay(client);
}

// A sequence from before this start. Orders have numbers no smaller than the sequence of their command, so
// the account's last one with a number up to it was placed before it, and the replay may begin there.
void StreamHub::located(std::uint64_t no, const Result<Page<OrderRecord>> &before)
{
    const auto found = m_clients.find(no);
    if (found == m_clients.end() || found->second->replays.empty())
        return;
    Replay &replay = found->second->replays.front();
    replay.underWay = replay.locating = false;
    if (before && !before->rows.empty()) {
        const Time placed = before->rows.front().createdAt;
        if (placed >= replay.changedFrom) {
            replay.changedFrom = placed;
        } else { // perhaps of an earlier day, which is not replayed
            replay.since.reset();
            replay.resync = true;
        }
    }
    pumpReplay(*found->second);
}

/// Sends for the next page of what a client is owed, unless it still has the last one to read.
void StreamHub::pumpReplay(Client &client)
{
    if (client.replays.empty() || client.replays.front().underWay || client.socket->isClosing())
        return;
    if (client.socket->waiting() > pageWait) {
        if (!m_replayTimer.isActive())
            m_replayTimer.start(20);
        return;
    }
    Replay &replay = client.replays.front();
    replay.underWay = true;
    const Time day = vietnamTime(vietnamDate(m_service.now()), 0);
    const auto deliver = [mailbox = m_api.mailbox(), this, no = client.no](auto rows) {
        mailbox->post([this, no, rows = std::move(rows)] { sendPage(no, rows); });
    };
    if (replay.locating) {
        OrderQuery query;
        query.account = replay.account;
        query.before = *replay.since + 1;
        query.limit = 1;
        m_service.queryOrders(query, [mailbox = m_api.mailbox(), this,
                                      no = client.no](Result<Page<OrderRecord>> rows) {
            mailbox->post([this, no, rows = std::move(rows)] { located(no, rows); });
        });
        return;
    }
    if (replay.channel == Channel::Executions) {
        TradeQuery query;
        query.account = replay.account;
        query.from = std::max(replay.changedFrom, day);
        query.limit = pageRows;
        query.before = replay.before;
        m_service.queryExecutions(query, deliver);
        return;
    }
    OrderQuery query;
    query.account = replay.account;
    query.limit = pageRows;
    query.before = replay.before;
    if (replay.older) {
        query.statuses = openStatuses;
        query.to = day;
    } else {
        query.from = day;
    }
    m_service.queryOrders(query, deliver);
}

template <class Row>
void StreamHub::sendPage(std::uint64_t no, const Result<Page<Row>> &rows)
{
    const auto found = m_clients.find(no);
    if (found == m_clients.end() || found->second->replays.empty())
        return;
    Client &client = *found->second;
    Replay &replay = client.replays.front();
    const PrivateFeed &feed = client.feeds[static_cast<std::size_t>(replay.channel)];
    if (!feed.on || feed.account != replay.account || !rows) {
        if (!rows)
            close(client, closeTryLater, "the day's rows cannot be read");
        client.replays.pop_front(); // unsubscribed meanwhile, or subscribed anew
        pumpReplay(client);
        return;
    }
    const bool more = rows->more || replay.older;
    JsonWriter json;
    json.beginObject()
        .field("channel", nameOf(replay.channel))
        .field("type", replay.since ? "replay" : "snapshot")
        .numberField("seq", static_cast<std::int64_t>(replay.seq));
    if (replay.since)
        json.numberField("since_seq", static_cast<std::int64_t>(*replay.since));
    if (replay.resync)
        json.field("resync", true);
    json.field("more", more);
    json.key(nameOf(replay.channel)).beginArray();
    std::size_t count = 0;
    for (const Row &row : rows->rows) {
        if constexpr (std::is_same_v<Row, OrderRecord>) {
            replay.before = row.no;
            if (replay.since && row.updatedAt < replay.changedFrom)
                continue;
            writeOrder(json, row, m_api.market());
        } else {
            replay.before = row.no;
            writeExecution(json, row, m_api.market());
        }
        ++count;
    }
    json.endArray().endObject();
    if (count > 0 || !more)
        send(client, json.text());
    replay.underWay = false;
    if (!rows->more) {
        replay.before.reset();
        if (!std::exchange(replay.older, false))
            client.replays.pop_front();
    }
    pumpReplay(client);
}

void StreamHub::sendState(Client &client, Channel channel, bool resync)
{
    const PrivateFeed &feed = client.feeds[static_cast<std::size_t>(channel)];
    JsonWriter json;
    json.beginObject()
        .field("channel", nameOf(channel))
        .field("type", "snapshot")
        .numberField("seq", static_cast<std::int64_t>(feed.seq))
        .field("account_id", m_api.market().account(feed.account).idText);
    if (resync)
        json.field("resync", true);
    json.key(nameOf(channel))
        .raw(channel == Channel::Cash ? cashJson(feed.account, nullptr)
                                      : positionsJson(feed.account, nullptr))
        .endObject();
    send(client, json.text());
}

std::string StreamHub::positionsJson(AccountNo account, const std::set<InstrumentIndex> *only) const
{
    const MarketView &market = m_api.market();
    JsonWriter json;
    json.beginArray();
    const auto writeOne = [&](const Position &position) {
        const Instrument *instrument = market.instrument(position.instrument);
        if (!instrument)
            return;
        json.beginObject();
        writeHolding(json, position, *instrument, market);
        json.field("average_price",
                   market.average(*instrument, position.costBasis, position.quantity))
            .field("cost_basis", market.money(instrument->currency, position.costBasis))
            .field("realized_pnl", market.money(instrument->currency, position.realizedPnl))
            .field("last_updated", isoTime(position.updatedAt))
            .endObject();
    };
    std::set<InstrumentIndex> gone = only ? *only : std::set<InstrumentIndex>{};
    for (const Position &position : m_service.positions(account)) {
        if (only && gone.erase(position.instrument) == 0)
            continue;
        writeOne(position);
    }
    for (const InstrumentIndex instrument : gone) { // sold out, and paid for
        Position none;
        none.instrument = instrument;
        none.updatedAt = m_service.now();
        writeOne(none);
    }
    json.endArray();
    return json.take();
}

std::string StreamHub::cashJson(AccountNo account, const std::set<std::uint16_t> *only) const
{
    const MarketView &market = m_api.market();
    JsonWriter json;
    json.beginArray();
    for (const Balance &balance : m_service.balances(account)) {
        const bool wanted =
            !only || std::any_of(only->begin(), only->end(), [&](std::uint16_t currency) {
                return market.rules().currencies[currency].code == balance.currency;
            });
        if (!wanted)
            continue;
        json.beginObject();
        writeBalance(json, balance, market);
        json.endObject();
    }
    json.endArray();
    return json.take();
}

void StreamHub::flushPrivate()
{
    for (const auto &group : m_groups) {
        if (!watchers(Channel::Orders).empty())
            flushOrders(*group);
        if (!watchers(Channel::Executions).empty())
            flushExecutions(*group);
    }
    if (!watchers(Channel::Positions).empty())
        flushPositions();
    if (!watchers(Channel::Cash).empty())
        flushCash();
}

void StreamHub::sendUpdate(AccountNo account, Channel channel, std::uint64_t seq,
                           std::string_view rows)
{
    for (Client *client : watchers(channel).at(account)) {
        PrivateFeed &feed = client->feeds[static_cast<std::size_t>(channel)];
        if (seq <= feed.seq)
            continue; // its snapshot has it
        JsonWriter json;
        json.beginObject()
            .field("channel", nameOf(channel))
            .field("type", "update")
            .numberField("seq", static_cast<std::int64_t>(seq))
            .numberField("prev_seq", static_cast<std::int64_t>(feed.seq));
        if (channel == Channel::Positions || channel == Channel::Cash)
            json.field("account_id", m_api.market().account(account).idText);
        json.key(nameOf(channel)).raw(rows).endObject();
        feed.seq = seq;
        send(*client, json.text());
    }
}

void StreamHub::flushOrders(const CommittedGroup &group)
{
    std::map<AccountNo, JsonWriter> rows;
    const auto &watched = watchers(Channel::Orders);
    for (const OrderRecord &order : group.orders) {
        if (!watched.contains(order.account))
            continue;
        const auto [json, first] = rows.try_emplace(order.account);
        if (first)
            json->second.beginArray();
        writeOrder(json->second, order, m_api.market());
    }
    for (auto &[account, json] : rows)
        sendUpdate(account, Channel::Orders, group.sequence, json.endArray().text());
}

void StreamHub::flushExecutions(const CommittedGroup &group)
{
    std::map<AccountNo, JsonWriter> rows;
    const auto &watched = watchers(Channel::Executions);
    for (const ExecutionRecord &execution : group.executions) {
        if (!watched.contains(execution.account))
            continue;
        const auto [json, first] = rows.try_emplace(execution.account);
        if (first)
            json->second.beginArray();
        writeExecution(json->second, execution, m_api.market());
    }
    for (auto &[account, json] : rows)
        sendUpdate(account, Channel::Executions, group.sequence, json.endArray().text());
}

void StreamHub::flushPositions()
{
    struct Changed {
        std::set<InstrumentIndex> instruments;
        std::uint64_t seq = 0;
    };
    std::map<AccountNo, Changed> accounts;
    for (const auto &group : m_groups) {
        for (const auto &[account, instrument] : group->positions) {
            if (!watchers(Channel::Positions).contains(account))
                continue;
            Changed &changed = accounts[account];
            changed.instruments.insert(instrument);
            changed.seq = group->sequence;
        }
    }
    for (const auto &[account, changed] : accounts)
        sendUpdate(account, Channel::Positions, changed.seq,
                   positionsJson(account, &changed.instruments));
}

void StreamHub::flushCash()
{
    struct Changed {
        std::set<std::uint16_t> currencies;
        std::uint64_t seq = 0;
    };
    std::map<AccountNo, Changed> accounts;
    for (const auto &group : m_groups) {
        for (const auto &[account, currency] : group->balances) {
            if (!watchers(Channel::Cash).contains(account))
                continue;
            Changed &changed = accounts[account];
            changed.currencies.insert(currency);
            changed.seq = group->sequence;
        }
    }
    for (const auto &[account, changed] : accounts)
        sendUpdate(account, Channel::Cash, changed.seq, cashJson(account, &changed.currencies));
}

} // namespace khop::server
