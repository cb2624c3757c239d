// SPDX-License-Identifier: GPL-3.0-or-later
// A broker's statement before it becomes part of an account: what the file has in it, and what booking its
// rows would do to what the account has now.
#pragma once

#include "engine/trading_service.h"
#include "statement/broker_statement.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

struct ImportPreview {
    StatementPreview statement;
    std::shared_ptr<const ImportRows> rows; // new and known ones, ascending by day; never null
    std::size_t added = 0;
    bool coverCash = false;
    Money covered;                    // that would come from outside
    std::optional<ImportFault> fault; // why it cannot be booked as it is
};

/// The rows of a statement in the words of an import. Amounts of statements are in dong.
ImportRows importRows(const StatementPreview &statement);

/// Reads a file for an account; see previewStatement() for what is refused.
Result<ImportPreview> previewImport(const TradingService &service, AccountNo account,
                                    std::string_view bytes, const std::string &fileName,
                                    StatementKind kind, const StatementFormat &format,
                                    bool coverCash);

/// What applies a preview.
ImportStatement importCommand(const ImportPreview &preview, AccountNo account, const Uuid &id,
                              const std::string &fileName);

} // namespace khop
