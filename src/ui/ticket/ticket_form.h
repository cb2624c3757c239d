// SPDX-License-Identifier: GPL-3.0-or-later
// The widgets of the order ticket and how they stand; what they do is OrderTicket's.
#pragma once

#include "ui/edits/price_edit.h"
#include "ui/edits/quantity_edit.h"

#include <QWidget>

#include <array>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace khop::ui {

class ConditionSection;

class TicketForm : public QWidget
{
    Q_OBJECT

public:
    /// The prices one press away.
    enum QuickPrice { Ceiling, Floor, Reference, Bid, Ask, Opening, Closing, QuickPriceCount };

    explicit TicketForm(QWidget *parent = nullptr);

protected:
    void retranslateForm();

    QPushButton *m_buy;
    QPushButton *m_sell;
    QLineEdit *m_symbol;
    QLabel *m_security;
    std::array<QPushButton *, QuickPriceCount> m_quick;
    QComboBox *m_type;
    PriceEdit *m_price;
    QLabel *m_priceEcho;
    QuantityEdit *m_quantity;
    QPushButton *m_conditional; // shows and hides m_condition
    ConditionSection *m_condition;
    std::array<QPushButton *, 3> m_shares; // 25, 50, 100 % of the maximum
    QLabel *m_powerCaption;
    QLabel *m_power;
    QLabel *m_maximum;
    QLabel *m_value;
    QLabel *m_fee;
    QLabel *m_tax;
    QLabel *m_hold;
    QLabel *m_reason;
    QPushButton *m_split;
    QCheckBox *m_queue;
    QPushButton *m_send;

private:
    QLabel *caption(const char *objectName);
    QLabel *amount(const char *objectName);
    void layOut();

    QLabel *m_symbolCaption;
    QLabel *m_typeCaption;
    QLabel *m_priceCaption;
    QLabel *m_quantityCaption;
    QLabel *m_maximumCaption;
    QLabel *m_valueCaption;
    QLabel *m_feeCaption;
    QLabel *m_taxCaption;
    QLabel *m_holdCaption;
};

} // namespace khop::ui
