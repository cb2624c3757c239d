// SPDX-License-Identifier: GPL-3.0-or-later
// The market as a scenario describes it: rules, switches, instruments, accounts.
#include "market_scenario.h"

#include "rules_text.h"
#include "scenario_file.h"

#include "market/defaults.h"

#include <algorithm>

namespace khop::bench {

namespace {

constexpr std::size_t mostAccounts = 1'000;
constexpr std::size_t mostInstruments = 1'000;
constexpr Money plentyOfCash{1'000'000'000'000'000};
constexpr Quantity plentyOfShares{1'000'000'000};

/// The engine's words for what it refused: "CODE field 'value' instead of bound".
std::string refusalText(const Error &error)
{
    return std::string(codeName(error.code)) + " " + error.field + ": '" + error.value
           + "' instead of " + error.bound;
}

std::string csvCell(const std::string &text)
{
    if (text.find_first_of(",\"") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

} // namespace

// The market as described

bool MarketScenario::describe(const std::string &verb, Words &words, Report &report)
{
    if (verb == "account") {
        const NewAccount account = readAccount(words);
        if (words.complaint())
            return true;
        if (m_open)
            openAccount(account, words, report);
        else
            m_newAccounts.push_back(account);
        return true;
    }
    const bool describes = verb == "rules" || verb == "rule" || verb == "policy"
                           || verb == "instruments" || verb == "instrument";
    if (!describes)
        return false;
    if (m_open)
        words.complain(verb, "known after the first clock line; describe the market before it");
    else if (verb == "rules")
        readRules(words);
    else if (verb == "rule")
        readRule(words.next("a path such as exchanges.HOSE.rates.fee"), words);
    else if (verb == "policy")
        readRule("policies." + words.next("the name of a switch"), words);
    else if (verb == "instruments")
        readInstruments(words);
    else
        readInstrument(words, report);
    return true;
}

std::string MarketScenario::readNamedFile(Words &words, std::string_view wanted)
{
    const std::string name = words.next(wanted);
    words.end();
    if (words.complaint())
        return {};
    const std::string path = name.starts_with('/') ? name : m_directory + "/" + name;
    auto text = readBounded(path);
    if (!text)
        words.complain(name, "a file that can be read: " + text.error());
    return text.value_or("");
}

void MarketScenario::readRules(Words &words)
{
    m_rules = readNamedFile(words, "a file of market rules");
}

void MarketScenario::readRule(const std::string &path, Words &words)
{
    if (!words.take("="))
        words.complain(words.peek(), "'=' and the value of " + path);
    const std::string value = words.rest();
    if (value.empty())
        words.complain({}, "the value of " + path);
    if (words.complaint())
        return;
    auto changed = withRule(m_rules, path, value);
    if (!changed)
        words.complain(path, "a rule: " + changed.error());
    else
        m_rules = std::move(*changed);
}

void MarketScenario::readInstruments(Words &words)
{
    if (words.take("default")) {
        words.end();
        m_instrumentsFile = defaultInstrumentsText();
    } else {
        m_instrumentsFile = readNamedFile(words, "'default' or a file of instruments");
    }
}

/// instrument SYMBOL EXCHANGE REFERENCE [COLUMN=VALUE | FLAG]...
void MarketScenario::readInstrument(Words &words, const Report &report)
{
    Listed listed;
    listed.symbol = words.next("a symbol");
    listed.exchange = words.next("an exchange");
    if (!exchangeFromName(listed.exchange))
        words.complain(listed.exchange, "an exchange: HOSE, HNX, UPCOM, SPOT");
    listed.reference = plainNumbers(words.next("a reference price"));
    while (!words.atEnd()) {
        const std::string word = words.next("a column");
        auto column = splitSetting(word).value_or(std::pair(word, std::string("true")));
        column.second = plainNumbers(column.second);
        listed.columns.push_back(std::move(column));
    }
    listed.place = report.place();
    if (m_listed.size() == mostInstruments)
        words.complain(listed.symbol,
                       "taken: " + std::to_string(mostInstruments) + " instruments are the most");
    m_listed.push_back(std::move(listed));
}

/// The lines about instruments as a CSV file, after the file that was named, if any.
std::string MarketScenario::instrumentsText() const
{
    if (m_instrumentsFile)
        return *m_instrumentsFile;
    std::vector<std::string> columns;
    for (const Listed &listed : m_listed) {
        for (const auto &[column, value] : listed.columns) {
            if (std::ranges::find(columns, column) == columns.end())
                columns.push_back(column);
        }
    }
    std::string text = "symbol,exchange,name,ref";
    for (const std::string &column : columns)
        text += "," + csvCell(column);
    for (const Listed &listed : m_listed) {
        text += "\n" + csvCell(listed.symbol) + "," + listed.exchange + "," + csvCell(listed.symbol)
                + "," + csvCell(listed.reference);
        for (const std::string &column : columns) {
            const auto own = std::ranges::find(listed.columns, column,
                                               &std::pair<std::string, std::string>::first);
            text += "," + (own == listed.columns.end() ? "" : csvCell(own->second));
        }
    }
    return text + "\n";
}

/// The place of the line that a refusal of instrumentsText() is about, with a colon.
std::string MarketScenario::whereOf(const Error &error) const
{
    constexpr std::string_view start = "line ";
    if (m_instrumentsFile || !error.field.starts_with(start))
        return {};
    const std::size_t end = std::min(error.field.find(','), error.field.size());
    const auto line = parseGrouped(error.field.substr(start.size(), end - start.size()), 0);
    const std::size_t at = static_cast<std::size_t>(line.value_or(0)) - 2; // after the header
    return at < m_listed.size() ? m_listed[at].place + ": " : "";
}

/// The first clock line: configures the engine at midnight of the day and lets time pass from there.
void MarketScenario::open(Date day, Words &words, Report &report)
{
    const std::string timeOfDay = words.next("a time of day");
    const auto time = parseTimeOfDay(timeOfDay);
    if (!time)
        words.complain(timeOfDay, "a time of day such as 09:15 or 09:15:30");
    words.end();
    if (m_instrumentsFile && !m_listed.empty())
        words.complain("instruments", "known beside single instrument lines; use one of the two");
    if (!m_instrumentsFile && m_listed.empty())
        words.complain("clock", "possible yet: no instrument is listed");
    if (words.complaint())
        return;
    CommittedGroup group;
    const CommandResult result =
        m_engine->apply({vietnamTime(day, 0), Configure{m_rules, instrumentsText()}}, group);
    if (!result.ok()) {
        words.complain("clock", "possible: " + whereOf(result.error) + refusalText(result.error));
        return;
    }
    m_open = true;
    for (const NewAccount &account : m_newAccounts)
        openAccount(account, words, report);
    if (!words.complaint()) {
        Words rest(isoDate(day) + " " + timeOfDay);
        moveClock(rest, report);
    }
}

// Accounts

/// NAME [plenty] [foreign] [cash=AMOUNT] [CURRENCY=AMOUNT] [SYMBOL=QUANTITY[@COST]]...
MarketScenario::NewAccount MarketScenario::readAccount(Words &words)
{
    NewAccount account;
    account.name = words.next("a name");
    while (!words.atEnd()) {
        if (words.take("plenty")) {
            account.plenty = true;
        } else if (words.take("foreign")) {
            account.foreign = true;
        } else {
            const std::string word = words.next("a grant");
            const auto grant = splitSetting(word);
            if (!grant)
                words.complain(word, "plenty, foreign, cash=AMOUNT or SYMBOL=QUANTITY");
            else
                account.grants.push_back({grant->first, grant->second});
        }
    }
    const auto same = std::ranges::find(m_newAccounts, account.name, &NewAccount::name);
    if (same != m_newAccounts.end() || m_accounts.contains(account.name))
        words.complain(account.name, "free: another account has this name");
    if (m_newAccounts.size() + m_accounts.size() >= mostAccounts)
        words.complain(account.name,
                       "taken: " + std::to_string(mostAccounts) + " accounts are the most");
    return account;
}

void MarketScenario::openAccount(const NewAccount &account, Words &words, Report &report)
{
    const AccountNo no = apply(OpenAccount{nextId(), account.name}, report).account;
    if (account.foreign)
        apply(SetAccountForeign{no, true}, report);
    m_accounts[account.name] = no;
    if (account.plenty) {
        for (const Currency &currency : m_engine->exchange().rules().currencies)
            apply(EndowCash{no, currency.code, plentyOfCash}, report);
        for (const Instrument &instrument : m_engine->exchange().instruments())
            apply(EndowSecurities{no, instrument.index, plentyOfShares, Price(1)}, report);
    }
    for (const Grant &grant : account.grants)
        give(no, grant, words, report);
}

void MarketScenario::give(AccountNo account, const Grant &grant, Words &words, Report &report)
{
    const MarketRules &rules = m_engine->exchange().rules();
    const std::string wanted = grant.what == "cash" ? "VND" : grant.what;
    const auto currency = std::ranges::find(rules.currencies, wanted, &Currency::code);
    CommandResult result;
    if (currency != rules.currencies.end()) {
        const auto amount = parseGrouped(grant.amount, currency->scale);
        if (!amount)
            words.complain(grant.amount, "an amount of " + currency->code);
        else
            result = apply(EndowCash{account, currency->code, Money(*amount)}, report);
    } else {
        const auto &instruments = m_engine->exchange().instruments();
        const auto instrument = std::ranges::find(instruments, wanted, &Instrument::symbol);
        if (instrument == instruments.end()) {
            words.complain(grant.what, "cash, a currency or a listed symbol");
            return;
        }
        const std::size_t at = grant.amount.find('@');
        const auto quantity = parseGrouped(grant.amount.substr(0, at), instrument->quantityScale);
        const auto cost = at == std::string::npos
                              ? std::optional(instrument->reference.raw())
                              : parseGrouped(grant.amount.substr(at + 1), instrument->priceScale);
        if (!quantity || !cost)
            words.complain(grant.amount, "QUANTITY or QUANTITY@COST");
        else
            result = apply(
                EndowSecurities{account, instrument->index, Quantity(*quantity), Price(*cost)},
                report);
    }
    if (!result.ok())
        words.complain(grant.amount, "taken: " + refusalText(result.error));
}

} // namespace khop::bench
