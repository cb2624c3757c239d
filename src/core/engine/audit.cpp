// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/audit.h"

#include "engine/command_codec.h"
#include "store/store.h"

#include <array>
#include <type_traits>

namespace khop {

namespace {

// In the order of CommandBody.
constexpr std::array<std::string_view, std::variant_size_v<CommandBody>> kinds{
    "Tick",
    "PlaceOrder",
    "AmendOrder",
    "CancelOrder",
    "CancelAll",
    "OpenAccount",
    "EndowCash",
    "EndowSecurities",
    "Configure",
    "SetParticipants",
    "SetAccountForeign",
    "SetInstrumentState",
    "AnnounceExRights",
    "ProposePutThrough",
    "AnswerPutThrough",
    "ShapeCrowd",
    "PlanDays",
    "StartReplay",
    "ReplaySlice",
    "StopReplay",
    "SetRiskLimits",
    "SetKillSwitch",
    "AnnounceCorporateAction",
    "WithdrawCorporateAction",
    "WithdrawCash",
    "SetFeeSchedule",
    "SetMargin",
    "AdvanceCash",
    "ConvertCash",
    "SettleTrade",
    "DecideWithdrawal",
    "ElectRights",
    "ImportStatement",
    "UndoImport",
    "ResetPractice"};
static_assert(!kinds.back().empty(), "a command without a name");

AuditCommand described(std::uint64_t sequence, const Command &command)
{
    AuditCommand line{sequence, command.time, kinds[command.body.index()], 0, {}};
    std::visit(
        [&line]<class Body>(const Body &body) {
            if constexpr (requires { AccountNo{body.account}; })
                line.account = body.account;
            if constexpr (std::is_same_v<Body, PlaceOrder> || std::is_same_v<Body, AmendOrder>
                          || std::is_same_v<Body, CancelOrder>)
                line.order = body.id;
        },
        command.body);
    return line;
}

} // namespace

Result<std::vector<AuditEntry>> readAudit(const QString &databaseFile, std::uint64_t from,
                                          std::size_t most)
{
    auto store = Store::open(databaseFile, Store::Mode::ReadOnly);
    if (!store)
        return std::unexpected(store.error());
    std::vector<AuditEntry> entries;
    // `from` may lie inside a group.
    const Result<void> read =
        (*store)->readJournal((*store)->groupOf(from) - 1, [&](const JournalGroup &group) {
            AuditEntry entry{group.first,
                             group.last,
                             group.time,
                             group.previous.toStdString(),
                             group.hash.toStdString(),
                             group.key,
                             group.stateHash,
                             {}};
            forEachCommand(group.commandBytes(), [&entry](const Command &command) {
                entry.commands.push_back(described(entry.first + entry.commands.size(), command));
            });
            entries.push_back(std::move(entry));
            return entries.size() < most;
        });
    if (!read)
        return std::unexpected(read.error());
    return entries;
}

} // namespace khop
