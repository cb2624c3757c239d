// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/order_ticket.h"

#include "base/wide.h"
#include "engine/condition_check.h"
#include "ui/condition_words.h"
#include "ui/language.h"
#include "ui/models/orders_model.h"
#include "ui/numbers.h"
#include "ui/ticket/condition_section.h"
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

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int refreshMilliseconds = 60;

QString symbolOf(const Instrument &instrument) { return QString::fromStdString(instrument.symbol); }

} // namespace

QString orderText(const PlaceOrder &order, const Instrument &instrument)
{
    const QString price =
        order.price ? priceText(*order.price, instrument) : orderTypeCode(order.type);
    const QString text =
        u"%1 %2 %3 @ %4"_s.arg(sideText(order.side), quantityText(order.quantity, instrument),
                               symbolOf(instrument), price);
    return order.condition
               ? text + u" · "_s + conditionText(*order.condition, order.side, instrument)
               : text;
}

QString orderText(const OrderRecord &order, const Instrument &instrument)
{
    const QString text =
        u"%1 %2 %3 @ %4"_s.arg(sideText(order.side), quantityText(order.quantity, instrument),
                               symbolOf(instrument), orderPriceText(order, instrument));
    return order.condition
               ? text + u" · "_s + conditionText(*order.condition, order.side, instrument)
               : text;
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
        showPriceField();
        scheduleRefresh();
    });
    connect(m_conditional, &QPushButton::clicked, this, [this](bool shown) {
        m_condition->setKind(shown ? std::optional(ConditionType::Stop) : std::nullopt);
    });
    connect(m_condition, &ConditionSection::changed, this, [this] {
        m_condition->setVisible(m_condition->kind().has_value());
        m_conditional->setChecked(m_condition->kind().has_value());
        m_note.clear();
        m_splitting = false;
        showPriceField();
        scheduleRefresh();
    });
    connect(m_condition, &ConditionSection::entered, this, &OrderTicket::send);
    connect(m_condition, &ConditionSection::adjusted, this, &OrderTicket::showAdjusted);
    const auto edited = [this] {
        m_note.clear();
        m_splitting = false;
        scheduleRefresh();
    };
    connect(m_price, &DecimalEdit::edited, this, edited);
    connect(m_quantity, &DecimalEdit::edited, this, edited);
    connect(m_price, &DecimalEdit::adjusted, this, &OrderTicket::showAdjusted);
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

bool OrderTicket::priced() const { return carriesPrice(type()) && !m_condition->waits(); }

/// A market order has no price of its own, nor has an order that waits for its trigger.
void OrderTicket::showPriceField()
{
    const bool waits = m_condition->waits();
    m_type->setEnabled(!waits);
    m_price->setEnabled(priced());
    m_price->setPlaceholder(priced() || waits ? QString() : orderTypeCode(type()));
    if (!priced())
        m_price->setPrice(std::nullopt);
}

void OrderTicket::showAdjusted(const QString &typed, const QString &now)
{
    m_note = tr("The price %1 is off the price step: now %2.").arg(typed, now);
    scheduleRefresh();
}

void OrderTicket::setSide(Side side)
{
    m_side = side;
    (side == Side::Buy ? m_buy : m_sell)->setChecked(true);
    setStyledProperty(m_send, "side", side == Side::Buy ? u"buy"_s : u"sell"_s);
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
    m_condition->setInstrument(current());
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
    if (m_instrument == noInstrument || !quantity || (priced() && !m_price->price())
        || !m_condition->isComplete())
        return std::nullopt;
    PlaceOrder order;
    order.account = m_feed.account();
    order.instrument = m_instrument;
    order.side = m_side;
    order.type = type();
    order.quantity = *quantity;
    order.price = priced() ? m_price->price() : std::nullopt;
    order.queue = m_queue->isChecked();
    addCondition(order);
    return order;
}

void OrderTicket::addCondition(PlaceOrder &order) const
{
    order.condition = m_condition->condition();
    const ExchangeRules *rules = exchangeRules();
    if (!m_condition->waits() || !order.condition || !rules)
        return;
    order.type = isLimited(*order.condition) ? limitTypeOf(current()) : marketTypeOf(*rules);
    order.queue = false;
    if (m_condition->days() == 0)
        return;
    order.timeInForce = TimeInForce::GTD;
    order.expiresAt = m_feed.service().now() + m_condition->days() * millisecondsPerDay;
}

bool OrderTicket::splittable(const PlaceOrder &order) const
{
    const ExchangeRules *rules = exchangeRules();
    const std::int64_t lot = current().lot.raw();
    return rules && rules->oddLots && !current().firstDay && order.type == OrderType::LO && lot > 1
           && !order.condition && order.quantity.raw() > lot && order.quantity.raw() % lot != 0;
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

void OrderTicket::send()
{
    if (m_symbol->hasFocus() || m_instrument == noInstrument)
        takeSymbol();
    // A price that had to move to the price step is shown first; the next Enter sends it.
    bool moved = m_price->commit();
    moved |= m_condition->commit();
    m_quantity->commit();
    refresh();
    const std::optional<PlaceOrder> typed = typedOrder();
    if (!typed) {
        QWidget *missing = m_instrument == noInstrument    ? static_cast<QWidget *>(m_symbol)
                           : priced() && !m_price->price() ? static_cast<QWidget *>(m_price)
                           : !m_quantity->quantity()       ? static_cast<QWidget *>(m_quantity)
                                                           : m_condition->missing();
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
    m_condition->setKind(std::nullopt); // the next order is an ordinary one again
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
