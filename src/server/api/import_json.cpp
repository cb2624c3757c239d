// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/import_json.h"

#include "server/api/records_json.h"

#include <algorithm>
#include <array>

namespace khop::server {

namespace {

constexpr std::string_view dong = "VND";

std::string_view nameOf(SkippedRow::Why why)
{
    constexpr std::array<std::string_view, 3> names{"NOTE", "NOT_EXECUTED", "OF_TRADE"};
    return names[static_cast<std::size_t>(why)];
}

ImportRow importRowOf(const StatementRow &row)
{
    ImportRow result{static_cast<std::uint32_t>(row.line), row.time.day, {}, row.words, {}};
    if (const auto *trade = std::get_if<StatementTrade>(&row.body)) {
        result.body = ImportTrade{trade->instrument, trade->side, trade->quantity, trade->price,
                                  trade->value,      trade->fee,  trade->tax};
    } else {
        const auto &cash = std::get<StatementCash>(row.body);
        result.body = ImportCash{cash.kind, cash.amount, cash.instrument};
    }
    return result;
}

void writeRows(JsonWriter &json, std::string_view name, const std::vector<StatementRow> &rows,
               const MarketView &market, std::size_t most)
{
    json.key(name).beginArray();
    for (std::size_t i = 0; i < std::min(rows.size(), most); ++i)
        writeImportRow(json, importRowOf(rows[i]), dong, market);
    json.endArray();
}

void writeReading(JsonWriter &json, const StatementPreview &statement)
{
    json.key("reading").beginObject();
    json.field("encoding", name(statement.encoding))
        .field("separator", std::string(1, statement.separator))
        .numberField("title_line", static_cast<std::int64_t>(statement.titleLine))
        .field("date_order", statement.reading.dateOrder == DateOrder::DayFirst ? "day" : "month")
        .field("number_marks",
               statement.reading.numberMarks == NumberMarks::PointGroups ? "point" : "comma")
        .field("price_unit", statement.reading.priceUnit == StatementUnit::Vnd ? "VND" : "kVND");
    json.key("columns").beginArray();
    for (std::size_t i = 0; i < statement.columns.titles.size(); ++i) {
        json.beginObject().field("title", statement.columns.titles[i]);
        std::optional<std::string> field;
        for (int f = 0; f < statementFieldCount; ++f) {
            if (statement.columns.at(static_cast<StatementField>(f)) == static_cast<int>(i))
                field = std::string(name(static_cast<StatementField>(f)));
        }
        json.optionalField("field", field);
        json.endObject();
    }
    json.endArray().endObject();
}

void writeFault(JsonWriter &json, std::size_t line, std::size_t column, const Error &error,
                Language language)
{
    json.beginObject().numberField("line", static_cast<std::int64_t>(line));
    if (column == 0)
        json.nullField("column");
    else
        json.numberField("column", static_cast<std::int64_t>(column));
    json.field("field", error.field)
        .field("code", codeName(error.code))
        .field("value", error.value)
        .field("message", sentence(error, language))
        .endObject();
}

std::int64_t count(std::size_t rows) { return static_cast<std::int64_t>(rows); }

} // namespace

std::string_view name(PortfolioCash::Kind kind)
{
    constexpr std::array<std::string_view, 8> names{
        "DEPOSIT", "WITHDRAW", "DIVIDEND", "INTEREST", "CUSTODY", "TAX", "FX", "SYSTEM_ADJUSTMENT"};
    return names[static_cast<std::size_t>(kind)];
}

void writeImportRow(JsonWriter &json, const ImportRow &row, std::string_view currency,
                    const MarketView &market)
{
    json.beginObject().numberField("line", row.line).field("date", isoDate(row.day));
    if (const auto *trade = std::get_if<ImportTrade>(&row.body)) {
        const Instrument *instrument = market.instrument(trade->instrument);
        json.field("type", trade->side == Side::Buy ? "BUY" : "SELL");
        if (instrument)
            json.field("symbol", instrument->symbol)
                .field("quantity", market.quantity(*instrument, trade->quantity))
                .field("price", market.price(*instrument, trade->price));
        json.field("value", market.money(currency, trade->value))
            .field("fee", market.money(currency, trade->fee))
            .field("tax", market.money(currency, trade->tax))
            .endObject();
        return;
    }
    const auto &cash = std::get<ImportCash>(row.body);
    const Instrument *instrument =
        cash.instrument == noInstrument ? nullptr : market.instrument(cash.instrument);
    json.field("type", name(cash.kind)).field("amount", market.money(currency, cash.amount));
    json.optionalField("symbol", instrument ? std::optional(instrument->symbol) : std::nullopt);
    json.field("description", row.words).endObject();
}

void writePreview(JsonWriter &json, const ImportPreview &preview, const MarketView &market,
                  Language language, std::size_t most)
{
    const StatementPreview &statement = preview.statement;
    json.field("kind", name(statement.kind)).field("format", statement.format);
    writeReading(json, statement);
    json.numberField("added_count", count(statement.added.size()))
        .numberField("duplicate_count", count(statement.duplicates.size()))
        .numberField("refused_count", count(statement.refusedCount))
        .numberField("skipped_count", count(statement.skipped.size()))
        .field("cover_cash", preview.coverCash)
        .field("covered_amount", market.money(dong, preview.covered))
        .field("currency", dong);
    json.key("refusal");
    if (preview.fault)
        writeFault(json, preview.fault->line, 0, preview.fault->error, language);
    else
        json.null();
    writeRows(json, "added", statement.added, market, most);
    writeRows(json, "duplicates", statement.duplicates, market, most);
    json.key("refused").beginArray();
    for (std::size_t i = 0; i < std::min(statement.refused.size(), most); ++i)
        writeFault(json, statement.refused[i].line, statement.refused[i].column,
                   statement.refused[i].error, language);
    json.endArray();
    json.key("skipped").beginArray();
    for (std::size_t i = 0; i < std::min(statement.skipped.size(), most); ++i)
        json.beginObject()
            .numberField("line", count(statement.skipped[i].line))
            .field("why", nameOf(statement.skipped[i].why))
            .endObject();
    json.endArray();
}

void writeImport(JsonWriter &json, const ImportRecord &record, const MarketView &market)
{
    const std::string &currency = market.rules().currencies[record.currency].code;
    json.field("import_id", record.id.text())
        .field("account_id", market.account(record.account).idText)
        .field("kind", name(record.kind))
        .field("format", record.format)
        .field("file_name", record.fileName)
        .field("status", record.undoneAt ? "UNDONE" : "APPLIED")
        .numberField("row_count", count(record.rows))
        .numberField("duplicate_count", count(record.duplicates))
        .field("covered_amount", market.money(currency, record.covered))
        .field("currency", currency)
        .field("applied_at", isoTime(record.appliedAt));
    json.optionalField("undone_at",
                       record.undoneAt ? std::optional(isoTime(*record.undoneAt)) : std::nullopt);
}

} // namespace khop::server
