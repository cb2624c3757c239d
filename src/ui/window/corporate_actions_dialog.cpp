// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/corporate_actions_dialog.h"

#include "base/decimal.h"
#include "ui/edits/price_edit.h"
#include "ui/edits/quantity_edit.h"
#include "ui/language.h"
#include "ui/numbers.h"
#include "ui/words.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

enum Column { Symbol, Type, Status, ExDate, RecordDate, PayDate, Terms, Own, ColumnCount };
constexpr int actionId = Qt::UserRole;
constexpr int ratioScale = 6;

QString typeText(CorporateActionType type)
{
    switch (type) {
    case CorporateActionType::CashDividend: return CorporateActionsDialog::tr("Cash dividend");
    case CorporateActionType::StockDividend: return CorporateActionsDialog::tr("Stock dividend");
    case CorporateActionType::Bonus: return CorporateActionsDialog::tr("Bonus shares");
    case CorporateActionType::Rights: return CorporateActionsDialog::tr("Rights issue");
    case CorporateActionType::Split: return CorporateActionsDialog::tr("Split");
    case CorporateActionType::Merger: return CorporateActionsDialog::tr("Merger");
    case CorporateActionType::Transfer: return CorporateActionsDialog::tr("Change of exchange");
    }
    return {};
}

QString statusText(CorporateActionStatus status)
{
    switch (status) {
    case CorporateActionStatus::Announced: return CorporateActionsDialog::tr("Announced");
    case CorporateActionStatus::Entitled: return CorporateActionsDialog::tr("Entitled");
    case CorporateActionStatus::Paid: return CorporateActionsDialog::tr("Done");
    case CorporateActionStatus::Withdrawn: return CorporateActionsDialog::tr("Withdrawn");
    case CorporateActionStatus::Failed: return CorporateActionsDialog::tr("Failed");
    }
    return {};
}

/// 1 : 4 for one new share for four.
QString ratioText(const CorporateTerms &terms)
{
    return u"%1 : %2"_s.arg(QString::fromStdString(formatDecimal(terms.ratio, ratioScale, true)),
                            QString::number(terms.per));
}

QString termsText(const CorporateTerms &terms, const Listing &listing)
{
    const Instrument &instrument = listing.instrument(terms.instrument);
    switch (terms.type) {
    case CorporateActionType::CashDividend: return currencyPriceText(terms.cash, instrument);
    case CorporateActionType::Rights:
        return u"%1 × %2"_s.arg(ratioText(terms), currencyPriceText(terms.issuePrice, instrument));
    case CorporateActionType::Merger:
        return u"%1 → %2"_s.arg(ratioText(terms),
                                QString::fromStdString(listing.instrument(terms.into).symbol));
    case CorporateActionType::Transfer: return u"→ "_s + exchangeText(terms.to);
    case CorporateActionType::StockDividend:
    case CorporateActionType::Bonus:
    case CorporateActionType::Split: break;
    }
    return ratioText(terms);
}

} // namespace

CorporateActionsDialog::CorporateActionsDialog(DeskFeed &feed, QWidget *parent)
    : QDialog(parent)
    , m_feed(feed)
    , m_list(new QTreeWidget(this))
    , m_about(new QLabel(this))
    , m_quantity(new QuantityEdit(this))
    , m_price(new PriceEdit(this))
    , m_problem(new QLabel(this))
    , m_subscribe(new QPushButton(tr("Subscribe"), this))
    , m_sell(new QPushButton(tr("Sell rights"), this))
{
    setObjectName(u"corporateActionsDialog"_s);
    setWindowTitle(tr("Corporate actions"));
    resize(900, 440);
    m_list->setObjectName(u"corporateActionsList"_s);
    m_list->setRootIsDecorated(false);
    m_list->setHeaderLabels({tr("Symbol"), tr("Type"), tr("Status"), tr("Ex-date"),
                             tr("Record date"), tr("Pay date"), tr("Terms"), tr("Yours")});
    m_about->setObjectName(u"corporateActionsAbout"_s);
    m_quantity->setObjectName(u"electQuantity"_s);
    m_price->setObjectName(u"electPrice"_s);
    m_subscribe->setObjectName(u"subscribeButton"_s);
    m_sell->setObjectName(u"sellRightsButton"_s);
    m_problem->setObjectName(u"corporateActionsProblem"_s);
    for (QLabel *label : {m_about, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_problem->hide();

    auto *buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    auto *last = new QHBoxLayout;
    m_quantity->setMinimumWidth(90);
    m_price->setMinimumWidth(90);
    last->addWidget(new QLabel(tr("Quantity"), this));
    last->addWidget(m_quantity);
    last->addWidget(m_subscribe);
    last->addWidget(new QLabel(tr("Price of a right"), this));
    last->addWidget(m_price);
    last->addWidget(m_sell);
    last->addStretch();
    last->addWidget(buttons);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_list);
    layout->addWidget(m_about);
    layout->addWidget(m_problem);
    layout->addLayout(last);

    connect(m_subscribe, &QPushButton::clicked, this, &CorporateActionsDialog::subscribe);
    connect(m_sell, &QPushButton::clicked, this, &CorporateActionsDialog::sell);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &CorporateActionsDialog::showChoice);
    connect(&m_feed, &DeskFeed::listingChanged, this, &CorporateActionsDialog::refill);
    refill();
}

/// Newest first; what was chosen stays chosen.
void CorporateActionsDialog::refill()
{
    const QTreeWidgetItem *before = m_list->currentItem();
    const QString kept = before ? before->data(Symbol, actionId).toString() : QString();
    m_actions = m_feed.service().corporateActions();
    m_list->clear();
    for (auto it = m_actions->rbegin(); it != m_actions->rend(); ++it) {
        const CorporateTerms &terms = it->terms;
        auto *item = new QTreeWidgetItem(m_list);
        item->setData(Symbol, actionId, QString::fromStdString(it->id.text()));
        item->setText(Symbol,
                      QString::fromStdString(m_feed.listing().instrument(terms.instrument).symbol));
        item->setText(Type, typeText(terms.type));
        item->setText(Status, statusText(it->status));
        item->setText(ExDate, dateText(terms.exDate));
        item->setText(RecordDate, dateText(terms.recordDate));
        item->setText(PayDate, dateText(terms.payDate));
        item->setText(Terms, termsText(terms, m_feed.listing()));
        item->setText(Own, ownText(*it));
        if (item->data(Symbol, actionId).toString() == kept)
            m_list->setCurrentItem(item);
    }
    for (int column = 0; column < ColumnCount; ++column)
        m_list->resizeColumnToContents(column);
    if (!m_list->currentItem() && m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
    showChoice();
}

const CorporateAction *CorporateActionsDialog::chosen() const
{
    const QTreeWidgetItem *item = m_list->currentItem();
    if (!item)
        return nullptr;
    const auto id = Uuid::parse(item->data(Symbol, actionId).toString().toStdString());
    const auto found = std::ranges::find_if(
        *m_actions, [&](const CorporateAction &action) { return id && action.id == *id; });
    return found == m_actions->end() ? nullptr : &*found;
}

const CorporateEntitlement *CorporateActionsDialog::ownOf(const CorporateAction &action) const
{
    if (!action.entitlements)
        return nullptr;
    const auto own =
        std::ranges::find(*action.entitlements, m_feed.account(), &CorporateEntitlement::account);
    return own == action.entitlements->end() ? nullptr : &*own;
}

QString CorporateActionsDialog::ownText(const CorporateAction &action) const
{
    const CorporateEntitlement *const own = ownOf(action);
    if (!own)
        return {};
    const Instrument &instrument = m_feed.listing().instrument(action.terms.instrument);
    return action.terms.isRights() ? tr("%1 rights, %2 subscribed")
                                         .arg(quantityText(own->rights + own->bought, instrument),
                                              quantityText(own->subscribed, instrument))
                                   : quantityText(own->quantity, instrument);
}

void CorporateActionsDialog::showChoice()
{
    const CorporateAction *const action = chosen();
    const CorporateEntitlement *const own = action ? ownOf(*action) : nullptr;
    const bool elects =
        own && action->terms.isRights() && action->status == CorporateActionStatus::Entitled;
    for (QWidget *widget : {static_cast<QWidget *>(m_quantity), static_cast<QWidget *>(m_price),
                            static_cast<QWidget *>(m_subscribe), static_cast<QWidget *>(m_sell)})
        widget->setEnabled(elects);
    m_problem->hide();
    m_about->clear();
    if (!action)
        return;
    const CorporateTerms &terms = action->terms;
    const Instrument &instrument = m_feed.listing().instrument(terms.instrument);
    m_quantity->setInstrument(instrument);
    m_price->setInstrument(instrument);
    if (!elects) {
        m_about->setText(QString::fromStdString(terms.description));
        return;
    }
    const Quantity most =
        terms.sharesFor(own->rights + own->bought - own->offered).value_or(Quantity{});
    m_quantity->setQuantity(own->subscribed.isZero() ? most : own->subscribed);
    m_about->setText(
        tr("Subscribe from %1 to %2 to at most %3 new shares at %4; rights change hands to %5.")
            .arg(dateText(terms.subscriptionFrom), dateText(terms.subscriptionTo),
                 quantityText(most, instrument), currencyPriceText(terms.issuePrice, instrument),
                 dateText(terms.transferTo)));
}

void CorporateActionsDialog::subscribe()
{
    const CorporateAction *const action = chosen();
    if (action)
        elect({m_feed.account(), action->id, ElectRights::Choice::Subscribe,
               m_quantity->quantity().value_or(Quantity{}), Price{}, 0});
}

void CorporateActionsDialog::sell()
{
    const CorporateAction *const action = chosen();
    if (action)
        elect({m_feed.account(), action->id, ElectRights::Choice::Sell,
               m_quantity->quantity().value_or(Quantity{}), m_price->price().value_or(Price{}), 0});
}

void CorporateActionsDialog::elect(ElectRights elect)
{
    m_feed.submit(elect, [dialog = QPointer(this)](const CommandResult &result) {
        if (!dialog)
            return;
        if (result.ok())
            dialog->refill();
        else
            dialog->report(sentenceText(result.error));
    });
}

void CorporateActionsDialog::report(const QString &text)
{
    m_problem->setText(text);
    m_problem->show();
}

} // namespace khop::ui
