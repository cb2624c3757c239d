// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/condition_section.h"

#include "ui/condition_words.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kinds{ConditionType::Stop, ConditionType::TakeProfit, ConditionType::Trailing,
                           ConditionType::Oco, ConditionType::Bracket};
constexpr std::array waitingDays{0, 7, 30};
constexpr int noKind = -1;

} // namespace

ConditionSection::ConditionSection(QWidget *parent)
    : QWidget(parent)
    , m_caption(new QLabel(this))
    , m_kind(new QComboBox(this))
    , m_until(new QComboBox(this))
    , m_profit(makeRow(u"Profit"_s))
    , m_stop(makeRow(u"Stop"_s))
    , m_percent(new PercentEdit(this))
    , m_unit(new QComboBox(this))
{
    setObjectName(u"conditionSection"_s);
    m_caption->setProperty("caption", true);
    m_kind->setObjectName(u"conditionKind"_s);
    m_until->setObjectName(u"conditionUntil"_s);
    m_percent->setObjectName(u"conditionPercent"_s);
    m_unit->setObjectName(u"conditionUnit"_s);
    m_percent->setMinimumWidth(60);
    m_unit->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_kind->addItem({}, noKind);
    for (const ConditionType kind : kinds)
        m_kind->addItem({}, static_cast<int>(kind));
    for (const int days : waitingDays)
        m_until->addItem({}, days);
    m_unit->addItem({}, false);
    m_unit->addItem(u"%"_s, true);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(6);
    grid->setVerticalSpacing(4);
    grid->addWidget(m_caption, 0, 0);
    grid->addWidget(m_kind, 0, 1, 1, 2);
    grid->addWidget(m_until, 0, 3, 1, 2);
    int line = 1;
    for (const LegRow &row : {m_profit, m_stop}) {
        grid->addWidget(row.caption, line, 0);
        grid->addWidget(row.trigger, line, 1);
        grid->addWidget(row.limitCaption, line, 3);
        grid->addWidget(row.limit, line, 4);
        ++line;
    }
    grid->addWidget(m_percent, 2, 1); // in the place of the trigger
    grid->addWidget(m_unit, 2, 2);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(4, 3);

    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        // a field of one kind is another thing in the next
        for (DecimalEdit *edit : findChildren<DecimalEdit *>())
            edit->setRaw(std::nullopt);
        showKind();
        Q_EMIT changed();
    });
    connect(m_unit, &QComboBox::currentIndexChanged, this, [this] {
        showKind();
        Q_EMIT changed();
    });
    connect(m_until, &QComboBox::currentIndexChanged, this, &ConditionSection::changed);
    for (DecimalEdit *edit : findChildren<DecimalEdit *>()) {
        connect(edit, &DecimalEdit::edited, this, &ConditionSection::changed);
        connect(edit, &DecimalEdit::entered, this, &ConditionSection::entered);
        connect(edit, &DecimalEdit::adjusted, this, &ConditionSection::adjusted);
    }
    setFocusProxy(m_kind);
    QWidget *before = m_kind;
    for (QWidget *next :
         std::initializer_list<QWidget *>{m_until, m_profit.trigger, m_profit.limit, m_stop.trigger,
                                          m_percent, m_unit, m_stop.limit}) {
        setTabOrder(before, next);
        before = next;
    }
    retranslate();
    showKind();
}

ConditionSection::LegRow ConditionSection::makeRow(const QString &name)
{
    LegRow row{new QLabel(this), new PriceEdit(this), new QLabel(this), new PriceEdit(this)};
    row.trigger->setObjectName(u"condition"_s + name);
    row.limit->setObjectName(u"condition"_s + name + u"Limit"_s);
    for (QLabel *caption : {row.caption, row.limitCaption})
        caption->setProperty("caption", true);
    for (PriceEdit *edit : {row.trigger, row.limit})
        edit->setMinimumWidth(70);
    return row;
}

void ConditionSection::setInstrument(const Instrument &instrument)
{
    for (const LegRow &row : {m_profit, m_stop}) {
        row.trigger->setInstrument(instrument);
        row.limit->setInstrument(instrument);
        row.trigger->setPrice(std::nullopt);
        row.limit->setPrice(std::nullopt);
    }
    m_percent->setRaw(std::nullopt);
    m_unit->setItemText(0, QString::fromStdString(instrument.currency));
}

void ConditionSection::setKind(std::optional<ConditionType> type)
{
    m_kind->setCurrentIndex(m_kind->findData(type ? static_cast<int>(*type) : noKind));
}

std::optional<ConditionType> ConditionSection::kind() const
{
    const int chosen = m_kind->currentData().toInt();
    return chosen == noKind ? std::nullopt : std::optional(static_cast<ConditionType>(chosen));
}

int ConditionSection::days() const { return m_until->currentData().toInt(); }

bool ConditionSection::trailsPercent() const
{
    return kind() == ConditionType::Trailing && m_unit->currentData().toBool();
}

void ConditionSection::showKind()
{
    const auto type = kind();
    const bool both = type == ConditionType::Oco || type == ConditionType::Bracket;
    const bool trails = type == ConditionType::Trailing;
    const bool profit = both || type == ConditionType::TakeProfit;
    const bool stop = both || trails || type == ConditionType::Stop;
    for (const auto &[row, shown] : {std::pair{&m_profit, profit}, std::pair{&m_stop, stop}}) {
        for (QWidget *widget : std::initializer_list<QWidget *>{row->caption, row->trigger,
                                                                row->limitCaption, row->limit})
            widget->setVisible(shown);
    }
    m_stop.trigger->setVisible(stop && !trailsPercent());
    m_percent->setVisible(trailsPercent());
    m_unit->setVisible(trails);
    m_until->setVisible(type && type != ConditionType::Bracket);
    m_profit.caption->setText(both ? tr("Take-profit") : tr("Trigger", "price"));
    m_stop.caption->setText(both     ? tr("Stop-loss")
                            : trails ? tr("Trail by", "distance")
                                     : tr("Trigger", "price"));
    m_stop.limitCaption->setText(trails ? tr("Limit offset", "short") : tr("Limit", "price"));
    updateGeometry();
}

std::optional<ConditionLeg> ConditionSection::leg(const LegRow &row) const
{
    if (!row.trigger->price() || unfinished(row))
        return std::nullopt;
    return ConditionLeg{*row.trigger->price(), row.limit->price()};
}

bool ConditionSection::unfinished(const LegRow &row) const
{
    return !row.limit->isBlank() && !row.limit->price();
}

std::shared_ptr<const Condition> ConditionSection::condition() const
{
    const auto type = kind();
    if (!type)
        return nullptr;
    auto condition = std::make_shared<Condition>();
    condition->type = *type;
    const bool both = *type == ConditionType::Oco || *type == ConditionType::Bracket;
    if (*type == ConditionType::Trailing) {
        const auto amount = m_stop.trigger->price();
        const auto percent = m_percent->raw();
        if (unfinished(m_stop) || (trailsPercent() ? !percent : !amount))
            return nullptr;
        if (trailsPercent())
            condition->trailPpm = *percent;
        else
            condition->trailAmount = *amount;
        condition->limitOffset = m_stop.limit->price();
        return condition;
    }
    if (both || *type == ConditionType::TakeProfit)
        condition->takeProfit = leg(m_profit);
    if (both || *type == ConditionType::Stop)
        condition->stopLoss = leg(m_stop);
    const bool complete = both ? condition->takeProfit && condition->stopLoss
                               : condition->takeProfit || condition->stopLoss;
    return complete ? condition : nullptr;
}

QWidget *ConditionSection::missing() const
{
    for (DecimalEdit *edit :
         {static_cast<DecimalEdit *>(m_profit.trigger), static_cast<DecimalEdit *>(m_stop.trigger),
          static_cast<DecimalEdit *>(m_percent)}) {
        if (edit->isVisibleTo(this) && !edit->raw())
            return edit;
    }
    return m_profit.limit->isVisibleTo(this) && unfinished(m_profit) ? m_profit.limit
                                                                     : m_stop.limit;
}

bool ConditionSection::commit()
{
    bool moved = false;
    for (DecimalEdit *edit : findChildren<DecimalEdit *>()) {
        if (edit->isVisibleTo(this))
            moved |= edit->commit();
    }
    return moved;
}

void ConditionSection::markWrong(const QString &field)
{
    const bool stop = kind() != ConditionType::TakeProfit && !field.contains(u"take_profit"_s);
    const LegRow &row = stop ? m_stop : m_profit;
    for (const LegRow &each : {m_profit, m_stop}) {
        setStyledProperty(each.trigger, "wrong", false);
        setStyledProperty(each.limit, "wrong", false);
    }
    if (!field.startsWith(u"condition"_s))
        return;
    const bool limit = field.contains(u"limit"_s);
    setStyledProperty(limit ? row.limit : row.trigger, "wrong", true);
}

void ConditionSection::retranslate()
{
    m_caption->setText(tr("Condition"));
    m_kind->setItemText(0, tr("None", "condition"));
    for (int i = 1; i < m_kind->count(); ++i)
        m_kind->setItemText(
            i, conditionTypeText(static_cast<ConditionType>(m_kind->itemData(i).toInt())));
    m_until->setItemText(0, tr("Today only"));
    m_until->setItemText(1, tr("7 days"));
    m_until->setItemText(2, tr("30 days"));
    for (const LegRow &row : {m_profit, m_stop}) {
        row.limitCaption->setText(tr("Limit", "price"));
        row.limit->setPlaceholder(tr("Market", "no limit"));
        row.limit->setAccessibleName(tr("Limit price after the trigger"));
        row.trigger->setAccessibleName(tr("Trigger price"));
    }
    m_kind->setAccessibleName(tr("Condition"));
    m_kind->setToolTip(tr("The order waits at the desk until the last price reaches its trigger. "
                          "Bull & Bear protects what this order trades."));
    m_until->setToolTip(tr("How long the order waits for its trigger."));
    showKind();
}

} // namespace khop::ui
