// SPDX-License-Identifier: GPL-3.0-or-later
// /users, for administrators: who may use the desk, and as what.
#include "server/api/api.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "server/api/records_json.h"

namespace khop::server {

namespace {

constexpr Text usersRead{"The users.", "Danh sách người dùng."};
constexpr Text userRead{"The user.", "Người dùng."};
constexpr Text userAdded{"The user was added.", "Đã thêm người dùng."};
constexpr Text userChanged{"The user was changed.", "Đã thay đổi người dùng."};

constexpr const char *roleNames = "viewer, trader, admin";
constexpr std::size_t longestPassword = 512; // bytes

std::optional<Role> roleIn(Body &body)
{
    const auto text = body.text("role", 16);
    const auto role = text ? roleFromName(*text) : std::nullopt;
    if (text && !role)
        body.mistake(Code::VALIDATION_ERROR, "role", *text, roleNames);
    return role;
}

std::optional<std::string> textIn(Body &body, std::string_view field, std::size_t longest)
{
    const auto text = body.text(field, longest);
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

} // namespace

void Api::listUsers(Call &call)
{
    if (!allowOnly(call, {"role", "is_active", "limit", "cursor", "offset", "page", "page_size"}))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    UserQuery query;
    if (const auto text = call.query.get("role")) {
        query.role = roleFromName(*text);
        if (!query.role) {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, "role", shortened(*text, 16), roleNames});
            return;
        }
    }
    if (call.query.get("is_active")) {
        query.active = flagParameter(call, "is_active");
        if (!query.active)
            return;
    }
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    UserPage found = m_identity.userPage(query);
    const Page<User> users{std::move(found.rows), found.total, found.more};
    JsonWriter json;
    json.beginObject().field("username", call.caller->claims.username);
    writePage(json, "users", users, [&](const User &user) { json.raw(profileJson(user)); });
    json.endObject();
    succeed(call.to, 200, usersRead, json.text());
}

void Api::answerUser(const Answerer &to, const Result<User> &user, bool added)
{
    if (!user) {
        failBody(to, user.error());
        return;
    }
    if (!added) {
        succeed(to, 200, userChanged, profileJson(*user));
        return;
    }
    ensureAccount(*user, [this, to, user = *user](Result<AccountNo> account) {
        if (!account) {
            fail(to, account.error());
            return;
        }
        Response response = success(201, userAdded, profileJson(user), to.requestId, to.language);
        response.headers.emplace_back("Location", "/api/v1/users/" + user.id.text());
        answer(to, response);
    });
}

void Api::addUser(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"username", "password", "role", "email", "full_name", "foreign"});
    NewUser user;
    user.username = body.requiredText("username", 64).value_or("");
    user.password = body.requiredText("password", longestPassword).value_or("");
    if (!body.has("role"))
        body.mistake(Code::REQUIRED, "role");
    user.role = roleIn(body).value_or(Role::Viewer);
    user.email = body.text("email", 254).value_or("");
    user.fullName = body.text("full_name").value_or("");
    user.foreign = body.boolean("foreign").value_or(false);
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.registerUser(std::move(user),
                            here<User>([this, to = call.to](const Result<User> &added) {
                                answerUser(to, added, true);
                            }));
}

void Api::getUser(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    const std::optional<User> user = id ? m_identity.user(*id) : std::nullopt;
    if (user)
        succeed(call.to, 200, userRead, profileJson(*user));
    else
        fail(call.to, Error{Code::NOT_FOUND});
}

void Api::changeUser(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id || !m_identity.user(*id)) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"role", "is_active", "full_name", "email", "password", "live"});
    UserChange change;
    change.role = roleIn(body);
    change.active = body.boolean("is_active");
    change.live = body.boolean("live");
    change.email = textIn(body, "email", 254);
    change.fullName = textIn(body, "full_name", 200);
    change.password = textIn(body, "password", longestPassword);
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.changeUser(*id, std::move(change),
                          here<User>([this, to = call.to](const Result<User> &changed) {
                              answerUser(to, changed, false);
                          }));
}

} // namespace khop::server
