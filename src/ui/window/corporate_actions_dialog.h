// SPDX-License-Identifier: GPL-3.0-or-later
// What issuers give and do, what one has of it, and what to do with one's rights.
#pragma once

#include "ui/models/desk_feed.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace khop::ui {

class PriceEdit;
class QuantityEdit;

class CorporateActionsDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit CorporateActionsDialog(DeskFeed &feed, QWidget *parent = nullptr);

private:
    void refill();
    void showChoice();
    /// Null when nothing is chosen.
    const CorporateAction *chosen() const;
    /// What the account has of an action; null when nothing.
    const CorporateEntitlement *ownOf(const CorporateAction &action) const;
    QString ownText(const CorporateAction &action) const;
    void subscribe();
    void sell();
    void elect(ElectRights elect);
    void report(const QString &text);

    DeskFeed &m_feed;
    std::shared_ptr<const CorporateActionList> m_actions;
    QTreeWidget *m_list;
    QLabel *m_about;
    QuantityEdit *m_quantity;
    PriceEdit *m_price;
    QLabel *m_problem;
    QPushButton *m_subscribe;
    QPushButton *m_sell;
};

} // namespace khop::ui
