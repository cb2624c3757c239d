// SPDX-License-Identifier: GPL-3.0-or-later
// /export: an account's records as CSV. /statements: its year, as CSV and PDF.
#include "server/api/api.h"

#include "base/utf8.h"
#include "statement/account_export.h"
#include "statement/year_pdf.h"

#include <algorithm>
#include <charconv>

namespace khop::server {

namespace {

constexpr std::string_view csvType = "text/csv; charset=utf-8";
constexpr std::string_view pdfType = "application/pdf";

/// "name.extension" in two; the extension is empty when there is none.
std::pair<std::string_view, std::string_view> fileParts(std::string_view file)
{
    const std::size_t point = file.rfind('.');
    return point == std::string_view::npos
               ? std::pair{file, std::string_view{}}
               : std::pair{file.substr(0, point), file.substr(point + 1)};
}

/// A day of the query; nothing when it is absent.
Result<std::optional<Date>> dayOf(const Query &query, const char *name)
{
    const auto text = query.get(name);
    if (!text)
        return std::nullopt;
    const auto day = parseIsoDate(*text);
    if (!day)
        return std::unexpected(
            Error{Code::VALIDATION_ERROR, name, shortened(*text, 16), "YYYY-MM-DD"});
    return day;
}

Result<bool> byteOrderMark(const Query &query)
{
    const std::string_view text = query.get("bom").value_or("false");
    if (text != "true" && text != "false")
        return std::unexpected(
            Error{Code::VALIDATION_ERROR, "bom", shortened(text, 16), "true, false"});
    return text == "true";
}

Response attachment(std::string body, std::string_view type, const std::string &fileName)
{
    Response response;
    response.body = std::move(body);
    response.contentType = type;
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"" + fileName + '"');
    return response;
}

} // namespace

void Api::exportFile(Call &call)
{
    const auto [name, extension] = fileParts(call.parameters.front());
    const auto kind = exportKindFromName(name);
    if (!kind || extension != "csv") {
        fail(call.to, Error{Code::NOT_FOUND, {}, shortened(call.parameters.front(), 32)});
        return;
    }
    if (!allowOnly(call, {"account_id", "user_id", "from", "to", "bom", "desk"})
        || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const auto from = dayOf(call.query, "from");
    const auto to = dayOf(call.query, "to");
    const auto bom = byteOrderMark(call.query);
    if (!from || !to || !bom) {
        failQuery(call.to, !from ? from.error() : !to ? to.error() : bom.error());
        return;
    }
    if (*from && *to && **from > **to) {
        failQuery(call.to,
                  Error{Code::VALIDATION_ERROR, "to", isoDate(**to), ">= " + isoDate(**from)});
        return;
    }
    exportCsv(m_service, {*account, *kind, *from, *to, *bom},
              here<std::string>([this, to = call.to,
                                 fileName = std::string(name) + ".csv"](Result<std::string> csv) {
                  if (csv)
                      answer(to, attachment(std::move(*csv), csvType, fileName));
                  else
                      fail(to, csv.error());
              }));
}

void Api::yearStatementFile(Call &call)
{
    const auto [name, extension] = fileParts(call.parameters.front());
    int year = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), year);
    if (bad != std::errc{} || end != name.data() + name.size() || name.size() != 4
        || (extension != "csv" && extension != "pdf")) {
        fail(call.to, Error{Code::NOT_FOUND, {}, shortened(call.parameters.front(), 32)});
        return;
    }
    if (!allowOnly(call, {"account_id", "user_id", "lang", "bom", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const auto bom = byteOrderMark(call.query);
    const std::string_view asked = call.query.get("lang").value_or("");
    if (!bom || (!asked.empty() && asked != "vi" && asked != "en")) {
        failQuery(call.to,
                  bom ? Error{Code::VALIDATION_ERROR, "lang", shortened(asked, 16), "vi, en"}
                      : bom.error());
        return;
    }
    const Language language = asked.empty()   ? call.to.language
                              : asked == "vi" ? Language::Vietnamese
                                              : Language::English;
    const std::string fileName = "khop-" + std::string(call.parameters.front());
    readYearStatement(
        m_service, *account, year,
        here<YearStatement>([this, to = call.to, language, bom = *bom, fileName,
                             pdf = extension == "pdf"](Result<YearStatement> statement) {
            if (!statement)
                fail(to, statement.error());
            else
                writeYear(to, std::move(*statement), language, pdf, bom, fileName);
        }));
}

/// A thick statement takes a moment: this thread goes on with other requests.
void Api::writeYear(const Answerer &to, YearStatement statement, Language language, bool pdf,
                    bool bom, const std::string &fileName)
{
    m_workers.start([this, mailbox = m_mailbox, to, statement = std::move(statement), language, pdf,
                     bom, fileName, instruments = m_service.instruments(),
                     rules = m_service.rules()] {
        auto file = std::make_shared<Result<std::string>>(
            pdf ? yearPdf(statement, *instruments, *rules, language)
                : yearCsv(statement, *instruments, *rules, language, bom));
        mailbox->post([this, to, file, pdf, fileName] {
            if (*file)
                answer(to, attachment(std::move(**file), pdf ? pdfType : csvType, fileName));
            else
                fail(to, file->error());
        });
    });
}

} // namespace khop::server
