// SPDX-License-Identifier: GPL-3.0-or-later
// Commands: all that can change a desk. They are journalled with their whole content, so that a
// replay needs nothing else.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "base/result.h"
#include "engine/corporate_actions.h"
#include "engine/records.h"
#include "market/ex_rights.h"
#include "risk/limits.h"
#include "risk/margin.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace khop {

struct PlaceOrder {
    AccountNo account = 0;
    Uuid id;                   // null: the service gives one before it journals the command
    std::string clientOrderId; // [A-Za-z0-9._:-]{0,64}
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    OrderType type = OrderType::LO;
    GivenName given = GivenName::OwnType;
    TimeInForce timeInForce = TimeInForce::Day;
    Quantity quantity;
    std::optional<Price> price;
    std::optional<Time> expiresAt;
    bool queue = false; // outside its session: hold it instead of refusing
    std::string description;
    /// `type` is then that of a leg without a limit, and `price` is none; of BRACKET and IF_DONE the
    /// order itself is an ordinary one.
    std::shared_ptr<const Condition> condition;
};

struct AmendOrder {
    AccountNo account = 0; // 0: any (admin)
    Uuid id;
    std::optional<Price> price;
    std::optional<Quantity> quantity; // the new total
    std::optional<std::uint32_t> version;
    std::optional<Price> trigger; // of a waiting STOP or TAKE_PROFIT
};

struct CancelOrder {
    AccountNo account = 0; // 0: any (admin)
    Uuid id;
};

/// Cancels every open order of the account, of one instrument if given; answers with their number.
struct CancelAll {
    AccountNo account = 0;
    InstrumentIndex instrument = noInstrument;
};

struct OpenAccount {
    Uuid id;
    std::string name;
};

struct EndowCash { // practice: settled at once
    AccountNo account = 0;
    std::string currency;
    Money amount;
};

/// Settled cash leaves the desk.
struct WithdrawCash {
    AccountNo account = 0;
    std::string currency;
    Money amount;
};

struct EndowSecurities {
    AccountNo account = 0;
    InstrumentIndex instrument = noInstrument;
    Quantity quantity;
    std::optional<Price> price; // cost; the reference if not given
};

/// Time passes (or a start catches up to now: then participants do nothing on the way).
struct Tick {
    bool catchUp = false;
};

/// The rules and instruments in force, with their text: the first command of a journal, and again when
/// the data changed. While accounts have orders or deals open, the change waits for the next day.
struct Configure {
    std::string rules;       // JSON
    std::string instruments; // CSV
};

/// Practice participants on or off, from a seed.
struct SetParticipants {
    bool on = false;
    std::uint64_t seed = 0;
};

/// Whether the account's buys count against the foreign room.
struct SetAccountForeign {
    AccountNo account = 0;
    bool foreign = false;
};

/// The exchange stops or lets go on the trading of an instrument: halted for a while, or off the list.
struct SetInstrumentState {
    enum class Action : std::uint8_t { Halt, Resume, Activate, Deactivate };
    InstrumentIndex instrument = noInstrument;
    Action action = Action::Halt;
};

/// From exDate on the share trades without the rights: the reference and, with treasury shares, the band
/// of that day follow. Again for the same day replaces, with nothing in it withdraws.
struct AnnounceExRights {
    InstrumentIndex instrument = noInstrument;
    Date exDate;
    ExRights rights;
};

struct ProposePutThrough {
    AccountNo account = 0;
    AccountNo counterparty = 0;
    Uuid id;
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy; // the proposer's
    Quantity quantity;
    Price price;
    std::string description;
};

/// The counterparty accepts or rejects, the proposer cancels.
struct AnswerPutThrough {
    enum class Answer : std::uint8_t { Accept, Reject, Cancel };
    AccountNo account = 0;
    Uuid id;
    Answer answer = Answer::Accept;
};

/// The shape of the practice crowd, as its JSON text; empty: the usual one.
struct ShapeCrowd {
    std::string text;
};

/// Days by daily candles, as DayPlan saves them. The first is today where no planned instrument has
/// traded yet and nobody has an open order, else the next trading day (result.count is 1 then).
struct PlanDays {
    std::string plan;
};

/// A recorded day starts on the practice exchange: its orders, shifted in time by `shift` milliseconds,
/// come with the slices that follow. The crowd stands aside until it is over.
struct StartReplay {
    std::string name;
    std::string fileHash;
    std::string opening; // encodeOpening()
    std::int64_t shift = 0;
};
struct ReplaySlice {
    std::string block;       // of TapeEncoder; may be empty
    std::optional<Time> end; // with the last one: when the recording ended
};
struct StopReplay {
};

/// What orders of an account (0: of every account) must keep to, in the place of what was set before.
struct SetRiskLimits {
    AccountNo account = 0;
    std::shared_ptr<const RiskLimits> limits; // null: none
};

/// Blocks new orders of an account (0: of every account) and cancels what may be cancelled; answers with
/// the number. Or lifts it.
struct SetKillSwitch {
    AccountNo account = 0;
    bool on = false;
    bool byHouse = false; // else by the account's owner, who cannot lift the house's
    std::string reason;
};

struct AnnounceCorporateAction {
    Uuid id; // null: the service gives one
    CorporateTerms terms;
};

/// Before the ex-date.
struct WithdrawCorporateAction {
    Uuid id;
};

/// What an account pays for trades on some exchanges of one currency from a day on, in the place of those
/// exchanges' own fee. Without a fee: theirs again.
struct SetFeeSchedule {
    AccountNo account = 0;
    std::uint8_t exchanges = 0; // bit by Exchange
    Date from;
    std::optional<std::int64_t> fee; // parts per million
    std::vector<FeeTier> tiers;
};

/// The terms on which an account may borrow; null: no (more) margin.
struct SetMargin {
    AccountNo account = 0;
    std::shared_ptr<const MarginTerms> terms;
};

/// Cash of sale proceeds before they arrive.
struct AdvanceCash {
    AccountNo account = 0;
    std::string currency;
    Money amount;
};

/// Settled cash of one currency into another, at the day's rate.
struct ConvertCash {
    AccountNo account = 0;
    std::string from, to;
    Money amount; // of `from`
};

/// Settles a trade before its time. The legs are those of accounts, as their executions say; the engine
/// takes them when they are on their way.
struct SettleTrade {
    struct Leg {
        AccountNo account = 0;
        InstrumentIndex instrument = noInstrument;
        Side side = Side::Buy;
        Quantity quantity; // a buy's
        Money proceeds;    // a sell's, less fee and tax
        Time settlesAt;
    };
    std::uint64_t trade = 0;
    std::vector<Leg> legs; // at most two
};

/// What becomes of a withdrawal that waits: its entry's number, and Completed, Failed or Cancelled.
struct DecideWithdrawal {
    std::uint64_t entry = 0;
    LedgerEntry::Status status = LedgerEntry::Status::Completed;
};

/// What a holder of rights does with them, between the dates of their terms.
struct ElectRights {
    enum class Choice : std::uint8_t {
        Subscribe, // `quantity`: new shares in all; fewer than before gives the difference back
        Sell,      // rights to the practice market, which pays what they are worth at most
        Offer,     // rights to another account, in the place of what was offered before; 0: no more
        Accept     // all that another account offers, at its price
    };
    AccountNo account = 0;
    Uuid id; // of the action
    Choice choice = Choice::Subscribe;
    Quantity quantity;
    Price price;         // of a right; none to subscribe
    AccountNo other = 0; // Offer: to whom; Accept: whose
};

/// Books the rows of a broker's statement that the account does not have yet: all of them or none.
struct ImportStatement {
    AccountNo account = 0;
    Uuid id; // null: the service gives one
    ImportKind kind = ImportKind::Trades;
    std::string currency = "VND";
    std::string fileName;   // at most 200 bytes
    std::string format;     // at most 32 bytes
    bool coverCash = false; // what the rows pay more than there is comes from outside
    std::shared_ptr<const ImportRows> rows;
};

/// Takes a batch back, as long as nothing else has changed what it touched.
struct UndoImport {
    AccountNo account = 0; // 0: any (admin)
    Uuid id;
};

/// Practice: the day is given up. Every open order and every proposed deal of every account is cancelled, in
/// any phase; a replay ends, and the crowd takes its orders back. Answers with the number cancelled.
struct ResetPractice {
};

using CommandBody =
    std::variant<Tick, PlaceOrder, AmendOrder, CancelOrder, CancelAll, OpenAccount, EndowCash,
                 EndowSecurities, Configure, SetParticipants, SetAccountForeign, SetInstrumentState,
                 AnnounceExRights, ProposePutThrough, AnswerPutThrough, ShapeCrowd, PlanDays,
                 StartReplay, ReplaySlice, StopReplay, SetRiskLimits, SetKillSwitch,
                 AnnounceCorporateAction, WithdrawCorporateAction, WithdrawCash, SetFeeSchedule,
                 SetMargin, AdvanceCash, ConvertCash, SettleTrade, DecideWithdrawal, ElectRights,
                 ImportStatement, UndoImport, ResetPractice>;

struct Command {
    Time time; // engine time, stamped when the engine takes it
    CommandBody body;
};

/// The answer to one command, given after its group is durable.
struct CommandResult {
    std::uint64_t token = 0;    // the submitter's own
    std::uint64_t sequence = 0; // of the command in the journal; 0 when it never got there
    Error error;                // code OK: done
    /// PlaceOrder, AmendOrder, CancelOrder: the order after it. Of one that was sent again the engine knows the
    /// number only; a desk answers with all of it.
    std::optional<OrderRecord> order;
    std::optional<PutThroughRecord>
        putThrough; // ProposePutThrough, AnswerPutThrough: the deal after it
    /// AnnounceCorporateAction, WithdrawCorporateAction: the action after it; ElectRights: with what the
    /// account has of it
    std::shared_ptr<const CorporateAction> corporateAction;
    std::shared_ptr<const ImportOutcome> import; // ImportStatement, UndoImport
    AccountNo account = 0;                       // OpenAccount
    std::uint32_t count = 0;                     // CancelAll, ResetPractice
    Money amount;                 // AdvanceCash: what was advanced; ConvertCash: what was received
    Money fee;                    // AdvanceCash
    bool duplicate = false;       // the same client order id and body came before: `order` is it
    std::int64_t committedAt = 0; // steadyNanoseconds() when its group had become durable

    bool ok() const { return error.code == Code::OK; }
};

/// Receives results, one call per group, on the engine's thread: hand them to your own thread and
/// return. Kept alive until every result has been delivered.
class ResultSink
{
public:
    virtual ~ResultSink() = default;
    virtual void deliver(std::vector<CommandResult> results) = 0;
};

} // namespace khop
