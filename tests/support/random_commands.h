// SPDX-License-Identifier: GPL-3.0-or-later
// Random commands that move money: orders of every type, amends, cancels, deposits, withdrawals, corporate
// actions, limits, kill switches, days that end or start over. Same seed and same answers, same commands.
#pragma once

#include "base/mix.h"
#include "base/wide.h"
#include "engine/command.h"

#include <deque>

namespace khop::test {

class RandomCommands
{
public:
    RandomCommands(std::uint64_t seed, AccountNo accounts) : m_random(seed), m_accounts(accounts) {}

    /// Opens the accounts and gives them something to trade with, one command at a time.
    std::optional<CommandBody> setUp(const std::vector<Instrument> &instruments)
    {
        const std::size_t step = m_setUp++;
        const std::size_t each = 4 + holdingsAtFirst;
        if (step >= each * m_accounts)
            return std::nullopt;
        const auto account = static_cast<AccountNo>(step / each + 1);
        switch (step % each) {
        case 0: return OpenAccount{uuid7(Time{0}, account, 1), "a" + std::to_string(account)};
        case 1: return EndowCash{account, "VND", Money(2'000'000'000)};
        case 2: return EndowCash{account, "USD", Money(1'000'000)};
        case 3: return margin(account, account % 3 == 0);
        default: return gift(account, instruments);
        }
    }

    CommandBody next(Time now, const std::vector<Instrument> &instruments)
    {
        switch (below(32)) {
        case 0:
        case 1:
        case 2: return cancel(now, instruments);
        case 3:
        case 4: return amend(now, instruments);
        case 5: return rare(now, instruments);
        case 6: return Tick{};
        default: return place(now, instruments);
        }
    }

    /// What became of orders: later amends and cancels name some of the open ones.
    void note(const OrderRecord &order)
    {
        if (order.version == 1 && isOpen(order.status))
            m_open.push_back({order.account, order.id, order.instrument});
        if (m_open.size() > 2'000)
            m_open.pop_front();
    }

    std::uint64_t below(std::uint64_t bound) { return m_random.below(bound); }
    SplitMix &random() { return m_random; }

private:
    static constexpr std::size_t holdingsAtFirst = 3;
    struct Open {
        AccountNo account = 0;
        Uuid id;
        InstrumentIndex instrument = noInstrument;
    };

    AccountNo someone() { return static_cast<AccountNo>(1 + below(m_accounts)); }
    Side side() { return below(2) == 0 ? Side::Buy : Side::Sell; }
    std::int64_t upTo(std::int64_t most)
    {
        return 1 + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most)));
    }
    /// Few of them most of the time, so that orders meet.
    const Instrument &something(const std::vector<Instrument> &instruments)
    {
        return instruments[below(below(4) == 0 ? instruments.size() : 6)];
    }
    static std::int64_t unit(const Instrument &instrument)
    {
        return powerOfTen(instrument.quantityScale);
    }
    Price priceNear(const Instrument &instrument)
    {
        Price price = instrument.reference;
        const bool up = below(2) == 0;
        for (std::uint64_t ticks = below(5); ticks > 0; --ticks)
            price = up ? instrument.ticks.up(price) : instrument.ticks.down(price);
        return below(50) == 0 ? price + Price(1) : price;
    }
    Quantity quantity(const Instrument &instrument)
    {
        switch (below(10)) {
        case 0: return Quantity(upTo(99) * unit(instrument));
        case 1: return Quantity(upTo(unit(instrument)) - 1); // 0 of shares, fractions of coins
        default: return Quantity(100 * upTo(20) * unit(instrument));
        }
    }
    CommandBody gift(AccountNo account, const std::vector<Instrument> &instruments)
    {
        const Instrument &instrument = something(instruments);
        return EndowSecurities{account, instrument.index, Quantity(upTo(20'000) * unit(instrument)),
                               Price(1 + instrument.reference.raw() * upTo(150) / 100)};
    }
    CommandBody place(Time now, const std::vector<Instrument> &instruments)
    {
        const Instrument &instrument = something(instruments);
        PlaceOrder place;
        place.account = someone();
        place.id = uuid7(now, 3, ++m_ids);
        place.instrument = instrument.index;
        place.side = side();
        const bool spot = instrument.exchange == Exchange::SPOT;
        place.type = spot ? OrderType::Limit : OrderType::LO;
        if (below(4) == 0)
            place.type = static_cast<OrderType>(below(orderTypeCount));
        if (spot)
            place.timeInForce = static_cast<TimeInForce>(below(5));
        if (carriesPrice(place.type))
            place.price = priceNear(instrument);
        place.quantity = quantity(instrument);
        place.queue = below(2) == 0;
        if (below(12) == 0)
            addCondition(place, instrument);
        return place;
    }
    void addCondition(PlaceOrder &place, const Instrument &instrument)
    {
        auto condition = std::make_shared<Condition>();
        const bool family = below(3) == 0;
        condition->type = family ? ConditionType::Bracket : ConditionType::Oco;
        const bool legsSell = (place.side == Side::Sell) != family;
        Price above = instrument.reference, under = instrument.reference;
        for (std::int64_t ticks = upTo(6); ticks > 0; --ticks) {
            above = instrument.ticks.up(above);
            under = instrument.ticks.down(under);
        }
        condition->takeProfit = ConditionLeg{legsSell ? above : under, {}};
        condition->stopLoss = ConditionLeg{legsSell ? under : above, {}};
        if (!family) {
            place.price.reset();
            place.type = instrument.exchange == Exchange::SPOT    ? OrderType::Market
                         : instrument.exchange == Exchange::UPCOM ? OrderType::LO
                                                                  : OrderType::MTL;
        }
        place.condition = std::move(condition);
    }
    CommandBody cancel(Time now, const std::vector<Instrument> &instruments)
    {
        if (m_open.empty())
            return place(now, instruments);
        const Open &open = m_open[below(m_open.size())];
        return CancelOrder{open.account, open.id};
    }
    CommandBody amend(Time now, const std::vector<Instrument> &instruments)
    {
        if (m_open.empty())
            return place(now, instruments);
        const Open &open = m_open[below(m_open.size())];
        const Instrument &instrument = instruments[open.instrument];
        AmendOrder amend{open.account, open.id, {}, {}, {}, {}};
        if (below(2) == 0)
            amend.price = priceNear(instrument);
        else
            amend.quantity = quantity(instrument);
        return amend;
    }
    CommandBody action(Time now, const std::vector<Instrument> &instruments)
    {
        CorporateTerms terms;
        terms.instrument = something(instruments).index;
        terms.type = static_cast<CorporateActionType>(below(corporateActionTypeCount));
        if (terms.type == CorporateActionType::Merger && below(100) != 0)
            terms.type = CorporateActionType::Rights; // a merger leaves a symbol less to trade
        terms.exDate = vietnamDate(now) + static_cast<int>(upTo(4));
        terms.recordDate = terms.exDate + static_cast<int>(below(4));
        terms.payDate = terms.recordDate + static_cast<int>(below(5));
        const std::int64_t amount = upTo(2'000);
        if (terms.hasRatio()) {
            terms.ratio = amount * 157;
            terms.per = upTo(3);
        }
        if (terms.givesShares() || terms.converts())
            terms.fractionPrice = Price(static_cast<std::int64_t>(below(9)) * 1'000);
        if (terms.type == CorporateActionType::CashDividend)
            terms.cash = Price(amount);
        if (terms.atOnce())
            terms.recordDate = terms.payDate = {};
        if (terms.converts())
            terms.ratio *= 10;
        if (terms.type == CorporateActionType::Merger)
            terms.into = something(instruments).index;
        if (terms.type == CorporateActionType::Transfer)
            terms.to = static_cast<Exchange>(below(exchangeCount));
        m_lastAction = uuid7(now, 4, ++m_ids);
        if (terms.isRights()) {
            terms.issuePrice = Price(amount * 5);
            terms.recordDate = {};
            terms.subscriptionTo = terms.exDate + static_cast<int>(upTo(6));
            terms.payDate = terms.subscriptionTo + static_cast<int>(upTo(3));
            m_lastRights = m_lastAction;
        }
        return AnnounceCorporateAction{m_lastAction, terms};
    }
    /// With little of their own: prices that fall call the account and sell for it.
    static CommandBody margin(AccountNo account, bool lends)
    {
        if (!lends)
            return SetMargin{account, nullptr};
        auto terms = std::make_shared<MarginTerms>();
        terms->limit = Money(1'000'000'000);
        terms->ratio = 500'000;
        terms->interest = 120'000;
        return SetMargin{account, std::move(terms)};
    }
    CommandBody elect()
    {
        ElectRights elect{
            someone(),           m_lastRights,   static_cast<ElectRights::Choice>(below(3)),
            Quantity(upTo(100)), Price(upTo(3)), someone()};
        if (elect.choice == ElectRights::Choice::Subscribe)
            elect.price = {};
        return elect;
    }
    CommandBody rare(Time now, const std::vector<Instrument> &instruments)
    {
        const char *currency = below(2) == 0 ? "VND" : "USD";
        switch (below(20)) {
        case 0: return CancelAll{someone(), noInstrument};
        case 1:
        case 2: return EndowCash{someone(), currency, Money(upTo(50'000'000))};
        case 3:
        case 4: return WithdrawCash{someone(), currency, Money(upTo(3'000'000'000))};
        case 5:
        case 6: return gift(someone(), instruments);
        case 7: return action(now, instruments);
        case 8: return WithdrawCorporateAction{m_lastAction};
        case 9: m_killed = someone(); return SetKillSwitch{m_killed, true, true, "random"};
        case 10: return SetKillSwitch{below(400) == 0 ? 0 : someone(), true, true, "random"};
        case 11: return SetKillSwitch{m_killed, false, true, {}};
        case 12: return SetKillSwitch{0, false, true, {}};
        case 13: {
            auto limits = std::make_shared<RiskLimits>();
            limits->openOrders = upTo(50);
            return SetRiskLimits{someone(), below(2) == 0 ? limits : nullptr};
        }
        case 14: return AdvanceCash{someone(), "VND", Money(upTo(50'000'000))};
        case 15:
            return ConvertCash{someone(), currency, below(2) == 0 ? "VND" : "USD",
                               Money(upTo(30'000'000))};
        case 16: return margin(someone(), below(3) != 0);
        default: break;
        }
        if (below(100) == 0)
            return ResetPractice{};
        return elect();
    }

    SplitMix m_random;
    AccountNo m_accounts;
    AccountNo m_killed = 1;
    Uuid m_lastAction, m_lastRights;
    std::size_t m_setUp = 0;
    std::uint64_t m_ids = 0;
    std::deque<Open> m_open;
};

} // namespace khop::test
