// SPDX-License-Identifier: GPL-3.0-or-later
// The deterministic state machine of a desk: order management, ledger, and the paper exchange behind
// ExecutionVenue. apply() reads no clock, no randomness, no database and no locale: the same commands
// give the same state hash on every machine. Time comes with the command; before its body runs,
// everything due until then happens in order: settlements, sessions, expiries, participants.
//
// Invariants, checked all the time: quantity = remaining + traded + cancelled for every order; a buy holds
// exactly buyHold() of what remains, a sell exactly the remaining securities, and a put-through proposal
// the same of its deal; no bucket of an account is negative; every transfer balances (Ledger).
//
// Not thread-safe: it belongs to the engine's thread.
#pragma once

#include "base/hash_table.h"
#include "base/large_array.h"
#include "base/mix.h"
#include "base/stable_array.h"
#include "engine/client_orders.h"
#include "engine/command.h"
#include "engine/corporate_actions.h"
#include "engine/imports.h"
#include "engine/money_book.h"
#include "engine/put_through.h"
#include "engine/records.h"
#include "ledger/ledger.h"
#include "orders/trigger_book.h"
#include "risk/risk_book.h"
#include "sim/participants.h"
#include "sim/replay.h"
#include "venue/paper_exchange.h"

#include <deque>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace khop {

class Engine final : private VenueListener
{
public:
    Engine();
    ~Engine() override;
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    /// Applies one command; its changes are appended to `group`. command.time is never before now().
    CommandResult apply(const Command &command, CommittedGroup &group);

    /// Before apply() of command `next` of a group of `count`: brings nearer what those behind it will
    /// look at (engine_foresight.cpp). commandAt(i) is the group's command i. Changes no outcome.
    template <class CommandAt>
    void lookAhead(std::size_t next, std::size_t count, CommandAt commandAt)
    {
        for (const auto &[stage, distance] : foresights) {
            if (next == 0) { // those that nobody has looked at yet
                for (std::size_t i = 0; i < std::min(distance, count); ++i)
                    foresee(commandAt(i), m_foreseen[i % m_foreseen.size()], stage);
            }
            if (const std::size_t i = next + distance; i < count)
                foresee(commandAt(i), m_foreseen[i % m_foreseen.size()], stage);
        }
    }

    std::uint64_t sequence() const { return m_sequence; } // commands applied so far
    std::uint64_t lastTrade() const { return m_lastTrade; }
    /// At least the number of every order so far.
    OrderNo lastOrder() const { return std::max(m_lastOrder, m_sequence); }
    std::uint64_t stateHash() const { return m_hash.value(); }
    Time now() const { return m_now; }
    /// The next moment at which something happens without a command.
    Time nextTimer() const;
    bool configured() const { return m_exchange.configured(); }
    bool participantsOn() const { return m_participants.on(); }
    const Replay &replay() const { return m_replay; }
    /// Shows the order flow to a recorder from now on; null: to nobody.
    void setTape(VenueTape *tape) { m_exchange.setTape(tape); }
    const DayPlan &plan() const { return m_participants.plan(); }
    const std::string &crowdText() const { return m_participants.shapeText(); }

    const PaperExchange &exchange() const { return m_exchange; }
    const Ledger &ledger() const { return m_ledger; }
    const PutThroughDeals &putThroughs() const { return m_deals; }
    const RiskBook &risk() const { return m_risk; }
    const CorporateActions &corporateActions() const { return m_corporate; }
    const MoneyBook &money() const { return m_money; }
    /// What the margin of an account is reckoned from.
    MarginAccount marginAccount(AccountNo account) const;
    /// The open orders that keep to other fees than what is in force now.
    std::vector<std::pair<OrderNo, Rates>> ordersOnOlderFees() const;
    const Imports &imports() const { return m_imports; }
    /// What the limits ask of this account, for previews elsewhere.
    RiskUse riskUse(AccountNo account) const;
    std::size_t openOrders() const { return m_byId.size(); }
    QueuePlace queuePlace(const Uuid &order) const;
    MarketTexts latestTexts() const;
    const std::string &rulesText() const { return m_rulesText; }
    const std::string &instrumentsText() const { return m_instrumentsText; }
    /// Sums the ledger and compares every hold with its order, in full; empty when all is well.
    std::string checkInvariants() const;

    Balance balance(AccountNo account, std::uint16_t currency) const;
    Position position(AccountNo account, InstrumentIndex instrument) const;

    /// The state but for the client order ids, which are kept apart because they only grow during a day.
    std::string snapshot() const;
    bool restore(std::string_view snapshot);
    std::vector<ClientOrder> takeNewClientOrders() { return std::exchange(m_newClientOrders, {}); }
    void addClientOrder(const ClientOrder &order)
    {
        m_clientOrders.insert(order.key, {static_cast<std::uint32_t>(order.no),
                                          static_cast<std::uint32_t>(order.no >> 32),
                                          static_cast<std::uint32_t>(order.body)});
    }
    void reserveClientOrders(std::size_t count) { m_clientOrders.reserve(count); }
    Date clientOrderDay() const { return m_clientOrderDay; }

private:
    /// What a conditional order waits for. While it waits nothing is held for it and the venue does
    /// not know it.
    enum class Wait : std::uint8_t {
        Nothing,
        Parent,  // the order it belongs to has not traded (enough) yet
        Trigger, // it stands in the trigger book
        Sending  // met, but its session, or the shares it sells, have not come yet
    };
    struct LiveOrder {
        OrderRecord record;
        OrderRef ref = 0; // 0: not at the venue
        Price holdPrice;
        Quantity room;           // foreign room it has taken for what remains
        Time sentAt;             // when it entered the exchange
        FeeBook::Terms fees = 0; // it keeps to the tables of the day on which it was entered
        Quantity parentTraded;   // of a waiting child: what its order has traded
        Wait wait = Wait::Nothing;
        bool live = false;
        bool touched = false;
    };
    using Slot = std::uint32_t;
    static constexpr Slot noSlot = 0xFFFF'FFFF;
    /// Something conditions react to, in the order in which it happened: a last price, or (`child` not
    /// null) a change of the order that a child belongs to.
    struct Work {
        InstrumentIndex instrument = noInstrument;
        Price last = {};
        Uuid child = {};
        bool bracket = false;
        bool ended = false;  // the parent
        bool filled = false; // wholly
    };
    struct KeyHash {
        std::size_t operator()(const ClientOrderKey &key) const noexcept { return key.a; }
    };

    /// Every stage asks for what the one before it has brought near; so many commands ahead.
    enum class Foresight : std::uint8_t { Ids, Order, Place, Keeper, Holding };
    static constexpr std::array<std::pair<Foresight, std::size_t>, 5> foresights{
        {{Foresight::Ids, 14},
         {Foresight::Order, 10},
         {Foresight::Place, 7},
         {Foresight::Keeper, 4},
         {Foresight::Holding, 2}}};
    /// What the stages know of a command to come: its order, or the one it will meet.
    struct Foreseen {
        std::optional<Slot> slot;
        bool meets = false;
    };
    void foresee(const Command &command, Foreseen &seen, Foresight stage) const;
    void foreseeIds(const PlaceOrder &place) const;
    void foreseeMeeting(const PlaceOrder &place, Foreseen &seen) const;
    void foreseePlace(const PlaceOrder &place, Foreseen &seen) const;
    void foreseeOrder(const Uuid &id, Foreseen &seen) const;
    void foreseeRest(const LiveOrder &order, const Foreseen &seen, Foresight stage) const;

    void advance(Time to, bool catchUp);

    // one per command
    Error run(const Tick &tick, CommandResult &result);
    Error run(const PlaceOrder &place, CommandResult &result);
    Error run(const AmendOrder &amend, CommandResult &result);
    Error run(const CancelOrder &cancel, CommandResult &result);
    Error run(const CancelAll &cancel, CommandResult &result);
    Error run(const OpenAccount &open, CommandResult &result);
    Error run(const EndowCash &endow, CommandResult &result);
    Error run(const WithdrawCash &withdraw, CommandResult &result);
    Result<std::uint16_t> cashOf(AccountNo account, const std::string &code) const;
    Error run(const EndowSecurities &endow, CommandResult &result);
    Error run(const Configure &configure, CommandResult &result);
    Error run(const SetParticipants &set, CommandResult &result);
    Error run(const SetAccountForeign &set, CommandResult &result);
    Error run(const SetInstrumentState &set, CommandResult &result);
    Error run(const AnnounceExRights &announce, CommandResult &result);
    Error run(const ProposePutThrough &propose, CommandResult &result);
    Error run(const AnswerPutThrough &answer, CommandResult &result);
    Error run(const SetRiskLimits &set, CommandResult &result);
    Error run(const SetKillSwitch &set, CommandResult &result);
    Error run(const AnnounceCorporateAction &announce, CommandResult &result);
    Error run(const WithdrawCorporateAction &withdraw, CommandResult &result);
    Error run(const ElectRights &elect, CommandResult &result);

    // money (engine_money.cpp) and margin (engine_margin.cpp)
    Error run(const SetFeeSchedule &set, CommandResult &result);
    Error run(const SetMargin &set, CommandResult &result);
    Error run(const AdvanceCash &advance, CommandResult &result);
    Error run(const ConvertCash &convert, CommandResult &result);
    Error run(const SettleTrade &settle, CommandResult &result);
    Error run(const DecideWithdrawal &decide, CommandResult &result);
    Error askToWithdraw(const WithdrawCash &withdraw, std::uint16_t currency);
    void refreshFees();
    void turnMoney();
    void accrue(AccountNo account, int days);
    void bookMonth(AccountNo account, Date month);
    void payDues(AccountNo account, std::uint16_t currency);
    std::uint16_t loanCurrency() const;
    std::optional<Error> fund(AccountNo account, const Instrument &instrument,
                              std::optional<Money> need, Money held);
    void repay(AccountNo account, std::uint16_t currency);
    void bookInterest(AccountNo account, std::uint16_t currency);
    void forceSales();
    void forceSales(AccountNo account, const MarginTerms &terms);
    Quantity forceSale(AccountNo account, InstrumentIndex index, Quantity quantity);
    std::string checkMoney() const;
    Error run(const ImportStatement &import, CommandResult &result);
    Error run(const UndoImport &undo, CommandResult &result);

    // practice (engine_practice.cpp)
    Error run(const ShapeCrowd &shape, CommandResult &result);
    Error run(const PlanDays &plan, CommandResult &result);
    Error run(const StartReplay &start, CommandResult &result);
    Error run(const ReplaySlice &slice, CommandResult &result);
    Error run(const StopReplay &stop, CommandResult &result);
    Error run(const ResetPractice &reset, CommandResult &result);
    void startDay();
    void endReplay();
    void marketTraded(OrderRef ref, Quantity quantity);
    void marketGone(OrderRef ref);
    void applyPlannedReferences();

    // orders
    std::optional<Error> checkAgainstOwn(AccountNo account, InstrumentIndex instrument, Side side,
                                         Price limit) const;
    std::optional<Error> checkAgainstOwn(const PlaceOrder &place) const;
    void describe(OrderRecord &record, const PlaceOrder &place);
    void enlist(Slot slot);
    void rememberClientOrder(ClientOrder client, const OrderRecord &record);
    std::optional<Error> hold(LiveOrder &order);
    void rehold(LiveOrder &order, Money need);
    void releaseRest(LiveOrder &order);
    void sendToVenue(Slot slot);
    void finish(LiveOrder &order, OrderStatus status, Quantity cancelled);
    Error cancelNow(Slot slot);
    Error amendAtVenue(Slot slot, Price price, Quantity total);
    void releaseQueued(Board board);
    /// Notes that an order has changed: the command shows it once, as it then is.
    void touch(Slot slot)
    {
        LiveOrder &order = m_orders[slot];
        if (!order.touched) {
            order.touched = true;
            m_touched.push_back(slot);
        }
    }
    void emitTouched();
    std::vector<Slot> openSlots() const;
    Slot newSlot();
    void freeSlot(Slot slot);
    void removeSlot(Slot slot);
    LiveOrder &orderOf(OrderRef ref) { return m_orders[m_slotByRef[ref]]; }
    LiveOrder *ownOrder(OrderRef ref); // null: a participant's
    Slot slotOf(OrderRef ref) const { return m_slotByRef[ref]; }
    const Rates &ratesOf(const LiveOrder &order) const { return m_money.fees.of(order.fees); }
    /// What an account pays for a trade that begins now.
    const Rates &rates(AccountNo account, const Instrument &instrument) const
    {
        return m_money.fees.inForce().of(account, instrument.exchange);
    }
    std::uint16_t currencyOf(const Instrument &instrument) const
    {
        return m_currencyOf[instrument.index];
    }
    int scaleOf(const Instrument &instrument) const;
    std::string priceText(const Instrument &instrument, Price price) const;

    // foreign room: engine_listing.cpp
    std::optional<Error> checkRoom(AccountNo account, InstrumentIndex instrument,
                                   Quantity more) const;
    void reserveRoom(LiveOrder &order);
    void keepRoom(LiveOrder &order, Quantity leaves);
    void useRoom(LiveOrder &order, Quantity traded);
    bool isForeign(AccountNo account) const { return m_ledger.account(account).info.foreign; }

    // limits: engine_risk.cpp. The checks are asked only where m_risk.any().
    std::optional<Error> checkRiskOfEntry(const PlaceOrder &place, Price worst) const;
    std::optional<Error> checkRiskOfSending(Slot slot, Price worst) const;
    std::optional<Error> checkRiskOfAmendment(Slot slot, Price price, Quantity total) const;
    std::optional<Error> checkRiskOfWaiting(Slot slot, const AmendOrder &amend) const;
    std::optional<Error> checkRiskOfDeal(AccountNo account, Side side, InstrumentIndex index,
                                         Price price, Quantity quantity) const;
    std::optional<Error> checkLimitsOf(AccountNo account, const RiskOrder &order, RiskMoment moment,
                                       Slot except) const;
    void noteRisk(const PlaceOrder &place);
    RiskMarket riskMarket() const;
    RiskAccount riskAccount(AccountNo account, Slot except) const;
    std::map<InstrumentIndex, Quantity> buyingOf(AccountNo account, Slot except) const;
    std::uint32_t cancelKilled(AccountNo account);
    void sweepKilled();
    RiskBook::DayStarts accountResults() const;
    void startRiskDay();
    void forgetRepricing(const RiskBook::DayStarts &before);
    void noteGift(AccountNo account, const Instrument &instrument, Quantity quantity, Money cost);

    // corporate actions: engine_corporate.cpp, engine_corporate_terms.cpp (what may be announced),
    // engine_conversions.cpp (splits, mergers, transfers), engine_rights.cpp
    CorporateTerms completed(CorporateTerms terms) const;
    Error checkTerms(const CorporateTerms &terms) const;
    Error checkTermDates(const CorporateTerms &terms) const;
    Error checkTermAmounts(const CorporateTerms &terms) const;
    Error checkTermTargets(const CorporateTerms &terms) const;
    Error checkTermNeighbours(const CorporateTerms &terms) const;
    void tellExchange(const CorporateTerms &terms, bool withdrawn);
    void noteCorporate(const CorporateAction &action);
    void changeStatus(CorporateActions::Entry &entry, CorporateActionStatus status);
    void turnCorporateActions(Exchange exchange);
    void entitle(CorporateActions::Entry &entry);
    void cancelWaiting(InstrumentIndex instrument);
    void pay(CorporateActions::Entry &entry);
    void deliverShares(CorporateAction &action, const CorporateEntitlement &one);
    void payCash(CorporateAction &action, AccountNo account, std::optional<Money> gross,
                 bool taxed);
    void payFraction(CorporateAction &action, AccountNo account, Quantity held,
                     InstrumentIndex ofShare);
    Money incomeTax(AccountNo account, const Instrument &instrument, Quantity sold, Price price,
                    Money most);
    void carryOut(CorporateActions::Entry &entry);
    bool fits(const CorporateActions::Entry &entry, InstrumentIndex into) const;
    void convert(CorporateAction &action, const CorporateEntitlement &one, InstrumentIndex into);
    void cashOut(CorporateAction &action, const CorporateEntitlement &one);
    Error checkElection(const ElectRights &elect, const CorporateActions::Entry *entry) const;
    Error subscribe(const ElectRights &elect, CorporateActions::Entry &entry);
    Error sellRights(const ElectRights &elect, CorporateActions::Entry &entry);
    Error offerRights(const ElectRights &elect, CorporateActions::Entry &entry);
    Error acceptRights(const ElectRights &elect, CorporateActions::Entry &entry);
    Price rightsWorth(const CorporateTerms &terms) const;
    void listNewShares(CorporateActions::Entry &entry);
    void listFor(CorporateAction &action, const CorporateEntitlement &one);
    void addRightsHolds(std::map<std::pair<AccountNo, std::uint16_t>, Money> &cashHeld) const;

    // imports of statements: engine_imports.cpp
    ImportFigures importFigures(AccountNo account, std::uint16_t currency) const;
    DeskFigures deskFigures(std::uint16_t currency, const ImportRows &rows) const;
    Error checkImport(const ImportStatement &import) const;
    Result<ImportRecord> bookImport(const ImportStatement &import, std::uint16_t currency);
    void bookPlan(const ImportStatement &import, const ImportPlan &plan,
                  const ImportRecord &record);
    void keepImport(const ImportRecord &record, const ImportFigures &before,
                    const DeskFigures &desk, const ImportPlan &plan);
    std::optional<Error> checkUndo(const Imports::Batch &batch) const;
    void takeBack(const Imports::Batch &batch);
    void bookImported(const ImportRow &row, AccountNo account, std::uint16_t currency, OrderNo no);
    void noteImport(const ImportRecord &record);
    void noteTouched(const Imports::Batch &batch);

    // put-through deals
    std::optional<Error> holdProposal(PutThroughDeals::Deal &deal);
    void releaseProposal(PutThroughDeals::Deal &deal);
    std::optional<Error> checkAcceptance(const PutThroughDeals::Deal &deal) const;
    void execute(PutThroughDeals::Deal &deal);
    void payDeal(const TradeRecord &trade, LedgerEntry::Bucket from);
    void deliverDeal(const TradeRecord &trade, LedgerEntry::Bucket from);
    void endDeal(PutThroughDeals::Deal &deal, PutThroughStatus status);
    void cancelDeal(const Uuid &id);
    void expireDeals();
    void emitDeal(PutThroughRecord &record);
    // conditional orders: engine_conditions.cpp, engine_families.cpp
    Error checkConditional(const PlaceOrder &place) const;
    Error placeWaiting(const PlaceOrder &place, const ClientOrder &client, CommandResult &result);
    Error amendWaiting(Slot slot, const AmendOrder &amend);
    Slot addWaiting(const PlaceOrder &place, Wait wait, const Uuid &parent);
    void addChild(Slot parent, const PlaceOrder &place);
    void runConditions();
    void actOnLast(InstrumentIndex instrument, Price last);
    void follow(Slot slot, Price last);
    void arm(Slot slot);
    void disarm(Slot slot);
    void meet(Slot slot, Leg leg);
    void sendMet(Slot slot);
    bool sharesWillArrive(const OrderRecord &record) const;
    void noteParent(const OrderRecord &parent);
    void followParent(const Work &work);
    void stopParent(Slot child);
    void resize(Slot slot, Quantity quantity);
    void activate(Slot slot);
    void setExpiry(Slot slot, Time at);
    void leaveConditions(Slot slot);
    Time lastMomentOf(const Instrument &instrument) const;
    std::string checkConditions() const;
    /// A last price that conditions act on: even lots, continuous session.
    void noteLast(InstrumentIndex instrument, Price last)
    {
        m_last[instrument] = last;
        if (!m_triggers.empty(instrument)
            && (!m_work.empty() || m_triggers.concerns(instrument, last)))
            m_work.push_back({.instrument = instrument, .last = last});
    }

    // VenueListener
    void traded(const VenueTrade &trade) override;
    void resting(OrderRef ref, Price price) override;
    void killed(OrderRef ref, Quantity quantity, KillReason reason) override;
    void expired(OrderRef ref, Quantity quantity) override;
    void phaseChanged(Board board, Phase from, Phase to, Time at) override;
    void dayEnded(Board board, Time at) override;
    void closed(InstrumentIndex instrument, Date day, Price price) override;
    void newDay(Exchange exchange, Time at) override;
    void quoteChanged(InstrumentIndex instrument) override;

    void fillBuy(LiveOrder &order, const TradeRecord &trade);
    void fillSell(LiveOrder &order, const TradeRecord &trade);
    void noteBalance(AccountNo account, std::uint16_t currency);
    void notePosition(AccountNo account, InstrumentIndex instrument);
    void indexCurrencies();
    Error checkKept(const MarketRules &rules, const std::vector<Instrument> &instruments) const;
    void adoptData(const std::string &rulesText, const std::string &instrumentsText,
                   MarketRules rules, std::vector<Instrument> instruments);
    void adoptPendingData();

    RollingHash m_hash;
    PaperExchange m_exchange;
    Participants m_participants;
    Replay m_replay;
    bool m_crowdAfterReplay = false;
    Ledger m_ledger;
    std::string m_rulesText, m_instrumentsText;
    std::string m_pendingRules, m_pendingInstruments; // from the next day on; empty: none
    bool m_dayTurned = false;
    std::vector<std::uint16_t> m_currencyOf; // by instrument

    StableArray<LiveOrder> m_orders; // by slot
    std::vector<Slot> m_freeSlots;
    LargeArray<Slot> m_slotByRef;
    HashTable<Uuid, Slot> m_byId;                // open orders
    std::vector<std::vector<Slot>> m_byAccount;  // open orders of an account
    LargeArray<std::uint32_t> m_accountPosition; // by slot: where in its account's list it is
    std::set<std::pair<OrderNo, Slot>> m_queued;
    std::set<std::pair<OrderNo, Slot>> m_pendingCancel;
    std::set<std::tuple<Time, OrderNo, Slot>> m_expiries;
    std::vector<Slot> m_touched;
    std::array<Foreseen, 32> m_foreseen; // by position in the group, going round
    PutThroughDeals m_deals;
    RiskBook m_risk;
    CorporateActions m_corporate;
    Imports m_imports;
    MoneyBook m_money;
    bool m_forceDue = false; // within advance(): a session has begun
    bool m_forcing = false;  // the order that is entered is a forced sale

    TriggerBook m_triggers;
    std::vector<std::optional<Price>> m_last; // of today, by instrument: what conditions act on
    std::set<std::pair<OrderNo, Slot>> m_met; // Wait::Sending
    bool m_retryMet = false;
    std::deque<Work> m_work;                // empty between commands
    std::vector<std::uint32_t> m_waitingOf; // by account: orders that wait for a condition
    OrderNo m_lastOrder = 0;

    /// There is one for every order of the day: with its key half a cache line.
    struct KnownOrder {
        std::uint32_t low = 0, high = 0; // the order's number
        std::uint32_t body = 0;
        OrderNo no() const { return OrderNo{high} << 32 | low; }
    };
    HashTable<ClientOrderKey, KnownOrder, KeyHash> m_clientOrders;
    std::vector<ClientOrder> m_newClientOrders;
    Date m_clientOrderDay;
    Date m_configuredOn; // the day whose rules the instruments' text was read with

    std::vector<std::uint64_t> m_bookTouched; // by which command
    CommittedGroup *m_out = nullptr;
    bool m_dayStarts = false; // within advance(): the books are a new day's
    Time m_now;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_lastTrade = 0;
};

/// Refusals that a later session may lift.
bool waitsForSession(Code code);

} // namespace khop
