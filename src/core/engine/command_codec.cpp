// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command_codec.h"

#include "ledger/fee_book.h"

namespace khop {

namespace {

// The numbers stand in journals for ever: never reuse one.
enum class Tag : std::uint64_t {
    Tick = 0,
    PlaceOrder = 1,
    AmendOrder = 2,
    CancelOrder = 3,
    CancelAll = 4,
    OpenAccount = 5,
    EndowCash = 6,
    EndowSecurities = 7,
    Configure = 8,
    SetParticipants = 9,
    SetAccountForeign = 10,
    SetInstrumentState = 11,
    AnnounceExRights = 12,
    ProposePutThrough = 13,
    AnswerPutThrough = 14,
    PlaceConditional = 16, // PlaceOrder and its condition
    AmendCondition = 17,   // AmendOrder and its trigger
    ShapeCrowd = 30,
    PlanDays = 31,
    StartReplay = 32,
    ReplaySlice = 33,
    StopReplay = 34,
    SetRiskLimits = 40,
    SetKillSwitch = 41,
    AnnounceCorporateAction = 42,
    WithdrawCorporateAction = 43,
    WithdrawCash = 44,
    AnnounceWithTerms = 50, // AnnounceCorporateAction with more than simple terms
    ElectRights = 51,
    SetFeeSchedule = 60,
    SetMargin = 61,
    AdvanceCash = 62,
    ConvertCash = 63,
    SettleTrade = 64,
    DecideWithdrawal = 65,
    ImportStatement = 80,
    UndoImport = 81
};
constexpr int tagCount = 82;

struct Encoder {
    ByteWriter &out;

    void tag(Tag tag) const { out.u64(static_cast<std::uint64_t>(tag)); }
    void operator()(const Tick &body) const
    {
        tag(Tag::Tick);
        out.u64(body.catchUp);
    }
    void operator()(const PlaceOrder &body) const
    {
        tag(body.condition ? Tag::PlaceConditional : Tag::PlaceOrder);
        out.u64(body.account);
        out.id(body.id);
        out.text(body.clientOrderId);
        out.u64(body.instrument);
        out.u64(static_cast<std::uint64_t>(body.side));
        out.u64(static_cast<std::uint64_t>(body.type));
        out.u64(static_cast<std::uint64_t>(body.given));
        out.u64(static_cast<std::uint64_t>(body.timeInForce));
        out.number(body.quantity);
        out.optional(body.price);
        out.u64(body.expiresAt.has_value());
        if (body.expiresAt)
            out.time(*body.expiresAt);
        out.u64(body.queue);
        out.text(body.description);
        if (body.condition)
            encodeCondition(out, body.condition.get());
    }
    void operator()(const AmendOrder &body) const
    {
        tag(body.trigger ? Tag::AmendCondition : Tag::AmendOrder);
        out.u64(body.account);
        out.id(body.id);
        out.optional(body.price);
        out.optional(body.quantity);
        out.u64(body.version.has_value());
        if (body.version)
            out.u64(*body.version);
        if (body.trigger)
            out.number(*body.trigger);
    }
    void operator()(const CancelOrder &body) const
    {
        tag(Tag::CancelOrder);
        out.u64(body.account);
        out.id(body.id);
    }
    void operator()(const CancelAll &body) const
    {
        tag(Tag::CancelAll);
        out.u64(body.account);
        out.u64(body.instrument);
    }
    void operator()(const OpenAccount &body) const
    {
        tag(Tag::OpenAccount);
        out.id(body.id);
        out.text(body.name);
    }
    void operator()(const EndowCash &body) const
    {
        tag(Tag::EndowCash);
        out.u64(body.account);
        out.text(body.currency);
        out.number(body.amount);
    }
    void operator()(const EndowSecurities &body) const
    {
        tag(Tag::EndowSecurities);
        out.u64(body.account);
        out.u64(body.instrument);
        out.number(body.quantity);
        out.optional(body.price);
    }
    void operator()(const Configure &body) const
    {
        tag(Tag::Configure);
        out.text(body.rules);
        out.text(body.instruments);
    }
    void operator()(const SetParticipants &body) const
    {
        tag(Tag::SetParticipants);
        out.u64(body.on);
        out.fixed(body.seed);
    }
    void operator()(const SetAccountForeign &body) const
    {
        tag(Tag::SetAccountForeign);
        out.u64(body.account);
        out.u64(body.foreign);
    }
    void operator()(const SetInstrumentState &body) const
    {
        tag(Tag::SetInstrumentState);
        out.u64(body.instrument);
        out.u64(static_cast<std::uint64_t>(body.action));
    }
    void operator()(const AnnounceExRights &body) const
    {
        tag(Tag::AnnounceExRights);
        out.u64(body.instrument);
        out.i64(body.exDate.day);
        out.number(body.rights.cashDividend);
        out.i64(body.rights.bonusRatio);
        out.i64(body.rights.rightsRatio);
        out.number(body.rights.issuePrice);
        out.u64(body.rights.fromTreasury);
    }
    void operator()(const ProposePutThrough &body) const
    {
        tag(Tag::ProposePutThrough);
        out.u64(body.account);
        out.u64(body.counterparty);
        out.id(body.id);
        out.u64(body.instrument);
        out.u64(static_cast<std::uint64_t>(body.side));
        out.number(body.quantity);
        out.number(body.price);
        out.text(body.description);
    }
    void operator()(const AnswerPutThrough &body) const
    {
        tag(Tag::AnswerPutThrough);
        out.u64(body.account);
        out.id(body.id);
        out.u64(static_cast<std::uint64_t>(body.answer));
    }
    void operator()(const ShapeCrowd &body) const
    {
        tag(Tag::ShapeCrowd);
        out.text(body.text);
    }
    void operator()(const PlanDays &body) const
    {
        tag(Tag::PlanDays);
        out.text(body.plan);
    }
    void operator()(const StartReplay &body) const
    {
        tag(Tag::StartReplay);
        out.text(body.name);
        out.text(body.fileHash);
        out.text(body.opening);
        out.i64(body.shift);
    }
    void operator()(const ReplaySlice &body) const
    {
        tag(Tag::ReplaySlice);
        out.text(body.block);
        out.u64(body.end.has_value());
        out.time(body.end.value_or(Time{}));
    }
    void operator()(const StopReplay &) const { tag(Tag::StopReplay); }
    void operator()(const SetRiskLimits &body) const
    {
        tag(Tag::SetRiskLimits);
        out.u64(body.account);
        encodeLimits(out, body.limits ? *body.limits : RiskLimits{});
    }
    void operator()(const SetKillSwitch &body) const
    {
        tag(Tag::SetKillSwitch);
        out.u64(body.account);
        out.u64(body.on);
        out.u64(body.byHouse);
        out.text(body.reason);
    }
    void operator()(const WithdrawCash &body) const
    {
        tag(Tag::WithdrawCash);
        out.u64(body.account);
        out.text(body.currency);
        out.number(body.amount);
    }
    void operator()(const SetFeeSchedule &body) const
    {
        tag(Tag::SetFeeSchedule);
        out.u64(body.account);
        out.u64(body.exchanges);
        encodeSchedule(out, {body.from, body.fee, body.tiers});
    }
    void operator()(const SetMargin &body) const
    {
        tag(Tag::SetMargin);
        out.u64(body.account);
        encodeMarginTerms(out, body.terms.get());
    }
    void operator()(const AdvanceCash &body) const
    {
        tag(Tag::AdvanceCash);
        out.u64(body.account);
        out.text(body.currency);
        out.number(body.amount);
    }
    void operator()(const ConvertCash &body) const
    {
        tag(Tag::ConvertCash);
        out.u64(body.account);
        out.text(body.from);
        out.text(body.to);
        out.number(body.amount);
    }
    void operator()(const SettleTrade &body) const
    {
        tag(Tag::SettleTrade);
        out.u64(body.trade);
        out.u64(body.legs.size());
        for (const SettleTrade::Leg &leg : body.legs) {
            out.u64(leg.account);
            out.u64(leg.instrument);
            out.u64(static_cast<std::uint64_t>(leg.side));
            out.number(leg.quantity);
            out.number(leg.proceeds);
            out.time(leg.settlesAt);
        }
    }
    void operator()(const DecideWithdrawal &body) const
    {
        tag(Tag::DecideWithdrawal);
        out.u64(body.entry);
        out.u64(static_cast<std::uint64_t>(body.status));
    }
    void operator()(const AnnounceCorporateAction &body) const
    {
        const bool simple = areSimple(body.terms);
        tag(simple ? Tag::AnnounceCorporateAction : Tag::AnnounceWithTerms);
        out.id(body.id);
        if (simple)
            encodeSimpleTerms(out, body.terms);
        else
            encodeTerms(out, body.terms);
    }
    void operator()(const ElectRights &body) const
    {
        tag(Tag::ElectRights);
        out.u64(body.account);
        out.id(body.id);
        out.u64(static_cast<std::uint64_t>(body.choice));
        out.number(body.quantity);
        out.number(body.price);
        out.u64(body.other);
    }
    void operator()(const WithdrawCorporateAction &body) const
    {
        tag(Tag::WithdrawCorporateAction);
        out.id(body.id);
    }
    void operator()(const ImportStatement &body) const
    {
        tag(Tag::ImportStatement);
        out.u64(body.account);
        out.id(body.id);
        out.u64(static_cast<std::uint64_t>(body.kind));
        for (const std::string *text : {&body.currency, &body.fileName, &body.format})
            out.text(*text);
        out.u64(body.coverCash);
        encodeImportRows(out, body.rows ? *body.rows : ImportRows{});
    }
    void operator()(const UndoImport &body) const
    {
        tag(Tag::UndoImport);
        out.u64(body.account);
        out.id(body.id);
    }
};

PlaceOrder decodePlace(ByteReader &in)
{
    PlaceOrder body;
    body.account = static_cast<AccountNo>(in.u64());
    body.id = in.id();
    body.clientOrderId = in.text();
    body.instrument = static_cast<InstrumentIndex>(in.u64());
    body.side = in.choice<Side>(2);
    body.type = in.choice<OrderType>(orderTypeCount);
    body.given = in.choice<GivenName>(5);
    body.timeInForce = in.choice<TimeInForce>(5);
    body.quantity = in.number<Quantity>();
    body.price = in.optional<Price>();
    if (in.u64() != 0)
        body.expiresAt = in.time();
    body.queue = in.u64() != 0;
    body.description = in.text();
    return body;
}

AmendOrder decodeAmend(ByteReader &in)
{
    AmendOrder body;
    body.account = static_cast<AccountNo>(in.u64());
    body.id = in.id();
    body.price = in.optional<Price>();
    body.quantity = in.optional<Quantity>();
    if (in.u64() != 0)
        body.version = static_cast<std::uint32_t>(in.u64());
    return body;
}

ImportStatement decodeImport(ByteReader &in)
{
    ImportStatement body;
    body.account = static_cast<AccountNo>(in.u64());
    body.id = in.id();
    body.kind = in.choice<ImportKind>(2);
    for (std::string *text : {&body.currency, &body.fileName, &body.format})
        *text = in.text();
    body.coverCash = in.u64() != 0;
    body.rows = std::make_shared<ImportRows>(decodeImportRows(in));
    return body;
}

AnnounceExRights decodeExRights(ByteReader &in)
{
    AnnounceExRights body;
    body.instrument = static_cast<InstrumentIndex>(in.u64());
    body.exDate = {static_cast<std::int32_t>(in.i64())};
    body.rights.cashDividend = in.number<Price>();
    body.rights.bonusRatio = in.i64();
    body.rights.rightsRatio = in.i64();
    body.rights.issuePrice = in.number<Price>();
    body.rights.fromTreasury = in.u64() != 0;
    return body;
}

ProposePutThrough decodePropose(ByteReader &in)
{
    ProposePutThrough body;
    body.account = static_cast<AccountNo>(in.u64());
    body.counterparty = static_cast<AccountNo>(in.u64());
    body.id = in.id();
    body.instrument = static_cast<InstrumentIndex>(in.u64());
    body.side = in.choice<Side>(2);
    body.quantity = in.number<Quantity>();
    body.price = in.number<Price>();
    body.description = in.text();
    return body;
}

SetFeeSchedule decodeFeeSchedule(ByteReader &in)
{
    SetFeeSchedule body;
    body.account = static_cast<AccountNo>(in.u64());
    body.exchanges = static_cast<std::uint8_t>(in.u64());
    FeeSchedule schedule = decodeSchedule(in);
    body.from = schedule.from;
    body.fee = schedule.fee;
    body.tiers = std::move(schedule.tiers);
    return body;
}

SettleTrade decodeSettle(ByteReader &in)
{
    SettleTrade body;
    body.trade = in.u64();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        SettleTrade::Leg leg;
        leg.account = static_cast<AccountNo>(in.u64());
        leg.instrument = static_cast<InstrumentIndex>(in.u64());
        leg.side = in.choice<Side>(2);
        leg.quantity = in.number<Quantity>();
        leg.proceeds = in.number<Money>();
        leg.settlesAt = in.time();
        body.legs.push_back(leg);
    }
    return body;
}

ElectRights decodeElection(ByteReader &in)
{
    ElectRights body;
    body.account = static_cast<AccountNo>(in.u64());
    body.id = in.id();
    body.choice = in.choice<ElectRights::Choice>(4);
    body.quantity = in.number<Quantity>();
    body.price = in.number<Price>();
    body.other = static_cast<AccountNo>(in.u64());
    return body;
}

} // namespace

void encodeCommand(ByteWriter &out, const Command &command)
{
    out.time(command.time);
    std::visit(Encoder{out}, command.body);
}

std::optional<Command> decodeCommand(ByteReader &in)
{
    Command command;
    command.time = in.time();
    switch (in.choice<Tag>(tagCount)) {
    case Tag::Tick: command.body = Tick{in.u64() != 0}; break;
    case Tag::PlaceOrder: command.body = decodePlace(in); break;
    case Tag::PlaceConditional: {
        PlaceOrder body = decodePlace(in);
        body.condition = decodeCondition(in);
        command.body = std::move(body);
        break;
    }
    case Tag::AmendOrder: command.body = decodeAmend(in); break;
    case Tag::AmendCondition: {
        AmendOrder body = decodeAmend(in);
        body.trigger = in.number<Price>();
        command.body = std::move(body);
        break;
    }
    case Tag::CancelOrder: {
        const auto account = static_cast<AccountNo>(in.u64());
        command.body = CancelOrder{account, in.id()};
        break;
    }
    case Tag::CancelAll: {
        const auto account = static_cast<AccountNo>(in.u64());
        command.body = CancelAll{account, static_cast<InstrumentIndex>(in.u64())};
        break;
    }
    case Tag::OpenAccount: {
        const Uuid id = in.id();
        command.body = OpenAccount{id, std::string(in.text())};
        break;
    }
    case Tag::EndowCash: {
        EndowCash body;
        body.account = static_cast<AccountNo>(in.u64());
        body.currency = in.text();
        body.amount = in.number<Money>();
        command.body = body;
        break;
    }
    case Tag::EndowSecurities: {
        EndowSecurities body;
        body.account = static_cast<AccountNo>(in.u64());
        body.instrument = static_cast<InstrumentIndex>(in.u64());
        body.quantity = in.number<Quantity>();
        body.price = in.optional<Price>();
        command.body = body;
        break;
    }
    case Tag::Configure: {
        std::string rules(in.text());
        command.body = Configure{std::move(rules), std::string(in.text())};
        break;
    }
    case Tag::SetParticipants: {
        const bool on = in.u64() != 0;
        command.body = SetParticipants{on, in.fixed()};
        break;
    }
    case Tag::SetAccountForeign: {
        const auto account = static_cast<AccountNo>(in.u64());
        command.body = SetAccountForeign{account, in.u64() != 0};
        break;
    }
    case Tag::SetInstrumentState: {
        const auto instrument = static_cast<InstrumentIndex>(in.u64());
        command.body = SetInstrumentState{instrument, in.choice<SetInstrumentState::Action>(4)};
        break;
    }
    case Tag::AnnounceExRights: command.body = decodeExRights(in); break;
    case Tag::ProposePutThrough: command.body = decodePropose(in); break;
    case Tag::AnswerPutThrough: {
        const auto account = static_cast<AccountNo>(in.u64());
        const Uuid id = in.id();
        command.body = AnswerPutThrough{account, id, in.choice<AnswerPutThrough::Answer>(3)};
        break;
    }
    case Tag::ShapeCrowd: command.body = ShapeCrowd{std::string(in.text())}; break;
    case Tag::PlanDays: command.body = PlanDays{std::string(in.text())}; break;
    case Tag::StartReplay: {
        StartReplay body;
        body.name = in.text();
        body.fileHash = in.text();
        body.opening = in.text();
        body.shift = in.i64();
        command.body = std::move(body);
        break;
    }
    case Tag::ReplaySlice: {
        std::string block(in.text());
        const bool last = in.u64() != 0;
        const Time end = in.time();
        command.body = ReplaySlice{std::move(block), last ? std::optional(end) : std::nullopt};
        break;
    }
    case Tag::StopReplay: command.body = StopReplay{}; break;
    case Tag::SetRiskLimits: {
        const auto account = static_cast<AccountNo>(in.u64());
        command.body = SetRiskLimits{account, std::make_shared<RiskLimits>(decodeLimits(in))};
        break;
    }
    case Tag::SetKillSwitch: {
        const auto account = static_cast<AccountNo>(in.u64());
        const bool on = in.u64() != 0;
        const bool byHouse = in.u64() != 0;
        command.body = SetKillSwitch{account, on, byHouse, std::string(in.text())};
        break;
    }
    case Tag::AnnounceCorporateAction: {
        const Uuid id = in.id();
        command.body = AnnounceCorporateAction{id, decodeSimpleTerms(in)};
        break;
    }
    case Tag::AnnounceWithTerms: {
        const Uuid id = in.id();
        command.body = AnnounceCorporateAction{id, decodeTerms(in)};
        break;
    }
    case Tag::ElectRights: command.body = decodeElection(in); break;
    case Tag::WithdrawCash: {
        WithdrawCash withdraw;
        withdraw.account = static_cast<AccountNo>(in.u64());
        withdraw.currency = in.text();
        withdraw.amount = in.number<Money>();
        command.body = std::move(withdraw);
        break;
    }
    case Tag::SetFeeSchedule: command.body = decodeFeeSchedule(in); break;
    case Tag::SetMargin: {
        const auto account = static_cast<AccountNo>(in.u64());
        command.body = SetMargin{account, decodeMarginTerms(in)};
        break;
    }
    case Tag::AdvanceCash: {
        AdvanceCash body;
        body.account = static_cast<AccountNo>(in.u64());
        body.currency = in.text();
        body.amount = in.number<Money>();
        command.body = std::move(body);
        break;
    }
    case Tag::ConvertCash: {
        ConvertCash body;
        body.account = static_cast<AccountNo>(in.u64());
        body.from = in.text();
        body.to = in.text();
        body.amount = in.number<Money>();
        command.body = std::move(body);
        break;
    }
    case Tag::SettleTrade: command.body = decodeSettle(in); break;
    case Tag::DecideWithdrawal: {
        const std::uint64_t entry = in.u64();
        command.body = DecideWithdrawal{entry, in.choice<LedgerEntry::Status>(4)};
        break;
    }
    case Tag::WithdrawCorporateAction: command.body = WithdrawCorporateAction{in.id()}; break;
    case Tag::ImportStatement: command.body = decodeImport(in); break;
    case Tag::UndoImport: {
        const auto account = static_cast<AccountNo>(in.u64());
        command.body = UndoImport{account, in.id()};
        break;
    }
    default: in.fail(); break; // not one of ours
    }
    return in.ok() ? std::optional(std::move(command)) : std::nullopt;
}

} // namespace khop
