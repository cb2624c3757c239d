// SPDX-License-Identifier: GPL-3.0-or-later
#include "book/order_books.h"

#include <algorithm>

namespace khop {

void BookEvents::grow()
{
    const std::size_t count = size();
    const std::size_t room = std::max<std::size_t>(2 * count, 16);
    auto larger = std::make_unique<BookEvent[]>(room);
    std::copy(begin(), end(), larger.get());
    m_room = std::move(larger);
    m_end = m_room.get() + count;
    m_limit = m_room.get() + room;
}

} // namespace khop
