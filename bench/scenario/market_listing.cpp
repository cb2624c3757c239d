// SPDX-License-Identifier: GPL-3.0-or-later
// Put-through deals of a scenario, and what its exchange decides: halts, ex-rights dates.
#include "market_scenario.h"

#include "event_text.h"

#include "base/decimal.h"

namespace khop::bench {

void MarketScenario::proposeDeal(const std::string &name, const PlaceOrder &order,
                                 AccountNo counterparty, const std::string &expected,
                                 Report &report)
{
    m_deals[name] = {order.id, order.account, counterparty, std::nullopt};
    answer(apply(ProposePutThrough{order.account,
                                   counterparty,
                                   order.id,
                                   order.instrument,
                                   order.side,
                                   order.quantity,
                                   order.price.value_or(Price{}),
                                   {}},
                 report),
           expected, report);
}

/// accept|reject|withdraw DEAL [by ACCOUNT]
void MarketScenario::answerDeal(AnswerPutThrough::Answer what, Words &words, Report &report)
{
    const Deal *known = deal(words);
    if (!known)
        return;
    const bool own = what == AnswerPutThrough::Answer::Cancel;
    AnswerPutThrough command{own ? known->proposer : known->counterparty, known->id, what};
    if (words.take("by"))
        command.account = account(words);
    const std::string expected = expectedAnswer(words);
    if (!words.complaint())
        answer(apply(command, report), expected, report);
}

/// halt|resume|activate|deactivate SYMBOL
void MarketScenario::setState(SetInstrumentState::Action action, Words &words, Report &report)
{
    const Instrument *listed = instrument(words);
    const std::string expected = expectedAnswer(words);
    if (!words.complaint())
        answer(apply(SetInstrumentState{listed->index, action}, report), expected, report);
}

/// ex-rights SYMBOL DATE [cash=AMOUNT] [bonus=RATIO] [rights=RATIO@PRICE] [treasury]
void MarketScenario::announceExRights(Words &words, Report &report)
{
    constexpr int ratioScale = 6;
    const Instrument *listed = instrument(words);
    const std::string day = words.next("the first day without the rights");
    const auto date = parseIsoDate(day);
    if (!date)
        words.complain(day, "a date such as 2026-11-23");
    AnnounceExRights announce;
    while (!words.complaint() && !words.atEnd() && words.peek() != "->") {
        const std::string word = words.next("a right");
        const auto [key, value] = splitSetting(word).value_or(std::pair(word, std::string()));
        const std::size_t at = std::min(value.find('@'), value.size());
        const auto ratio = parseGrouped(value.substr(0, at), ratioScale);
        const auto price =
            parseGrouped(key == "rights" ? value.substr(std::min(at + 1, value.size())) : value,
                         listed->priceScale);
        if (key == "treasury")
            announce.rights.fromTreasury = true;
        else if (key == "cash" && price)
            announce.rights.cashDividend = Price(*price);
        else if (key == "bonus" && ratio)
            announce.rights.bonusRatio = *ratio;
        else if (key == "rights" && ratio && price)
            announce.rights.issuePrice = Price(*price), announce.rights.rightsRatio = *ratio;
        else
            words.complain(word, "cash=1,000, bonus=0.2, rights=0.1@10,000 or treasury");
    }
    const std::string expected = expectedAnswer(words);
    if (words.complaint())
        return;
    announce.instrument = listed->index;
    announce.exDate = *date;
    answer(apply(announce, report), expected, report);
}

MarketScenario::Facts MarketScenario::dealFacts(Words &words)
{
    const Deal *known = deal(words);
    if (!known)
        return {};
    if (!known->record)
        return {{"status", "none"}};
    const PutThroughRecord &record = *known->record;
    const Instrument &traded = m_engine->exchange().instrument(record.instrument);
    const int scale = m_engine->exchange().rules().currencyScale(traded.currency);
    return {{"status", std::string(name(record.status))},
            {"quantity", quantityText(traded, record.quantity)},
            {"price", priceText(traded, record.price)},
            {"held", formatGrouped(record.held.raw(), scale)},
            {"version", std::to_string(record.version)}};
}

} // namespace khop::bench
