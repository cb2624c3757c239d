// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/confirm_dialog.h"

#include "ui/condition_words.h"
#include "ui/numbers.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace khop::ui {

using namespace Qt::StringLiterals;

ConfirmDialog::ConfirmDialog(const Theme &theme, QWidget *parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_content(new QVBoxLayout)
    , m_notAgain(new QCheckBox(this))
    , m_confirm(nullptr)
{
    setObjectName(u"confirmDialog"_s);
    setWindowTitle(tr("Confirm order"));
    setMinimumWidth(320);
    m_notAgain->setObjectName(u"confirmNotAgain"_s);
    m_notAgain->setText(tr("Do not ask again"));
    m_notAgain->hide();

    auto *buttons = new QDialogButtonBox(this);
    m_confirm = buttons->addButton(tr("Confirm"), QDialogButtonBox::AcceptRole);
    m_confirm->setObjectName(u"confirmAccept"_s);
    m_confirm->setDefault(true);
    QPushButton *cancel = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    cancel->setObjectName(u"confirmCancel"_s);
    cancel->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->addLayout(m_content);
    column->addWidget(m_notAgain);
    column->addWidget(buttons);
    m_confirm->setFocus();
}

void ConfirmDialog::setOrders(const std::vector<PlaceOrder> &orders, const DeskFeed &feed)
{
    for (const PlaceOrder &order : orders)
        addOrder(order, feed);
    if (orders.empty())
        return;
    setStyledProperty(m_confirm, "side", orders.front().side == Side::Buy ? u"buy"_s : u"sell"_s);
}

void ConfirmDialog::addOrder(const PlaceOrder &order, const DeskFeed &feed)
{
    const Instrument &instrument = feed.listing().instrument(order.instrument);
    const OrderPreview preview = feed.service().preview(order);
    const int scale = feed.listing().currencyScale(instrument.currency);
    const QString currency = QString::fromStdString(instrument.currency);

    auto *title =
        new QLabel(u"%1 %2 %3"_s.arg(sideText(order.side), quantityText(order.quantity, instrument),
                                     QString::fromStdString(instrument.symbol)),
                   this);
    title->setObjectName(u"confirmTitle"_s);
    QFont font = title->font();
    font.setPointSizeF(font.pointSizeF() * 1.5);
    font.setBold(true);
    title->setFont(font);
    setTextColor(title, m_theme.color(sideTone(order.side)));
    m_content->addWidget(title);

    auto *form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignLeft);
    form->setFormAlignment(Qt::AlignLeft);
    const auto row = [this, form](const QString &caption, const QString &text) {
        auto *label = new QLabel(text, this);
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignRight);
        form->addRow(caption, label);
    };
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    row(tr("Security"), u"%1 · %2"_s.arg(QString::fromStdString(instrument.name),
                                         exchangeText(instrument.exchange)));
    row(tr("Order type"), orderTypeText(order.type));
    if (order.price) {
        row(tr("Order price"),
            u"%1  (%2 %3)"_s.arg(priceText(*order.price, instrument),
                                 currencyPriceText(*order.price, instrument), currency));
    }
    if (order.condition)
        row(tr("Condition"), conditionText(*order.condition, order.side, instrument));
    row(tr("Value"), u"%1 %2"_s.arg(moneyText(preview.value, scale), currency));
    row(tr("Fee"), u"%1 %2"_s.arg(moneyText(preview.fee, scale), currency));
    if (order.side == Side::Sell)
        row(tr("Tax"), u"%1 %2"_s.arg(moneyText(preview.tax, scale), currency));
    else
        row(tr("Blocked cash"), u"%1 %2"_s.arg(moneyText(preview.hold, scale), currency));
    if (!preview.loan.isZero())
        row(tr("Of it on margin"), u"%1 %2"_s.arg(moneyText(preview.loan, scale), currency));
    m_content->addLayout(form);
}

void ConfirmDialog::setQuestion(const QString &question)
{
    setWindowTitle(tr("Are you sure?"));
    auto *label = new QLabel(question, this);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    m_content->addWidget(label);
}

void ConfirmDialog::offerNotAsking(bool offered) { m_notAgain->setVisible(offered); }

bool ConfirmDialog::notAskingAgain() const
{
    return m_notAgain->isVisibleTo(this) && m_notAgain->isChecked();
}

} // namespace khop::ui
