// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/condition_words.h"

#include "base/decimal.h"
#include "ui/numbers.h"
#include "ui/words.h"

#include <QCoreApplication>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(khop::ui::ConditionWords)
};

QString legText(const ConditionLeg &terms, Leg leg, Side side, const Instrument &instrument)
{
    const QString trigger =
        (meetsUpwards(side, leg) ? u"≥ "_s : u"≤ "_s) + priceText(terms.trigger, instrument);
    return terms.limit ? trigger + u" → "_s + priceText(*terms.limit, instrument) : trigger;
}

QString legsText(const Condition &condition, Side side, const Instrument &instrument)
{
    QStringList legs;
    if (condition.takeProfit)
        legs << legText(*condition.takeProfit, Leg::TakeProfit, side, instrument);
    if (condition.stopLoss)
        legs << legText(*condition.stopLoss, Leg::StopLoss, side, instrument);
    return legs.join(u" | "_s);
}

QString trailText(const Condition &condition, Side side, const Instrument &instrument)
{
    const QString trail =
        condition.trailPpm != 0
            ? QString::fromStdString(formatDecimal(condition.trailPpm, 4, true)) + u'%'
            : priceText(condition.trailAmount, instrument);
    return condition.stopLoss ? u"%1 (%2)"_s.arg(trail, legText(*condition.stopLoss, Leg::StopLoss,
                                                                side, instrument))
                              : trail;
}

} // namespace

QString conditionTypeText(ConditionType type)
{
    switch (type) {
    case ConditionType::Stop: return Words::tr("Stop");
    case ConditionType::TakeProfit: return Words::tr("Take-profit");
    case ConditionType::Trailing: return Words::tr("Trailing stop");
    case ConditionType::Oco: return Words::tr("OCO");
    case ConditionType::Bracket: return Words::tr("Bull & Bear");
    case ConditionType::IfDone: return Words::tr("If done");
    }
    return {};
}

QString conditionText(const Condition &condition, Side side, const Instrument &instrument)
{
    QString terms;
    switch (condition.type) {
    case ConditionType::Stop:
    case ConditionType::TakeProfit:
    case ConditionType::Oco: terms = legsText(condition, side, instrument); break;
    case ConditionType::Bracket: terms = legsText(condition, opposite(side), instrument); break;
    case ConditionType::Trailing: terms = trailText(condition, side, instrument); break;
    case ConditionType::IfDone:
        if (condition.then) // it may be of another instrument: its quantity and price are not ours
            terms = sideText(condition.then->side);
        break;
    }
    return conditionTypeText(condition.type) + u' ' + terms;
}

QString orderStatusText(const OrderRecord &order)
{
    const bool child = !order.parent.isNull();
    const bool waits =
        order.condition && !hasChild(order.condition->type) && order.condition->met == Leg::None;
    if (order.status != OrderStatus::Queued || (!waits && !child))
        return statusText(order.status);
    return waits ? Words::tr("Waiting for trigger") : Words::tr("Waiting");
}

} // namespace khop::ui
