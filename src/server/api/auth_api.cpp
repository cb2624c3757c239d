// SPDX-License-Identifier: GPL-3.0-or-later
// /auth: sign in and out. Passwords are hashed on the identity's own threads.
#include "server/api/api.h"

#include "base/clock.h"
#include "server/json/writer.h"

namespace khop::server {

namespace {

constexpr Text signedIn{"Signed in.", "Đăng nhập thành công."};
constexpr Text signedOut{"Signed out.", "Đã đăng xuất."};
constexpr Text registered{"The user was registered.", "Đã đăng ký người dùng."};
constexpr Text profileText{"The user's profile.", "Thông tin người dùng."};

} // namespace

std::string Api::profileJson(const User &user) const
{
    JsonWriter json;
    json.beginObject()
        .field("user_id", user.id.text())
        .field("username", user.username)
        .field("role", name(user.role))
        .field("account_id", user.accountId.text())
        .field("email", user.email)
        .field("full_name", user.fullName)
        .field("is_active", user.active)
        .field("foreign", user.foreign)
        .field("live", user.live)
        .field("created_at", isoTime({user.createdAt}))
        .endObject();
    return json.take();
}

void Api::answerSession(const Answerer &to, Result<Session> session)
{
    if (!session) {
        fail(to, session.error());
        return;
    }
    openFurther(session->user);
    ensureAccount(session->user, [this, to, session = *session](Result<AccountNo> account) {
        if (!account) {
            fail(to, account.error());
            return;
        }
        JsonWriter json;
        json.beginObject()
            .field("access_token", session.accessToken)
            .field("refresh_token", session.refreshToken)
            .field("token_type", "bearer")
            .numberField("expires_in", session.expiresIn)
            .field("username", session.user.username)
            .field("role", name(session.user.role))
            .field("account_id", session.user.accountId.text())
            .endObject();
        succeed(to, 200, signedIn, json.text());
    });
}

void Api::login(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"username", "password"});
    const std::string username(body.requiredText("username", 64).value_or(""));
    const std::string password(body.requiredText("password", 512).value_or(""));
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.login(username, password, std::string(call.request.peer),
                     here<Session>([this, to = call.to](Result<Session> session) {
                         answerSession(to, std::move(session));
                     }));
}

void Api::refresh(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"refresh_token"});
    const std::string token(body.requiredText("refresh_token", 256).value_or(""));
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.refresh(token, here<Session>([this, to = call.to](Result<Session> session) {
                           answerSession(to, std::move(session));
                       }));
}

void Api::logout(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    bool everywhere = false;
    if (!call.request.body.empty()) {
        const std::optional<JsonDocument> document = readBody(call);
        if (!document)
            return;
        Body body(document->root(), {"everywhere"});
        everywhere = body.boolean("everywhere").value_or(false);
        if (!body.mistakes().empty()) {
            fail(call.to, body.mistakes());
            return;
        }
    }
    auto ended = here<bool>([this, to = call.to](Result<bool> done) {
        if (done)
            succeed(to, 200, signedOut, "null");
        else
            fail(to, done.error());
    });
    if (everywhere)
        m_identity.logoutEverywhere(call.caller->claims.userId, std::move(ended));
    else
        m_identity.logout(call.caller->claims, std::move(ended));
}

void Api::registerUser(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    if (!m_options.demo && !m_options.registration) {
        fail(call.to, Error{Code::FORBIDDEN},
             {.detail = Text{"Registration is closed; ask an administrator for an account.",
                             "Chức năng đăng ký đang đóng; hãy liên hệ quản trị viên."}
                            .in(call.to.language)});
        return;
    }
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(),
              {"username", "password", "email", "full_name", "first_name", "last_name", "phone"});
    NewUser user;
    user.username = body.requiredText("username", 64).value_or("");
    user.password = body.requiredText("password", 512).value_or("");
    user.email = body.text("email", 254).value_or("");
    user.fullName = body.text("full_name").value_or("");
    if (user.fullName.empty()) {
        const std::string_view first = body.text("first_name", 100).value_or("");
        const std::string_view last = body.text("last_name", 100).value_or("");
        user.fullName =
            std::string(first) + (first.empty() || last.empty() ? "" : " ") + std::string(last);
    }
    static_cast<void>(body.text("phone", 40));
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.registerUser(
        std::move(user), here<User>([this, to = call.to](Result<User> added) {
            if (!added) {
                failBody(to, added.error());
                return;
            }
            ensureAccount(*added, [this, to, user = *added](Result<AccountNo> account) {
                if (!account) {
                    fail(to, account.error());
                    return;
                }
                Response response =
                    success(201, registered, profileJson(user), to.requestId, to.language);
                response.headers.emplace_back("Location", "/api/v1/auth/profile");
                answer(to, response);
            });
        }));
}

void Api::getAuthProfile(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<User> user = m_identity.user(call.caller->claims.userId);
    if (user)
        succeed(call.to, 200, profileText, profileJson(*user));
    else
        fail(call.to, Error{Code::NOT_FOUND});
}

void Api::changeAuthProfile(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"email", "full_name", "password", "current_password"});
    Identity::ProfileChange change;
    const auto take = [&](std::string_view field, std::size_t longest,
                          std::optional<std::string> &into) {
        if (const auto text = body.text(field, longest))
            into = std::string(*text);
    };
    take("email", 254, change.email);
    take("full_name", 200, change.fullName);
    take("password", 512, change.password);
    take("current_password", 512, change.currentPassword);
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    m_identity.changeProfile(call.caller->claims.userId, std::move(change),
                             here<User>([this, to = call.to](Result<User> user) {
                                 if (user)
                                     succeed(to, 200, profileText, profileJson(*user));
                                 else
                                     failBody(to, user.error());
                             }));
}

} // namespace khop::server
