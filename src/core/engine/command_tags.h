// SPDX-License-Identifier: GPL-3.0-or-later
// How commands are told apart in a journal.
#pragma once

#include <cstdint>

namespace khop {

// The numbers stand in journals for ever: never reuse one.
enum class CommandTag : std::uint64_t {
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
    UndoImport = 81,
    ResetPractice = 82
};
inline constexpr int commandTagCount = 83;

} // namespace khop
