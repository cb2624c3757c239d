// SPDX-License-Identifier: GPL-3.0-or-later
// Random conditional orders, trades, amends, cancels, day changes and restarts. After every command the
// engine's own invariants hold (RecordedEngine); here: nobody sells what he has not, every order keeps its
// quantity, no child outlives a parent that did nothing, and a replay and a restored engine agree.
#include "../../support/recorded_engine.h"

#include "base/mix.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr const char *symbols[] = {"SSI", "SHS", "ACV", "DEMO"};

struct RandomDesk : RecordedEngine {
    SplitMix random;
    std::vector<AccountNo> traders;
    std::set<Uuid> resized; // by their owner

    explicit RandomDesk(std::uint64_t seed) : random(seed)
    {
        for (int i = 0; i < 3; ++i) {
            traders.push_back(account("trader"));
            for (const char *name : symbols)
                shares(traders.back(), name, 20'000);
        }
    }
    std::int64_t below(std::int64_t bound)
    {
        return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
    }
    const Instrument &anyInstrument()
    {
        return engine->exchange().instrument(symbol(symbols[below(4)]));
    }
    /// A valid price some ticks from the last one.
    Price near(const Instrument &instrument, std::int64_t ticks)
    {
        Price price = engine->exchange().lastOrReference(instrument.index);
        for (; ticks > 0; --ticks)
            price = instrument.ticks.up(price);
        for (; ticks < 0 && price > instrument.ticks.tickAt(Price(0)); ++ticks)
            price = instrument.ticks.down(price);
        return price;
    }
    ConditionLeg leg(const Instrument &instrument, std::int64_t ticks)
    {
        ConditionLeg leg{near(instrument, ticks), {}};
        if (below(3) == 0)
            leg.limit = near(instrument, ticks + below(5) - 2);
        return leg;
    }
    std::shared_ptr<Condition> anyCondition(const Instrument &instrument, Side side, bool family)
    {
        auto condition = std::make_shared<Condition>();
        condition->type = static_cast<ConditionType>(below(family ? 6 : 4));
        const bool legsSell = (side == Side::Sell) != (condition->type == ConditionType::Bracket);
        const std::int64_t up = 1 + below(6), down = -1 - below(6);
        const std::int64_t profit = legsSell ? up : down, loss = legsSell ? down : up;
        switch (condition->type) {
        case ConditionType::Stop: condition->stopLoss = leg(instrument, loss); break;
        case ConditionType::TakeProfit: condition->takeProfit = leg(instrument, profit); break;
        case ConditionType::Trailing:
            if (below(2) == 0)
                condition->trailAmount = near(instrument, 3) - near(instrument, 0);
            else
                condition->trailPpm = 5'000 + below(30'000);
            if (below(2) == 0)
                condition->limitOffset = Price(below(200));
            break;
        case ConditionType::Oco:
        case ConditionType::Bracket:
            condition->takeProfit = leg(instrument, profit);
            condition->stopLoss = leg(instrument, loss);
            break;
        case ConditionType::IfDone: {
            const Instrument &listed = below(2) == 0 ? instrument : anyInstrument();
            PlaceOrder then = plain(listed, below(2) == 0 ? Side::Buy : Side::Sell);
            if (below(3) == 0) {
                then.condition = anyCondition(listed, then.side, false);
                then.price.reset();
                then.type = typeFor(listed, *then.condition);
            }
            condition = ifDone(then);
            break;
        }
        }
        return condition;
    }
    OrderType typeFor(const Instrument &instrument, const Condition &condition) const
    {
        const bool limited = condition.limitOffset
                             || (condition.type != ConditionType::Oco
                                 && ((condition.stopLoss && condition.stopLoss->limit)
                                     || (condition.takeProfit && condition.takeProfit->limit)));
        if (instrument.exchange == Exchange::SPOT)
            return limited ? OrderType::Limit : OrderType::Market;
        return limited || instrument.exchange == Exchange::UPCOM ? OrderType::LO : OrderType::MTL;
    }
    PlaceOrder plain(const Instrument &instrument, Side side)
    {
        PlaceOrder place;
        place.account = traders[static_cast<std::size_t>(below(3))];
        place.instrument = instrument.index;
        place.side = side;
        place.type = instrument.exchange == Exchange::SPOT ? OrderType::Limit : OrderType::LO;
        place.quantity = Quantity(100 * (1 + below(30)));
        place.price = near(instrument, below(7) - 3);
        place.queue = below(2) == 0;
        return place;
    }
    void step()
    {
        const Instrument &instrument = anyInstrument();
        const Side side = below(2) == 0 ? Side::Buy : Side::Sell;
        const std::int64_t what = below(100);
        if (what < 40) {
            send(plain(instrument, side));
        } else if (what < 70) {
            PlaceOrder place = plain(instrument, side);
            auto condition = anyCondition(instrument, side, true);
            if (!hasChild(condition->type)) {
                place.price.reset();
                place.type = typeFor(instrument, *condition);
            }
            if (below(3) == 0) {
                place.timeInForce = TimeInForce::GTD;
                place.expiresAt = now + (1 + below(5 * 24)) * 3'600'000;
            }
            place.condition = std::move(condition);
            send(place);
        } else if (what < 80) {
            pass(1 + below(600'000));
        } else if (what < 82) {
            pass(below(20) * 3'600'000); // over breaks, nights and days
        } else if (what < 95) {
            if (madeInOrder.empty())
                return;
            const OrderRecord order = orders.at(madeInOrder[static_cast<std::size_t>(
                below(static_cast<std::int64_t>(madeInOrder.size())))]);
            if (what < 90) {
                send(CancelOrder{order.account, order.id});
            } else {
                AmendOrder amend{order.account, order.id, {}, {}, {}, {}};
                if (below(2) == 0)
                    amend.quantity = Quantity(100 * (1 + below(30)));
                else
                    amend.trigger = near(instrument, below(9) - 4);
                if (send(amend).ok() && amend.quantity)
                    resized.insert(order.id);
            }
        } else if (what < 96) {
            send(CancelAll{traders[static_cast<std::size_t>(below(3))], noInstrument});
        } else if (what < 99) {
            QVERIFY(restart());
        }
    }
    void check() const
    {
        for (const auto &[id, order] : orders) {
            QVERIFY(order.quantity == order.remaining + order.traded + order.cancelled);
            QVERIFY(order.traded <= order.quantity);
            if (order.parent.isNull() || !isOpen(order.status))
                continue;
            const OrderRecord &parent = orders.at(order.parent);
            QVERIFY2(isOpen(parent.status) || !parent.traded.isZero(), "an orphan");
            const bool bracket = parent.condition->type == ConditionType::Bracket;
            if (bracket && !isOpen(parent.status) && !resized.contains(id))
                QVERIFY2(order.quantity <= parent.traded, "more than its parent traded");
        }
        for (const AccountNo trader : traders) {
            for (const char *name : symbols) {
                const Position position = engine->position(trader, symbol(name));
                QVERIFY(position.sellable.raw() >= 0 && position.held.raw() >= 0);
            }
        }
    }
};

} // namespace

class ConditionsRandomTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverHappensNothingIsSoldTwiceAndAReplayAgrees()
    {
        const int rounds = qEnvironmentVariableIntValue("KHOP_ROUNDS") > 0
                               ? qEnvironmentVariableIntValue("KHOP_ROUNDS")
                               : 40;
        const auto seed = static_cast<std::uint64_t>(qEnvironmentVariableIntValue("KHOP_SEED"));
        std::size_t met = 0, filled = 0, children = 0;
        for (int round = 0; round < rounds; ++round) {
            RandomDesk desk(seed * 1'000'003 + static_cast<std::uint64_t>(round));
            for (int i = 0; i < 400; ++i)
                desk.step();
            desk.check();
            QVERIFY2(desk.replayedHash() == desk.engine->stateHash(),
                     qPrintable(QStringLiteral("round %1 does not replay").arg(round)));
            for (const auto &[id, order] : desk.orders) {
                const bool waited = order.condition && !hasChild(order.condition->type);
                met += waited && order.condition->met != Leg::None ? 1 : 0;
                filled += waited && !order.traded.isZero() ? 1 : 0;
                children += !order.parent.isNull() && !order.traded.isZero() ? 1 : 0;
            }
        }
        // it is about something only if a good many conditions were met
        qInfo("met %zu, of which traded %zu; children that traded %zu", met, filled, children);
        QVERIFY(met > static_cast<std::size_t>(rounds) * 5);
        QVERIFY(children > static_cast<std::size_t>(rounds));
    }

    void amongPracticeParticipantsConditionsAreMetAndReplay()
    {
        RandomDesk desk(3);
        desk.send(SetParticipants{true, 11});
        for (int minute = 0; minute < 60; ++minute) {
            const Instrument &instrument = desk.engine->exchange().instrument(desk.symbol("SSI"));
            const Side side = desk.below(2) == 0 ? Side::Buy : Side::Sell;
            PlaceOrder place = desk.plain(instrument, side);
            auto condition = desk.anyCondition(instrument, side, true);
            if (!hasChild(condition->type)) {
                place.price.reset();
                place.type = desk.typeFor(instrument, *condition);
            }
            place.condition = std::move(condition);
            desk.send(place);
            desk.pass(60'000);
            if (minute % 20 == 10)
                QVERIFY(desk.restart());
        }
        desk.check();
        std::size_t met = 0;
        for (const auto &[id, order] : desk.orders)
            met += order.condition && order.condition->met != Leg::None ? 1 : 0;
        QVERIFY2(met > 5, qPrintable(QString::number(met)));
        QCOMPARE(desk.replayedHash(), desk.engine->stateHash());
    }
};

QTEST_GUILESS_MAIN(ConditionsRandomTest)
#include "tst_conditions_random.moc"
