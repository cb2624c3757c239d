// SPDX-License-Identifier: GPL-3.0-or-later
// The one way into an HTTP thread: other threads leave results and tasks here, and however many they
// leave before the thread comes round cost it a single event.
#pragma once

#include "engine/command.h"

#include <QtCore/qobject.h>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace khop::server {

class Mailbox final : public ResultSink, public std::enable_shared_from_this<Mailbox>
{
public:
    using Task = std::function<void()>;
    struct Content {
        std::vector<CommandResult> results;
        std::vector<Task> tasks;
    };

    /// `open` is called in the thread of `target`, with all that has come in.
    Mailbox(QObject *target, std::function<void(Content)> open)
        : m_target(target)
        , m_open(std::move(open))
    {}

    void deliver(std::vector<CommandResult> results) override;
    void post(Task task);
    /// In the target's thread: what comes from now on is dropped.
    void close();

private:
    void announce(); // with the mutex held
    void empty();

    std::mutex m_mutex;
    QObject *m_target;
    std::function<void(Content)> m_open;
    Content m_content;
    bool m_announced = false;
};

} // namespace khop::server
