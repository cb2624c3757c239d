// SPDX-License-Identifier: GPL-3.0-or-later
// /import: brokers' statements, looked at, applied and undone.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/import_json.h"
#include "server/api/records_json.h"

#include <QtCore/qrandom.h>

#include <algorithm>

namespace khop::server {

namespace {

constexpr Text previewed{"The statement was read; nothing has changed yet.",
                         "Đã đọc sao kê; chưa có gì thay đổi."};
constexpr Text applied{"The statement was imported.", "Đã nhập sao kê."};
constexpr Text nothingNew{"There was nothing new in the statement.",
                          "Sao kê không có dòng nào mới."};
constexpr Text undone{"The import was undone.", "Đã hoàn tác lần nhập."};
constexpr Text importsRead{"The imported statements.", "Các sao kê đã nhập."};
constexpr Text importRead{"The imported statement.", "Sao kê đã nhập."};

constexpr std::string_view fileNames = "statement.csv";
constexpr std::size_t longestFileName = 100;
constexpr std::size_t mostPreviewsUnderWay = 4;

struct ColumnParameter {
    std::string_view parameter;
    StatementField field;
};
using Field = StatementField;
constexpr std::array columnParameters{
    ColumnParameter{"col_day", Field::Day},
    ColumnParameter{"col_clock", Field::Clock},
    ColumnParameter{"col_symbol", Field::Symbol},
    ColumnParameter{"col_side", Field::Side},
    ColumnParameter{"col_quantity", Field::Shares},
    ColumnParameter{"col_price", Field::UnitPrice},
    ColumnParameter{"col_value", Field::Value},
    ColumnParameter{"col_fee", Field::Fee},
    ColumnParameter{"col_tax", Field::Tax},
    ColumnParameter{"col_reference", Field::Reference},
    ColumnParameter{"col_cash_in", Field::CashIn},
    ColumnParameter{"col_cash_out", Field::CashOut},
    ColumnParameter{"col_amount", Field::Amount},
    ColumnParameter{"col_words", Field::Words},
};

Error oneOf(const char *field, std::string_view value, std::string known)
{
    return {Code::VALIDATION_ERROR, field, shortened(value, 32), std::move(known)};
}

/// "true" or "false"; absent is false.
Result<bool> flag(const Query &query, const char *name)
{
    const std::string_view text = query.get(name).value_or("false");
    if (text != "true" && text != "false")
        return std::unexpected(oneOf(name, text, "true, false"));
    return text == "true";
}

Result<StatementFormat> presetOrMap(const Query &query)
{
    std::map<StatementField, std::string> titles;
    for (const ColumnParameter &column : columnParameters) {
        if (const auto title = query.get(column.parameter))
            titles[column.field] = std::string(*title);
    }
    const auto preset = query.get("preset");
    if (preset && !titles.empty())
        return std::unexpected(Error{Code::VALIDATION_ERROR, "preset", shortened(*preset, 32),
                                     "absent where columns are mapped"});
    if (!titles.empty())
        return mappedFormat(titles);
    const std::string known = upperCase(preset.value_or("ANY"));
    if (const StatementFormat *format = statementPreset(known))
        return *format;
    std::string names;
    for (const std::string_view name : statementPresets())
        names += (names.empty() ? "" : ", ") + std::string(name);
    return std::unexpected(oneOf("preset", known, names));
}

/// How the file is written, as far as the caller says so.
Result<StatementFormat> formatOf(const Query &query)
{
    auto format = presetOrMap(query);
    if (!format)
        return format;
    if (const auto text = query.get("separator")) {
        if (text->size() != 1 || !std::string_view(",;\t|").contains(text->front()))
            return std::unexpected(oneOf("separator", *text, ", ; | or a tab (%09)"));
        format->separator = text->front();
    }
    if (const auto text = query.get("date_order")) {
        if (*text != "day" && *text != "month")
            return std::unexpected(oneOf("date_order", *text, "day, month"));
        format->dateOrder = *text == "day" ? DateOrder::DayFirst : DateOrder::MonthFirst;
    }
    if (const auto text = query.get("number_marks")) {
        if (*text != "point" && *text != "comma")
            return std::unexpected(oneOf("number_marks", *text, "point, comma"));
        format->numberMarks =
            *text == "point" ? NumberMarks::PointGroups : NumberMarks::CommaGroups;
    }
    if (const auto text = query.get("price_unit")) {
        if (*text != "VND" && *text != "kVND")
            return std::unexpected(oneOf("price_unit", *text, "VND, kVND"));
        format->priceUnit = *text == "VND" ? StatementUnit::Vnd : StatementUnit::ThousandVnd;
    }
    const auto anyOrder = flag(query, "any_order");
    if (!anyOrder)
        return std::unexpected(anyOrder.error());
    format->anyOrder = *anyOrder;
    const std::string_view currency = query.get("currency").value_or("VND");
    if (currency != "VND")
        return std::unexpected(oneOf("currency", currency, "VND"));
    return format;
}

Uuid newImportId(Time now)
{
    const std::uint64_t random = QRandomGenerator::system()->generate64();
    return uuid7(now, random >> 52, QRandomGenerator::system()->generate64() >> 2);
}

/// The first row that was refused, as the reason not to apply.
std::optional<Error> firstRefused(const StatementPreview &statement, const std::string &fileName)
{
    if (statement.refused.empty())
        return std::nullopt;
    Error error = statement.refused.front().error;
    error.field =
        fileName + ": line " + std::to_string(statement.refused.front().line) + ", " + error.field;
    return error;
}

} // namespace

/// Viewers look at what was imported and change nothing.
bool Api::mayChange(const Call &call)
{
    if (call.caller->claims.role != Role::Viewer)
        return true;
    fail(call.to, Error{Code::FORBIDDEN});
    return false;
}

void Api::previewStatementFile(Call &call)
{
    const auto kind = statementKindFromName(call.parameters.front());
    if (!kind) {
        fail(call.to, Error{Code::NOT_FOUND, {}, shortened(call.parameters.front(), 32)});
        return;
    }
    if (!mayChange(call)
        || !allowOnly(call,
                      {"preset",     "account_id", "user_id",       "file_name",   "cover_cash",
                       "separator",  "date_order", "number_marks",  "price_unit",  "any_order",
                       "currency",   "limit",      "desk",          "col_day",     "col_clock",
                       "col_symbol", "col_side",   "col_quantity",  "col_price",   "col_value",
                       "col_fee",    "col_tax",    "col_reference", "col_cash_in", "col_cash_out",
                       "col_amount", "col_words"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call, 100, 1'000);
    const auto account = page ? oneAccount(call) : std::nullopt;
    if (!account)
        return;
    const auto format = formatOf(call.query);
    const auto coverCash = flag(call.query, "cover_cash");
    if (!format || !coverCash) {
        failQuery(call.to, format ? coverCash.error() : format.error());
        return;
    }
    if (call.request.body.empty()) {
        fail(call.to, Error{Code::REQUIRED, "body"});
        return;
    }
    if (m_previewsUnderWay >= mostPreviewsUnderWay) {
        fail(call.to, Error{Code::OVERLOADED});
        return;
    }
    ++m_previewsUnderWay;
    // a large file takes a moment: this thread goes on with other requests
    m_workers.start(
        [this, mailbox = m_mailbox, to = call.to, caller = call.caller, account = *account,
         kind = *kind, format = *format, coverCash = *coverCash, most = page->limit,
         bytes = std::string(call.request.body),
         fileName = std::string(
             call.query.get("file_name").value_or(fileNames).substr(0, longestFileName))] {
            auto preview = std::make_shared<Result<ImportPreview>>(
                previewImport(m_service, account, bytes, fileName, kind, format, coverCash));
            mailbox->post([this, to, caller, account, fileName, most, preview] {
                --m_previewsUnderWay;
                answerPreview(to, *caller, account, fileName, *preview, most);
            });
        });
}

void Api::answerPreview(const Answerer &to, const Caller &caller, AccountNo account,
                        const std::string &fileName, const Result<ImportPreview> &preview,
                        std::size_t most)
{
    if (!preview) {
        fail(to, preview.error());
        return;
    }
    const Uuid id = newImportId(m_service.now());
    JsonWriter json;
    json.beginObject()
        .field("import_id", id.text())
        .field("account_id", m_market.account(account).idText)
        .field("file_name", fileName)
        .field("status", "PREVIEW")
        .numberField("expires_in", ImportPreviews::lifetime / 1'000);
    writePreview(json, *preview, m_market, to.language, most);
    json.endObject();
    m_previews.keep({caller.claims.userId, importCommand(*preview, account, id, fileName),
                     firstRefused(preview->statement, fileName), HttpListener::now(), 0});
    succeed(to, 200, previewed, json.text());
}

void Api::answerImport(const Answerer &to, const Text &text, const ImportOutcome &outcome)
{
    JsonWriter json;
    json.beginObject();
    writeImport(json, outcome.record, m_market);
    json.field("ledger_hash_before", outcome.ledgerBefore)
        .field("ledger_hash", outcome.ledgerAfter)
        .endObject();
    succeed(to, 200, text, json.text());
}

void Api::applyImport(Call &call)
{
    if (!mayChange(call) || !allowOnly(call, {"cover_cash", "skip_refused", "desk"})
        || !practiceDesk(call))
        return;
    const auto coverCash = flag(call.query, "cover_cash");
    const auto skipRefused = flag(call.query, "skip_refused");
    if (!coverCash || !skipRefused) {
        failQuery(call.to, coverCash ? skipRefused.error() : coverCash.error());
        return;
    }
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const ImportPreviews::Kept *const kept =
        id ? m_previews.find(*id, call.caller->claims.userId, HttpListener::now()) : nullptr;
    if (!kept) {
        fail(call.to, Error{Code::NOT_FOUND, "import_id", call.parameters.front().substr(0, 36)});
        return;
    }
    if (kept->refused && !*skipRefused) {
        fail(call.to, *kept->refused);
        return;
    }
    ImportStatement command = kept->command;
    command.coverCash |= *coverCash;
    submit(std::move(command), call.to, [this](const Answerer &to, CommandResult result) {
        if (!result.ok() || !result.import) {
            fail(to, result.error);
            return;
        }
        answerImport(to, result.import->record.rows == 0 ? nothingNew : applied, *result.import);
    });
}

void Api::undoImport(Call &call)
{
    if (!mayChange(call) || !allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND, "import_id", call.parameters.front().substr(0, 36)});
        return;
    }
    AccountNo account = call.caller->isAdmin() ? 0 : call.caller->account;
    for (const Caller::Own &own : call.caller->accounts) {
        const auto imports = m_service.imports(own.no).batches;
        if (std::ranges::find(*imports, *id, &ImportRecord::id) != imports->end())
            account = own.no;
    }
    submit(UndoImport{account, *id}, call.to,
           [this, id = *id](const Answerer &to, CommandResult result) {
               if (!result.ok() || !result.import) {
                   fail(to, result.error);
                   return;
               }
               m_previews.drop(id); // to be read again, should it be wanted again
               answerImport(to, undone, *result.import);
           });
}

void Api::listImports(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "limit", "cursor", "offset", "page", "page_size",
                          "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    ImportQuery query;
    if (!accountFilter(call, query.account))
        return;
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    m_service.queryImports(
        query, here<Page<ImportRecord>>([this, to = call.to](Result<Page<ImportRecord>> rows) {
            if (!rows) {
                fail(to, rows.error());
                return;
            }
            JsonWriter json;
            json.beginObject();
            writePage(json, "imports", *rows, [&](const ImportRecord &record) {
                json.beginObject();
                writeImport(json, record, m_market);
                json.endObject();
            });
            json.endObject();
            succeed(to, 200, importsRead, json.text());
        }));
}

/// A batch with a page of its rows.
void Api::getImport(Call &call)
{
    if (!allowOnly(call, {"limit", "cursor", "offset", "page", "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND, "import_id", call.parameters.front().substr(0, 36)});
        return;
    }
    ImportQuery query;
    query.id = *id;
    m_service.queryImports(
        query, here<Page<ImportRecord>>([this, to = call.to, caller = call.caller, page = *page,
                                         id = *id](Result<Page<ImportRecord>> found) {
            if (!found || found->rows.empty()
                || (!caller->isAdmin() && !caller->owns(found->rows.front().account))) {
                fail(to, found ? Error{Code::NOT_FOUND, "import_id", id.text()} : found.error());
                return;
            }
            ImportRowQuery ofBatch;
            ofBatch.batch = found->rows.front().no;
            ofBatch.limit = page.limit;
            ofBatch.offset = page.offset;
            ofBatch.before = page.before;
            m_service.queryImportRows(
                ofBatch, here<Page<ImportedRow>>([this, to, record = found->rows.front()](
                                                     Result<Page<ImportedRow>> rows) {
                    if (!rows) {
                        fail(to, rows.error());
                        return;
                    }
                    JsonWriter json;
                    json.beginObject();
                    writeImport(json, record, m_market);
                    writePage(json, "rows", *rows, [&](const ImportedRow &row) {
                        writeImportRow(json, row.row,
                                       m_market.rules().currencies[row.currency].code, m_market);
                    });
                    json.endObject();
                    succeed(to, 200, importRead, json.text());
                }));
        }));
}

} // namespace khop::server
