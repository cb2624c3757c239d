// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/import_previews.h"

#include <algorithm>

namespace khop::server {

namespace {

std::size_t bytesOf(const ImportStatement &command)
{
    std::size_t bytes = 0;
    for (const ImportRow &row : *command.rows)
        bytes += sizeof row + row.words.capacity();
    return bytes;
}

} // namespace

void ImportPreviews::dropOld(std::int64_t now)
{
    while (!m_kept.empty() && now - m_kept.front().keptAt > lifetime) {
        m_bytes -= m_kept.front().bytes;
        m_kept.pop_front();
    }
}

void ImportPreviews::keep(Kept preview)
{
    dropOld(preview.keptAt);
    const auto isOfUser = [&](const Kept &kept) { return kept.user == preview.user; };
    if (static_cast<std::size_t>(std::ranges::count_if(m_kept, isOfUser)) >= mostOfUser) {
        const Uuid oldest = std::ranges::find_if(m_kept, isOfUser)->command.id;
        drop(oldest);
    }
    preview.bytes = bytesOf(preview.command);
    m_bytes += preview.bytes;
    m_kept.push_back(std::move(preview));
    while (m_bytes > mostBytes && m_kept.size() > 1) {
        m_bytes -= m_kept.front().bytes;
        m_kept.pop_front();
    }
}

const ImportPreviews::Kept *ImportPreviews::find(const Uuid &id, const Uuid &user, std::int64_t now)
{
    dropOld(now);
    const auto it = std::ranges::find_if(
        m_kept, [&](const Kept &kept) { return kept.command.id == id && kept.user == user; });
    return it == m_kept.end() ? nullptr : &*it;
}

void ImportPreviews::drop(const Uuid &id)
{
    const auto it =
        std::ranges::find_if(m_kept, [&](const Kept &kept) { return kept.command.id == id; });
    if (it == m_kept.end())
        return;
    m_bytes -= it->bytes;
    m_kept.erase(it);
}

} // namespace khop::server
