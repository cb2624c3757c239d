// SPDX-License-Identifier: GPL-3.0-or-later
// A call into another thread's event loop that waits for its end.
#pragma once

#include <QObject>

#include <future>
#include <utility>

namespace khop::server {

/// Runs `call` on the thread of `context`, which must not be this one, and waits. Like a blocking queued
/// connection, but with a wait that the thread sanitizer can see.
template <class Call>
void callBlocking(QObject *context, Call &&call)
{
    std::promise<void> done;
    QMetaObject::invokeMethod(
        context,
        [&] {
            call();
            done.set_value();
        },
        Qt::QueuedConnection);
    done.get_future().wait();
}

} // namespace khop::server
