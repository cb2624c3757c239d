// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/desk_feed.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace khop::ui {

namespace {

constexpr int frameMilliseconds = 33;
constexpr std::size_t historyRows = 2'000;
// A screen that has not been able to draw for so long reads everything anew instead.
constexpr std::size_t longestBacklog = 50'000;

} // namespace

struct DeskFeed::Pending {
    std::map<OrderNo, OrderRecord> orders;
    std::vector<ExecutionRecord> history;
    std::vector<ExecutionRecord> fills;
    std::set<InstrumentIndex> books;
    bool positions = false;
    bool balances = false;
    bool sessions = false;
    bool newDay = false;
    bool overflow = false;
    std::vector<std::pair<std::function<void(const CommandResult &)>, CommandResult>> results;
    std::vector<std::function<void()>> answers;

    void merge(OrderRecord order)
    {
        auto [known, isNew] = orders.try_emplace(order.no, order);
        if (!isNew && known->second.version <= order.version)
            known->second = std::move(order);
    }
};

/// Shared with callbacks that may run after the feed has gone.
struct DeskFeed::Mailbox {
    std::mutex mutex;
    DeskFeed *feed = nullptr; // null once it has gone
    bool posted = false;
    Pending pending;

    /// Expects the lock: changes to `pending` and the call that announces them are one step.
    void wake()
    {
        if (posted || !feed)
            return;
        posted = true;
        QMetaObject::invokeMethod(feed, &DeskFeed::arrive, Qt::QueuedConnection);
    }
};

DeskFeed::DeskFeed(TradingService &service, AccountNo account, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_account(account)
    , m_mailbox(std::make_shared<Mailbox>())
{
    m_mailbox->feed = this;
    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &DeskFeed::flush);
    m_sinceFrame.start();
}

DeskFeed::~DeskFeed()
{
    m_subscription.reset();
    const std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->feed = nullptr;
}

void DeskFeed::start()
{
    const auto listener = [mailbox = m_mailbox, account = m_account](
                              const std::shared_ptr<const CommittedGroup> &group) {
        const std::lock_guard lock(mailbox->mutex);
        Pending &pending = mailbox->pending;
        for (const OrderRecord &order : group->orders) {
            if (order.account == account)
                pending.merge(order);
        }
        for (const ExecutionRecord &execution : group->executions) {
            if (execution.account == account)
                pending.fills.push_back(execution);
        }
        if (pending.orders.size() + pending.fills.size() > longestBacklog) {
            pending.orders.clear();
            pending.fills.clear();
            pending.overflow = true;
        }
        pending.books.insert(group->books.begin(), group->books.end());
        const auto own = [account](const auto &entry) { return entry.first == account; };
        pending.positions |= std::any_of(group->positions.begin(), group->positions.end(), own);
        pending.balances |= std::any_of(group->balances.begin(), group->balances.end(), own);
        pending.sessions |= !group->sessions.empty();
        pending.newDay |= group->newDay;
        mailbox->wake();
    };
    m_subscription = m_service.subscribe(listener);
    reread(true);
    readHistory();
}

void DeskFeed::reread(bool everything)
{
    m_listing = Listing(m_service.instruments(), m_service.rules());
    Q_EMIT listingChanged();
    std::vector<Quote> quotes;
    quotes.reserve(m_listing.instruments().size());
    for (const Instrument &instrument : m_listing.instruments())
        quotes.push_back(m_service.quote(instrument.index));
    Q_EMIT quotesChanged(quotes);
    if (!everything)
        return;
    Q_EMIT balancesChanged(m_service.balances(m_account));
    Q_EMIT positionsChanged(m_service.positions(m_account));
    Q_EMIT sessionsChanged();
}

void DeskFeed::readHistory()
{
    OrderQuery orders;
    orders.account = m_account;
    orders.limit = historyRows;
    m_service.queryOrders(orders, [mailbox = m_mailbox](Result<Page<OrderRecord>> page) {
        if (!page)
            return;
        const std::lock_guard lock(mailbox->mutex);
        for (OrderRecord &order : page->rows)
            mailbox->pending.merge(std::move(order));
        mailbox->wake();
    });
    TradeQuery executions;
    executions.account = m_account;
    executions.limit = historyRows;
    m_service.queryExecutions(executions,
                              [mailbox = m_mailbox](Result<Page<ExecutionRecord>> page) {
                                  if (!page)
                                      return;
                                  const std::lock_guard lock(mailbox->mutex);
                                  mailbox->pending.history = std::move(page->rows);
                                  mailbox->wake();
                              });
}

void DeskFeed::followDepth(InstrumentIndex instrument)
{
    if (m_depth == instrument)
        return;
    m_depth = instrument;
    if (m_depth != noInstrument)
        Q_EMIT depthChanged(m_service.depth(m_depth, 10));
}

void DeskFeed::submit(CommandBody body, std::function<void(const CommandResult &)> done)
{
    m_service.submit(std::move(body),
                     [mailbox = m_mailbox, done = std::move(done)](CommandResult result) {
                         const std::lock_guard lock(mailbox->mutex);
                         mailbox->pending.results.emplace_back(done, std::move(result));
                         mailbox->wake();
                     });
}

void DeskFeed::askPortfolio(const PortfolioQuery &query,
                            std::function<void(const Result<PortfolioAnswer> &)> done)
{
    m_service.queryPortfolio(
        query, [mailbox = m_mailbox, done = std::move(done)](Result<PortfolioAnswer> answer) {
            auto kept = std::make_shared<const Result<PortfolioAnswer>>(std::move(answer));
            const std::lock_guard lock(mailbox->mutex);
            mailbox->pending.answers.emplace_back([done, kept] { done(*kept); });
            mailbox->wake();
        });
}

void DeskFeed::resetPractice(std::function<void(const Result<ClockState> &)> done)
{
    m_service.resetPractice(
        [mailbox = m_mailbox, done = std::move(done)](Result<ClockState> clock) {
            const std::lock_guard lock(mailbox->mutex);
            mailbox->pending.answers.emplace_back([done, kept = std::move(clock)] { done(kept); });
            mailbox->wake();
        });
}

void DeskFeed::arrive()
{
    const qint64 elapsed = m_sinceFrame.elapsed();
    if (elapsed >= frameMilliseconds)
        flush();
    else
        m_frame.start(static_cast<int>(frameMilliseconds - elapsed));
}

void DeskFeed::flush()
{
    m_sinceFrame.restart();
    Pending taken;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        taken = std::exchange(m_mailbox->pending, Pending{});
        m_mailbox->posted = false;
    }
    if (taken.newDay)
        reread(false);
    if (taken.overflow) {
        Q_EMIT ordersReset();
        readHistory();
    }
    if (!taken.books.empty() && !taken.newDay) {
        std::vector<Quote> quotes;
        quotes.reserve(taken.books.size());
        for (const InstrumentIndex book : taken.books)
            quotes.push_back(m_service.quote(book));
        Q_EMIT quotesChanged(quotes);
    }
    if (m_depth != noInstrument && (taken.newDay || taken.books.contains(m_depth)))
        Q_EMIT depthChanged(m_service.depth(m_depth, 10));
    if (!taken.orders.empty()) {
        std::vector<OrderRecord> orders;
        orders.reserve(taken.orders.size());
        for (auto &[no, order] : taken.orders)
            orders.push_back(std::move(order));
        Q_EMIT ordersChanged(orders);
    }
    if (!taken.history.empty())
        Q_EMIT executionsAdded(taken.history);
    if (!taken.fills.empty()) {
        Q_EMIT executionsAdded(taken.fills);
        Q_EMIT filled(taken.fills);
    }
    if (taken.positions)
        Q_EMIT positionsChanged(m_service.positions(m_account));
    if (taken.balances)
        Q_EMIT balancesChanged(m_service.balances(m_account));
    if (taken.sessions || taken.newDay)
        Q_EMIT sessionsChanged();
    for (const auto &[done, result] : taken.results)
        done(result);
    for (const auto &answer : taken.answers)
        answer();
}

} // namespace khop::ui
