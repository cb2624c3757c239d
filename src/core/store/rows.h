// SPDX-License-Identifier: GPL-3.0-or-later
// Rows to records and back: one place that knows the order of the columns.
#pragma once

#include "engine/records.h"
#include "store/row_values.h"

#include <QSqlQuery>
#include <QString>

namespace khop {

inline constexpr auto orderColumns = "no,id,account,client_order_id,instrument,side,type,given,"
                                     "time_in_force,status,price,quantity,remaining,"
                                     "traded,cancelled,traded_value,fee,tax,held,reject_code,"
                                     "created_at,updated_at,expires_at,version,description,"
                                     "condition,parent";
inline constexpr int orderColumnCount = 27;
/// What can change of an order, after its number: rows that follow the one in `orders`.
inline constexpr auto orderChangeColumns =
    "no,type,given,time_in_force,status,price,quantity,remaining,traded,cancelled,traded_value,fee,"
    "tax,held,reject_code,updated_at,expires_at,version,condition";
inline constexpr int orderChangeColumnCount = 19;
/// orderColumns of an `orders` row o as its `order_changes` row c, if there is one, has left it.
QString orderNowColumns();
inline constexpr auto executionColumns =
    "no,side,id,order_no,order_id,account,instrument,price,quantity,value,fee,tax,time,settles_at,"
    "realized";
inline constexpr int executionColumnCount = 15;
inline constexpr auto tradeColumns = "no,instrument,price,quantity,value,aggressor,buy_order,sell_"
                                     "order,buy_order_id,sell_order_id,buy_account,"
                                     "sell_account,odd_lot,phase,time,settles_at,put_through";
inline constexpr int tradeColumnCount = 17;
inline constexpr auto entryColumns = "no,type,account,securities,instrument,currency,amount,from_"
                                     "bucket,to_bucket,order_no,execution,time,status,cost";
inline constexpr int entryColumnCount = 14;

inline constexpr auto putThroughColumns =
    "no,id,instrument,proposer,counterparty,side,price,quantity,held,status,trade,created_at,"
    "updated_at,expires_at,version,description";
inline constexpr int putThroughColumnCount = 16;

void addOrder(RowValues &row, const OrderRecord &order);
void addOrderChange(RowValues &row, const OrderRecord &order);
void addExecution(RowValues &row, const ExecutionRecord &execution);
void addTrade(RowValues &row, const TradeRecord &trade);
void addEntry(RowValues &row, const LedgerEntry &entry);
void addPutThrough(RowValues &row, const PutThroughRecord &deal);

OrderRecord orderOf(const QSqlQuery &row);
ExecutionRecord executionOf(const QSqlQuery &row);
TradeRecord tradeOf(const QSqlQuery &row);
LedgerEntry entryOf(const QSqlQuery &row);
PutThroughRecord putThroughOf(const QSqlQuery &row);

QByteArray uuidBytes(const Uuid &id);
Uuid uuidOf(const QByteArray &bytes);

} // namespace khop
