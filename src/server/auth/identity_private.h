// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of Identity share.
#pragma once

#include "server/auth/identity.h"
#include "server/auth/login_delay.h"
#include "server/auth/nonces.h"
#include "server/auth/user_store.h"

#include <QtCore/qthreadpool.h>

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace khop::server {

std::int64_t unixMilliseconds();
inline std::int64_t unixSeconds() { return unixMilliseconds() / 1000; }
Uuid randomId();
std::string randomBytes(std::size_t count);
/// When a UUIDv7 was made, Unix milliseconds.
inline std::int64_t madeAt(const Uuid &id) { return static_cast<std::int64_t>(id.high >> 16); }

struct Identity::Private {
    Private(const QString &database, Secret secret);
    ~Private();

    UserStore store;
    Secret serverSecret;
    TokenSigner signer;
    LoginDelay delay;
    Nonces nonces;
    std::array<unsigned char, 16> nonceKey{};
    QThreadPool pool;
    std::atomic<int> waiting{0};
    std::atomic<std::uint64_t> epoch{1};
    int accessSeconds = 1800;
    std::int64_t refreshSeconds = 14 * 86'400;
    std::string absentUserHash; // checked for unknown names, so that they take as long

    /// Held over every change of a row and of what memory has of it, and while all is read anew.
    std::mutex changing;

    mutable std::shared_mutex mutex; // for what follows
    std::unordered_map<Uuid, User> users;
    std::vector<Uuid> byAge; // users, oldest first
    std::unordered_map<Uuid, Uuid> usersByAccount;
    std::unordered_map<Uuid, std::shared_ptr<const ApiKey>> keys;
    std::unordered_map<Uuid, std::vector<Uuid>> keysOf; // of a user, oldest first
    std::unordered_set<std::string> revoked;

    std::mutex watching;
    std::condition_variable_any stopWatching;
    std::int64_t knownChanges = -1;
    std::jthread watcher; // the last: it uses the rest

    void remember(const User &user);
    void rememberLocked(const User &user);
    void rememberKeyLocked(std::shared_ptr<const ApiKey> key);
    std::shared_ptr<const ApiKey> withSigner(ApiKey key) const;
    void forgetKey(const ApiKey &key);
    void revoke(const std::vector<std::string> &accessIds);
    /// Reads users, keys and revoked tokens anew. Blocks.
    Result<void> reload();
    void watch(const std::stop_token &stop);

    Result<User> add(const NewUser &request);
    Result<User> update(const Uuid &id, const UserChange &change);
    /// The row as it is now, changed by `change`, which says whether every session begun until now ends.
    Result<User> rewrite(const Uuid &id, const std::function<Result<bool>(StoredUser &)> &change);
    bool isLastAdmin(const User &user) const;
    Result<Session> openSession(const StoredUser &checked, const std::string &family);
    Secret secretOf(const ApiKey &key) const;

    template <class T>
    void start(Answer<T> answer, std::function<Result<T>()> work)
    {
        constexpr int mostWaiting = 64; // each costs up to 64 MiB for a moment, two at a time
        if (waiting.fetch_add(1) >= mostWaiting) {
            waiting.fetch_sub(1);
            answer(refuse(Code::OVERLOADED));
            return;
        }
        pool.start([this, answer = std::move(answer), work = std::move(work)] {
            Result<T> result = work();
            waiting.fetch_sub(1);
            answer(std::move(result));
        });
    }
};

} // namespace khop::server
