// SPDX-License-Identifier: GPL-3.0-or-later
// A market of a scenario file: a real engine with its own rules, instruments, accounts and clock,
// moved by one action per line. docs/SCENARIOS.md has the language.
//
// Lines that describe the market come first; the first `clock` line opens it at midnight of its day.
// After every action the engine's invariants are checked in full.
#pragma once

#include "section.h"

#include "engine/engine.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace khop::bench {

class MarketScenario final : public Section
{
public:
    /// `directory`: where the files that it names are looked for.
    explicit MarketScenario(std::string directory);
    void run(Words &words, Report &report) override;

private:
    using Facts = std::vector<std::pair<std::string, std::string>>;
    struct Listed { // an instrument line
        std::string symbol, exchange, reference;
        std::vector<std::pair<std::string, std::string>> columns;
        std::string place;
    };
    struct Grant {
        std::string what, amount; // cash, a currency or a symbol; AMOUNT, or QUANTITY@COST
    };
    struct NewAccount {
        std::string name;
        bool foreign = false;
        bool plenty = false;
        std::vector<Grant> grants;
    };
    struct Placed { // an order, as last seen
        Uuid id;
        AccountNo account = 0;
        std::optional<OrderRecord> record;
    };

    struct Deal { // put-through, as last seen
        Uuid id;
        AccountNo proposer = 0, counterparty = 0;
        std::optional<PutThroughRecord> record;
    };

    // the market as described
    bool describe(const std::string &verb, Words &words, Report &report);
    void readRules(Words &words);
    void readRule(const std::string &path, Words &words);
    void readInstruments(Words &words);
    void readInstrument(Words &words, const Report &report);
    NewAccount readAccount(Words &words);
    std::string readNamedFile(Words &words, std::string_view wanted);
    std::string instrumentsText() const;
    std::string whereOf(const Error &error) const;
    void open(Date day, Words &words, Report &report);
    void openAccount(const NewAccount &account, Words &words, Report &report);
    void give(AccountNo account, const Grant &grant, Words &words, Report &report);

    // actions
    void act(Words &words, Report &report);
    bool act(const std::string &verb, Words &words, Report &report);
    void moveClock(Words &words, Report &report);
    std::optional<Time> readTime(Words &words) const;
    void restart(Words &words, Report &report);
    void placeOrder(const std::string &name, Words &words, Report &report);
    /// The counterparty is that of a put-through deal, or 0.
    std::pair<PlaceOrder, AccountNo> readOrder(Words &words);
    void amendOrder(Words &words, Report &report);
    void cancelOrder(Words &words, Report &report);
    void cancelAll(Words &words, Report &report);
    void proposeDeal(const std::string &name, const PlaceOrder &order, AccountNo counterparty,
                     const std::string &expected, Report &report);
    void answerDeal(AnswerPutThrough::Answer answer, Words &words, Report &report);
    void setState(SetInstrumentState::Action action, Words &words, Report &report);
    void announceExRights(Words &words, Report &report);

    // expectations
    void expect(Words &words, Report &report);
    void expectFacts(const Facts &facts, Words &words, Report &report) const;
    void expectBook(Words &words, Report &report);
    void expectSession(Words &words, Report &report);
    Facts orderFacts(Words &words);
    Facts dealFacts(Words &words);
    Facts quoteFacts(Words &words);
    Facts auctionFacts(Words &words);
    Facts cashFacts(Words &words);
    Facts sharesFacts(Words &words);

    CommandResult apply(CommandBody body, Report &report);
    /// What is expected after `->`, or OK; read before the command is applied.
    static std::string expectedAnswer(Words &words);
    void answer(const CommandResult &result, const std::string &expected, Report &report) const;
    std::string textOf(const CommandResult &result) const;
    std::string nameOf(const Uuid &order) const;
    void note(const CommittedGroup &group, std::vector<std::string> &events);

    AccountNo account(Words &words) const;
    const Instrument *instrument(Words &words) const;
    Placed *placed(Words &words);
    Deal *deal(Words &words);
    Uuid nextId() { return uuid7(m_engine->now(), 0, ++m_ids); }

    std::string m_directory;
    std::string m_rules;
    std::optional<std::string> m_instrumentsFile; // its text
    std::vector<Listed> m_listed;
    std::vector<NewAccount> m_newAccounts; // before the market is open
    std::unique_ptr<Engine> m_engine;
    bool m_open = false;
    std::vector<ClientOrder> m_clientOrders; // of their day, for a restart
    Date m_clientOrderDay;
    std::map<std::string, AccountNo, std::less<>> m_accounts;
    std::map<std::string, Placed, std::less<>> m_orders;
    std::map<std::string, Deal, std::less<>> m_deals;
    std::map<Uuid, std::string> m_names;
    std::uint64_t m_ids = 0;
};

} // namespace khop::bench
