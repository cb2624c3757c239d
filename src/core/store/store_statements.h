// SPDX-License-Identifier: GPL-3.0-or-later
// The prepared statements of a store, shared by the files that implement it.
#pragma once

#include "store/bulk_insert.h"
#include "store/import_rows.h"
#include "store/statement.h"
#include "store/store.h"

namespace khop {

struct Store::Statements {
    Statement journal, putThrough, balance, checkpoint, clientOrders, close, removeOrder,
        replaceOrder;
    BulkInsert order, orderChange, execution, trade, entry;
    BulkInsert pastOrder, pastExecution, pastTrade, pastEntry;
    ImportStatements imports;
};

} // namespace khop
