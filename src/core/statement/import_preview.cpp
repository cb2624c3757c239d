// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/import_preview.h"

#include "base/json_tree.h"
#include "base/utf8.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::string_view dong = "VND";
constexpr std::size_t longestFileName = 180;

ImportRow importRow(const StatementRow &row)
{
    ImportRow result{
        static_cast<std::uint32_t>(row.line), row.time.day, {}, row.words, importKey(row.key)};
    if (const auto *trade = std::get_if<StatementTrade>(&row.body)) {
        result.body = ImportTrade{trade->instrument, trade->side, trade->quantity, trade->price,
                                  trade->value,      trade->fee,  trade->tax};
    } else {
        const auto &cash = std::get<StatementCash>(row.body);
        result.body = ImportCash{cash.kind, cash.amount, cash.instrument};
    }
    return result;
}

ImportFigures figuresOf(const TradingService &service, AccountNo account)
{
    ImportFigures figures;
    for (const Balance &balance : service.balances(account)) {
        if (balance.currency == dong) {
            figures.available = balance.available;
            figures.deposited = balance.deposited;
            figures.withdrawn = balance.withdrawn;
        }
    }
    for (const Position &position : service.positions(account))
        figures.holdings[position.instrument] = {position.sellable, position.quantity,
                                                 position.costBasis, position.realizedPnl,
                                                 position.taxable};
    return figures;
}

} // namespace

ImportRows importRows(const StatementPreview &statement)
{
    ImportRows rows;
    rows.reserve(statement.added.size() + statement.duplicates.size());
    for (const StatementRow &row : statement.added)
        rows.push_back(importRow(row));
    for (const StatementRow &row : statement.duplicates)
        rows.push_back(importRow(row));
    std::ranges::stable_sort(rows, {}, &ImportRow::day);
    return rows;
}

Result<ImportPreview> previewImport(const TradingService &service, AccountNo account,
                                    std::string_view bytes, const std::string &fileName,
                                    StatementKind kind, const StatementFormat &format,
                                    bool coverCash)
{
    const Imports::OfAccount known = service.imports(account);
    const auto instruments = service.instruments();
    auto statement =
        previewStatement(bytes, fileName, kind, format, *instruments, [&](const std::string &key) {
            return isKnown(*known.rows, importKey(key));
        });
    if (!statement)
        return std::unexpected(statement.error());
    ImportPreview preview;
    preview.statement = std::move(*statement);
    preview.rows = std::make_shared<ImportRows>(importRows(preview.statement));
    preview.added = preview.statement.added.size();
    preview.coverCash = coverCash;
    ImportTerms terms;
    terms.instruments = *instruments;
    terms.currencyCode = dong;
    terms.fileName = fileName;
    terms.today = vietnamDate(service.now());
    terms.coverCash = coverCash;
    terms.known = known.rows.get();
    auto plan = planImport(*preview.rows, figuresOf(service, account), {}, terms);
    if (plan)
        preview.covered = plan->covered;
    else
        preview.fault = std::move(plan.error());
    return preview;
}

ImportStatement importCommand(const ImportPreview &preview, AccountNo account, const Uuid &id,
                              const std::string &fileName)
{
    ImportStatement command;
    command.account = account;
    command.id = id;
    command.kind =
        preview.statement.kind == StatementKind::Trades ? ImportKind::Trades : ImportKind::Cash;
    command.currency = dong;
    command.fileName = shortened(fileName, longestFileName);
    command.format = preview.statement.format;
    command.coverCash = preview.coverCash;
    command.rows = preview.rows;
    return command;
}

} // namespace khop
