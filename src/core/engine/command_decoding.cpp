// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command_codec.h"
#include "engine/command_tags.h"
#include "ledger/fee_book.h"

namespace khop {

namespace {

using Tag = CommandTag;

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

std::optional<Command> decodeCommand(ByteReader &in)
{
    Command command;
    command.time = in.time();
    switch (in.choice<Tag>(commandTagCount)) {
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
    case Tag::ResetPractice: command.body = ResetPractice{}; break;
    default: in.fail(); break; // not one of ours
    }
    return in.ok() ? std::optional(std::move(command)) : std::nullopt;
}

} // namespace khop
