// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to requests that carried an Idempotency-Key, kept for a day, so that such a request may be
// sent again: it is not carried out again, and its answer is given again.
//
// That a request has begun is on disk before it is carried out, in a file of its own beside the
// database. A request that had begun when the server died has an unknown outcome, and is answered so.
#pragma once

#include "base/result.h"
#include "server/http/request.h"
#include "server/http/response.h"

#include <QtCore/qstring.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace khop::server {

class IdempotencyStore
{
public:
    static constexpr std::int64_t lifetime = 24 * 3'600; // seconds
    static constexpr std::size_t mostKeys = 200'000;
    static constexpr std::size_t mostOfPrincipal = 20'000;
    static constexpr std::size_t longestKey = 255;

    /// Empty: kept in memory only.
    static Result<std::unique_ptr<IdempotencyStore>> open(const QString &file);
    ~IdempotencyStore();

    enum class Verdict : std::uint8_t {
        Begin,     // not seen before, and now on disk: carry it out, then finish() or release()
        Answered,  // `answer` is what it was answered
        Different, // the key was used for another request
        UnderWay,
        Unknown, // it had begun when the server stopped
        TooMany, // keys of this principal, or of all
        Broken   // the file cannot be written
    };
    struct Outcome {
        Verdict verdict = Verdict::Begin;
        Response answer;
    };
    /// `id` names principal and key, `fingerprint` the request. `done` runs on the store's thread.
    void begin(std::string principal, std::string id, std::string fingerprint,
               std::function<void(Outcome)> done);
    /// Keeps the answer.
    void finish(std::string id, Response answer);
    /// The request was not carried out: it may come again.
    void release(std::string id);
    /// Returns when everything given so far is done.
    void flush();

    static bool isKey(std::string_view text); // 1 to 255 visible ASCII characters
    /// SHA-256, raw bytes.
    static std::string digest(std::initializer_list<std::string_view> parts);

private:
    IdempotencyStore();
    struct Private;
    std::unique_ptr<Private> d;
};

/// A copy of a request whose views stay valid.
class OwnedRequest
{
public:
    explicit OwnedRequest(const HttpRequest &request);
    const HttpRequest &request() const { return m_request; }

private:
    std::string m_bytes;
    HttpRequest m_request;
};

} // namespace khop::server
