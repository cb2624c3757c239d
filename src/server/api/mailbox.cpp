// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/mailbox.h"

#include <iterator>

namespace khop::server {

void Mailbox::deliver(std::vector<CommandResult> results)
{
    const std::lock_guard lock(m_mutex);
    if (!m_target)
        return;
    if (m_content.results.empty())
        m_content.results = std::move(results);
    else
        std::move(results.begin(), results.end(), std::back_inserter(m_content.results));
    announce();
}

void Mailbox::post(Task task)
{
    const std::lock_guard lock(m_mutex);
    if (!m_target)
        return;
    m_content.tasks.push_back(std::move(task));
    announce();
}

void Mailbox::close()
{
    const std::lock_guard lock(m_mutex);
    m_target = nullptr;
    m_content = {};
}

void Mailbox::announce()
{
    if (m_announced)
        return;
    m_announced = true;
    QMetaObject::invokeMethod(
        m_target, [self = shared_from_this()] { self->empty(); }, Qt::QueuedConnection);
}

void Mailbox::empty()
{
    Content content;
    {
        const std::lock_guard lock(m_mutex);
        m_announced = false;
        if (!m_target)
            return;
        std::swap(content, m_content);
    }
    m_open(std::move(content));
}

} // namespace khop::server
