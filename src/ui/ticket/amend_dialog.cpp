// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/amend_dialog.h"

#include "ui/ticket/order_ticket.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

namespace khop::ui {

using namespace Qt::StringLiterals;

AmendDialog::AmendDialog(const OrderRecord &order, const Instrument &instrument, bool both,
                         QWidget *parent)
    : QDialog(parent)
    , m_order(order)
    , m_both(both)
    , m_trigger(new PriceEdit(this))
    , m_price(new PriceEdit(this))
    , m_quantity(new QuantityEdit(this))
    , m_note(new QLabel(this))
    , m_confirm(nullptr)
{
    setObjectName(u"amendDialog"_s);
    setWindowTitle(tr("Amend order"));
    m_price->setObjectName(u"amendPrice"_s);
    m_quantity->setObjectName(u"amendQuantity"_s);
    m_trigger->setObjectName(u"amendTrigger"_s);
    m_trigger->setInstrument(instrument);
    if (const ConditionLeg *leg = waitingLeg())
        m_trigger->setPrice(leg->trigger);
    m_trigger->setVisible(waitingLeg());
    m_both |= waitingLeg() != nullptr; // the exchange has no say yet
    m_price->setInstrument(instrument);
    m_price->setPrice(order.price);
    m_price->setEnabled(order.price.has_value());
    m_quantity->setInstrument(instrument);
    m_quantity->setQuantity(order.quantity);
    m_note->setWordWrap(true);

    auto *buttons = new QDialogButtonBox(this);
    m_confirm = buttons->addButton(tr("Confirm"), QDialogButtonBox::AcceptRole);
    m_confirm->setObjectName(u"amendAccept"_s);
    m_confirm->setDefault(true);
    buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *form = new QFormLayout(this);
    auto *title = new QLabel(orderText(order, instrument), this);
    title->setTextFormat(Qt::PlainText);
    form->addRow(title);
    if (waitingLeg())
        form->addRow(tr("Trigger price"), m_trigger);
    form->addRow(tr("Order price"), m_price);
    form->addRow(tr("Order quantity"), m_quantity);
    form->addRow(m_note);
    form->addRow(buttons);

    for (DecimalEdit *edit :
         {static_cast<DecimalEdit *>(m_trigger), static_cast<DecimalEdit *>(m_price),
          static_cast<DecimalEdit *>(m_quantity)}) {
        connect(edit, &DecimalEdit::edited, this, &AmendDialog::check);
        connect(edit, &DecimalEdit::entered, this, [this, edit] {
            if (!edit->commit() && m_confirm->isEnabled())
                accept();
        });
    }
    check();
    (m_price->isEnabled() ? static_cast<QWidget *>(m_price) : m_quantity)->setFocus();
}

const ConditionLeg *AmendDialog::waitingLeg() const
{
    const Condition *condition = m_order.condition.get();
    if (!condition || condition->met != Leg::None)
        return nullptr;
    if (condition->type == ConditionType::Stop && condition->stopLoss)
        return &*condition->stopLoss;
    return condition->type == ConditionType::TakeProfit && condition->takeProfit
               ? &*condition->takeProfit
               : nullptr;
}

std::optional<AmendOrder> AmendDialog::amendment() const
{
    const std::optional<Price> price = m_price->price();
    const std::optional<Quantity> quantity = m_quantity->quantity();
    AmendOrder amendment;
    amendment.account = m_order.account;
    amendment.id = m_order.id;
    amendment.version = m_order.version;
    if (m_order.price && price && price != m_order.price)
        amendment.price = price;
    if (quantity && *quantity != m_order.quantity)
        amendment.quantity = quantity;
    const ConditionLeg *leg = waitingLeg();
    if (leg && m_trigger->price() && *m_trigger->price() != leg->trigger)
        amendment.trigger = m_trigger->price();
    const bool unreadable = !quantity || (m_order.price && !price) || (leg && !m_trigger->price());
    if (unreadable || (!amendment.price && !amendment.quantity && !amendment.trigger)
        || (!m_both && amendment.price && amendment.quantity))
        return std::nullopt;
    return amendment;
}

void AmendDialog::check()
{
    m_confirm->setEnabled(amendment().has_value());
    const bool pricedAnew = m_order.price && m_price->price() && m_price->price() != m_order.price;
    const bool sizedAnew = m_quantity->quantity() && *m_quantity->quantity() != m_order.quantity;
    m_note->setText(!m_both && pricedAnew && sizedAnew
                        ? tr("The market takes a new price or a new quantity, not both at once.")
                        : QString());
}

} // namespace khop::ui
