// SPDX-License-Identifier: GPL-3.0-or-later
// The log: one JSON object a line, written by a thread of its own. Files are kept to a size and a
// number. A line costs its caller a copy into a buffer; when the disk falls behind by more than the
// buffer holds, lines are dropped and their number is logged.
#pragma once

#include "base/result.h"

#include <QtCore/qfile.h>
#include <QtCore/qstring.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace khop::server {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };
std::string_view name(LogLevel level);                                // DEBUG INFO WARNING ERROR
std::optional<LogLevel> logLevelFromName(std::string_view lowerCase); // also warn, critical

class Log
{
public:
    struct Options {
        QString file;
        LogLevel level = LogLevel::Info;
        std::int64_t fileSize = 32 * 1024 * 1024; // bytes, after which the file is rotated
        int files = 5;                            // kept: FILE, FILE.1, …
        std::size_t buffer = 4 * 1024 * 1024;     // bytes waiting for the disk
    };

    /// CONFIGURATION_ERROR names the file that cannot be written.
    static Result<std::unique_ptr<Log>> open(Options options);
    ~Log(); // writes what waits

    bool wants(LogLevel level) const { return level >= m_options.level; }
    /// `fields`: further members, `"key":value,…` as JsonWriter makes them; may be empty. Thread-safe.
    void write(LogLevel level, std::string_view message, std::string_view requestId = {},
               std::string_view fields = {});
    /// Returns when everything given so far is in the file.
    void flush();
    const QString &file() const { return m_options.file; }

private:
    explicit Log(Options options) : m_options(std::move(options)) {}
    void run();
    void writeOut(const std::string &lines);
    void rotate();

    Options m_options;
    QFile m_file;
    std::mutex m_mutex;
    std::condition_variable m_changed, m_written;
    std::string m_waiting;
    std::uint64_t m_dropped = 0;
    bool m_busy = false;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace khop::server
