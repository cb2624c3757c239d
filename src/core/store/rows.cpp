// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rows.h"

#include <QStringList>
#include <QVariant>
#include <QtEndian>

#include <string_view>
#include <type_traits>

namespace khop {

namespace {

template <class Enum>
    requires std::is_enum_v<Enum>
void put(RowValues &row, Enum value)
{
    row.add(static_cast<std::int64_t>(value));
}
template <class Integer>
    requires std::is_integral_v<Integer>
void put(RowValues &row, Integer value)
{
    row.add(static_cast<std::int64_t>(value));
}
template <class Unit>
void put(RowValues &row, Integer<Unit> value)
{
    row.add(value.raw());
}
void put(RowValues &row, Time value) { row.add(value.ms); }
template <class Value>
void putIf(RowValues &row, bool present, const Value &value)
{
    if (present)
        put(row, value);
    else
        row.addNull();
}
void putText(RowValues &row, const std::string &text)
{
    if (text.empty())
        row.addNull();
    else
        row.addText(text);
}

void putTerms(RowValues &row, const OrderRecord &order)
{
    put(row, order.type);
    put(row, order.given);
    put(row, order.timeInForce);
    put(row, order.status);
    putIf(row, order.price.has_value(), order.price.value_or(Price{}));
}
void putFigures(RowValues &row, const OrderRecord &order)
{
    for (const Quantity quantity : {order.quantity, order.remaining, order.traded, order.cancelled})
        put(row, quantity);
    for (const Money amount : {order.tradedValue, order.fee, order.tax, order.held})
        put(row, amount);
    putIf(row, order.rejectCode != Code::OK, order.rejectCode);
}
void putCondition(RowValues &row, const OrderRecord &order)
{
    if (!order.condition) {
        row.addNull();
        return;
    }
    ByteWriter condition; // its canonical form
    encodeCondition(condition, order.condition.get());
    row.addKept(condition.bytes());
}

std::int64_t integer(const QSqlQuery &row, int column) { return row.value(column).toLongLong(); }
template <class Enum>
Enum choiceOf(const QSqlQuery &row, int column)
{
    return static_cast<Enum>(row.value(column).toInt());
}

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
    return {qFromBigEndian<quint64>(bytes.constData()),
            qFromBigEndian<quint64>(bytes.constData() + 8)};
}

QString orderNowColumns()
{
    const QStringList changing = QString::fromLatin1(orderChangeColumns).split(u',').sliced(1);
    QStringList columns = QString::fromLatin1(orderColumns).split(u',');
    for (QString &column : columns)
        column = changing.contains(column)
                     ? QStringLiteral("CASE WHEN c.no IS NULL THEN o.%1 ELSE c.%1 END").arg(column)
                     : QStringLiteral("o.") + column;
    return columns.join(u',');
}

void addOrder(RowValues &row, const OrderRecord &order)
{
    put(row, order.no);
    row.addId(order.id);
    put(row, order.account);
    putText(row, order.clientOrderId);
    put(row, order.instrument);
    put(row, order.side);
    putTerms(row, order);
    putFigures(row, order);
    put(row, order.createdAt);
    put(row, order.updatedAt);
    putIf(row, order.expiresAt.has_value(), order.expiresAt.value_or(Time{}));
    put(row, order.version);
    putText(row, order.description);
    putCondition(row, order);
    order.parent.isNull() ? row.addNull() : row.addId(order.parent);
}

void addOrderChange(RowValues &row, const OrderRecord &order)
{
    put(row, order.no);
    putTerms(row, order);
    putFigures(row, order);
    put(row, order.updatedAt);
    putIf(row, order.expiresAt.has_value(), order.expiresAt.value_or(Time{}));
    put(row, order.version);
    putCondition(row, order);
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
    if (!row.isNull(at)) {
        const QByteArray bytes = row.value(at).toByteArray();
        ByteReader in({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        order.condition = decodeCondition(in);
    }
    ++at;
    order.parent = uuidOf(row.value(at++).toByteArray());
    return order;
}

void addExecution(RowValues &row, const ExecutionRecord &execution)
{
    put(row, execution.no);
    put(row, execution.side);
    row.addId(execution.id);
    put(row, execution.order);
    row.addId(execution.orderId);
    put(row, execution.account);
    put(row, execution.instrument);
    put(row, execution.price);
    put(row, execution.quantity);
    for (const Money amount : {execution.value, execution.fee, execution.tax})
        put(row, amount);
    put(row, execution.time);
    put(row, execution.settlesAt);
    put(row, execution.realized);
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
    execution.realized = Money(integer(row, at++)); // 0 before it was recorded
    return execution;
}

void addTrade(RowValues &row, const TradeRecord &trade)
{
    put(row, trade.no);
    put(row, trade.instrument);
    put(row, trade.price);
    put(row, trade.quantity);
    put(row, trade.value);
    put(row, trade.aggressor);
    putIf(row, trade.buyOrder != 0, trade.buyOrder);
    putIf(row, trade.sellOrder != 0, trade.sellOrder);
    trade.buyOrder != 0 ? row.addId(trade.buyOrderId) : row.addNull();
    trade.sellOrder != 0 ? row.addId(trade.sellOrderId) : row.addNull();
    put(row, trade.buyAccount);
    put(row, trade.sellAccount);
    put(row, trade.oddLot ? 1 : 0);
    put(row, trade.phase);
    put(row, trade.time);
    put(row, trade.settlesAt);
    put(row, trade.putThrough ? 1 : 0);
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
    trade.putThrough = integer(row, at++) != 0;
    trade.id = uuid7(trade.time, 0, trade.no);
    return trade;
}

void addEntry(RowValues &row, const LedgerEntry &entry)
{
    put(row, entry.no);
    put(row, entry.type);
    put(row, entry.account);
    put(row, entry.securities ? 1 : 0);
    putIf(row, entry.securities, entry.instrument);
    putIf(row, !entry.securities, entry.currency);
    put(row, entry.amount);
    put(row, entry.from);
    put(row, entry.to);
    putIf(row, entry.order != 0, entry.order);
    putIf(row, entry.execution != 0, entry.execution);
    put(row, entry.time);
    put(row, entry.status);
    putIf(row, !entry.cost.isZero(), entry.cost);
}

LedgerEntry entryOf(const QSqlQuery &row)
{
    LedgerEntry entry;
    int at = 0;
    entry.no = static_cast<std::uint64_t>(integer(row, at++));
    entry.type = choiceOf<LedgerEntry::Type>(row, at++);
    entry.account = static_cast<AccountNo>(integer(row, at++));
    entry.securities = integer(row, at++) != 0;
    entry.instrument =
        row.isNull(at) ? noInstrument : static_cast<InstrumentIndex>(integer(row, at));
    ++at;
    entry.currency = static_cast<std::uint16_t>(integer(row, at++));
    entry.amount = integer(row, at++);
    entry.from = choiceOf<LedgerEntry::Bucket>(row, at++);
    entry.to = choiceOf<LedgerEntry::Bucket>(row, at++);
    entry.order = static_cast<OrderNo>(integer(row, at++));
    entry.execution = static_cast<std::uint64_t>(integer(row, at++));
    entry.time = {integer(row, at++)};
    entry.status = choiceOf<LedgerEntry::Status>(row, at++);
    entry.cost = Money(integer(row, at++));
    return entry;
}

void addPutThrough(RowValues &row, const PutThroughRecord &deal)
{
    put(row, deal.no);
    row.addId(deal.id);
    put(row, deal.instrument);
    put(row, deal.proposer);
    put(row, deal.counterparty);
    put(row, deal.side);
    put(row, deal.price);
    put(row, deal.quantity);
    put(row, deal.held);
    put(row, deal.status);
    putIf(row, deal.trade != 0, deal.trade);
    for (const Time time : {deal.createdAt, deal.updatedAt, deal.expiresAt})
        put(row, time);
    put(row, deal.version);
    putText(row, deal.description);
}

PutThroughRecord putThroughOf(const QSqlQuery &row)
{
    PutThroughRecord deal;
    int at = 0;
    deal.no = static_cast<OrderNo>(integer(row, at++));
    deal.id = uuidOf(row.value(at++).toByteArray());
    deal.instrument = static_cast<InstrumentIndex>(integer(row, at++));
    deal.proposer = static_cast<AccountNo>(integer(row, at++));
    deal.counterparty = static_cast<AccountNo>(integer(row, at++));
    deal.side = choiceOf<Side>(row, at++);
    deal.price = Price(integer(row, at++));
    deal.quantity = Quantity(integer(row, at++));
    deal.held = Money(integer(row, at++));
    deal.status = choiceOf<PutThroughStatus>(row, at++);
    deal.trade = static_cast<std::uint64_t>(integer(row, at++));
    for (Time *time : {&deal.createdAt, &deal.updatedAt, &deal.expiresAt})
        *time = {integer(row, at++)};
    deal.version = static_cast<std::uint32_t>(integer(row, at++));
    deal.description = row.value(at++).toString().toStdString();
    return deal;
}

} // namespace khop
