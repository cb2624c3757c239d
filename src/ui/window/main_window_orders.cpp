// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with orders that exist: amend, cancel, export, tell of fills.
#include "ui/language.h"
#include "ui/numbers.h"
#include "ui/ticket/amend_dialog.h"
#include "ui/ticket/confirm_dialog.h"
#include "ui/ticket/order_ticket.h"
#include "ui/views/blotter.h"
#include "ui/views/board_panel.h"
#include "ui/window/corporate_actions_dialog.h"
#include "ui/views/portfolio_panel.h"
#include "ui/window/main_window.h"
#include "ui/window/notifications.h"
#include "ui/words.h"

#include <QApplication>

namespace khop::ui {

using namespace Qt::StringLiterals;

void MainWindow::amendSelected()
{
    const OrderRecord *order = m_orderRows.orderAt(m_orders->currentSourceRow());
    if (!order || !isOpen(order->status)) {
        m_notifications->show(Tone::Warning, tr("Amend order"),
                              tr("Choose an open order in the order blotter first."));
        return;
    }
    const Instrument &instrument = m_feed.listing().instrument(order->instrument);
    const MarketRules *rules = m_feed.listing().rules();
    auto *dialog = new AmendDialog(*order, instrument, rules && rules->policies.amendBoth, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QString text = orderText(*order, instrument);
    connect(dialog, &QDialog::accepted, this, [this, dialog, text] {
        const std::optional<AmendOrder> amendment = dialog->amendment();
        if (!amendment)
            return;
        m_feed.submit(*amendment, [this, text](const CommandResult &result) {
            if (result.ok())
                m_notifications->show(Tone::Good, tr("Amended"), text);
            else
                m_notifications->show(Tone::Down, tr("Not amended: %1").arg(text),
                                      sentenceText(result.error));
        });
    });
    dialog->open();
}

void MainWindow::cancelSelected()
{
    std::vector<OrderRecord> open;
    for (const int row : m_orders->selectedSourceRows()) {
        const OrderRecord *order = m_orderRows.orderAt(row);
        if (order && isOpen(order->status))
            open.push_back(*order);
    }
    if (open.empty()) {
        m_notifications->show(Tone::Warning, tr("Cancel order"),
                              tr("Choose an open order in the order blotter first."));
        return;
    }
    if (open.size() == 1) {
        cancel(open);
        return;
    }
    ask(tr("Cancel %n open order(s)?", nullptr, static_cast<int>(open.size())),
        [this, open] { cancel(open); });
}

void MainWindow::ask(const QString &question, std::function<void()> confirmed)
{
    auto *dialog = new ConfirmDialog(m_theme, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setQuestion(question);
    connect(dialog, &QDialog::accepted, this, std::move(confirmed));
    dialog->open();
}

void MainWindow::cancel(const std::vector<OrderRecord> &orders)
{
    for (const OrderRecord &order : orders) {
        const QString text = orderText(order, m_feed.listing().instrument(order.instrument));
        m_feed.submit(CancelOrder{m_feed.account(), order.id},
                      [this, text](const CommandResult &result) {
                          if (result.ok())
                              m_notifications->show(Tone::Muted, tr("Cancelled"), text);
                          else
                              m_notifications->show(Tone::Down, tr("Not cancelled: %1").arg(text),
                                                    sentenceText(result.error));
                      });
    }
}

void MainWindow::cancelAllOrders()
{
    const int open = m_orderRows.openOrders();
    if (open == 0) {
        m_notifications->show(Tone::Warning, tr("Cancel all"), tr("There are no open orders."));
        return;
    }
    ask(tr("Cancel %n open order(s)?", nullptr, open), [this] {
        m_feed.submit(CancelAll{m_feed.account()}, [this](const CommandResult &result) {
            if (result.ok())
                m_notifications->show(
                    Tone::Muted, tr("Cancel all"),
                    tr("%n order(s) cancelled.", nullptr, static_cast<int>(result.count)));
            else
                m_notifications->show(Tone::Down, tr("Cancel all"), sentenceText(result.error));
        });
    });
}

void MainWindow::showCorporateActions()
{
    auto *dialog = new CorporateActionsDialog(m_feed, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::exportCurrent()
{
    const QWidget *focus = QApplication::focusWidget();
    for (Blotter *blotter : {m_orders, m_executions, m_positions, m_cash}) {
        const bool shown = blotter->isVisible() && !blotter->visibleRegion().isEmpty();
        if (focus ? blotter->isAncestorOf(focus) : shown) {
            blotter->table()->exportCsv(blotter->table()->objectName());
            return;
        }
    }
    if (focus ? m_portfolio->isAncestorOf(focus) : m_portfolio->isVisible()) {
        m_portfolio->table()->exportCsv(m_portfolio->table()->objectName());
        return;
    }
    if (focus && m_board->isAncestorOf(focus)) {
        m_board->table()->exportCsv(m_board->table()->objectName());
        return;
    }
    m_orders->table()->exportCsv(m_orders->table()->objectName());
}

void MainWindow::notifyFills(const std::vector<ExecutionRecord> &executions)
{
    // One order taking several resting ones at a price is one fill to its owner.
    std::vector<ExecutionRecord> fills;
    for (const ExecutionRecord &execution : executions) {
        if (!fills.empty() && fills.back().order == execution.order
            && fills.back().price == execution.price)
            fills.back().quantity += execution.quantity;
        else
            fills.push_back(execution);
    }
    constexpr std::size_t mostShown = 3;
    if (fills.size() > mostShown) {
        m_notifications->show(Tone::Good, tr("Matched"),
                              tr("%n execution(s)", nullptr, static_cast<int>(executions.size())));
        return;
    }
    for (const ExecutionRecord &fill : fills) {
        const Instrument &instrument = m_feed.listing().instrument(fill.instrument);
        m_notifications->show(sideTone(fill.side), tr("Matched"),
                              u"%1 %2 %3 @ %4"_s.arg(sideText(fill.side),
                                                     quantityText(fill.quantity, instrument),
                                                     QString::fromStdString(instrument.symbol),
                                                     priceText(fill.price, instrument)));
    }
}

} // namespace khop::ui
