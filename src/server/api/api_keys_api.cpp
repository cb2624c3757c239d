// SPDX-License-Identifier: GPL-3.0-or-later
// /auth/api-keys: what one's bots sign their requests with.
#include "server/api/api.h"

#include "base/clock.h"
#include "server/json/writer.h"

namespace khop::server {

namespace {

constexpr Text keysRead{"Your API keys.", "Các khóa API của bạn."};
constexpr Text keyRead{"The API key.", "Khóa API."};
constexpr Text keyAdded{"The API key was made; its secret is shown only this once.",
                        "Đã tạo khóa API; mã bí mật chỉ hiển thị một lần này."};
constexpr Text keyRemoved{"The API key was removed.", "Đã xóa khóa API."};

void writeKey(JsonWriter &json, const ApiKey &key, const Secret *secret = nullptr)
{
    json.beginObject()
        .field("key_id", key.id.text())
        .field("label", key.label)
        .field("scope", name(key.scope))
        .field("created_at", isoTime({key.createdAt}))
        .optionalField("expires_at",
                       key.expiresAt != 0 ? std::optional(isoTime({key.expiresAt})) : std::nullopt);
    if (secret)
        json.field("secret", secret->reveal());
    json.endObject();
}

} // namespace

void Api::listApiKeys(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const auto keys = m_identity.apiKeys(call.caller->claims.userId);
    JsonWriter json;
    json.beginObject().field("username", call.caller->claims.username);
    json.key("api_keys").beginArray();
    for (const auto &key : keys)
        writeKey(json, *key);
    json.endArray()
        .numberField("total_count", static_cast<std::int64_t>(keys.size()))
        .field("has_more", false)
        .nullField("next_cursor")
        .endObject();
    succeed(call.to, 200, keysRead, json.text());
}

void Api::addApiKey(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"label", "scope", "expires_at"});
    NewApiKey request;
    request.label = body.requiredText("label", 64).value_or("");
    if (const auto text = body.requiredText("scope", 16)) {
        const auto scope = keyScopeFromName(*text);
        if (!scope)
            body.mistake(Code::VALIDATION_ERROR, "scope", *text, "read, trade");
        request.scope = scope.value_or(KeyScope::Read);
    }
    if (const auto text = body.text("expires_at", 40)) {
        const std::optional<Time> time = parseIsoTime(*text);
        if (!time || time->ms <= WallClock().now().ms)
            body.mistake(Code::VALIDATION_ERROR, "expires_at", *text,
                         "a time to come, such as 2027-01-31T00:00:00Z");
        else
            request.expiresAt = time->ms;
    }
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.addApiKey(call.caller->claims.userId, std::move(request),
                         here<AddedApiKey>([this, to = call.to](const Result<AddedApiKey> &added) {
                             if (!added) {
                                 failBody(to, added.error());
                                 return;
                             }
                             JsonWriter json;
                             writeKey(json, *added->key, &added->secret);
                             Response response =
                                 success(201, keyAdded, json.text(), to.requestId, to.language);
                             response.headers.emplace_back("Location", "/api/v1/auth/api-keys/"
                                                                           + added->key->id.text());
                             answer(to, response);
                         }));
}

void Api::getApiKey(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const std::shared_ptr<const ApiKey> key = id ? m_identity.apiKey(*id) : nullptr;
    if (!key || key->userId != call.caller->claims.userId) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    JsonWriter json;
    writeKey(json, *key);
    succeed(call.to, 200, keyRead, json.text());
}

void Api::removeApiKey(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    m_identity.removeApiKey(call.caller->claims.userId, *id,
                            here<bool>([this, to = call.to](const Result<bool> &removed) {
                                if (removed)
                                    succeed(to, 200, keyRemoved, "null");
                                else
                                    fail(to, removed.error());
                            }));
}

} // namespace khop::server
