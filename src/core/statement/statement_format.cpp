// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/statement_format.h"

#include "statement/statement_text.h"

#include <algorithm>

namespace khop {

namespace {

using Field = StatementField;
using Titles = std::map<Field, std::vector<std::string>>;

constexpr std::array<std::string_view, 2> kindNames{"trades", "cash"};
constexpr std::array<std::string_view, statementFieldCount> fieldNames{
    "day", "clock",     "symbol",  "side",     "quantity", "price", "value",  "fee",
    "tax", "reference", "cash_in", "cash_out", "amount",   "words", "ignored"};

/// What Vietnamese brokers call their columns, folded.
const Titles &commonTitles()
{
    static const Titles titles{
        {Field::Day,
         {"ngay khop", "ngay khop lenh", "thoi gian khop", "ngay giao dich", "ngay gd", "ngay gio",
          "ngay phat sinh", "ngay", "thoi gian", "matched date", "trading date", "trade date",
          "transaction date", "date"}},
        {Field::Clock, {"gio khop", "gio giao dich", "gio gd", "gio", "time"}},
        {Field::Symbol,
         {"ma chung khoan", "ma ck", "ma co phieu", "ma cp", "chung khoan", "ma", "symbol",
          "ticker", "stock"}},
        {Field::Side,
         {"mua ban", "loai giao dich", "loai gd", "giao dich", "lenh", "chieu", "side",
          "buy sell"}},
        {Field::Shares,
         {"khoi luong khop", "kl khop", "so luong khop", "sl khop", "khoi luong giao dich", "klgd",
          "khoi luong gd", "kl gd", "khoi luong", "so luong", "kl", "matched quantity",
          "matched volume", "quantity", "volume"}},
        {Field::UnitPrice,
         {"gia khop", "gia khop tb", "gia khop trung binh", "gia giao dich", "gia gd", "don gia",
          "gia", "matched price", "price"}},
        {Field::Value,
         {"gia tri khop", "gia tri khop lenh", "gt khop", "gia tri giao dich", "gtgd", "gia tri gd",
          "gia tri", "thanh tien", "matched value", "value"}},
        {Field::Fee,
         {"phi giao dich", "phi gd", "phi moi gioi", "phi", "trading fee", "fee", "commission"}},
        {Field::Tax, {"thue tncn", "thue ban", "thue", "tax"}},
        {Field::Reference,
         {"so hieu lenh", "so hieu", "ma lenh", "shl", "so lenh", "so chung tu", "ma giao dich",
          "ma gd", "order id", "order no", "reference"}},
        {Field::CashIn,
         {"phat sinh tang", "ps tang", "ghi co", "tien vao", "so tien tang", "tang", "credit"}},
        {Field::CashOut,
         {"phat sinh giam", "ps giam", "ghi no", "tien ra", "so tien giam", "giam", "debit"}},
        {Field::Amount, {"so tien giao dich", "so tien", "gia tri phat sinh", "amount"}},
        {Field::Words,
         {"dien giai", "noi dung", "noi dung giao dich", "mo ta", "nghiep vu", "description"}},
        {Field::Ignored,
         {"stt",
          "no",
          "so tai khoan",
          "tai khoan",
          "so tk",
          "tieu khoan",
          "san",
          "san gd",
          "san giao dich",
          "exchange",
          "trang thai",
          "status",
          "kenh",
          "kenh giao dich",
          "kl dat",
          "khoi luong dat",
          "gia dat",
          "kl con lai",
          "so du",
          "so du dau",
          "so du cuoi",
          "balance",
          "ngay thanh toan",
          "loai lenh",
          "order type",
          "gia von",
          "lai lo",
          "phuong thuc"}},
    };
    return titles;
}

StatementFormat brokerFormat(std::string name, const Titles &own)
{
    StatementFormat format;
    format.name = std::move(name);
    format.dateOrder = DateOrder::DayFirst;
    format.titles = own;
    for (const auto &[field, titles] : commonTitles()) {
        std::vector<std::string> &all = format.titles[field];
        std::ranges::copy_if(titles, std::back_inserter(all), [&](const std::string &title) {
            // a broker's own meaning of a title goes before the common one
            return std::ranges::none_of(own, [&](const auto &entry) {
                return std::ranges::find(entry.second, title) != entry.second.end();
            });
        });
    }
    return format;
}

const std::vector<StatementFormat> &presets()
{
    StatementFormat any = brokerFormat("ANY", {});
    any.dateOrder.reset();
    static const std::vector<StatementFormat> all{
        brokerFormat("SSI", {{Field::Reference, {"ma lenh"}},
                             {Field::Side, {"mua ban", "loai lenh"}},
                             {Field::Day, {"ngay gd", "thoi gian khop"}}}),
        brokerFormat("VNDIRECT",
                     {{Field::Day, {"ngay khop"}}, {Field::Reference, {"so hieu lenh"}}}),
        brokerFormat("TCBS", {{Field::Symbol, {"ma cp"}},
                              {Field::Side, {"giao dich", "lenh"}},
                              {Field::Fee, {"phi gd"}}}),
        brokerFormat("DNSE", {{Field::Day, {"ngay giao dich"}},
                              {Field::Side, {"loai giao dich"}},
                              {Field::Shares, {"khoi luong"}}}),
        any,
    };
    return all;
}

} // namespace

std::string_view name(StatementKind kind) { return kindNames[static_cast<std::size_t>(kind)]; }

std::optional<StatementKind> statementKindFromName(std::string_view name)
{
    const auto found = std::ranges::find(kindNames, name);
    return found == kindNames.end()
               ? std::nullopt
               : std::optional(static_cast<StatementKind>(found - kindNames.begin()));
}

std::string_view name(StatementField field) { return fieldNames[static_cast<std::size_t>(field)]; }

std::optional<StatementField> statementFieldFromName(std::string_view name)
{
    const auto found = std::ranges::find(fieldNames, name);
    return found == fieldNames.end()
               ? std::nullopt
               : std::optional(static_cast<StatementField>(found - fieldNames.begin()));
}

const StatementFormat *statementPreset(std::string_view name)
{
    const auto found = std::ranges::find(presets(), name, &StatementFormat::name);
    return found == presets().end() ? nullptr : &*found;
}

std::vector<std::string_view> statementPresets()
{
    std::vector<std::string_view> names;
    for (const StatementFormat &format : presets())
        names.emplace_back(format.name);
    return names;
}

Result<StatementFormat> mappedFormat(const std::map<StatementField, std::string> &titles)
{
    StatementFormat format;
    std::map<std::string, StatementField> taken;
    for (const auto &[field, title] : titles) {
        const std::string folded = foldedWords(title);
        if (folded.empty())
            return refuse(Code::VALIDATION_ERROR, std::string(name(field)), title,
                          "the title of a column");
        if (const auto [other, fresh] = taken.emplace(folded, field); !fresh)
            return refuse(Code::VALIDATION_ERROR, std::string(name(field)), title,
                          "another column than " + std::string(name(other->second)));
        format.titles[field] = {folded};
    }
    return format;
}

std::size_t StatementColumns::found() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(positions, [](int position) { return position >= 0; }));
}

Result<StatementColumns> columnsOf(const std::vector<std::string> &cells,
                                   const StatementFormat &format)
{
    StatementColumns columns;
    std::vector<std::string> folded;
    for (const std::string &cell : cells) {
        columns.titles.emplace_back(trimmedCell(cell));
        folded.push_back(foldedWords(cell));
    }
    std::vector<bool> known(cells.size());
    for (const auto &[field, titles] : format.titles) {
        for (const std::string &title : titles) {
            const auto found = std::ranges::find(folded, title);
            if (found == folded.end())
                continue;
            if (field != Field::Ignored
                && std::find(std::next(found), folded.end(), title) != folded.end())
                return refuse(Code::VALIDATION_ERROR, std::string(name(field)),
                              columns.titles[static_cast<std::size_t>(found - folded.begin())],
                              "the title of one column only");
            known[static_cast<std::size_t>(found - folded.begin())] = true;
            int &position = columns.positions[static_cast<std::size_t>(field)];
            if (position < 0 && field != Field::Ignored)
                position = static_cast<int>(found - folded.begin());
        }
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!known[i] && !folded[i].empty())
            columns.unknown.push_back(i);
    }
    return columns;
}

std::string missingFields(const StatementColumns &columns, const StatementFormat &format,
                          StatementKind kind)
{
    std::string missing;
    const auto need = [&](std::initializer_list<Field> oneOf) {
        if (std::ranges::any_of(oneOf, [&](Field field) { return columns.has(field); }))
            return;
        for (const Field field : oneOf) {
            const auto titles = format.titles.find(field);
            missing += missing.empty() ? "" : field == *oneOf.begin() ? ", " : " | ";
            missing += name(field);
            if (titles != format.titles.end() && !titles->second.empty())
                missing += " (" + titles->second.front() + ")";
        }
    };
    need({Field::Day});
    if (kind == StatementKind::Trades) {
        need({Field::Symbol});
        need({Field::Side});
        need({Field::Shares});
        need({Field::UnitPrice});
    } else {
        need({Field::Words});
        need({Field::Amount, Field::CashIn});
        if (!columns.has(Field::Amount))
            need({Field::CashOut});
    }
    return missing;
}

} // namespace khop
