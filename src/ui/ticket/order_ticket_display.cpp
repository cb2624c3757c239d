// SPDX-License-Identifier: GPL-3.0-or-later
// What the ticket shows: order types of the exchange, quick prices, costs, and the reason why not.
#include "ui/language.h"
#include "ui/models/board_model.h"
#include "ui/numbers.h"
#include "ui/ticket/condition_section.h"
#include "ui/ticket/order_ticket.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>

namespace khop::ui {

using namespace Qt::StringLiterals;

void OrderTicket::fillSymbols()
{
    m_symbols->clear();
    for (const Instrument &instrument : m_feed.listing().instruments()) {
        if (!instrument.active)
            continue;
        m_symbols->appendRow(new QStandardItem(u"%1  %2"_s.arg(
            QString::fromStdString(instrument.symbol), QString::fromStdString(instrument.name))));
    }
    m_symbols->sort(0);
}

void OrderTicket::fillTypes()
{
    const ExchangeRules *rules = exchangeRules();
    if (!rules)
        return;
    const OrderTypes now = m_feed.service().session(current().exchange).orderTypes;
    const bool hadChoice = m_type->count() > 0;
    const OrderType before = type();
    const QSignalBlocker blocker(m_type);
    m_type->clear();
    const auto append = [&](OrderType candidate) {
        if (!has(rules->orderTypes, candidate))
            return;
        const bool inSession = has(now, candidate);
        const QString text = orderTypeText(candidate);
        m_type->addItem(inSession ? text : tr("%1 — not in this session").arg(text),
                        static_cast<int>(candidate));
        if (!inSession)
            m_type->setItemData(m_type->count() - 1, m_theme.color(Tone::Muted),
                                Qt::ForegroundRole);
    };
    // Limit orders first: they are what a ticket starts with.
    for (const OrderType first : {OrderType::LO, OrderType::Limit})
        append(first);
    for (int i = 0; i < orderTypeCount; ++i) {
        const auto candidate = static_cast<OrderType>(i);
        if (!carriesPrice(candidate))
            append(candidate);
    }
    const int index = hadChoice ? m_type->findData(static_cast<int>(before)) : 0;
    m_type->setCurrentIndex(std::max(0, index));
    showPriceField();
}

void OrderTicket::showQuickPrices()
{
    const bool known = m_instrument != noInstrument;
    const Instrument &instrument = current();
    const auto set = [&](QuickPrice which, const QString &caption, std::optional<Price> price) {
        QPushButton *button = m_quick[which];
        button->setText(caption + QLatin1Char('\n')
                        + (price ? priceText(*price, instrument) : u"–"_s));
        button->setEnabled(price.has_value());
        button->setVisible(!known || instrument.banded || (which != Ceiling && which != Floor));
        QPalette palette = button->palette();
        palette.setColor(QPalette::ButtonText,
                         price ? m_theme.color(priceTone(*price, m_quote, instrument.banded))
                               : m_theme.color(Tone::Muted));
        button->setPalette(palette);
    };
    const auto onlyKnown = [&](Price price) { return known ? std::optional(price) : std::nullopt; };
    const auto best = [&](const std::vector<BookLevel> &side) {
        return known && !side.empty() && side.front().price.raw() > 0
                   ? std::optional(side.front().price)
                   : std::nullopt;
    };
    set(Ceiling, tr("Ceiling", "short"),
        instrument.banded ? onlyKnown(m_quote.ceiling) : std::nullopt);
    set(Floor, tr("Floor", "short"), instrument.banded ? onlyKnown(m_quote.floor) : std::nullopt);
    set(Reference, tr("Ref.", "short"), onlyKnown(m_quote.reference));
    set(Bid, tr("Bid", "short"), best(m_quote.bids));
    set(Ask, tr("Ask", "short"), best(m_quote.asks));
    const ExchangeRules *rules = exchangeRules();
    const auto setType = [&](QuickPrice which, OrderType wanted) {
        m_quick[which]->setText(orderTypeCode(wanted));
        m_quick[which]->setEnabled(rules && has(rules->orderTypes, wanted));
        m_quick[which]->setVisible(!rules || has(rules->orderTypes, wanted));
    };
    setType(Opening, OrderType::ATO);
    setType(Closing, OrderType::ATC);
}

void OrderTicket::refresh()
{
    m_refresh.stop();
    const bool known = m_instrument != noInstrument;
    m_send->setText((m_side == Side::Buy ? tr("Place order: Buy") : tr("Place order: Sell")));
    m_powerCaption->setText(m_side == Side::Buy ? tr("Buying power") : tr("Available to sell"));
    m_security->setText(known ? u"%1 · %2 · %3"_s.arg(QString::fromStdString(current().name),
                                                      exchangeText(current().exchange),
                                                      phaseShort(m_quote.phase))
                              : QString());
    m_security->setToolTip(m_security->text());
    const std::optional<Price> price = m_price->price();
    m_priceEcho->setText(price && known
                             ? u"= %1 %2"_s.arg(currencyPriceText(*price, current()),
                                                QString::fromStdString(current().currency))
                             : QString());
    const std::optional<PlaceOrder> typed = typedOrder();
    setStyledProperty(m_price, "wrong", !m_price->isBlank() && !price);
    setStyledProperty(m_quantity, "wrong", !m_quantity->isBlank() && !m_quantity->quantity());
    m_split->hide();
    m_condition->markWrong({});
    if (!typed) {
        OrderPreview preview;
        if (known) {
            // What could be bought at the ceiling, or sold at all, before anything is typed.
            PlaceOrder order;
            order.account = m_feed.account();
            order.instrument = m_instrument;
            order.side = m_side;
            order.type = type();
            order.quantity = m_quantity->quantity().value_or(current().lot);
            order.queue = true;
            if (priced())
                order.price =
                    price.value_or(current().banded ? current().ceiling : m_quote.reference);
            preview = m_feed.service().preview(order);
        }
        showCosts(preview, false);
        const QString text = incompleteText();
        showReason(!m_note.isEmpty() ? m_note : text,
                   m_note.isEmpty() ? Tone::Muted : Tone::Warning);
        return;
    }
    const std::vector<PlaceOrder> pieces = piecesOf(*typed);
    OrderPreview total = m_feed.service().preview(pieces.front());
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        const OrderPreview next = m_feed.service().preview(pieces[i]);
        total.value += next.value;
        total.fee += next.fee;
        total.tax += next.tax;
        total.hold += next.hold;
        if (!total.refusal)
            total.refusal = next.refusal;
    }
    showCosts(total, true);
    if (total.refusal) {
        showReason(sentenceText(*total.refusal), Tone::Down);
        setStyledProperty(m_price, "wrong", total.refusal->field == "price");
        setStyledProperty(m_quantity, "wrong", total.refusal->field == "quantity");
        m_condition->markWrong(QString::fromStdString(total.refusal->field));
        if (total.refusal->code == Code::INVALID_LOT && splittable(*typed)) {
            const Quantity odd(typed->quantity.raw() % current().lot.raw());
            m_split->setText(tr("Split %1 + %2")
                                 .arg(quantityText(typed->quantity - odd, current()),
                                      quantityText(odd, current())));
            m_split->show();
        }
        return;
    }
    const bool waits = !has(m_feed.service().session(current().exchange).orderTypes, typed->type);
    if (!m_note.isEmpty())
        showReason(m_note, Tone::Warning);
    else if (m_condition->waits())
        showReason(tr("The order will wait for its trigger; nothing is blocked until then."),
                   Tone::Warning);
    else if (m_splitting && pieces.size() > 1)
        showReason(tr("Two orders: %1 in round lots and %2 as an odd lot.")
                       .arg(quantityText(pieces[0].quantity, current()),
                            quantityText(pieces[1].quantity, current())),
                   Tone::Plain);
    else if (waits)
        showReason(tr("The order will wait until its session opens."), Tone::Warning);
    else
        showReason(tr("Ready: Enter sends, then confirm."), Tone::Muted);
}

QString OrderTicket::incompleteText() const
{
    if (m_instrument == noInstrument) {
        return m_symbol->text().trimmed().isEmpty()
                   ? tr("Type a symbol.")
                   : tr("No instrument has the symbol %1.").arg(m_symbol->text());
    }
    if (priced() && m_price->isBlank())
        return current().currency == "VND"
                   ? tr("Type the price in thousand dong: 25.5 or 25,5 is 25,500 dong.")
                   : tr("Type the price.");
    if (priced() && !m_price->price())
        return tr("The price is not finished: a digit must follow the decimal mark.");
    if (m_quantity->isBlank())
        return tr("Type the quantity.");
    if (m_quantity->quantity() && !m_condition->isComplete())
        return tr("Type the prices of the condition.");
    return tr("The quantity is not a number of shares.");
}

void OrderTicket::showCosts(const OrderPreview &preview, bool complete)
{
    const int scale = m_feed.listing().currencyScale(preview.currency);
    const bool known = m_instrument != noInstrument && !preview.currency.empty();
    m_power->setText(!known                ? QString()
                     : m_side == Side::Buy ? moneyText(preview.buyingPower, scale)
                                           : quantityText(preview.sellable, current()));
    m_maximum->setText(known ? quantityText(preview.maximum, current()) : QString());
    const auto amount = [&](Money money) {
        return complete && known ? moneyText(money, scale) : u"–"_s;
    };
    m_value->setText(amount(preview.value));
    m_fee->setText(amount(preview.fee));
    m_tax->setText(amount(preview.tax));
    m_hold->setText(amount(preview.hold));
}

void OrderTicket::showReason(const QString &text, Tone tone)
{
    m_reason->setText(text);
    setTextColor(m_reason, m_theme.color(tone));
}

} // namespace khop::ui
