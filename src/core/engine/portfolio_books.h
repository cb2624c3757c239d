// SPDX-License-Identifier: GPL-3.0-or-later
// The portfolios of a desk's accounts, in memory from the first question on: read once from the history, page
// by page on the reader's thread, and from then on brought up to date with what was committed since the last
// question. The engine's thread does nothing for them but when rows leave memory.
//
// Thread-safe. Closes are read where a curve needs them, and after that only those of new days.
#pragma once

#include "engine/day_view.h"
#include "portfolio/portfolio_answer.h"
#include "store/history.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace khop {

class PortfolioBooks
{
public:
    using Answer = std::function<void(Result<PortfolioAnswer>)>;
    using ReaderOf = std::function<History *()>;

    PortfolioBooks(const DayView &view, ReaderOf reader) : m_view(view), m_reader(std::move(reader))
    {}

    /// On the calling thread when memory has everything, else later on the reader's.
    void ask(const PortfolioQuery &query, Answer answer);

    // Engine's thread.
    /// Before rows leave memory.
    void beforeArchive();
    /// Closes were committed; before the view shows the day after them.
    void daysEnded() { ++m_days; }
    /// The account's book is built anew with the next question. Any thread.
    void forget(AccountNo account);
    /// Forgets everything; who waits is told SHUTTING_DOWN.
    void clear();

private:
    using Past = std::shared_ptr<const PortfolioPast>;
    using Curve = std::shared_ptr<const std::vector<EquityPoint>>;
    struct Slot {
        std::mutex mutex;
        AccountNo account = 0;
        bool loading = false;
        bool loaded = false;
        PortfolioBook book;
        std::vector<std::function<void(Result<Past>)>> waiting;
        Curve ended; // the curve before `endedBefore`
        Date endedBefore;
        std::atomic<std::uint64_t> lastAsked{0};
    };
    using SlotPtr = std::shared_ptr<Slot>;

    SlotPtr slotOf(AccountNo account);
    void load(const SlotPtr &slot, std::function<void(Result<Past>)> done);
    void readPage(const SlotPtr &slot);
    /// What the desk's records do not tell of an account: imported statements and the like, ascending by
    /// day. They are asked for when a book is built; forget() it when they change.
    std::vector<PortfolioEvent> furtherEvents(AccountNo account) const;
    static void finish(const SlotPtr &slot, const Result<void> &outcome);
    Result<void> catchUp(Slot &slot) const;
    Result<void> take(Slot &slot, const AccountRecords &records, Date through) const;

    Result<PortfolioAnswer> valued(const Past &past) const;
    void addCurve(const SlotPtr &slot, const PortfolioQuery &query,
                  std::shared_ptr<PortfolioAnswer> so, Answer answer);
    Result<void> curveFromMemory(Slot &slot, const PortfolioQuery &query,
                                 PortfolioAnswer &to) const;
    std::vector<History::ClosesAfter> closesToRead(const PortfolioQuery &query,
                                                   const PortfolioPast &past);

    struct Market {
        std::shared_ptr<const InstrumentList> instruments;
        std::shared_ptr<const MarketRules> rules;
        Date day;
        std::vector<DatedConversions> dated;
        std::shared_ptr<const PortfolioMarket> market;
    };
    Market marketOn(Date day) const;

    const DayView &m_view;
    ReaderOf m_reader;
    std::atomic<std::uint64_t> m_days{1};
    std::atomic<std::uint64_t> m_questions{0};

    std::mutex m_slotsMutex;
    std::unordered_map<AccountNo, SlotPtr> m_slots;

    mutable std::mutex m_marketMutex;
    mutable Market m_market;

    mutable std::shared_mutex m_closesMutex;
    DailyCloses m_closes;
    std::vector<std::uint64_t> m_closesRead; // by instrument: m_days when it was
};

} // namespace khop
