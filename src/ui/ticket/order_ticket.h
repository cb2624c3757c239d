// SPDX-License-Identifier: GPL-3.0-or-later
// The order ticket: builds orders from what is typed, shows at once what they would cost and why they
// would be refused (the desk decides both), and sends them after a confirmation.
//
// Keys: Enter moves symbol -> price -> quantity and sends from there; F9 sends from anywhere.
#pragma once

#include "ui/models/desk_feed.h"
#include "ui/theme.h"
#include "ui/ticket/ticket_form.h"

#include <QTimer>

class QCompleter;
class QStandardItemModel;

namespace khop::ui {

class OrderTicket final : public TicketForm
{
    Q_OBJECT

public:
    OrderTicket(DeskFeed &feed, const Theme &theme, QWidget *parent = nullptr);

    /// Puts an instrument (and a price) on the ticket and the cursor where it goes on.
    void fill(InstrumentIndex instrument, Side side, std::optional<Price> price);
    void setInstrument(InstrumentIndex instrument);
    void setSide(Side side);
    /// Ctrl+B, Ctrl+E: the side, and the cursor in the symbol.
    void begin(Side side);
    void send();

    Side side() const { return m_side; }
    InstrumentIndex instrument() const { return m_instrument; }
    /// Neither price nor quantity has been typed.
    bool isBlank() const { return m_price->isBlank() && m_quantity->isBlank(); }
    bool asksBeforeSending() const { return m_asks; }
    void setAsksBeforeSending(bool asks) { m_asks = asks; }
    /// "Do not ask again" is offered on paper only.
    void setPaper(bool paper) { m_paper = paper; }

Q_SIGNALS:
    void instrumentChosen(khop::InstrumentIndex instrument);
    void asksBeforeSendingChanged(bool asks);
    void accepted(const khop::OrderRecord &order);
    void refused(const QString &order, const QString &reason);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void connectForm();
    void takeSymbol();
    bool adoptTypedSymbol();
    void focusAfterSymbol();
    void fillSymbols();
    void fillTypes();
    void followMarket(const std::vector<Quote> &quotes);
    void showQuickPrices();
    void quick(QuickPrice which);
    void takeShare(int percent);
    void scheduleRefresh();
    void refresh();
    void showCosts(const OrderPreview &preview, bool complete);
    void showReason(const QString &text, Tone tone);
    void place(const std::vector<PlaceOrder> &orders);
    void retranslate();

    OrderType type() const;
    const Instrument &current() const;
    const ExchangeRules *exchangeRules() const;
    bool priced() const;
    void showPriceField();
    void showAdjusted(const QString &typed, const QString &now);
    void addCondition(PlaceOrder &order) const;
    /// The order as typed; nothing while a field is missing or unfinished.
    std::optional<PlaceOrder> typedOrder() const;
    /// The same, in the pieces that are to be sent.
    std::vector<PlaceOrder> piecesOf(const PlaceOrder &order) const;
    bool splittable(const PlaceOrder &order) const;
    QString incompleteText() const;

    DeskFeed &m_feed;
    const Theme &m_theme;
    Side m_side = Side::Buy;
    InstrumentIndex m_instrument = noInstrument;
    Quote m_quote;
    bool m_asks = true;
    bool m_paper = true;
    bool m_splitting = false;
    QString m_note; // shown until the next edit
    QStandardItemModel *m_symbols;
    QCompleter *m_completer;
    QTimer m_refresh;
};

/// "Buy 500 FPT @ 105.50" in the language of the screen.
QString orderText(const PlaceOrder &order, const Instrument &instrument);
QString orderText(const OrderRecord &order, const Instrument &instrument);

} // namespace khop::ui
