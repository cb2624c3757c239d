// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/idempotency.h"

#include "base/clock.h"
#include "server/api/router.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/quuid.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlerror.h>
#include <QtSql/qsqlquery.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

// What of an answer is kept beside its body: names must outlive it.
constexpr std::array<std::string_view, 2> keptHeaders{"Location", "ETag"};
constexpr std::array<std::string_view, 2> contentTypes{"application/json",
                                                       "application/problem+json"};

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

std::string text(const QVariant &value) { return value.toByteArray().toStdString(); }

struct Begin {
    std::string principal, id, fingerprint;
    std::function<void(IdempotencyStore::Outcome)> done;
};
struct Finish {
    std::string id;
    Response answer;
};
struct Release {
    std::string id;
};
using Task = std::variant<Begin, Finish, Release>;

} // namespace

struct IdempotencyStore::Private {
    enum class State : std::uint8_t { UnderWay, Done, Unknown };
    struct Kept {
        std::string principal, fingerprint;
        State state = State::UnderWay;
        std::int64_t at = 0; // Unix seconds
    };

    QString file;
    QString connection = u"khop-idempotency-"_s + QUuid::createUuid().toString(QUuid::Id128);
    std::mutex mutex;
    std::condition_variable changed, idle;
    std::vector<Task> tasks;
    bool busy = false;
    bool stopping = false;
    std::thread thread;

    // The thread's own.
    QSqlDatabase db;
    StringMap<Kept> keys;
    StringMap<std::size_t> ofPrincipal;
    std::int64_t swept = 0;
    QString error;

    bool run(const QString &sql, std::initializer_list<QVariant> values = {})
    {
        QSqlQuery query(db);
        bool ok = query.prepare(sql);
        for (const QVariant &value : values)
            query.addBindValue(value);
        ok = ok && query.exec();
        if (!ok)
            error = query.lastError().text();
        return ok;
    }

    bool openFile()
    {
        db = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection);
        db.setDatabaseName(file.isEmpty() ? u":memory:"_s : file);
        if (!db.open()) {
            error = db.lastError().text();
            return false;
        }
        const bool made =
            run(u"PRAGMA journal_mode=WAL"_s) && run(u"PRAGMA synchronous=FULL"_s)
            && run(
                u"CREATE TABLE IF NOT EXISTS requests(id BLOB PRIMARY KEY, principal TEXT NOT NULL,"
                " fingerprint BLOB NOT NULL, at INTEGER NOT NULL, status INTEGER,"
                " content_type INTEGER, location TEXT, etag TEXT, body BLOB) WITHOUT ROWID"_s)
            && run(u"CREATE INDEX IF NOT EXISTS requests_at ON requests(at)"_s)
            && run(u"DELETE FROM requests WHERE at < ?"_s,
                   {qlonglong(WallClock().now().ms / 1000 - lifetime)});
        if (!made)
            return false;
        QSqlQuery rows(db);
        if (!rows.exec(u"SELECT id, principal, fingerprint, at, status FROM requests"_s)) {
            error = rows.lastError().text();
            return false;
        }
        while (rows.next()) {
            Kept kept{text(rows.value(1)), text(rows.value(2)),
                      rows.value(4).isNull() ? State::Unknown : State::Done,
                      rows.value(3).toLongLong()};
            ++ofPrincipal[kept.principal];
            keys.emplace(text(rows.value(0)), std::move(kept));
        }
        return true;
    }

    void forget(StringMap<Kept>::iterator key)
    {
        const auto owner = ofPrincipal.find(key->second.principal);
        if (owner != ofPrincipal.end() && --owner->second == 0)
            ofPrincipal.erase(owner);
        keys.erase(key);
    }

    void sweep(std::int64_t now)
    {
        if (now - swept < 60)
            return;
        swept = now;
        for (auto key = keys.begin(); key != keys.end();) {
            const auto next = std::next(key);
            if (now - key->second.at > lifetime)
                forget(key);
            key = next;
        }
        run(u"DELETE FROM requests WHERE at < ?"_s, {qlonglong(now - lifetime)});
    }

    Outcome read(const std::string &id)
    {
        QSqlQuery row(db);
        row.prepare(
            u"SELECT status, content_type, location, etag, body FROM requests WHERE id = ?"_s);
        row.addBindValue(bytes(id));
        if (!row.exec() || !row.next())
            return {Verdict::Broken, {}};
        Outcome outcome{Verdict::Answered, {}};
        outcome.answer.status = row.value(0).toInt();
        outcome.answer.contentType =
            contentTypes[static_cast<std::size_t>(row.value(1).toInt()) % contentTypes.size()];
        for (std::size_t i = 0; i < keptHeaders.size(); ++i) {
            if (!row.value(static_cast<int>(i) + 2).isNull())
                outcome.answer.headers.emplace_back(keptHeaders[i],
                                                    text(row.value(static_cast<int>(i) + 2)));
        }
        outcome.answer.body = text(row.value(4));
        return outcome;
    }

    Outcome judge(const Begin &task, std::int64_t now)
    {
        if (const auto known = keys.find(task.id); known != keys.end()) {
            if (known->second.fingerprint != task.fingerprint)
                return {Verdict::Different, {}};
            switch (known->second.state) {
            case State::UnderWay: return {Verdict::UnderWay, {}};
            case State::Unknown: return {Verdict::Unknown, {}};
            case State::Done: return read(task.id);
            }
        }
        std::size_t &own = ofPrincipal[task.principal];
        if (keys.size() >= mostKeys || own >= mostOfPrincipal)
            return {Verdict::TooMany, {}};
        if (!run(u"INSERT INTO requests(id, principal, fingerprint, at) VALUES(?, ?, ?, ?)"_s,
                 {bytes(task.id), bytes(task.principal), bytes(task.fingerprint), qlonglong(now)}))
            return {Verdict::Broken, {}};
        ++own;
        keys.emplace(task.id, Kept{task.principal, task.fingerprint, State::UnderWay, now});
        return {Verdict::Begin, {}};
    }

    void keep(Finish &task)
    {
        const auto key = keys.find(task.id);
        if (key == keys.end())
            return;
        std::array<QVariant, keptHeaders.size()> headers;
        for (const auto &[headerName, value] : task.answer.headers) {
            const auto at = std::ranges::find(keptHeaders, headerName);
            if (at != keptHeaders.end())
                headers[static_cast<std::size_t>(at - keptHeaders.begin())] = bytes(value);
        }
        const auto type = std::ranges::find(contentTypes, task.answer.contentType);
        key->second.state = run(u"UPDATE requests SET status = ?, content_type = ?, location = ?, "
                                u"etag = ?, body = ?"
                                " WHERE id = ?"_s,
                                {task.answer.status, int(type - contentTypes.begin()), headers[0],
                                 headers[1], bytes(task.answer.body), bytes(task.id)})
                                ? State::Done
                                : State::Unknown;
    }

    void drop(const Release &task)
    {
        const auto key = keys.find(task.id);
        if (key == keys.end())
            return;
        forget(key);
        run(u"DELETE FROM requests WHERE id = ?"_s, {bytes(task.id)});
    }

    void work(std::vector<Task> batch)
    {
        const std::int64_t now = WallClock().now().ms / 1000;
        struct Judged {
            Begin task;
            Outcome outcome;
        };
        std::vector<Judged> outcomes;
        run(u"BEGIN IMMEDIATE"_s);
        sweep(now);
        for (Task &task : batch) {
            if (auto *begin = std::get_if<Begin>(&task))
                outcomes.push_back({*begin, judge(*begin, now)});
            else if (auto *finish = std::get_if<Finish>(&task))
                keep(*finish);
            else
                drop(std::get<Release>(task));
        }
        const bool committed = run(u"COMMIT"_s);
        if (!committed)
            run(u"ROLLBACK"_s);
        for (auto &[begun, outcome] : outcomes) {
            if (!committed && outcome.verdict == Verdict::Begin) {
                outcome.verdict = Verdict::Broken;
                if (const auto key = keys.find(begun.id); key != keys.end())
                    forget(key);
            }
            begun.done(std::move(outcome));
        }
    }

    void live()
    {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return !tasks.empty() || stopping; });
            if (tasks.empty())
                break;
            std::vector<Task> batch = std::exchange(tasks, {});
            busy = true;
            lock.unlock();
            work(std::move(batch));
            lock.lock();
            busy = false;
            idle.notify_all();
        }
        lock.unlock();
        db.close();
        db = {};
        QSqlDatabase::removeDatabase(connection);
    }

    void add(Task task)
    {
        const std::lock_guard lock(mutex);
        tasks.push_back(std::move(task));
        changed.notify_one();
    }
};

IdempotencyStore::IdempotencyStore() : d(std::make_unique<Private>()) {}

Result<std::unique_ptr<IdempotencyStore>> IdempotencyStore::open(const QString &file)
{
    std::unique_ptr<IdempotencyStore> store(new IdempotencyStore);
    store->d->file = file;
    bool opened = false;
    bool tried = false;
    Private *own = store->d.get();
    // The connection belongs to its thread, which opens it.
    own->thread = std::thread([own, &opened, &tried] {
        const bool ok = own->openFile();
        {
            const std::lock_guard lock(own->mutex);
            opened = ok;
            tried = true;
            own->stopping = !ok;
        }
        own->idle.notify_all();
        own->live();
    });
    std::unique_lock lock(own->mutex);
    own->idle.wait(lock, [&tried] { return tried; });
    if (!opened)
        return refuse(Code::STORE_ERROR, "idempotency", file.toStdString(),
                      own->error.toStdString());
    return store;
}

IdempotencyStore::~IdempotencyStore()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
    }
    d->changed.notify_one();
    if (d->thread.joinable())
        d->thread.join();
}

void IdempotencyStore::begin(std::string principal, std::string id, std::string fingerprint,
                             std::function<void(Outcome)> done)
{
    d->add(Begin{std::move(principal), std::move(id), std::move(fingerprint), std::move(done)});
}

void IdempotencyStore::finish(std::string id, Response answer)
{
    d->add(Finish{std::move(id), std::move(answer)});
}

void IdempotencyStore::release(std::string id) { d->add(Release{std::move(id)}); }

void IdempotencyStore::flush()
{
    std::unique_lock lock(d->mutex);
    d->idle.wait(lock, [this] { return d->tasks.empty() && !d->busy; });
}

bool IdempotencyStore::isKey(std::string_view text)
{
    return !text.empty() && text.size() <= longestKey
           && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string IdempotencyStore::digest(std::initializer_list<std::string_view> parts)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const std::string_view part : parts) {
        const std::uint64_t size = part.size();
        hash.addData(QByteArrayView(reinterpret_cast<const char *>(&size), sizeof size));
        hash.addData(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())));
    }
    return hash.result().toStdString();
}

OwnedRequest::OwnedRequest(const HttpRequest &request) : m_request(request)
{
    const auto each = [this](auto &&work) {
        work(m_request.path);
        work(m_request.query);
        work(m_request.host);
        work(m_request.peer);
        for (Header &header : m_request.headers) {
            work(header.name);
            work(header.value);
        }
        work(m_request.body); // the last: padding follows it
    };
    std::size_t size = HttpRequest::bodyPadding;
    each([&size](std::string_view view) { size += view.size(); });
    m_bytes.reserve(size);
    each([this](std::string_view &view) {
        const std::size_t at = m_bytes.size();
        m_bytes += view;
        view = std::string_view(m_bytes).substr(at);
    });
    m_bytes.append(HttpRequest::bodyPadding, '\0');
}

} // namespace khop::server
