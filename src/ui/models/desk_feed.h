// SPDX-License-Identifier: GPL-3.0-or-later
// The one road from a desk to the screen. Committed groups arrive on the engine's thread; they are
// merged under a mutex, one queued call wakes the GUI thread, and the models hear of it at most thirty
// times a second, each thing in its latest state.
#pragma once

#include "engine/trading_service.h"
#include "ui/models/listing.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace khop::ui {

class DeskFeed final : public QObject
{
    Q_OBJECT

public:
    DeskFeed(TradingService &service, AccountNo account, QObject *parent = nullptr);
    ~DeskFeed() override;

    /// Reads what there is and follows it from then on. Call once, when the receivers are connected.
    void start();

    TradingService &service() const { return m_service; }
    AccountNo account() const { return m_account; }
    const Listing &listing() const { return m_listing; }

    /// The instrument whose depth is followed.
    void followDepth(InstrumentIndex instrument);
    InstrumentIndex followedDepth() const { return m_depth; }

    /// Sends a command; `done` runs on this object's thread, unless it has gone by then.
    void submit(CommandBody body, std::function<void(const CommandResult &)> done);
    /// The account's portfolio; `done` as for submit().
    void askPortfolio(const PortfolioQuery &query,
                      std::function<void(const Result<PortfolioAnswer> &)> done);
    /// The practice day starts over; `done` as for submit().
    void resetPractice(std::function<void(const Result<ClockState> &)> done);

Q_SIGNALS:
    void listingChanged(); ///< new day: names, limits, references
    void quotesChanged(const std::vector<Quote> &quotes);
    void ordersChanged(const std::vector<OrderRecord> &orders); ///< ascending by number
    void ordersReset();                                         ///< forget them; all come again
    void executionsAdded(const std::vector<ExecutionRecord> &executions);
    /// The account's own fills since the last frame, not those read at the start.
    void filled(const std::vector<ExecutionRecord> &executions);
    void positionsChanged(const std::vector<Position> &positions);
    void balancesChanged(const std::vector<Balance> &balances);
    void sessionsChanged();
    void depthChanged(const BookDepth &depth);

private:
    struct Pending;
    struct Mailbox;

    void arrive();
    void flush();
    void reread(bool everything);
    void readHistory();

    TradingService &m_service;
    AccountNo m_account;
    Listing m_listing;
    InstrumentIndex m_depth = noInstrument;
    std::shared_ptr<Mailbox> m_mailbox;
    QTimer m_frame;
    QElapsedTimer m_sinceFrame;
    Subscription m_subscription;
};

} // namespace khop::ui
