// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/account_export.h"

#include "base/csv_writer.h"
#include "base/decimal.h"
#include "base/wide.h"
#include "statement/all_pages.h"

#include <algorithm>
#include <array>
#include <limits>

namespace khop {

namespace {

using Bucket = LedgerEntry::Bucket;
using Done = std::function<void(Result<std::string>)>;

constexpr std::array<std::string_view, 4> kindNames{"orders", "executions", "positions", "cash"};

/// The texts of numbers, with the instruments and rules of now.
class Sheet
{
public:
    Sheet(const TradingService &service, const ExportRequest &request,
          std::initializer_list<std::string_view> titles)
        : m_instruments(service.instruments())
        , m_rules(service.rules())
        , m_byteOrderMark(request.byteOrderMark)
    {
        for (const std::string_view title : titles)
            m_csv.plain(title);
        m_csv.endRow();
    }

    CsvWriter &csv() { return m_csv; }
    const Instrument &instrument(InstrumentIndex index) const { return (*m_instruments)[index]; }
    const std::string &currency(std::uint16_t index) const
    {
        return m_rules->currencies[index].code;
    }
    void quantity(const Instrument &of, Quantity quantity)
    {
        m_csv.plain(formatDecimal(quantity.raw(), of.quantityScale, true));
    }
    void price(const Instrument &of, Price price)
    {
        m_csv.plain(formatDecimal(price.raw(), of.priceScale));
    }
    void money(std::string_view currency, Money amount)
    {
        m_csv.plain(formatDecimal(amount.raw(), m_rules->currencyScale(currency)));
    }
    std::string take()
    {
        return (m_byteOrderMark ? std::string(CsvWriter::byteOrderMark) : std::string())
               + m_csv.take();
    }

private:
    std::shared_ptr<const InstrumentList> m_instruments;
    std::shared_ptr<const MarketRules> m_rules;
    CsvWriter m_csv;
    bool m_byteOrderMark = false;
};

struct Moments {
    std::optional<Time> from, to; // [from, to)
};

Moments momentsOf(const ExportRequest &request)
{
    return {request.from ? std::optional(vietnamTime(*request.from, 0)) : std::nullopt,
            request.to ? std::optional(vietnamTime(*request.to + 1, 0)) : std::nullopt};
}

template <class Row>
bool keepAll(const Row &)
{
    return true;
}

void writeOrders(const TradingService &service, const ExportRequest &request,
                 const std::vector<OrderRecord> &orders, const Done &done)
{
    Sheet sheet(service, request,
                {"order_id", "client_order_id", "symbol", "exchange", "side", "order_type",
                 "time_in_force", "status", "quantity", "price", "traded_quantity",
                 "remaining_quantity", "traded_value", "fee", "tax", "currency", "created_at",
                 "updated_at", "description"});
    for (const OrderRecord &order : orders) {
        const Instrument &instrument = sheet.instrument(order.instrument);
        CsvWriter &csv = sheet.csv();
        csv.plain(order.id.text())
            .text(order.clientOrderId)
            .plain(instrument.symbol)
            .plain(name(instrument.exchange))
            .plain(order.side == Side::Buy ? "BUY" : "SELL")
            .plain(name(order.type))
            .plain(name(order.timeInForce))
            .plain(name(order.status));
        sheet.quantity(instrument, order.quantity);
        if (order.price)
            sheet.price(instrument, *order.price);
        else
            csv.empty();
        sheet.quantity(instrument, order.traded);
        sheet.quantity(instrument, order.remaining);
        for (const Money amount : {order.tradedValue, order.fee, order.tax})
            sheet.money(instrument.currency, amount);
        csv.plain(instrument.currency)
            .plain(isoTime(order.createdAt))
            .plain(isoTime(order.updatedAt))
            .text(order.description)
            .endRow();
    }
    done(sheet.take());
}

void writeExecution(Sheet &sheet, const ExecutionRecord &execution)
{
    const Instrument &instrument = sheet.instrument(execution.instrument);
    CsvWriter &csv = sheet.csv();
    csv.plain("EXECUTED")
        .plain(isoDate(vietnamDate(execution.time)))
        .plain(isoTime(execution.time))
        .plain(instrument.symbol)
        .plain(execution.side == Side::Buy ? "BUY" : "SELL");
    sheet.quantity(instrument, execution.quantity);
    sheet.price(instrument, execution.price);
    for (const Money amount : {execution.value, execution.fee, execution.tax, execution.realized})
        sheet.money(instrument.currency, amount);
    csv.plain(instrument.currency)
        .plain(isoTime(execution.settlesAt))
        .plain(execution.id.text())
        .plain(execution.orderId.text())
        .endRow();
}

void writeImported(Sheet &sheet, const ImportedRow &row)
{
    const auto &trade = std::get<ImportTrade>(row.row.body);
    const Instrument &instrument = sheet.instrument(trade.instrument);
    CsvWriter &csv = sheet.csv();
    csv.plain("IMPORTED")
        .plain(isoDate(row.row.day))
        .empty()
        .plain(instrument.symbol)
        .plain(trade.side == Side::Buy ? "BUY" : "SELL");
    sheet.quantity(instrument, trade.quantity);
    sheet.price(instrument, trade.price);
    for (const Money amount : {trade.value, trade.fee, trade.tax, row.realized})
        sheet.money(instrument.currency, amount);
    csv.plain(instrument.currency).empty(3).endRow();
}

void writeExecutions(const TradingService &service, const ExportRequest &request,
                     const std::vector<ExecutionRecord> &executions,
                     const std::vector<ImportedRow> &imported, const Done &done)
{
    Sheet sheet(service, request,
                {"source", "date", "time", "symbol", "side", "quantity", "price", "value", "fee",
                 "tax", "realized_pnl", "currency", "settles_at", "execution_id", "order_id"});
    auto next = imported.begin();
    const auto importedUntil = [&](Date day) {
        for (; next != imported.end() && next->row.day > day; ++next)
            writeImported(sheet, *next);
    };
    for (const ExecutionRecord &execution : executions) {
        importedUntil(vietnamDate(execution.time));
        writeExecution(sheet, execution);
    }
    importedUntil({std::numeric_limits<std::int32_t>::min()});
    done(sheet.take());
}

void exportExecutions(const TradingService &service, const ExportRequest &request, Done done)
{
    const Moments moments = momentsOf(request);
    TradeQuery query;
    query.account = request.account;
    query.from = moments.from;
    query.to = moments.to;
    AllPages<ExecutionRecord, TradeQuery>::ask(
        service, &TradingService::queryExecutions, query, mostExportedRows,
        keepAll<ExecutionRecord>,
        [&service, request, done](Result<std::vector<ExecutionRecord>> executions) {
            if (!executions) {
                done(std::unexpected(executions.error()));
                return;
            }
            ImportRowQuery rows;
            rows.account = request.account;
            rows.from = request.from;
            rows.to = request.to;
            AllPages<ImportedRow, ImportRowQuery>::ask(
                service, &TradingService::queryImportRows, rows,
                mostExportedRows - std::min(mostExportedRows, executions->size()),
                keepAll<ImportedRow>,
                [&service, request, done,
                 executions = std::move(*executions)](Result<std::vector<ImportedRow>> imported) {
                    if (!imported) {
                        done(std::unexpected(imported.error()));
                        return;
                    }
                    std::erase_if(*imported, [](const ImportedRow &row) {
                        return !std::holds_alternative<ImportTrade>(row.row.body);
                    });
                    std::ranges::stable_sort(*imported, std::ranges::greater{},
                                             [](const ImportedRow &row) { return row.row.day; });
                    writeExecutions(service, request, executions, *imported, done);
                });
        });
}

void exportPositions(const TradingService &service, const ExportRequest &request, const Done &done)
{
    Sheet sheet(service, request,
                {"symbol", "exchange", "quantity", "sellable", "held", "pending", "average_price",
                 "cost", "realized_pnl", "currency", "updated_at"});
    auto positions = service.positions(request.account);
    std::ranges::sort(positions, {}, &Position::instrument);
    const auto rules = service.rules();
    for (const Position &position : positions) {
        const Instrument &instrument = sheet.instrument(position.instrument);
        CsvWriter &csv = sheet.csv();
        csv.plain(instrument.symbol).plain(name(instrument.exchange));
        const Quantity pending =
            position.pendingToday + position.pendingYesterday + position.pendingBefore;
        for (const Quantity quantity :
             {position.quantity, position.sellable, position.held, pending})
            sheet.quantity(instrument, quantity);
        // two decimals more than the currency has
        const std::int64_t whole = powerOfTen(instrument.quantityScale);
        const auto units =
            mulDiv(position.costBasis.raw(), whole * 100,
                   std::max<std::int64_t>(1, position.quantity.raw()), Rounding::HalfUp);
        if (units && !position.quantity.isZero())
            csv.plain(formatDecimal(*units, rules->currencyScale(instrument.currency) + 2, true));
        else
            csv.empty();
        sheet.money(instrument.currency, position.costBasis);
        sheet.money(instrument.currency, position.realizedPnl);
        csv.plain(instrument.currency).plain(isoTime(position.updatedAt)).endRow();
    }
    done(sheet.take());
}

bool isOwn(Bucket bucket)
{
    return bucket == Bucket::Available || bucket == Bucket::Held || bucket == Bucket::Pending;
}

void exportCash(const TradingService &service, const ExportRequest &request, Done done)
{
    const Moments moments = momentsOf(request);
    EntryQuery query;
    query.account = request.account;
    AllPages<LedgerEntry, EntryQuery>::ask(
        service, &TradingService::queryEntries, query, mostExportedRows,
        [moments](const LedgerEntry &entry) {
            return !moments.from || entry.time >= *moments.from;
        },
        [&service, request, moments, done](Result<std::vector<LedgerEntry>> entries) {
            if (!entries) {
                done(std::unexpected(entries.error()));
                return;
            }
            Sheet sheet(service, request,
                        {"time", "type", "amount", "currency", "transaction_id", "order_number",
                         "execution_number"});
            for (const LedgerEntry &entry : *entries) {
                if (isOwn(entry.from) == isOwn(entry.to)
                    || (moments.to && entry.time >= *moments.to))
                    continue; // held, released, settled: it stayed the account's
                const std::string &currency = sheet.currency(entry.currency);
                sheet.csv().plain(isoTime(entry.time)).plain(name(entry.type));
                sheet.money(currency, Money(isOwn(entry.to) ? entry.amount : -entry.amount));
                sheet.csv().plain(currency).plain(uuid7(entry.time, 4, entry.no).text());
                for (const std::uint64_t no : {entry.order, entry.execution})
                    sheet.csv().plain(no == 0 ? std::string() : std::to_string(no));
                sheet.csv().endRow();
            }
            done(sheet.take());
        });
}

void exportOrders(const TradingService &service, const ExportRequest &request, Done done)
{
    const Moments moments = momentsOf(request);
    OrderQuery query;
    query.account = request.account;
    query.from = moments.from;
    query.to = moments.to;
    AllPages<OrderRecord, OrderQuery>::ask(
        service, &TradingService::queryOrders, query, mostExportedRows, keepAll<OrderRecord>,
        [&service, request, done](Result<std::vector<OrderRecord>> orders) {
            if (orders)
                writeOrders(service, request, *orders, done);
            else
                done(std::unexpected(orders.error()));
        });
}

} // namespace

std::string_view name(ExportKind kind) { return kindNames[static_cast<std::size_t>(kind)]; }

std::optional<ExportKind> exportKindFromName(std::string_view name)
{
    const auto *const it = std::ranges::find(kindNames, name);
    return it == kindNames.end() ? std::nullopt
                                 : std::optional(static_cast<ExportKind>(it - kindNames.begin()));
}

void exportCsv(const TradingService &service, const ExportRequest &request, Done done)
{
    switch (request.kind) {
    case ExportKind::Orders: exportOrders(service, request, std::move(done)); break;
    case ExportKind::Executions: exportExecutions(service, request, std::move(done)); break;
    case ExportKind::Positions: exportPositions(service, request, done); break;
    case ExportKind::Cash: exportCash(service, request, std::move(done)); break;
    }
}

} // namespace khop
