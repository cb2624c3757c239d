// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of the practice desk: everyone who may read sees them, admins record and replay.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/sentences.h"
#include "server/json/writer.h"

namespace khop::server {

namespace {

constexpr Text recordingsText{"The recordings.", "Các bản ghi."};
constexpr Text recordingText{"Recording.", "Đang ghi."};
constexpr Text replayText{"The replay has started.", "Đã bắt đầu phát lại."};
constexpr Text stoppedText{"Stopped.", "Đã dừng."};
constexpr Text removedText{"The recording was removed.", "Đã xóa bản ghi."};

void write(JsonWriter &json, const RecordingSummary &summary, Language language)
{
    const char *status = summary.running ? "RECORDING" : summary.broken ? "BROKEN" : "COMPLETE";
    json.beginObject().field("id", summary.id).field("status", status);
    if (summary.broken) {
        json.nullField("from").nullField("to").nullField("events").nullField("trades");
    } else {
        json.field("from", isoTime(summary.from)).field("to", isoTime(summary.to));
        json.numberField("events", static_cast<std::int64_t>(summary.events))
            .numberField("trades", static_cast<std::int64_t>(summary.trades));
    }
    json.numberField("bytes", static_cast<std::int64_t>(summary.bytes));
    json.optionalField("error", summary.broken ? std::optional(sentence(*summary.broken, language))
                                               : std::nullopt);
    json.endObject();
}

void write(JsonWriter &json, const RecordingsState &state)
{
    json.key("replay");
    if (state.replaying.empty()) {
        json.null();
        return;
    }
    json.beginObject().field("id", state.replaying);
    json.field("from", isoTime(state.from)).field("to", isoTime(state.to));
    json.numberField("played", static_cast<std::int64_t>(state.played))
        .numberField("events", static_cast<std::int64_t>(state.events));
    json.optionalField("next_event",
                       state.nextEvent ? std::optional(isoTime(*state.nextEvent)) : std::nullopt);
    json.endObject();
}

std::string recordingsJson(const Recordings &recordings, Language language)
{
    JsonWriter json;
    json.beginObject().key("recordings").beginArray();
    for (const RecordingSummary &summary : recordings.list())
        write(json, summary, language);
    json.endArray();
    write(json, recordings.state());
    json.endObject();
    return json.take();
}

} // namespace

Recordings *Api::recordingsOf(const Call &call)
{
    Recordings *recordings = m_service.recordings();
    if (!recordings)
        fail(call.to, Error{Code::NOT_IMPLEMENTED});
    return recordings;
}

void Api::listRecordings(Call &call)
{
    const Recordings *recordings = recordingsOf(call);
    if (recordings && allowOnly(call, {}))
        succeed(call.to, 200, recordingsText, recordingsJson(*recordings, call.to.language));
}

void Api::startRecording(Call &call)
{
    Recordings *recordings = recordingsOf(call);
    if (!recordings || !allowOnly(call, {}))
        return;
    std::string id;
    if (!call.request.body.empty()) {
        const std::optional<JsonDocument> document = readBody(call);
        if (!document)
            return;
        Body body(document->root(), {"id"});
        id = body.text("id", 64).value_or("");
        if (body.mistakes().empty() && body.has("id") && !isRecordingId(id))
            body.mistake(Code::VALIDATION_ERROR, "id", id, "[A-Za-z0-9._-]{1,64}");
        if (!body.mistakes().empty()) {
            fail(call.to, body.mistakes());
            return;
        }
    }
    const auto begun = recordings->record(id);
    if (!begun) {
        fail(call.to, begun.error());
        return;
    }
    JsonWriter json;
    write(json, *begun, call.to.language);
    succeed(call.to, 201, recordingText, json.text());
}

void Api::replayRecording(Call &call)
{
    Recordings *recordings = recordingsOf(call);
    if (!recordings || !allowOnly(call, {}))
        return;
    std::optional<int> speed;
    if (!call.request.body.empty()) {
        const std::optional<JsonDocument> document = readBody(call);
        if (!document)
            return;
        Body body(document->root(), {"speed"});
        if (const auto text = body.decimal("speed")) {
            const auto parsed = parseDecimal(*text, 0);
            if (parsed && *parsed >= 0 && *parsed <= 100)
                speed = static_cast<int>(*parsed);
            else
                body.mistake(Code::VALIDATION_ERROR, "speed", *text, "0…100");
        }
        if (!body.mistakes().empty()) {
            fail(call.to, body.mistakes());
            return;
        }
    }
    const auto begun = recordings->replay(call.parameters.front(), speed);
    if (!begun) {
        fail(call.to, begun.error());
        return;
    }
    JsonWriter json;
    json.beginObject();
    write(json, *begun);
    json.endObject();
    succeed(call.to, 200, replayText, json.text());
}

/// Ends the recording or the replay of that id, whichever runs.
void Api::stopRecording(Call &call)
{
    Recordings *recordings = recordingsOf(call);
    if (!recordings || !allowOnly(call, {}))
        return;
    const RecordingsState state = recordings->state();
    const std::string &id = call.parameters.front();
    Result<void> stopped = refuse(Code::NOT_FOUND, "recording", id);
    if (state.recording && state.recording->id == id) {
        const auto finished = recordings->stopRecording();
        stopped = finished ? Result<void>{} : std::unexpected(finished.error());
    } else if (state.replaying == id) {
        stopped = recordings->stopReplay();
    }
    if (stopped)
        succeed(call.to, 200, stoppedText, recordingsJson(*recordings, call.to.language));
    else
        fail(call.to, stopped.error());
}

void Api::removeRecording(Call &call)
{
    Recordings *recordings = recordingsOf(call);
    if (!recordings || !allowOnly(call, {}))
        return;
    if (const Result<void> removed = recordings->remove(call.parameters.front()); !removed)
        fail(call.to, removed.error());
    else
        succeed(call.to, 200, removedText, recordingsJson(*recordings, call.to.language));
}

} // namespace khop::server
