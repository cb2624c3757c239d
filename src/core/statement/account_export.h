// SPDX-License-Identifier: GPL-3.0-or-later
// An account's records as CSV: orders, executions (imported ones among them), positions, and what changed
// its cash. Numbers are exact, with a point for decimals and no groups; times are UTC.
#pragma once

#include "engine/trading_service.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

enum class ExportKind : std::uint8_t { Orders, Executions, Positions, Cash };
std::string_view name(ExportKind kind); // orders executions positions cash
std::optional<ExportKind> exportKindFromName(std::string_view name);

inline constexpr std::size_t mostExportedRows = 100'000;

struct ExportRequest {
    AccountNo account = 0;
    ExportKind kind = ExportKind::Orders;
    std::optional<Date> from, to; // days in Vietnam, both included; positions are as of now
    bool byteOrderMark = false;   // some spreadsheets need it to see UTF-8
};

/// Newest first. Refuses (VALIDATION_ERROR of "rows") more than mostExportedRows. `done` may run on a
/// reader's thread; `service` must outlive the answer.
void exportCsv(const TradingService &service, const ExportRequest &request,
               std::function<void(Result<std::string>)> done);

} // namespace khop
