// SPDX-License-Identifier: GPL-3.0-or-later
// What administrators see of the desk itself: the journal, the connections, the log.
#include "server/api/api.h"

#include "base/hex.h"
#include "server/json/writer.h"
#include "server/ws/stream_hub.h"

#include <QtCore/qfile.h>

#include <algorithm>
#include <limits>

namespace khop::server {

namespace {

constexpr Text journalRead{"The journal.", "Nhật ký kiểm toán."};
constexpr Text journalWhole{"The journal is whole.", "Nhật ký kiểm toán toàn vẹn."};
constexpr Text journalBroken{"The journal is broken.", "Nhật ký kiểm toán bị hỏng."};
constexpr Text clientsRead{"The connections.", "Danh sách kết nối."};
constexpr Text logRead{"The latest lines of the log.", "Các dòng nhật ký gần nhất."};

// The last `most` whole lines of a file, oldest first.
std::vector<QByteArray> lastLines(const QString &file, std::size_t most)
{
    constexpr qint64 readAtMost = 4 * 1024 * 1024;
    QFile log(file);
    if (!log.open(QIODevice::ReadOnly))
        return {};
    const bool partly = log.size() > readAtMost;
    if (partly)
        log.seek(log.size() - readAtMost);
    QList<QByteArray> lines = log.readAll().split('\n');
    if (partly)
        lines.removeFirst();
    std::vector<QByteArray> last;
    for (const QByteArray &line : lines) {
        if (line.startsWith('{') && line.endsWith('}')) // not one that is being written
            last.push_back(line);
    }
    if (last.size() > most)
        last.erase(last.begin(), last.end() - static_cast<std::ptrdiff_t>(most));
    return last;
}

} // namespace

void Api::readAudit(Call &call)
{
    if (!allowOnly(call, {"from_seq", "limit", "desk"}) || !practiceDesk(call))
        return;
    const auto from =
        wholeParameter(call, "from_seq", 1, std::numeric_limits<std::int64_t>::max() / 2, 1);
    const auto limit = from ? wholeParameter(call, "limit", 1, 100, 50) : std::nullopt;
    if (!limit)
        return;
    const auto groups = static_cast<std::size_t>(*limit);
    inBackground(
        call.to,
        [this, from = static_cast<std::uint64_t>(*from), groups] {
            return std::make_shared<Result<std::vector<AuditEntry>>>(
                m_service.audit(from, groups + 1));
        },
        [this, to = call.to, groups](std::shared_ptr<Result<std::vector<AuditEntry>>> entries) {
            if (!*entries) {
                fail(to, entries->error());
                return;
            }
            answerAudit(to, **entries, groups);
        });
}

void Api::answerAudit(const Answerer &to, const std::vector<AuditEntry> &entries, std::size_t most)
{
    JsonWriter json;
    json.beginObject().key("entries").beginArray();
    for (std::size_t i = 0; i < std::min(most, entries.size()); ++i) {
        const AuditEntry &entry = entries[i];
        json.beginObject()
            .numberField("first_seq", static_cast<std::int64_t>(entry.first))
            .numberField("last_seq", static_cast<std::int64_t>(entry.last))
            .field("time", isoTime(entry.time))
            .field("previous_hash", hexOf(entry.previous))
            .field("hash", hexOf(entry.hash))
            .numberField("key", entry.key)
            .field("state_hash", hexOf(entry.stateHash));
        json.key("commands").beginArray();
        for (const AuditCommand &command : entry.commands) {
            json.beginObject()
                .numberField("seq", static_cast<std::int64_t>(command.sequence))
                .field("time", isoTime(command.time))
                .field("kind", command.kind);
            if (command.account != 0)
                json.field("account_id", m_market.account(command.account).idText);
            else
                json.nullField("account_id");
            json.optionalField("order_id",
                               command.order ? std::optional(command.order->text()) : std::nullopt);
            json.endObject();
        }
        json.endArray().endObject();
    }
    const bool more = entries.size() > most;
    json.endArray().field("has_more", more);
    if (more)
        json.numberField("next_seq", static_cast<std::int64_t>(entries[most].first));
    else
        json.nullField("next_seq");
    json.endObject();
    succeed(to, 200, journalRead, json.text());
}

void Api::verifyAudit(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    inBackground(
        call.to,
        [this] {
            return std::make_shared<Result<Verification>>(m_service.verify(m_stop.get_token()));
        },
        [this, to = call.to](std::shared_ptr<Result<Verification>> outcome) {
            if (!*outcome) {
                fail(to, outcome->error());
                return;
            }
            const Verification &found = **outcome;
            JsonWriter json;
            json.beginObject()
                .field("whole", !found.badSequence)
                .numberField("sequence", static_cast<std::int64_t>(found.sequence))
                .field("state_hash", hexOf(found.stateHash));
            if (found.badSequence)
                json.numberField("bad_seq", static_cast<std::int64_t>(*found.badSequence));
            else
                json.nullField("bad_seq");
            json.field("reason", found.why).endObject();
            succeed(to, 200, found.badSequence ? journalBroken : journalWhole, json.text());
        });
}

void Api::listClients(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    JsonWriter json;
    json.beginObject()
        .numberField("http_connections", m_counters->open.load())
        .numberField("streams", m_hub ? m_hub->clientCount() : 0);
    json.key("clients").beginArray();
    for (const HttpListener::Client &client : m_listener->clients()) {
        json.beginObject()
            .field("kind", "http")
            .field("peer", client.peer)
            .numberField("requests", client.requests)
            .nullField("username")
            .nullField("waiting_bytes")
            .endObject();
    }
    if (m_hub)
        m_hub->describeClients(json);
    json.endArray().endObject();
    succeed(call.to, 200, clientsRead, json.text());
}

void Api::readLog(Call &call)
{
    if (!allowOnly(call, {"limit"}))
        return;
    const auto limit = wholeParameter(call, "limit", 1, 1'000, 100);
    if (!limit)
        return;
    if (!m_options.log) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    JsonWriter json;
    json.beginObject().key("lines").beginArray();
    for (const QByteArray &line :
         lastLines(m_options.log->file(), static_cast<std::size_t>(*limit)))
        json.raw(std::string_view(line.constData(), static_cast<std::size_t>(line.size())));
    json.endArray().endObject();
    succeed(call.to, 200, logRead, json.text());
}

} // namespace khop::server
