// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rows.h"

#include <QVariant>
#include <QtEndian>

namespace khop {

namespace {

QVariant number(std::int64_t value) { return QVariant::fromValue<qlonglong>(value); }
QVariant number(std::uint64_t value) { return QVariant::fromValue<qlonglong>(static_cast<qlonglong>(value)); }
template <class Enum>
QVariant choice(Enum value) { return static_cast<int>(value); }
QVariant text(const std::string &value) { return QString::fromStdString(value); }

std::int64_t integer(const QSqlQuery &row, int column) { return row.value(column).toLongLong(); }
template <class Enum>
Enum choiceOf(const QSqlQuery &row, int column) { return static_cast<Enum>(row.value(column).toInt()); }

} // namespace

QByteArray uuidBytes(const Uuid &id)
{
    QByteArray bytes(16, Qt::Uninitialized);
    qToBigEndian(id.high, bytes.data());
    qToBigEndian(id.low, bytes.data() + 8);
    return bytes;
}

Uuid uuidOf(const QByteArray &bytes)
{
    if (bytes.size() != 16)
        return {};
    return {qFromBigEndian<quint64>(bytes.constData()), qFromBigEndian<quint64>(bytes.constData() + 8)};
}

void bindOrder(QSqlQuery &query, const OrderRecord &order)
{
    int at = 0;
    query.bindValue(at++, number(order.no));
    query.bindValue(at++, uuidBytes(order.id));
    query.bindValue(at++, order.account);
    query.bindValue(at++, order.clientOrderId.empty() ? QVariant() : text(order.clientOrderId));
    query.bindValue(at++, order.instrument);
    query.bindValue(at++, choice(order.side));
    query.bindValue(at++, choice(order.type));
    query.bindValue(at++, choice(order.given));
    query.bindValue(at++, choice(order.timeInForce));
    query.bindValue(at++, choice(order.status));
    query.bindValue(at++, order.price ? number(order.price->raw()) : QVariant());
    query.bindValue(at++, number(order.quantity.raw()));
    query.bindValue(at++, number(order.remaining.raw()));
    query.bindValue(at++, number(order.traded.raw()));
    query.bindValue(at++, number(order.cancelled.raw()));
    query.bindValue(at++, number(order.tradedValue.raw()));
    query.bindValue(at++, number(order.fee.raw()));
    query.bindValue(at++, number(order.tax.raw()));
    query.bindValue(at++, number(order.held.raw()));
    query.bindValue(at++, order.rejectCode == Code::OK ? QVariant() : QVariant(choice(order.rejectCode)));
    query.bindValue(at++, number(order.createdAt.ms));
    query.bindValue(at++, number(order.updatedAt.ms));
    query.bindValue(at++, order.expiresAt ? number(order.expiresAt->ms) : QVariant());
    query.bindValue(at++, order.version);
    query.bindValue(at++, order.description.empty() ? QVariant() : text(order.description));
}

OrderRecord orderOf(const QSqlQuery &row)
{
    OrderRecord order;
    int at = 0;
    order.no = static_cast<OrderNo>(integer(row, at++));
    order.id = uuidOf(row.value(at++).toByteArray());
    order.account = static_cast<AccountNo>(integer(row, at++));
    order.clientOrderId = row.value(at++).toString().toStdString();
    order.instrument = static_cast<InstrumentIndex>(integer(row, at++));
    order.side = choiceOf<Side>(row, at++);
    order.type = choiceOf<OrderType>(row, at++);
    order.given = choiceOf<GivenName>(row, at++);
    order.timeInForce = choiceOf<TimeInForce>(row, at++);
    order.status = choiceOf<OrderStatus>(row, at++);
    if (!row.isNull(at))
        order.price = Price(integer(row, at));
    ++at;
    for (Quantity *quantity : {&order.quantity, &order.remaining, &order.traded, &order.cancelled})
        *quantity = Quantity(integer(row, at++));
    for (Money *amount : {&order.tradedValue, &order.fee, &order.tax, &order.held})
        *amount = Money(integer(row, at++));
    order.rejectCode = choiceOf<Code>(row, at++);
    order.createdAt = {integer(row, at++)};
    order.updatedAt = {integer(row, at++)};
    if (!row.isNull(at))
        order.expiresAt = Time{integer(row, at)};
    ++at;
    order.version = static_cast<std::uint32_t>(integer(row, at++));
    order.description = row.value(at++).toString().toStdString();
    return order;
}

void bindExecution(QSqlQuery &query, const ExecutionRecord &execution)
{
    int at = 0;
    query.bindValue(at++, number(execution.no));
    query.bindValue(at++, choice(execution.side));
    query.bindValue(at++, uuidBytes(execution.id));
    query.bindValue(at++, number(execution.order));
    query.bindValue(at++, uuidBytes(execution.orderId));
    query.bindValue(at++, execution.account);
    query.bindValue(at++, execution.instrument);
    query.bindValue(at++, number(execution.price.raw()));
    query.bindValue(at++, number(execution.quantity.raw()));
    query.bindValue(at++, number(execution.value.raw()));
    query.bindValue(at++, number(execution.fee.raw()));
    query.bindValue(at++, number(execution.tax.raw()));
    query.bindValue(at++, number(execution.time.ms));
    query.bindValue(at++, number(execution.settlesAt.ms));
}

ExecutionRecord executionOf(const QSqlQuery &row)
{
    ExecutionRecord execution;
    int at = 0;
    execution.no = static_cast<std::uint64_t>(integer(row, at++));
    execution.side = choiceOf<Side>(row, at++);
    execution.id = uuidOf(row.value(at++).toByteArray());
    execution.order = static_cast<OrderNo>(integer(row, at++));
    execution.orderId = uuidOf(row.value(at++).toByteArray());
    execution.account = static_cast<AccountNo>(integer(row, at++));
    execution.instrument = static_cast<InstrumentIndex>(integer(row, at++));
    execution.price = Price(integer(row, at++));
    execution.quantity = Quantity(integer(row, at++));
    for (Money *amount : {&execution.value, &execution.fee, &execution.tax})
        *amount = Money(integer(row, at++));
    execution.time = {integer(row, at++)};
    execution.settlesAt = {integer(row, at++)};
    return execution;
}

void bindTrade(QSqlQuery &query, const TradeRecord &trade)
{
    int at = 0;
    query.bindValue(at++, number(trade.no));
    query.bindValue(at++, trade.instrument);
    query.bindValue(at++, number(trade.price.raw()));
    query.bindValue(at++, number(trade.quantity.raw()));
    query.bindValue(at++, number(trade.value.raw()));
    query.bindValue(at++, choice(trade.aggressor));
    query.bindValue(at++, trade.buyOrder == 0 ? QVariant() : number(trade.buyOrder));
    query.bindValue(at++, trade.sellOrder == 0 ? QVariant() : number(trade.sellOrder));
    query.bindValue(at++, trade.buyOrder == 0 ? QVariant() : QVariant(uuidBytes(trade.buyOrderId)));
    query.bindValue(at++, trade.sellOrder == 0 ? QVariant() : QVariant(uuidBytes(trade.sellOrderId)));
    query.bindValue(at++, trade.buyAccount);
    query.bindValue(at++, trade.sellAccount);
    query.bindValue(at++, trade.oddLot ? 1 : 0);
    query.bindValue(at++, choice(trade.phase));
    query.bindValue(at++, number(trade.time.ms));
    query.bindValue(at++, number(trade.settlesAt.ms));
}

TradeRecord tradeOf(const QSqlQuery &row)
{
    TradeRecord trade;
    int at = 0;
    trade.no = static_cast<std::uint64_t>(integer(row, at++));
    trade.instrument = static_cast<InstrumentIndex>(integer(row, at++));
    trade.price = Price(integer(row, at++));
    trade.quantity = Quantity(integer(row, at++));
    trade.value = Money(integer(row, at++));
    trade.aggressor = choiceOf<Side>(row, at++);
    trade.buyOrder = static_cast<OrderNo>(integer(row, at++));
    trade.sellOrder = static_cast<OrderNo>(integer(row, at++));
    trade.buyOrderId = uuidOf(row.value(at++).toByteArray());
    trade.sellOrderId = uuidOf(row.value(at++).toByteArray());
    trade.buyAccount = static_cast<AccountNo>(integer(row, at++));
    trade.sellAccount = static_cast<AccountNo>(integer(row, at++));
    trade.oddLot = integer(row, at++) != 0;
    trade.phase = choiceOf<Phase>(row, at++);
    trade.time = {integer(row, at++)};
    trade.settlesAt = {integer(row, at++)};
    trade.id = uuid7(trade.time, 0, trade.no);
    return trade;
}

void bindEntry(QSqlQuery &query, const LedgerEntry &entry)
{
    int at = 0;
    query.bindValue(at++, number(entry.no));
    query.bindValue(at++, choice(entry.type));
    query.bindValue(at++, entry.account);
    query.bindValue(at++, entry.securities ? 1 : 0);
    query.bindValue(at++, entry.securities ? QVariant(entry.instrument) : QVariant());
    query.bindValue(at++, entry.securities ? QVariant() : QVariant(static_cast<int>(entry.currency)));
    query.bindValue(at++, number(entry.amount));
    query.bindValue(at++, choice(entry.from));
    query.bindValue(at++, choice(entry.to));
    query.bindValue(at++, entry.order == 0 ? QVariant() : number(entry.order));
    query.bindValue(at++, entry.execution == 0 ? QVariant() : number(entry.execution));
    query.bindValue(at++, number(entry.time.ms));
}

LedgerEntry entryOf(const QSqlQuery &row)
{
    LedgerEntry entry;
    int at = 0;
    entry.no = static_cast<std::uint64_t>(integer(row, at++));
    entry.type = choiceOf<LedgerEntry::Type>(row, at++);
    entry.account = static_cast<AccountNo>(integer(row, at++));
    entry.securities = integer(row, at++) != 0;
    entry.instrument = row.isNull(at) ? noInstrument : static_cast<InstrumentIndex>(integer(row, at));
    ++at;
    entry.currency = static_cast<std::uint16_t>(integer(row, at++));
    entry.amount = integer(row, at++);
    entry.from = choiceOf<LedgerEntry::Bucket>(row, at++);
    entry.to = choiceOf<LedgerEntry::Bucket>(row, at++);
    entry.order = static_cast<OrderNo>(integer(row, at++));
    entry.execution = static_cast<std::uint64_t>(integer(row, at++));
    entry.time = {integer(row, at++)};
    return entry;
}

} // namespace khop
