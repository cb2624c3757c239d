// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/log.h"

#include "base/clock.h"
#include "server/json/writer.h"

#include <QtCore/qdir.h>
#include <QtCore/qfileinfo.h>

namespace khop::server {

std::string_view name(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug: return "DEBUG";
    case LogLevel::Info: return "INFO";
    case LogLevel::Warning: return "WARNING";
    case LogLevel::Error: return "ERROR";
    }
    return {};
}

std::optional<LogLevel> logLevelFromName(std::string_view text)
{
    if (text == "debug")
        return LogLevel::Debug;
    if (text == "info")
        return LogLevel::Info;
    if (text == "warning" || text == "warn")
        return LogLevel::Warning;
    if (text == "error" || text == "critical")
        return LogLevel::Error;
    return std::nullopt;
}

Result<std::unique_ptr<Log>> Log::open(Options options)
{
    std::unique_ptr<Log> log(new Log(std::move(options)));
    QDir().mkpath(QFileInfo(log->m_options.file).absolutePath());
    log->m_file.setFileName(log->m_options.file);
    if (!log->m_file.open(QIODevice::WriteOnly | QIODevice::Append)) {
        return refuse(Code::CONFIGURATION_ERROR, "log", log->m_options.file.toStdString(),
                      log->m_file.errorString().toStdString());
    }
    log->m_file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    log->m_thread = std::thread([self = log.get()] { self->run(); });
    return log;
}

Log::~Log()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void Log::write(LogLevel level, std::string_view message, std::string_view requestId,
                std::string_view fields)
{
    if (!wants(level))
        return;
    JsonWriter json;
    json.beginObject()
        .field("timestamp", isoTime(WallClock().now()))
        .field("level", name(level))
        .field("service", "khop");
    if (!requestId.empty())
        json.field("request_id", requestId);
    json.field("message", message);
    std::string line = json.take();
    if (!fields.empty())
        line.append(",").append(fields);
    line += "}\n";
    const std::lock_guard lock(m_mutex);
    if (m_waiting.size() + line.size() > m_options.buffer) {
        ++m_dropped;
        return;
    }
    const bool first = m_waiting.empty();
    m_waiting += line;
    if (first)
        m_changed.notify_one();
}

void Log::flush()
{
    std::unique_lock lock(m_mutex);
    m_written.wait(lock, [this] { return m_waiting.empty() && !m_busy; });
}

void Log::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait(lock, [this] { return !m_waiting.empty() || m_stopping; });
        if (m_waiting.empty())
            return;
        std::string lines = std::exchange(m_waiting, {});
        const std::uint64_t dropped = std::exchange(m_dropped, 0);
        m_busy = true;
        lock.unlock();
        writeOut(lines);
        if (dropped > 0)
            write(LogLevel::Warning, std::to_string(dropped) + " lines were dropped");
        lock.lock();
        m_busy = false;
        m_written.notify_all();
    }
}

void Log::writeOut(const std::string &lines)
{
    if (m_file.size() > 0 && m_file.size() + static_cast<qint64>(lines.size()) > m_options.fileSize)
        rotate();
    m_file.write(lines.data(), static_cast<qint64>(lines.size()));
    m_file.flush();
}

// FILE.3 becomes FILE.4 and so on; the oldest goes.
void Log::rotate()
{
    m_file.close();
    const auto numbered = [this](int number) {
        return m_options.file + u'.' + QString::number(number);
    };
    QFile::remove(numbered(m_options.files - 1));
    for (int number = m_options.files - 2; number >= 1; --number)
        QFile::rename(numbered(number), numbered(number + 1));
    if (m_options.files > 1)
        QFile::rename(m_options.file, numbered(1));
    else
        QFile::remove(m_options.file);
    if (m_file.open(QIODevice::WriteOnly | QIODevice::Append))
        m_file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

} // namespace khop::server
