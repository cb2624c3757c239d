// SPDX-License-Identifier: GPL-3.0-or-later
// The clock of a scenario's market, and what every action has in common. The market's description is in
// market_setup.cpp, orders in market_orders.cpp, expectations in market_expectations.cpp.
#include "market_scenario.h"

#include "event_text.h"

#include "market/defaults.h"

#include <algorithm>

namespace khop::bench {

namespace {

constexpr std::int64_t longestJump = 400 * millisecondsPerDay;
constexpr std::int64_t second = 1'000;

/// "+90s", "+15m", "+2h" in milliseconds.
std::optional<std::int64_t> parseStep(std::string_view text)
{
    constexpr std::int64_t most = 1'000'000;
    if (text.size() < 3 || text.front() != '+')
        return std::nullopt;
    const auto count = parseGrouped(text.substr(1, text.size() - 2), 0);
    if (!count || *count < 0 || *count > most)
        return std::nullopt;
    switch (text.back()) {
    case 's': return *count * second;
    case 'm': return *count * 60 * second;
    case 'h': return *count * 3'600 * second;
    default: return std::nullopt;
    }
}

} // namespace

MarketScenario::MarketScenario(std::string directory)
    : m_directory(std::move(directory))
    , m_rules(defaultMarketRulesText())
    , m_engine(std::make_unique<Engine>())
{}

void MarketScenario::run(Words &words, Report &report)
{
    act(words, report);
    if (words.complaint())
        return;
    if (const std::string wrong = m_engine->checkInvariants(); !wrong.empty())
        report.check(false, "the engine's invariants", wrong);
}

void MarketScenario::act(Words &words, Report &report)
{
    const std::string verb = words.next("an action");
    if (describe(verb, words, report))
        return;
    if (m_open ? !act(verb, words, report) : verb != "clock") {
        words.complain(verb, m_open
                                 ? "an action (order, amend, cancel, cancel-all, accept, reject, "
                                   "withdraw, halt, resume, activate, deactivate, ex-rights, "
                                   "clock, account, give, restart, expect, >)"
                                 : "one of rules, rule, policy, instruments, instrument, account; "
                                   "a 'clock DATE TIME' line has to open the market first");
    } else if (!m_open) {
        const std::string day = words.next("a date");
        const auto date = parseIsoDate(day);
        if (!date)
            words.complain(day, "a date such as 2026-11-20, which the first clock line needs");
        else
            open(*date, words, report);
    }
}

// Actions

bool MarketScenario::act(const std::string &verb, Words &words, Report &report)
{
    if (verb == "clock") {
        moveClock(words, report);
    } else if (verb.size() > 1 && verb.ends_with(':')) {
        placeOrder(verb.substr(0, verb.size() - 1), words, report);
    } else if (verb == "amend") {
        amendOrder(words, report);
    } else if (verb == "cancel") {
        cancelOrder(words, report);
    } else if (verb == "cancel-all") {
        cancelAll(words, report);
    } else if (verb == "accept") {
        answerDeal(AnswerPutThrough::Answer::Accept, words, report);
    } else if (verb == "reject") {
        answerDeal(AnswerPutThrough::Answer::Reject, words, report);
    } else if (verb == "withdraw") {
        answerDeal(AnswerPutThrough::Answer::Cancel, words, report);
    } else if (verb == "halt") {
        setState(SetInstrumentState::Action::Halt, words, report);
    } else if (verb == "resume") {
        setState(SetInstrumentState::Action::Resume, words, report);
    } else if (verb == "activate") {
        setState(SetInstrumentState::Action::Activate, words, report);
    } else if (verb == "deactivate") {
        setState(SetInstrumentState::Action::Deactivate, words, report);
    } else if (verb == "ex-rights") {
        announceExRights(words, report);
    } else if (verb == "expect") {
        expect(words, report);
    } else if (verb == "restart") {
        restart(words, report);
    } else if (verb == "give") {
        const AccountNo no = account(words);
        const std::string word = words.next("cash=AMOUNT or SYMBOL=QUANTITY");
        const auto grant = splitSetting(word);
        if (!grant)
            words.complain(word, "cash=AMOUNT or SYMBOL=QUANTITY");
        words.end();
        if (!words.complaint())
            give(no, {grant->first, grant->second}, words, report);
    } else {
        return false;
    }
    return true;
}

/// DATE TIME | TIME | T+DAYS TIME | +15m
std::optional<Time> MarketScenario::readTime(Words &words) const
{
    constexpr std::string_view wanted =
        "a time: 2026-11-20 09:15, 09:15:30, T+2 13:00, +90s, +15m or +2h";
    const Time now = m_engine->now();
    Date day = vietnamDate(now);
    std::string word = words.next(wanted);
    if (const auto step = parseStep(word))
        return now + *step;
    if (word.starts_with("T+")) {
        const auto days = parseGrouped(word.substr(2), 0);
        if (!days || *days < 0 || *days > 100) {
            words.complain(word, "T+DAYS, of at most 100 trading days");
            return std::nullopt;
        }
        day = m_engine->exchange().rules().calendar.addTradingDays(day, static_cast<int>(*days));
        word = words.next(wanted);
    } else if (const auto date = parseIsoDate(word)) {
        day = *date;
        word = words.next(wanted);
    }
    const auto timeOfDay = parseTimeOfDay(word);
    if (!timeOfDay) {
        words.complain(word, wanted);
        return std::nullopt;
    }
    return vietnamTime(day, *timeOfDay);
}

/// Lets the time pass from one event to the next, so that what happens is shown in order.
void MarketScenario::moveClock(Words &words, Report &report)
{
    const auto to = readTime(words);
    words.end();
    if (!to || words.complaint())
        return;
    if (*to < m_engine->now() || *to - m_engine->now() > longestJump) {
        words.complain(isoTime(*to), "within 400 days after " + isoTime(m_engine->now()));
        return;
    }
    std::vector<std::string> events;
    while (!words.complaint()) {
        const Time next = std::min(*to, m_engine->nextTimer());
        CommittedGroup group;
        m_engine->apply({next, Tick{}}, group);
        note(group, events);
        if (next == *to)
            break;
    }
    report.happened(std::move(events));
}

/// A new engine from the snapshot of this one, as after a stop and a start.
void MarketScenario::restart(Words &words, Report &report)
{
    words.end();
    if (words.complaint())
        return;
    auto engine = std::make_unique<Engine>();
    const std::string snapshot = m_engine->snapshot();
    const bool restored = engine->restore(snapshot);
    report.check(restored, "a snapshot that can be restored", "none");
    if (!restored)
        return;
    report.check(engine->snapshot() == snapshot, "the same snapshot after it", "another");
    for (const ClientOrder &order : m_clientOrders)
        engine->addClientOrder(order);
    report.check(engine->stateHash() == m_engine->stateHash(), "the same state hash", "another");
    m_engine = std::move(engine);
    report.happened({});
}

CommandResult MarketScenario::apply(CommandBody body, Report &report)
{
    CommittedGroup group;
    const CommandResult result = m_engine->apply({m_engine->now(), std::move(body)}, group);
    std::vector<std::string> events;
    note(group, events);
    report.happened(std::move(events));
    return result;
}

/// Keeps what changed of the orders and adds its events.
void MarketScenario::note(const CommittedGroup &group, std::vector<std::string> &events)
{
    for (const OrderRecord &record : group.orders)
        m_orders[nameOf(record.id)].record = record;
    for (const PutThroughRecord &record : group.putThroughs)
        m_deals[nameOf(record.id)].record = record;
    const auto nameOfOrder = [this](const Uuid &id) { return nameOf(id); };
    for (std::string &event : eventsOf(group, m_engine->exchange(), nameOfOrder))
        events.push_back(std::move(event));
    if (std::exchange(m_clientOrderDay, m_engine->clientOrderDay()) != m_engine->clientOrderDay())
        m_clientOrders.clear();
    for (const ClientOrder &order : m_engine->takeNewClientOrders())
        m_clientOrders.push_back(order);
}

std::string MarketScenario::nameOf(const Uuid &order) const
{
    const auto name = m_names.find(order);
    return name == m_names.end() ? "-" : name->second;
}

std::string MarketScenario::expectedAnswer(Words &words)
{
    if (words.atEnd())
        return "OK";
    if (!words.take("->"))
        words.complain(words.peek(), "'->' and the answer that is expected");
    const std::string expected = words.rest();
    if (expected.empty())
        words.complain({}, "the answer that is expected");
    return expected;
}

std::string MarketScenario::textOf(const CommandResult &result) const
{
    if (result.ok() && result.duplicate) {
        const auto same = std::ranges::find_if(m_orders, [&](const auto &order) {
            return order.second.record && order.second.record->no == result.order->no;
        });
        return "OK same as " + (same == m_orders.end() ? "-" : same->first);
    }
    if (result.ok())
        return "OK";
    std::string text(codeName(result.error.code));
    for (const std::string *part :
         {&result.error.field, &result.error.value, &result.error.bound}) {
        const auto id = Uuid::parse(*part);
        text += " " + (part->empty() ? "-" : id && m_names.contains(*id) ? nameOf(*id) : *part);
    }
    while (text.ends_with(" -"))
        text.resize(text.size() - 2);
    return text;
}

void MarketScenario::answer(const CommandResult &result, const std::string &expected,
                            Report &report) const
{
    report.answered(textOf(result));
    report.check(expected, textOf(result));
}

// Names

AccountNo MarketScenario::account(Words &words) const
{
    const std::string name = words.next("an account");
    const auto account = m_accounts.find(name);
    if (account != m_accounts.end())
        return account->second;
    words.complain(name, "an account; an 'account " + name + "' line makes one");
    return 0;
}

const Instrument *MarketScenario::instrument(Words &words) const
{
    const std::string symbol = words.next("a symbol");
    const auto &instruments = m_engine->exchange().instruments();
    const auto found = std::ranges::find(instruments, symbol, &Instrument::symbol);
    if (found != instruments.end())
        return &*found;
    words.complain(symbol, "a listed symbol");
    return nullptr;
}

MarketScenario::Placed *MarketScenario::placed(Words &words)
{
    const std::string name = words.next("the name of an order");
    const auto order = m_orders.find(name);
    if (order != m_orders.end())
        return &order->second;
    words.complain(name, "the name of an order of this scenario");
    return nullptr;
}

MarketScenario::Deal *MarketScenario::deal(Words &words)
{
    const std::string name = words.next("the name of a put-through deal");
    const auto found = m_deals.find(name);
    if (found != m_deals.end())
        return &found->second;
    words.complain(name, "the name of a put-through deal of this scenario");
    return nullptr;
}

} // namespace khop::bench
