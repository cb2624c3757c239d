// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk shows of itself: values without identity in engine memory. Orders, executions, trades,
// quotes, balances, positions, sessions, and the committed groups that carry their changes.
#pragma once

#include "base/codes.h"
#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"
#include "book/order_books.h"
#include "engine/imports.h"
#include "market/rules.h"
#include "orders/condition.h"
#include "orders/order_terms.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace khop {

/// What an order is made of but for its texts and its condition: copied as it lies.
struct OrderFigures {
    OrderNo no = 0;
    Uuid id;
    AccountNo account = 0;
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    OrderType type = OrderType::LO;
    GivenName given = GivenName::OwnType;
    TimeInForce timeInForce = TimeInForce::Day;
    OrderStatus status = OrderStatus::Pending;
    Code rejectCode = Code::OK;
    std::uint32_t version = 1; // +1 with every change
    std::optional<Price>
        price; // limit; of an MTL remainder the limit it rests at; of MARKET the held price
    Quantity quantity;
    Quantity remaining; // leaves; 0 once final
    Quantity traded;
    Quantity cancelled; // killed, cancelled or expired
    Money tradedValue;  // sum of the executions' notionals
    Money fee;
    Money tax;
    Money held; // cash held now for what remains (buys)
    Time createdAt;
    Time updatedAt;
    std::optional<Time> expiresAt;
    Uuid parent; // of a child of BRACKET or IF_DONE: the order it belongs to; null: none
};

/// An order as its owner sees it. quantity = remaining + traded + cancelled, always.
struct OrderRecord : OrderFigures {
    std::string clientOrderId; // empty: none given
    std::string description;
    std::shared_ptr<const Condition> condition; // and how it stands
};

/// Rules and instruments as they were given.
struct MarketTexts {
    std::string rules;       // JSON
    std::string instruments; // CSV
    bool waiting = false;    // for the next day: orders were open when they came
};

/// Where an order stands in its queue.
struct QueuePlace {
    bool atVenue = false; // false: it waits at the desk, or has ended
    Quantity ahead;       // before it at its price
};

/// One side of a trade, of the order's owner.
struct ExecutionRecord {
    Uuid id;
    std::uint64_t no = 0; // unique for ever, ascending; the trade's number
    OrderNo order = 0;
    Uuid orderId;
    AccountNo account = 0;
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    Price price;
    Quantity quantity;
    Money value; // notional, rounded once, the same for both sides
    Money fee;
    Money tax;
    Time time;
    Time settlesAt;
    Money realized; // by a sale: what it brought less the average cost of what was sold
};

/// A public trade. Order ids are there only for orders of accounts (not of practice participants) and
/// are shown only to their owners.
struct TradeRecord {
    Uuid id;
    std::uint64_t no = 0; // unique for ever, ascending
    InstrumentIndex instrument = noInstrument;
    Price price;
    Quantity quantity;
    Money value;
    Side aggressor = Side::Buy;
    OrderNo buyOrder = 0; // 0: a participant's
    OrderNo sellOrder = 0;
    Uuid buyOrderId;
    Uuid sellOrderId;
    AccountNo buyAccount = 0;
    AccountNo sellAccount = 0;
    bool oddLot = false;
    bool putThrough = false; // a negotiated deal: the "orders" are the deal's number and id
    Phase phase = Phase::Continuous;
    Time time;
    Time settlesAt;
};

struct Quote {
    InstrumentIndex instrument = noInstrument;
    Price reference, ceiling, floor;
    std::optional<Price> open, high, low, last;
    Quantity lastQuantity;
    Quantity volume;                      // even lots, of the day
    Money value;                          // of the day
    std::vector<BookLevel> bids, asks;    // best first, up to 10
    std::optional<Price> indicativePrice; // during auctions
    Quantity indicativeVolume;
    Phase phase = Phase::Closed;
    std::uint64_t sequence = 0;          // changes with every change of this quote or its book
    std::optional<Quantity> foreignRoom; // what foreign investors may still buy; nothing: no limit
    Quantity putThroughVolume;           // of the day, not in volume and value
    Money putThroughValue;
    bool halted = false;
    bool active = true;
};

/// In continuous trading the book; in an auction, as the exchanges show it, what would remain after a
/// match now, ATO and ATC orders among it one tick ahead of the limit orders of their side.
struct BookDepth {
    InstrumentIndex instrument = noInstrument;
    std::vector<BookLevel> bids, asks;
    std::optional<Price> indicativePrice;
    Quantity indicativeVolume;
    Quantity indicativeSurplus;   // what would stay unfilled at that price …
    Side surplusSide = Side::Buy; // … and on which side
    bool halted = false;          // or suspended: nothing is matched
    Phase phase = Phase::Closed;
    std::uint64_t sequence = 0;
    Time time;
};

struct SessionState {
    Exchange exchange = Exchange::HOSE;
    Phase phase = Phase::Closed;
    bool tradingDay = true;
    Date date;                  // the exchange's day
    Time since, until;          // of this phase
    Phase next = Phase::Closed; // what comes at `until`
    OrderTypes orderTypes;      // taken now
};

struct AccountInfo {
    AccountNo no = 0;
    Uuid id;
    std::string name;     // the owner's user name
    bool foreign = false; // buys take foreign room
};

/// Cash of one currency. current = available + held.
struct Balance {
    AccountNo account = 0;
    std::string currency;
    Money current, available, held;
    Money pending; // sale proceeds on their way
    std::vector<std::pair<Time, Money>> arriving;
    Money deposited, withdrawn;                   // totals
    Money loan;                                   // margin loan, its interest not yet booked apart
    Money interestDue;                            // on the loan so far this month, rounded
    std::vector<std::pair<Time, Money>> advances; // taken on what arrives then
    Money advanced;                               // their sum, which pending includes
    Time updatedAt;
};

struct Position {
    AccountNo account = 0;
    InstrumentIndex instrument = noInstrument;
    Quantity quantity;                                      // owned, settled or not
    Quantity sellable;                                      // settled - held
    Quantity held;                                          // for open sells
    Quantity pendingToday, pendingYesterday, pendingBefore; // bought 0, 1, 2 trading days ago
    Quantity taxable; // came free of charge: taxed as income when sold, before the others
    Money costBasis;  // fees included
    Money realizedPnl;
    Time updatedAt;
};

/// One transfer of the ledger: amount moves from one bucket to another, so it balances by itself.
struct LedgerEntry {
    enum class Type : std::uint8_t {
        Deposit,
        Withdraw,
        OrderHold,
        OrderRelease,
        OrderPayment,
        OrderRefund,
        Fee,
        Tax,
        Dividend,
        Interest,
        Custody,
        Advance,
        Fx,
        SystemAdjustment,
        Settlement,
        Loan,     // the desk lends: a margin loan or an advance
        Repayment // and is paid back
    };
    enum class Bucket : std::uint8_t {
        Available,
        Held,
        Pending,
        Street,
        FeeIncome,
        TaxDue,
        Outside,
        Loan // what the desk has lent, as what is missing there
    };
    std::uint64_t no = 0;
    Type type = Type::Deposit;
    AccountNo account = 0;   // whose entry it is
    bool securities = false; // asset: instrument, else currency
    InstrumentIndex instrument = noInstrument;
    std::uint16_t currency = 0; // index into MarketRules::currencies
    std::int64_t amount = 0;    // raw Money or Quantity, > 0
    Bucket from = Bucket::Outside;
    Bucket to = Bucket::Available;
    OrderNo order = 0;
    std::uint64_t execution = 0;
    Time time;
    /// Of what is asked for; what the entry moved has moved. Pending until somebody decides.
    enum class Status : std::uint8_t { Completed, Pending, Failed, Cancelled };
    Status status = Status::Completed;
    Money cost; // securities from outside: what they count as having cost
};
std::string_view name(LedgerEntry::Type type);     // DEPOSIT … as in the API
std::string_view name(LedgerEntry::Status status); // COMPLETED PENDING FAILED CANCELLED

enum class PutThroughStatus : std::uint8_t { Proposed, Executed, Rejected, Cancelled, Expired };
std::string_view name(PutThroughStatus status); // PROPOSED EXECUTED REJECTED CANCELLED EXPIRED

/// A deal two accounts negotiate outside the book: one proposes, the other accepts or rejects.
struct PutThroughRecord {
    OrderNo no = 0; // from the same row of numbers as orders
    Uuid id;
    InstrumentIndex instrument = noInstrument;
    AccountNo proposer = 0;
    AccountNo counterparty = 0;
    Side side = Side::Buy; // the proposer's
    Price price;
    Quantity quantity;
    Money held; // cash of a proposer who buys; one who sells holds the securities
    PutThroughStatus status = PutThroughStatus::Proposed;
    std::uint64_t trade = 0; // Executed
    Time createdAt;
    Time updatedAt;
    Time expiresAt;
    std::uint32_t version = 1; // +1 with every change
    std::string description;

    AccountNo buyer() const { return side == Side::Buy ? proposer : counterparty; }
    AccountNo seller() const { return side == Side::Buy ? counterparty : proposer; }
};

/// A trade that was settled before its time: its rows say so from then on.
struct EarlySettlement {
    std::uint64_t trade = 0;
    Time at;
    std::vector<AccountNo> accounts; // that have an execution of it
};

/// What became of a pending entry.
struct EntryDecision {
    std::uint64_t entry = 0;
    LedgerEntry::Status status = LedgerEntry::Status::Completed;
};

struct SessionChange {
    Exchange exchange = Exchange::HOSE;
    Phase phase = Phase::Closed;
    Date date;
    Time time;
};

/// What an instrument ended a day of its exchange at: its last even-lot price, or the day's reference.
struct DayClose {
    InstrumentIndex instrument = noInstrument;
    Date day;
    Price price;
};

/// Everything one committed group changed, in order. Subscribers get it after the commit.
struct CommittedGroup {
    std::uint64_t sequence = 0; // of the last command in it
    Time time;
    std::vector<OrderRecord> orders; // every change, in order
    std::vector<ExecutionRecord> executions;
    std::vector<TradeRecord> trades; // participants' trades included
    std::vector<LedgerEntry> entries;
    std::vector<SessionChange> sessions;
    std::vector<PutThroughRecord> putThroughs; // every change, in order
    std::vector<EarlySettlement> settled;
    std::vector<EntryDecision> decided;
    std::vector<ImportChange> imports;
    std::vector<InstrumentIndex> books;                        // whose quote or book changed
    std::vector<std::pair<AccountNo, std::uint16_t>> balances; // account, currency index
    std::vector<std::pair<AccountNo, InstrumentIndex>> positions;
    std::vector<AccountNo> accounts; // whose attributes changed
    std::vector<DayClose> closes;    // of the days that ended
    bool newDay = false;             // references, limits or states changed: reread instruments()

    /// Empties it and keeps its memory.
    void clear()
    {
        sequence = 0;
        orders.clear();
        executions.clear();
        trades.clear();
        entries.clear();
        sessions.clear();
        putThroughs.clear();
        settled.clear();
        decided.clear();
        imports.clear();
        books.clear();
        balances.clear();
        positions.clear();
        accounts.clear();
        closes.clear();
        newDay = false;
    }
};

} // namespace khop
