// SPDX-License-Identifier: GPL-3.0-or-later
// The condition of the order on the ticket: what it waits for, or the legs that protect what it trades.
// One line while there is none.
#pragma once

#include "market/instrument.h"
#include "orders/condition.h"
#include "ui/edits/percent_edit.h"
#include "ui/edits/price_edit.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace khop::ui {

class ConditionSection final : public QWidget
{
    Q_OBJECT

public:
    explicit ConditionSection(QWidget *parent = nullptr);

    void setInstrument(const Instrument &instrument);
    void setKind(std::optional<ConditionType> type);
    std::optional<ConditionType> kind() const;
    /// The order waits: its own type and price follow from the condition.
    bool waits() const { return kind() && !hasChild(*kind()); }
    /// The condition as typed; null when there is none or a field is missing (isComplete() tells).
    std::shared_ptr<const Condition> condition() const;
    bool isComplete() const { return !kind() || condition(); }
    /// How many days it is to wait; 0: the trading day.
    int days() const;
    /// The first field that is missing.
    QWidget *missing() const;
    /// Puts the typed prices on the price step. True when one moved.
    bool commit();
    /// Marks the field that an error names (condition.stop_loss.trigger_price, …).
    void markWrong(const QString &field);
    void retranslate();

Q_SIGNALS:
    void changed();
    void entered();
    void adjusted(const QString &typed, const QString &now);

private:
    struct LegRow {
        QLabel *caption;
        PriceEdit *trigger;
        QLabel *limitCaption;
        PriceEdit *limit;
    };
    LegRow makeRow(const QString &name);
    void showKind();
    std::optional<ConditionLeg> leg(const LegRow &row) const;
    bool unfinished(const LegRow &row) const;
    bool trailsPercent() const;

    QLabel *m_caption;
    QComboBox *m_kind;
    QComboBox *m_until;
    LegRow m_profit;
    LegRow m_stop;
    PercentEdit *m_percent;
    QComboBox *m_unit;
};

} // namespace khop::ui
