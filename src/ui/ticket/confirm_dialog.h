// SPDX-License-Identifier: GPL-3.0-or-later
// What is about to be sent, once more, with Confirm under Enter and Cancel under Escape.
#pragma once

#include "ui/models/desk_feed.h"
#include "ui/theme.h"

#include <QDialog>

class QCheckBox;
class QPushButton;
class QVBoxLayout;

namespace khop::ui {

class ConfirmDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ConfirmDialog(const Theme &theme, QWidget *parent = nullptr);

    void setOrders(const std::vector<PlaceOrder> &orders, const DeskFeed &feed);
    /// A plain question instead of orders.
    void setQuestion(const QString &question);
    void offerNotAsking(bool offered);
    bool notAskingAgain() const;

private:
    void addOrder(const PlaceOrder &order, const DeskFeed &feed);

    const Theme &m_theme;
    QVBoxLayout *m_content;
    QCheckBox *m_notAgain;
    QPushButton *m_confirm;
};

} // namespace khop::ui
