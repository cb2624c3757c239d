// SPDX-License-Identifier: GPL-3.0-or-later
// Administrators list instruments and change their terms. The instruments are a table of text, which is
// checked and journalled as a whole; while orders are open a change waits for the next day.
#include "server/api/api.h"

#include "base/bounds.h"
#include "base/csv_line.h"
#include "base/csv_writer.h"
#include "server/api/records_json.h"

#include <algorithm>
#include <array>

namespace khop::server {

namespace {

constexpr Text listed{"The instrument was listed.", "Đã niêm yết chứng khoán."};
constexpr Text changed{"The instrument was changed.", "Đã thay đổi chứng khoán."};
constexpr Text waits{"The change comes into force on the next day, since orders are open.",
                     "Thay đổi có hiệu lực từ ngày giao dịch kế tiếp vì đang có lệnh chờ."};

struct Member {
    std::string_view field, column;
    bool atListing = false; // cannot be changed later
    bool isText = false;
};
constexpr std::array members{Member{"name", "name", false, true},
                             Member{"sector", "sector", false, true},
                             Member{"lot", "lot"},
                             Member{"max_quantity", "max_quantity"},
                             Member{"band", "band"},
                             Member{"tick_table", "tick_table", false, true},
                             Member{"foreign_room", "foreign_room"},
                             Member{"restricted", "restricted"},
                             Member{"first_day", "first_day"},
                             Member{"moves", "moves"},
                             Member{"exchange", "exchange", true, true},
                             Member{"reference", "ref", true},
                             Member{"kind", "kind", true, true},
                             Member{"underlying", "underlying", true, true},
                             Member{"ratio", "ratio", true},
                             Member{"price_scale", "price_scale", true},
                             Member{"quantity_scale", "quantity_scale", true}};

using Cells = std::vector<std::string>;

/// The table of the instruments, taken apart.
struct Table {
    Cells columns;
    std::vector<Cells> rows;

    /// Writes the cells of a symbol's row, a new one at the end when it has none.
    void set(const std::string &symbol,
             const std::vector<std::pair<std::string_view, std::string>> &cells)
    {
        const std::size_t key = column("symbol");
        std::size_t row = 0;
        while (row < rows.size() && rows[row][key] != symbol)
            ++row;
        if (row == rows.size()) {
            rows.emplace_back(columns.size());
            rows[row][key] = symbol;
        }
        for (const auto &[name, text] : cells) {
            const std::size_t place = column(name);
            rows[row][place] = text;
        }
    }
    std::size_t column(std::string_view name)
    {
        const auto found = std::ranges::find(columns, name);
        if (found != columns.end())
            return static_cast<std::size_t>(found - columns.begin());
        columns.emplace_back(name);
        for (Cells &row : rows)
            row.emplace_back();
        return columns.size() - 1;
    }
    std::string text() const
    {
        CsvWriter csv;
        const auto write = [&csv](const Cells &cells) {
            for (const std::string &cell : cells)
                csv.plain(cell);
            csv.endRow();
        };
        write(columns);
        for (const Cells &row : rows)
            write(row);
        return csv.take();
    }
};

std::optional<Table> tableOf(std::string_view csv)
{
    Table table;
    while (!csv.empty()) {
        std::string_view line = csv.substr(0, csv.find('\n'));
        csv.remove_prefix(std::min(line.size() + 1, csv.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            continue;
        std::optional<Cells> cells = cellsOfCsvLine(line);
        if (!cells)
            return std::nullopt;
        if (table.columns.empty())
            table.columns = std::move(*cells);
        else
            table.rows.push_back(std::move(*cells));
    }
    return table;
}

/// A member as the table writes it: text, a number or a truth.
std::optional<std::string> cellOf(Body &body, const Member &member)
{
    const std::optional<JsonValue> value = body.value(member.field);
    if (!value)
        return std::nullopt;
    if (value->isBoolean() && !member.isText)
        return value->boolean() ? "true" : "false";
    if (value->isNumber() && !member.isText)
        return std::string(value->text());
    const std::optional<std::string_view> text = body.text(member.field);
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

} // namespace

void Api::addInstrument(Call &call)
{
    if (allowOnly(call, {"desk"}) && practiceDesk(call))
        writeInstrumentRow(call, {});
}

void Api::changeInstrument(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    if (!instrument)
        fail(call.to, Error{Code::NOT_FOUND});
    else
        writeInstrumentRow(call, instrument->symbol);
}

void Api::writeInstrumentRow(Call &call, std::string symbol)
{
    const bool fresh = symbol.empty();
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(),
              {"symbol", "name", "sector", "lot", "max_quantity", "band", "tick_table",
               "foreign_room", "restricted", "first_day", "moves", "exchange", "reference", "kind",
               "underlying", "ratio", "price_scale", "quantity_scale"});
    if (fresh) {
        symbol = upperCase(body.requiredText("symbol", 32).value_or(""));
        for (const std::string_view field : {"exchange", "reference"}) {
            if (!body.has(field))
                body.mistake(Code::REQUIRED, field);
        }
        if (m_market.find(symbol))
            body.mistake(Code::VALIDATION_ERROR, "symbol", symbol, std::string(symbolNotListed));
    } else if (body.has("symbol")) {
        body.mistake(Code::VALIDATION_ERROR, "symbol", {}, "left out: it cannot be changed");
    }
    std::vector<std::pair<std::string_view, std::string>> cells;
    for (const Member &member : members) {
        const std::optional<std::string> cell = cellOf(body, member);
        if (!cell)
            continue;
        if (member.atListing && !fresh)
            body.mistake(Code::VALIDATION_ERROR, member.field, {},
                         "left out: it is fixed when the instrument is listed");
        const bool name = member.field == "exchange" || member.field == "kind";
        cells.emplace_back(member.column, name ? upperCase(*cell) : *cell);
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_service.marketTexts(
        here<MarketTexts>([this, to = call.to, symbol, fresh, cells](Result<MarketTexts> texts) {
            if (!texts) {
                fail(to, texts.error());
                return;
            }
            std::optional<Table> table = tableOf(texts->instruments);
            if (!table) {
                fail(to, Error{Code::INTERNAL_ERROR});
                return;
            }
            table->set(symbol, cells);
            submit(Configure{texts->rules, table->text()}, to,
                   [this, symbol, fresh](const Answerer &whom, CommandResult result) {
                       answerInstrument(whom, symbol, fresh, result);
                   });
        }));
}

void Api::answerInstrument(const Answerer &to, const std::string &symbol, bool fresh,
                           const CommandResult &result)
{
    if (!result.ok()) {
        // The place in the table means nothing to who sent one instrument: the column does.
        const std::size_t column = result.error.field.rfind("column ");
        std::string field =
            column == std::string::npos ? std::string() : result.error.field.substr(column + 7);
        if (field == "ref")
            field = "reference";
        const Code code = result.error.code == Code::CONFIGURATION_ERROR ? Code::VALIDATION_ERROR
                                                                         : result.error.code;
        fail(to, Error{code, field, result.error.value, result.error.bound});
        return;
    }
    m_service.marketTexts(here<MarketTexts>([this, to, symbol, fresh](Result<MarketTexts> texts) {
        m_market.refresh();
        const Instrument *now = m_market.find(symbol);
        const bool waiting = texts && texts->waiting;
        JsonWriter json;
        json.beginObject().field("symbol", symbol).field("in_force", !waiting).key("instrument");
        if (now)
            writeInstrument(json, *now, m_service.quote(now->index), m_market);
        else
            json.null();
        json.endObject();
        succeed(to,
                waiting ? 202
                : fresh ? 201
                        : 200,
                waiting ? waits
                : fresh ? listed
                        : changed,
                json.text());
    }));
}

} // namespace khop::server
