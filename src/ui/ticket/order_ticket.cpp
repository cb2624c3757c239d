// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/order_ticket.h"

#include "base/wide.h"
#include "ui/language.h"
#include "ui/models/board_model.h"
#include "ui/models/orders_model.h"
#include "ui/numbers.h"
#include "ui/ticket/confirm_dialog.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QStyle>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int refreshMilliseconds = 60;

QString symbolOf(const Instrument &instrument) { return QString::fromStdString(instrument.symbol); }

void restyle(QWidget *widget, const char *property, const QVariant &value)
{
    if (widget->property(property) == value)
        return;
    widget->setProperty(property, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace

QString orderText(const PlaceOrder &order, const Instrument &instrument)
{
    const QString price =
        order.price ? priceText(*order.price, instrument) : orderTypeCode(order.type);
    return u"%1 %2 %3 @ %4"_s.arg(sideText(order.side), quantityText(order.quantity, instrument),
                                  symbolOf(instrument), price);
}

QString orderText(const OrderRecord &order, const Instrument &instrument)
{
    return u"%1 %2 %3 @ %4"_s.arg(sideText(order.side), quantityText(order.quantity, instrument),
                                  symbolOf(instrument), orderPriceText(order, instrument));
}

OrderTicket::OrderTicket(DeskFeed &feed, const Theme &theme, QWidget *parent)
    : TicketForm(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_symbols(new QStandardItemModel(this))
    , m_completer(new QCompleter(m_symbols, this))
{
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setFilterMode(Qt::MatchContains);
    m_completer->setCompletionRole(Qt::DisplayRole);
    m_completer->setMaxVisibleItems(10);
    m_symbol->setCompleter(m_completer);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMilliseconds);
    connectForm();
    setSide(Side::Buy);
    retranslate();
}

void OrderTicket::connectForm()
{
    m_type->installEventFilter(this);
    m_send->installEventFilter(this);
    connect(m_buy, &QPushButton::clicked, this, [this] { setSide(Side::Buy); });
    connect(m_sell, &QPushButton::clicked, this, [this] { setSide(Side::Sell); });
    connect(m_symbol, &QLineEdit::textEdited, this, [this] {
        m_note.clear();
        scheduleRefresh();
    });
    connect(m_symbol, &QLineEdit::editingFinished, this, &OrderTicket::takeSymbol);
    connect(m_symbol, &QLineEdit::returnPressed, this, [this] {
        takeSymbol();
        if (m_instrument != noInstrument)
            focusAfterSymbol();
    });
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, [this] {
        // The line edit takes the completion after this signal.
        QTimer::singleShot(0, this, [this] {
            takeSymbol();
            if (m_instrument != noInstrument)
                focusAfterSymbol();
        });
    });
    connect(m_type, &QComboBox::currentIndexChanged, this, [this] {
        m_price->setEnabled(priced());
        m_price->setPlaceholder(priced() ? QString() : orderTypeCode(type()));
        if (!priced())
            m_price->setPrice(std::nullopt);
        scheduleRefresh();
    });
    const auto edited = [this] {
        m_note.clear();
        m_splitting = false;
        scheduleRefresh();
    };
    connect(m_price, &DecimalEdit::edited, this, edited);
    connect(m_quantity, &DecimalEdit::edited, this, edited);
    connect(m_price, &DecimalEdit::adjusted, this,
            [this](const QString &typed, const QString &now) {
                m_note = tr("The price %1 is off the price step: now %2.").arg(typed, now);
                scheduleRefresh();
            });
    connect(m_price, &DecimalEdit::entered, this,
            [this] { m_quantity->setFocus(Qt::TabFocusReason); });
    connect(m_quantity, &DecimalEdit::entered, this, &OrderTicket::send);
    connect(m_send, &QPushButton::clicked, this, &OrderTicket::send);
    connect(m_queue, &QCheckBox::toggled, this, &OrderTicket::scheduleRefresh);
    connect(m_split, &QPushButton::clicked, this, [this] {
        m_splitting = true;
        refresh();
        m_send->setFocus(Qt::TabFocusReason);
    });
    for (int i = 0; i < QuickPriceCount; ++i) {
        connect(m_quick[static_cast<std::size_t>(i)], &QPushButton::clicked, this,
                [this, i] { quick(static_cast<QuickPrice>(i)); });
    }
    static constexpr std::array percents{25, 50, 100};
    for (std::size_t i = 0; i < m_shares.size(); ++i)
        connect(m_shares[i], &QPushButton::clicked, this, [this, i] { takeShare(percents[i]); });

    connect(&m_refresh, &QTimer::timeout, this, &OrderTicket::refresh);
    connect(&m_feed, &DeskFeed::listingChanged, this, [this] {
        fillSymbols();
        if (m_instrument != noInstrument) {
            m_price->setInstrument(current());
            m_quantity->setInstrument(current());
        }
        scheduleRefresh();
    });
    connect(&m_feed, &DeskFeed::quotesChanged, this, &OrderTicket::followMarket);
    connect(&m_feed, &DeskFeed::balancesChanged, this, &OrderTicket::scheduleRefresh);
    connect(&m_feed, &DeskFeed::positionsChanged, this, &OrderTicket::scheduleRefresh);
    connect(&m_feed, &DeskFeed::sessionsChanged, this, [this] {
        fillTypes();
        scheduleRefresh();
    });
    connect(&m_theme, &Theme::changed, this, [this] {
        showQuickPrices();
        scheduleRefresh();
    });
}

const Instrument &OrderTicket::current() const { return m_feed.listing().instrument(m_instrument); }

const ExchangeRules *OrderTicket::exchangeRules() const
{
    const MarketRules *rules = m_feed.listing().rules();
    return rules && m_instrument != noInstrument ? &rules->of(current().exchange) : nullptr;
}

OrderType OrderTicket::type() const
{
    const QVariant chosen = m_type->currentData();
    return chosen.isValid() ? static_cast<OrderType>(chosen.toInt()) : OrderType::LO;
}

bool OrderTicket::priced() const { return carriesPrice(type()); }

void OrderTicket::setSide(Side side)
{
    m_side = side;
    (side == Side::Buy ? m_buy : m_sell)->setChecked(true);
    restyle(m_send, "side", side == Side::Buy ? u"buy"_s : u"sell"_s);
    refresh();
}

void OrderTicket::focusAfterSymbol()
{
    QWidget *next = priced() ? static_cast<QWidget *>(m_price) : m_quantity;
    next->setFocus(Qt::TabFocusReason);
}

void OrderTicket::begin(Side side)
{
    setSide(side);
    m_symbol->setFocus(Qt::ShortcutFocusReason);
    m_symbol->selectAll();
}

void OrderTicket::fill(InstrumentIndex instrument, Side side, std::optional<Price> price)
{
    setInstrument(instrument);
    setSide(side);
    if (price) {
        if (!priced() && m_type->count() > 0)
            m_type->setCurrentIndex(0);
        m_price->setPrice(price);
    }
    QWidget *next = price || !priced() ? static_cast<QWidget *>(m_quantity) : m_price;
    next->setFocus(Qt::OtherFocusReason);
}

void OrderTicket::setInstrument(InstrumentIndex instrument)
{
    if (instrument == m_instrument)
        return;
    m_instrument = instrument;
    m_splitting = false;
    m_note.clear();
    m_price->setPrice(std::nullopt);
    m_price->setInstrument(current());
    m_quantity->setInstrument(current());
    if (instrument != noInstrument) {
        m_symbol->setText(symbolOf(current()));
        m_quote = m_feed.service().quote(instrument);
    }
    m_type->clear();
    fillTypes();
    showQuickPrices();
    refresh();
    Q_EMIT instrumentChosen(instrument);
}

bool OrderTicket::adoptTypedSymbol()
{
    // A completion reads "FPT  FPT Corporation": the symbol is its first word.
    const QString typed = m_symbol->text().trimmed().section(QLatin1Char(' '), 0, 0).toUpper();
    const auto found = m_feed.service().findInstrument(typed.toStdString());
    if (!found)
        return false;
    m_symbol->setText(typed);
    setInstrument(*found);
    return true;
}

void OrderTicket::takeSymbol()
{
    if (!adoptTypedSymbol() && m_instrument != noInstrument) {
        const QString typed = m_symbol->text();
        setInstrument(noInstrument);
        m_symbol->setText(typed);
    }
    scheduleRefresh();
}

void OrderTicket::fillSymbols()
{
    m_symbols->clear();
    for (const Instrument &instrument : m_feed.listing().instruments()) {
        if (!instrument.active)
            continue;
        m_symbols->appendRow(new QStandardItem(
            u"%1  %2"_s.arg(symbolOf(instrument), QString::fromStdString(instrument.name))));
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
    m_price->setEnabled(priced());
    m_price->setPlaceholder(priced() ? QString() : orderTypeCode(type()));
}

void OrderTicket::followMarket(const std::vector<Quote> &quotes)
{
    const auto own = std::find_if(quotes.begin(), quotes.end(), [this](const Quote &quote) {
        return quote.instrument == m_instrument;
    });
    if (own == quotes.end())
        return;
    m_quote = *own;
    showQuickPrices();
    scheduleRefresh();
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

void OrderTicket::quick(QuickPrice which)
{
    if (which == Opening || which == Closing) {
        const OrderType wanted = which == Opening ? OrderType::ATO : OrderType::ATC;
        m_type->setCurrentIndex(std::max(0, m_type->findData(static_cast<int>(wanted))));
        m_quantity->setFocus(Qt::OtherFocusReason);
        return;
    }
    if (!priced())
        m_type->setCurrentIndex(0);
    switch (which) {
    case Ceiling: m_price->setPrice(m_quote.ceiling); break;
    case Floor: m_price->setPrice(m_quote.floor); break;
    case Reference: m_price->setPrice(m_quote.reference); break;
    case Bid: m_price->setPrice(m_quote.bids.front().price); break;
    case Ask: m_price->setPrice(m_quote.asks.front().price); break;
    case Opening:
    case Closing:
    case QuickPriceCount: break;
    }
    m_quantity->setFocus(Qt::OtherFocusReason);
}

void OrderTicket::takeShare(int percent)
{
    if (m_instrument == noInstrument)
        return;
    PlaceOrder order = typedOrder().value_or(PlaceOrder{});
    order.account = m_feed.account();
    order.instrument = m_instrument;
    order.side = m_side;
    order.type = type();
    order.quantity = current().lot;
    order.queue = m_queue->isChecked();
    order.price =
        priced() ? std::optional(m_price->price().value_or(current().ceiling)) : std::nullopt;
    const Quantity maximum = m_feed.service().preview(order).maximum;
    const std::int64_t lot = std::max<std::int64_t>(1, current().lot.raw());
    std::int64_t share = mulDiv(maximum.raw(), percent, 100, Rounding::Down).value_or(0);
    if (percent < 100)
        share -= share % lot;
    m_quantity->setQuantity(share > 0 ? std::optional(Quantity(share)) : std::nullopt);
    m_quantity->setFocus(Qt::OtherFocusReason);
}

std::optional<PlaceOrder> OrderTicket::typedOrder() const
{
    const std::optional<Quantity> quantity = m_quantity->quantity();
    if (m_instrument == noInstrument || !quantity || (priced() && !m_price->price()))
        return std::nullopt;
    PlaceOrder order;
    order.account = m_feed.account();
    order.instrument = m_instrument;
    order.side = m_side;
    order.type = type();
    order.quantity = *quantity;
    order.price = priced() ? m_price->price() : std::nullopt;
    order.queue = m_queue->isChecked();
    return order;
}

bool OrderTicket::splittable(const PlaceOrder &order) const
{
    const ExchangeRules *rules = exchangeRules();
    const std::int64_t lot = current().lot.raw();
    return rules && rules->oddLots && !current().firstDay && order.type == OrderType::LO && lot > 1
           && order.quantity.raw() > lot && order.quantity.raw() % lot != 0;
}

std::vector<PlaceOrder> OrderTicket::piecesOf(const PlaceOrder &order) const
{
    if (!m_splitting || !splittable(order))
        return {order};
    PlaceOrder even = order;
    PlaceOrder odd = order;
    odd.quantity = Quantity(order.quantity.raw() % current().lot.raw());
    even.quantity = order.quantity - odd.quantity;
    return {even, odd};
}

void OrderTicket::scheduleRefresh()
{
    if (!m_refresh.isActive())
        m_refresh.start();
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
    restyle(m_price, "wrong", !m_price->isBlank() && !price);
    restyle(m_quantity, "wrong", !m_quantity->isBlank() && !m_quantity->quantity());
    m_split->hide();
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
        restyle(m_price, "wrong", total.refusal->field == "price");
        restyle(m_quantity, "wrong", total.refusal->field == "quantity");
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

void OrderTicket::send()
{
    if (m_symbol->hasFocus() || m_instrument == noInstrument)
        takeSymbol();
    // A price that had to move to the price step is shown first; the next Enter sends it.
    const bool moved = m_price->commit();
    m_quantity->commit();
    refresh();
    const std::optional<PlaceOrder> typed = typedOrder();
    if (!typed) {
        QWidget *missing = m_instrument == noInstrument    ? static_cast<QWidget *>(m_symbol)
                           : priced() && !m_price->price() ? static_cast<QWidget *>(m_price)
                                                           : m_quantity;
        showReason(incompleteText(), Tone::Down);
        missing->setFocus(Qt::OtherFocusReason);
        return;
    }
    const std::vector<PlaceOrder> pieces = piecesOf(*typed);
    const OrderPreview preview = m_feed.service().preview(pieces.front());
    if (moved || preview.refusal)
        return;
    if (!m_asks) {
        place(pieces);
        return;
    }
    auto *dialog = new ConfirmDialog(m_theme, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setOrders(pieces, m_feed);
    dialog->offerNotAsking(m_paper);
    connect(dialog, &QDialog::accepted, this, [this, dialog, pieces] {
        if (dialog->notAskingAgain()) {
            m_asks = false;
            Q_EMIT asksBeforeSendingChanged(false);
        }
        place(pieces);
    });
    dialog->open();
}

void OrderTicket::place(const std::vector<PlaceOrder> &orders)
{
    m_quantity->setQuantity(std::nullopt);
    m_splitting = false;
    m_symbol->setFocus(Qt::OtherFocusReason);
    m_symbol->selectAll();
    for (const PlaceOrder &order : orders) {
        m_feed.submit(order, [this, order](const CommandResult &result) {
            const Instrument &instrument = m_feed.listing().instrument(order.instrument);
            if (result.ok() && result.order) {
                Q_EMIT accepted(*result.order);
                return;
            }
            const QString reason = sentenceText(result.error);
            Q_EMIT refused(orderText(order, instrument), reason);
            // Give back what was typed, unless something new stands there by now.
            if (m_instrument == order.instrument && m_quantity->isBlank())
                m_quantity->setQuantity(order.quantity);
            m_note = reason;
            refresh();
        });
    }
}

bool OrderTicket::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return TicketForm::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return TicketForm::eventFilter(watched, event);
    if (watched == m_type) {
        focusAfterSymbol();
        return true;
    }
    if (watched == m_send) {
        send();
        return true;
    }
    return TicketForm::eventFilter(watched, event);
}

void OrderTicket::retranslate()
{
    retranslateForm();
    fillTypes();
    showQuickPrices();
    refresh();
}

void OrderTicket::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        m_note.clear();
        retranslate();
    }
    TicketForm::changeEvent(event);
}

} // namespace khop::ui
