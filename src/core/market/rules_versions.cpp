// SPDX-License-Identifier: GPL-3.0-or-later
// The rules file with its dated changes: each change is laid over the version before it, and the result
// is read as a whole, so that every version is complete and checked before the first one is used.
#include "market/rules_tree.h"

#include "base/json_fields.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t largestFile = 1 << 20;
constexpr std::size_t mostChanges = 32;

/// Lays one document over another: objects member by member, anything else whole.
void overlay(JsonValue &below, const JsonValue &above)
{
    if (below.kind != JsonValue::Kind::Object || above.kind != JsonValue::Kind::Object) {
        below = above;
        return;
    }
    for (const JsonMember &member : above.members) {
        const auto it = std::ranges::find(below.members, member.key, &JsonMember::key);
        if (it == below.members.end())
            below.members.push_back(member);
        else
            overlay(it->value, member.value);
    }
}

/// Reads the form of "changes"; what each of them means is read with the rules it changes.
class ChangesReader final : public JsonFields
{
public:
    void read(const JsonValue &changes, Date base)
    {
        const JsonNode list{&changes, "changes"};
        if (!expect(list, JsonValue::Kind::Array, "[{\"effective_from\": …, \"exchanges\": …}]"))
            return;
        if (changes.items.size() > mostChanges) {
            complain(list.path, std::to_string(changes.items.size()),
                     "<= " + std::to_string(mostChanges));
            return;
        }
        Date before = base;
        for (std::size_t i = 0; i < changes.items.size(); ++i) {
            const JsonNode change = list.item(i);
            if (!object(change, {"effective_from", "policies", "exchanges", "calendar"}))
                return;
            with(change, "effective_from", [&](const JsonNode &n) {
                const Date from = date(n);
                if (from <= before)
                    complain(n, "> " + isoDate(before));
                before = from;
            });
        }
    }

private:
    std::string exampleAt(std::string_view) const override { return "2026-12-01"; }
};

/// The versions after the first, each complete. Errors name the path below the change.
std::optional<Error> readChanges(JsonValue tree, MarketRules &rules)
{
    const auto member = std::ranges::find(tree.members, "changes", &JsonMember::key);
    if (member == tree.members.end())
        return std::nullopt;
    const JsonValue changes = std::move(member->value);
    tree.members.erase(member);
    ChangesReader form;
    form.read(changes, rules.effectiveFrom);
    if (form.error())
        return form.error();
    for (std::size_t i = 0; i < changes.items.size(); ++i) {
        overlay(tree, changes.items[i]);
        Result<MarketRules> version = readMarketRules(tree);
        if (!version) {
            Error error = version.error();
            error.field = "changes[" + std::to_string(i) + "]." + error.field;
            return error;
        }
        rules.changes.push_back(std::move(*version));
        for (std::size_t e = 0; e < rules.exchanges.size(); ++e) {
            const ExchangeRules &now = rules.exchanges[e];
            const ExchangeRules &then = rules.changes.back().exchanges[e];
            const std::string place =
                "changes[" + std::to_string(i) + "].exchanges." + std::string(name(now.exchange));
            // what is listed, held and owed is counted in these
            if (then.currency != now.currency)
                return Error{Code::CONFIGURATION_ERROR, place + ".currency", then.currency,
                             now.currency};
            if (then.everyDay != now.everyDay)
                return Error{Code::CONFIGURATION_ERROR, place + ".trading_days",
                             then.everyDay ? "EVERY_DAY" : "CALENDAR",
                             now.everyDay ? "EVERY_DAY" : "CALENDAR"};
            if (then.banded != now.banded)
                return Error{Code::CONFIGURATION_ERROR, place + ".band",
                             then.banded ? "{…}" : "null", now.banded ? "{…}" : "null"};
        }
    }
    return std::nullopt;
}

} // namespace

Result<MarketRules> parseMarketRules(std::string_view json)
{
    if (json.size() > largestFile) {
        return refuse(Code::CONFIGURATION_ERROR, "bytes", std::to_string(json.size()),
                      rangeText(1, static_cast<std::int64_t>(largestFile)));
    }
    const Result<JsonValue> tree = parseJson(json);
    if (!tree) {
        Error error = tree.error();
        error.code = Code::CONFIGURATION_ERROR;
        return std::unexpected(std::move(error));
    }
    Result<MarketRules> rules = readMarketRules(*tree);
    if (!rules)
        return rules;
    if (auto error = readChanges(*tree, *rules))
        return std::unexpected(std::move(*error));
    rules->source = json;
    return rules;
}

} // namespace khop
