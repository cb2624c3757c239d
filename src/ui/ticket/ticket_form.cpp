// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/ticket_form.h"

#include "ui/ticket/condition_section.h"
#include "ui/ticket/vertical_scroll.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace khop::ui {

using namespace Qt::StringLiterals;

TicketForm::TicketForm(QWidget *parent)
    : QWidget(parent)
    , m_buy(new QPushButton(this))
    , m_sell(new QPushButton(this))
    , m_symbol(new QLineEdit(this))
    , m_security(amount("ticketSecurity"))
    , m_type(new QComboBox(this))
    , m_price(new PriceEdit(this))
    , m_priceEcho(amount("ticketPriceEcho"))
    , m_quantity(new QuantityEdit(this))
    , m_conditional(new QPushButton(this))
    , m_condition(new ConditionSection(this))
    , m_powerCaption(caption("ticketPowerCaption"))
    , m_power(amount("ticketPower"))
    , m_maximum(amount("ticketMaximum"))
    , m_value(amount("ticketValue"))
    , m_fee(amount("ticketFee"))
    , m_tax(amount("ticketTax"))
    , m_hold(amount("ticketHold"))
    , m_reason(amount("ticketReason"))
    , m_split(new QPushButton(this))
    , m_queue(new QCheckBox(this))
    , m_send(new QPushButton(this))
    , m_symbolCaption(caption("ticketSymbolCaption"))
    , m_typeCaption(caption("ticketTypeCaption"))
    , m_priceCaption(caption("ticketPriceCaption"))
    , m_quantityCaption(caption("ticketQuantityCaption"))
    , m_maximumCaption(caption("ticketMaximumCaption"))
    , m_valueCaption(caption("ticketValueCaption"))
    , m_feeCaption(caption("ticketFeeCaption"))
    , m_taxCaption(caption("ticketTaxCaption"))
    , m_holdCaption(caption("ticketHoldCaption"))
{
    setObjectName(u"orderTicket"_s);
    m_buy->setObjectName(u"ticketBuy"_s);
    m_sell->setObjectName(u"ticketSell"_s);
    m_symbol->setObjectName(u"ticketSymbol"_s);
    m_type->setObjectName(u"ticketType"_s);
    m_price->setObjectName(u"ticketPrice"_s);
    m_quantity->setObjectName(u"ticketQuantity"_s);
    m_split->setObjectName(u"ticketSplit"_s);
    m_queue->setObjectName(u"ticketQueue"_s);
    m_send->setObjectName(u"ticketSend"_s);
    for (QPushButton *side : {m_buy, m_sell}) {
        side->setCheckable(true);
        side->setAutoExclusive(true);
        side->setFocusPolicy(Qt::NoFocus);
        side->setMinimumHeight(30);
    }
    m_conditional->setObjectName(u"ticketConditional"_s);
    m_conditional->setCheckable(true);
    m_conditional->setProperty("quick", true);
    m_conditional->setFocusPolicy(Qt::TabFocus); // the space bar presses it
    m_conditional->setMinimumHeight(30);
    m_condition->hide();
    static constexpr std::array quickNames{"quickCeiling", "quickFloor", "quickReference",
                                           "quickBid",     "quickAsk",   "quickOpening",
                                           "quickClosing"};
    for (std::size_t i = 0; i < m_quick.size(); ++i) {
        m_quick[i] = new QPushButton(this);
        m_quick[i]->setObjectName(QLatin1String(quickNames[i]));
        m_quick[i]->setProperty("quick", true);
        m_quick[i]->setFocusPolicy(Qt::NoFocus);
        m_quick[i]->setMinimumWidth(40);
    }
    static constexpr std::array shareNames{"quantity25", "quantity50", "quantity100"};
    static constexpr std::array shareTexts{"25%", "50%", "100%"};
    for (std::size_t i = 0; i < m_shares.size(); ++i) {
        m_shares[i] = new QPushButton(QLatin1String(shareTexts[i]), this);
        m_shares[i]->setObjectName(QLatin1String(shareNames[i]));
        m_shares[i]->setProperty("quick", true);
        m_shares[i]->setFocusPolicy(Qt::NoFocus);
        m_shares[i]->setFixedWidth(44);
    }
    // The popup, not the field, is as wide as the longest type.
    m_type->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_type->setMinimumContentsLength(14);
    m_symbol->setMaxLength(16);
    m_symbol->setMinimumWidth(70);
    m_price->setMinimumWidth(84);
    m_quantity->setMinimumWidth(84);
    m_reason->setWordWrap(true);
    m_reason->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_reason->setMinimumHeight(2 * fontMetrics().lineSpacing() + 2);
    m_security->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_split->hide();
    m_split->setFocusPolicy(Qt::NoFocus);
    m_queue->setChecked(true);
    m_send->setMinimumHeight(30);
    m_send->setAutoDefault(false);
    layOut();
    retranslateForm();

    setTabOrder(m_symbol, m_type);
    setTabOrder(m_type, m_price);
    setTabOrder(m_price, m_quantity);
    setTabOrder(m_quantity, m_conditional);
    setTabOrder(m_conditional, m_condition);
    setTabOrder(m_condition, m_send);
    setTabOrder(m_send, m_queue);
    setFocusProxy(m_symbol);
}

QLabel *TicketForm::caption(const char *objectName)
{
    auto *label = new QLabel(this);
    label->setObjectName(QLatin1String(objectName));
    label->setProperty("caption", true);
    return label;
}

QLabel *TicketForm::amount(const char *objectName)
{
    auto *label = new QLabel(this);
    label->setObjectName(QLatin1String(objectName));
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    label->setMinimumWidth(10);
    return label;
}

void TicketForm::layOut()
{
    auto *sides = new QHBoxLayout;
    sides->addWidget(m_buy, 1);
    sides->addWidget(m_sell, 1);
    sides->addWidget(m_conditional);

    auto *quick = new QHBoxLayout;
    quick->setSpacing(2);
    for (QPushButton *button : m_quick)
        quick->addWidget(button, 1);

    auto *shares = new QHBoxLayout;
    shares->setSpacing(2);
    for (QPushButton *button : m_shares)
        shares->addWidget(button);
    shares->addStretch(1);

    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(6);
    fields->setVerticalSpacing(4);
    fields->addWidget(m_symbolCaption, 0, 0);
    fields->addWidget(m_symbol, 0, 1);
    fields->addWidget(m_security, 0, 2, 1, 3);
    fields->addLayout(quick, 1, 0, 1, 5);
    fields->addWidget(m_typeCaption, 2, 0);
    fields->addWidget(m_type, 2, 1, 1, 2);
    fields->addWidget(m_priceCaption, 2, 3);
    fields->addWidget(m_price, 2, 4);
    fields->addWidget(m_quantityCaption, 3, 0);
    fields->addWidget(m_quantity, 3, 1);
    fields->addLayout(shares, 3, 2);
    // Right under the price: what the number typed means in dong.
    fields->addWidget(m_priceEcho, 3, 3, 1, 2);
    fields->setColumnStretch(1, 3);
    fields->setColumnStretch(4, 3);

    auto *costs = new QGridLayout;
    costs->setHorizontalSpacing(8);
    costs->setVerticalSpacing(1);
    const auto pair = [costs](int row, int column, QLabel *caption, QLabel *amount) {
        costs->addWidget(caption, row, 2 * column);
        costs->addWidget(amount, row, 2 * column + 1);
    };
    pair(0, 0, m_powerCaption, m_power);
    pair(0, 1, m_maximumCaption, m_maximum);
    pair(1, 0, m_valueCaption, m_value);
    pair(1, 1, m_feeCaption, m_fee);
    pair(2, 0, m_holdCaption, m_hold);
    pair(2, 1, m_taxCaption, m_tax);
    costs->setColumnStretch(1, 3);
    costs->setColumnStretch(3, 2);

    auto *reason = new QHBoxLayout;
    reason->addWidget(m_reason, 1);
    reason->addWidget(m_split, 0, Qt::AlignTop);

    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_queue);
    bottom->addStretch(1);
    bottom->addWidget(m_send, 2);

    // Where the ticket is low, what is between the side and the button that sends scrolls.
    auto *middle = new QWidget(this);
    auto *details = new QVBoxLayout(middle);
    details->setContentsMargins(0, 0, 0, 0);
    details->setSpacing(4);
    details->addLayout(fields);
    details->addWidget(m_condition);
    details->addLayout(costs);
    details->addLayout(reason);
    details->addStretch(1);
    auto *scroll = new VerticalScroll(middle, this);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(4);
    column->addLayout(sides);
    column->addWidget(scroll, 1);
    column->addLayout(bottom);
}

void TicketForm::retranslateForm()
{
    m_buy->setText(tr("Buy"));
    m_buy->setToolTip(tr("Buy (Ctrl+B)"));
    m_sell->setText(tr("Sell"));
    m_sell->setToolTip(tr("Sell (Ctrl+E)"));
    m_conditional->setText(tr("Condition", "short"));
    m_conditional->setToolTip(tr("Stop, take-profit, trailing stop, OCO, Bull & Bear"));
    m_symbolCaption->setText(tr("Symbol", "short"));
    m_typeCaption->setText(tr("Order type"));
    m_priceCaption->setText(tr("Price"));
    m_quantityCaption->setText(tr("Quantity", "short"));
    m_maximumCaption->setText(tr("Maximum"));
    m_valueCaption->setText(tr("Value"));
    m_feeCaption->setText(tr("Fee", "short"));
    m_taxCaption->setText(tr("Tax"));
    m_holdCaption->setText(tr("Blocked cash"));
    m_queue->setText(tr("Queue outside the session"));
    m_queue->setToolTip(
        tr("An order given outside its session waits and is released when the session opens."));
    m_condition->retranslate();
    m_symbol->setAccessibleName(tr("Symbol"));
    m_type->setAccessibleName(tr("Order type"));
    m_price->setAccessibleName(tr("Price"));
    m_quantity->setAccessibleName(tr("Quantity"));
}

} // namespace khop::ui
