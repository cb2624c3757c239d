// SPDX-License-Identifier: GPL-3.0-or-later
// What accounts were given by imports, for readers: lists that the engine makes anew and never changes.
#include "engine/day_view.h"

namespace khop {

/// After a group only what it changed; without one all. The caller holds the lock.
void DayView::refreshImports(const Engine &engine, const CommittedGroup *group)
{
    if (group) {
        for (const ImportChange &change : group->imports)
            m_imports[change.record.account] = engine.imports().of(change.record.account);
        return;
    }
    m_imports.clear();
    for (AccountNo no = 1; no <= engine.ledger().size(); ++no) {
        if (const Imports::OfAccount &imports = engine.imports().of(no);
            !imports.rows->empty() || !imports.undone->empty())
            m_imports[no] = imports;
    }
}

Imports::OfAccount DayView::imports(AccountNo account) const
{
    std::shared_lock lock(m_mutex);
    const auto found = m_imports.find(account);
    return found == m_imports.end() ? Imports::OfAccount{} : found->second;
}

} // namespace khop
