// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/command_codec.h"
#include "engine/command_tags.h"
#include "ledger/fee_book.h"

namespace khop {

namespace {

using Tag = CommandTag;

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
    void operator()(const ResetPractice &) const { tag(Tag::ResetPractice); }
};

} // namespace

void encodeCommand(ByteWriter &out, const Command &command)
{
    out.time(command.time);
    std::visit(Encoder{out}, command.body);
}

} // namespace khop
