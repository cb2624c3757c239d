// SPDX-License-Identifier: GPL-3.0-or-later
#include "market_case.h"

#include "base/decimal.h"
#include "base/json_tree.h"
#include "base/utf8.h"

#include <QFile>

#include <algorithm>
#include <array>
#include <span>

namespace khop::bench {

namespace {

using Kind = JsonValue::Kind;

/// Reads the members of one row; the first complaint is kept.
class RowReader
{
public:
    explicit RowReader(const JsonValue &row) : m_row(row) {}

    std::optional<std::string> complaint;

    std::string text(std::string_view name)
    {
        const JsonValue *value = m_row.find(name);
        if (!value || value->kind != Kind::String)
            return complain(std::string(name), value, "a text");
        return value->text;
    }
    std::string textOr(std::string_view name, std::string fallback)
    {
        return m_row.find(name) ? text(name) : std::move(fallback);
    }
    std::int64_t number(const JsonValue *value, const std::string &place)
    {
        const auto number =
            value && value->kind == Kind::Number ? parseDecimal(value->text, 0) : std::nullopt;
        if (!number)
            complain(place, value, "a whole number");
        return number.value_or(0);
    }
    std::int64_t number(std::string_view name)
    {
        return number(m_row.find(name), std::string(name));
    }
    /// null and absent mean none.
    std::optional<std::int64_t> optionalNumber(const JsonValue *value, const std::string &place)
    {
        if (!value || value->kind == Kind::Null)
            return std::nullopt;
        return number(value, place);
    }
    const std::vector<JsonValue> &items(std::string_view name)
    {
        const JsonValue *value = m_row.find(name);
        if (value && value->kind == Kind::Array)
            return value->items;
        complain(std::string(name), value, "an array");
        return m_none.items;
    }
    PerOrder perOrder(std::string_view name)
    {
        PerOrder all;
        const JsonValue *value = m_row.find(name);
        if (!value || value->kind != Kind::Object) {
            complain(std::string(name), value, "an object");
            return all;
        }
        for (const JsonMember &member : value->members)
            all.emplace_back(member.key,
                             number(&member.value, std::string(name) + "." + member.key));
        std::ranges::sort(all);
        return all;
    }
    Side side(const JsonValue *value, const std::string &place)
    {
        if (!value || value->kind != Kind::String || (value->text != "B" && value->text != "S"))
            complain(place, value, "B or S");
        return value && value->text == "S" ? Side::Sell : Side::Buy;
    }
    OrderType type(const JsonValue *value, const std::string &place)
    {
        const bool isText = value && value->kind == Kind::String;
        const auto type = !isText               ? std::nullopt
                          : value->text == "MP" ? std::optional(OrderType::MTL) // its old name
                                                : orderTypeFromName(value->text);
        if (!type)
            complain(place, value, "an order type");
        return type.value_or(OrderType::LO);
    }
    const JsonValue *find(std::string_view name) const { return m_row.find(name); }
    std::string complain(const std::string &place, const JsonValue *value, const std::string &bound)
    {
        if (!complaint)
            complaint = place + ": " + (value ? value->excerpt() : "nothing") + " is not " + bound;
        return {};
    }

private:
    const JsonValue &m_row;
    JsonValue m_none;
};

std::optional<Price> priceOf(std::optional<std::int64_t> raw)
{
    return raw ? std::optional(Price(*raw)) : std::nullopt;
}

constexpr std::array<std::string_view, 13> validateFields{
    "id",   "exchange", "ref",   "last", "opts",   "date", "time",
    "side", "type",     "price", "qty",  "expect", "src"};
constexpr std::array<std::string_view, 12> auctionFields{"id",    "exchange", "ref",   "last",
                                                         "opts",  "orders",   "price", "volume",
                                                         "fills", "cand",     "eff",   "src"};

/// A field that would be passed over, and might matter: what to say of it. Remarks do not matter.
std::string strangeField(const JsonValue &row, std::span<const std::string_view> known)
{
    for (const JsonMember &member : row.members) {
        if (member.key == "note" || std::ranges::find(known, member.key) != known.end())
            continue;
        std::string names;
        for (const std::string_view name : known)
            names += (names.empty() ? "" : ", ") + std::string(name);
        return "field '" + shortened(member.key, 40) + "' is not one of " + names;
    }
    return {};
}

/// With what the row says beside exchange and reference: the last price, and any column of an
/// instruments file in `opts`.
CaseInstrument readInstrument(RowReader &row)
{
    CaseInstrument instrument{row.text("exchange"), row.number("ref"), {}};
    auto &columns = instrument.columns;
    if (const auto last = row.optionalNumber(row.find("last"), "last"))
        columns.emplace_back("last", std::to_string(*last));
    const JsonValue *options = row.find("opts");
    if (!options || options->kind == Kind::Null)
        return instrument;
    if (options->kind != Kind::Object)
        row.complain("opts", options, "an object");
    for (const JsonMember &option : options->members) {
        const JsonValue &value = option.value;
        std::erase_if(columns, [&](const auto &column) { return column.first == option.key; });
        columns.emplace_back(option.key, value.kind != Kind::Boolean ? value.text
                                         : value.boolean             ? "true"
                                                                     : "false");
    }
    return instrument;
}

ValidateCase readValidate(RowReader &row)
{
    ValidateCase c;
    c.instrument = readInstrument(row);
    // A day has an execution price unless the case says that it has none.
    auto &columns = c.instrument.columns;
    const auto isMatchPrice = [](const auto &column) { return column.first == "has_match_price"; };
    if (std::ranges::none_of(columns, isMatchPrice))
        columns.emplace_back("has_match_price", "true");
    c.date = row.textOr("date", {});
    c.time = row.text("time");
    c.order.side = row.side(row.find("side"), "side");
    c.order.type = row.type(row.find("type"), "type");
    c.order.price = priceOf(row.optionalNumber(row.find("price"), "price"));
    c.order.quantity = Quantity(row.number("qty"));
    c.expect = row.text("expect");
    return c;
}

AuctionCase readAuction(RowReader &row)
{
    AuctionCase c;
    c.instrument = readInstrument(row);
    for (const JsonValue &given : row.items("orders")) {
        const std::string place = "orders[" + std::to_string(c.orders.size()) + "]";
        if (given.kind != Kind::Array || given.items.size() != 5
            || given.items[0].kind != Kind::String) {
            row.complain(place, &given, "[id, side, type, price, quantity]");
            return c;
        }
        CaseOrder order;
        order.id = given.items[0].text;
        order.side = row.side(&given.items[1], place);
        order.type = row.type(&given.items[2], place);
        order.price = priceOf(row.optionalNumber(&given.items[3], place));
        order.quantity = Quantity(row.number(&given.items[4], place));
        c.orders.push_back(std::move(order));
    }
    c.price = row.optionalNumber(row.find("price"), "price");
    c.volume = row.number("volume");
    c.fills = row.perOrder("fills");
    for (const JsonValue &candidate : row.items("cand"))
        c.candidates.push_back(row.number(&candidate, "cand"));
    c.effective = row.perOrder("eff");
    return c;
}

} // namespace

/// ATO belongs to the opening; HNX has only a closing auction.
bool AuctionCase::atClose() const
{
    const auto isAto = [](const CaseOrder &order) { return order.type == OrderType::ATO; };
    return std::ranges::none_of(orders, isAto);
}

std::expected<std::vector<MarketCase>, std::string> readMarketCases(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(path + ": " + file.errorString().toStdString());
    const auto document = parseJson(file.readAll().toStdString());
    if (!document) {
        const Error &error = document.error();
        return std::unexpected(path + ": " + error.field + ": '" + error.value + "' instead of "
                               + error.bound);
    }
    if (document->kind != Kind::Array || document->items.empty())
        return std::unexpected(path + ": is not an array of cases");

    std::vector<MarketCase> cases;
    for (const JsonValue &item : document->items) {
        RowReader row(item);
        MarketCase read;
        read.id = row.text("id");
        if (item.find("orders")) {
            read.body = readAuction(row);
            read.strange = strangeField(item, auctionFields);
        } else if (item.find("type")) {
            read.body = readValidate(row);
            read.strange = strangeField(item, validateFields);
        } else {
            row.complain("row", &item, "of the validate or the auction shape");
        }
        if (row.complaint) {
            return std::unexpected(path + ": row " + std::to_string(cases.size() + 1)
                                   + (read.id.empty() ? "" : " (" + read.id + ")") + ": "
                                   + *row.complaint);
        }
        cases.push_back(std::move(read));
    }
    return cases;
}

} // namespace khop::bench
