// SPDX-License-Identifier: GPL-3.0-or-later
// New price or quantity for an open order.
#pragma once

#include "engine/command.h"
#include "ui/edits/price_edit.h"
#include "ui/edits/quantity_edit.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace khop::ui {

class AmendDialog final : public QDialog
{
    Q_OBJECT

public:
    /// With `both` false the market takes a new price or a new quantity, not both at once.
    AmendDialog(const OrderRecord &order, const Instrument &instrument, bool both,
                QWidget *parent = nullptr);

    /// What changed; nothing while nothing did.
    std::optional<AmendOrder> amendment() const;

private:
    void check();
    /// The leg of a waiting STOP or TAKE_PROFIT, whose trigger may be amended.
    const ConditionLeg *waitingLeg() const;

    OrderRecord m_order;
    bool m_both;
    PriceEdit *m_trigger;
    PriceEdit *m_price;
    QuantityEdit *m_quantity;
    QLabel *m_note;
    QPushButton *m_confirm;
};

} // namespace khop::ui
