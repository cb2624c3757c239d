// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk tells of itself: clock, sessions, previews, health.
#include "engine/desk.h"

#include "base/decimal.h"
#include "engine/condition_check.h"
#include "ledger/order_cost.h"

#include <algorithm>

namespace khop {

SessionState Desk::session(Exchange exchange) const
{
    SessionState state = m_view.session(exchange);
    return state;
}

ClockState Desk::clock() const
{
    ClockState state;
    state.now = readClock();
    state.practice = m_practice != nullptr;
    state.speed = m_practice ? m_practice->speed() : 1;
    state.participants = m_participants;
    state.calendarKnown = m_view.rules()->calendar.isKnown(vietnamDate(state.now));
    return state;
}

Result<void> Desk::setSpeed(int speed)
{
    if (!m_practice)
        return refuse(Code::FORBIDDEN, "speed", std::to_string(speed), "practice");
    if (speed < 0 || speed > 100)
        return refuse(Code::VALIDATION_ERROR, "speed", std::to_string(speed), "0-100");
    m_practice->setSpeed(speed);
    {
        std::lock_guard lock(m_queueMutex);
        m_wake = true;
    }
    m_queueChanged.notify_all();
    return {};
}

Result<void> Desk::jumpTo(Time time)
{
    if (!m_practice)
        return refuse(Code::FORBIDDEN, "time", isoTime(time), "practice");
    const Time now = m_practice->now();
    if (time < now)
        return refuse(Code::VALIDATION_ERROR, "time", isoTime(time), isoTime(now));
    if (time - now > 400 * millisecondsPerDay)
        return refuse(Code::VALIDATION_ERROR, "time", isoTime(time),
                      isoTime(now + 400 * millisecondsPerDay));
    m_practice->jumpTo(time);
    // participants sleep through a jump; the books they left behind live on
    submit(CommandBody{Tick{true}}, [](CommandResult) {});
    return {};
}

Result<void> Desk::nextSession()
{
    if (!m_practice)
        return refuse(Code::FORBIDDEN, "session", {}, "practice");
    const auto rules = m_view.rules();
    const Time now = m_practice->now();
    Time next = rules->nextSessionChange(Exchange::HOSE, now);
    for (const Exchange exchange : {Exchange::HNX, Exchange::UPCOM})
        next = std::min(next, rules->nextSessionChange(exchange, now));
    return jumpTo(next);
}

OrderPreview Desk::preview(const PlaceOrder &place) const
{
    OrderPreview preview;
    const auto instruments = m_view.instruments();
    const auto rules = m_view.rules();
    if (place.instrument >= instruments->size() || !m_view.account(place.account)) {
        preview.refusal = Error{place.instrument >= instruments->size() ? Code::INSTRUMENT_UNKNOWN
                                                                        : Code::ACCOUNT_UNKNOWN};
        return preview;
    }
    const Instrument &instrument = (*instruments)[place.instrument];
    const auto fees = m_view.fees();
    const Rates &rates = fees->of(place.account, instrument.exchange);
    const int scale = rules->currencyScale(instrument.currency);
    const EntryContext context = m_view.entryContext(place.instrument);
    const OrderEntry entry{place.side, place.type, ownTimeInForce(place, instrument),
                           place.quantity, place.price};
    preview.currency = instrument.currency;
    const auto lastPrice = [&](InstrumentIndex i) {
        return m_view.quote(i).last.value_or((*instruments)[i].reference);
    };
    if (place.condition)
        preview.refusal = checkConditional(place, *instruments, *rules, context.time, lastPrice);
    const bool waits = place.condition && !hasChild(place.condition->type);
    if (!preview.refusal && !waits)
        preview.refusal = checkEntry(entry, instrument, *rules, context);
    const bool later =
        preview.refusal
        && (preview.refusal->code == Code::MARKET_CLOSED || preview.refusal->code == Code::HOLIDAY
            || preview.refusal->code == Code::ORDER_TYPE_NOT_IN_SESSION);
    if (later && place.queue)
        preview.refusal = checkQueuedEntry(entry, instrument, *rules, context);
    const Quote quote = m_view.quote(place.instrument);
    const Price last = quote.last.value_or(instrument.reference);
    Price worst = place.side == Side::Buy ? instrument.ceiling : instrument.floor;
    if (place.type == OrderType::PLO)
        worst = last;
    else if (!instrument.banded) {
        const auto &levels = place.side == Side::Buy ? quote.asks : quote.bids;
        const Price start = levels.empty() ? last : levels.front().price;
        worst = marketCollar(instrument, place.side, start, rules->policies.marketCollarPpm);
    }
    preview.holdPrice = place.price.value_or(worst);
    if (waits) {
        const auto &leg =
            place.condition->stopLoss ? place.condition->stopLoss : place.condition->takeProfit;
        if (leg && leg->limit)
            preview.holdPrice = *leg->limit;
    }
    previewFunding(place, instrument, preview);
    preview.sellable = m_view.sellable(place.account, place.instrument);
    preview.value = notional(instrument, scale, preview.holdPrice, place.quantity, Rounding::Up)
                        .value_or(Money{});
    preview.fee = commission(rates, preview.value);
    preview.exchangeFee = exchangePart(rates, preview.value, preview.fee);
    preview.tax = place.side == Side::Sell ? portion(preview.value, rates.sellTax) : Money{};
    if (place.side == Side::Sell) {
        const Quantity free =
            std::min(place.quantity, m_view.taxable(place.account, place.instrument));
        preview.tax += incomeTaxOf(instrument, scale, rates, free, preview.holdPrice);
    }
    const auto checkLimits = [&] {
        if (!preview.refusal)
            preview.refusal = previewRisk(place, preview.holdPrice);
    };
    if (waits) {
        checkLimits(); // nothing is held before the condition is met
    } else if (place.side == Side::Buy) {
        const auto hold =
            buyHold(instrument, scale, rates, preview.holdPrice, place.quantity, Money{});
        preview.hold = hold.value_or(Money{});
        if (const Money cash = m_view.available(place.account, instrument.currency);
            preview.marginable && preview.hold > cash)
            preview.loan = preview.hold - cash;
        if (!preview.refusal && quote.foreignRoom && place.quantity > *quote.foreignRoom
            && m_view.account(place.account)->foreign)
            preview.refusal =
                Error{Code::FOREIGN_ROOM, "quantity",
                      formatDecimal(place.quantity.raw(), instrument.quantityScale, true),
                      formatDecimal(quote.foreignRoom->raw(), instrument.quantityScale, true)};
        checkLimits();
        if (!preview.refusal && preview.called)
            preview.refusal =
                Error{Code::MARGIN_CALL, "quantity", formatDecimal(preview.called->first, 4, true),
                      formatDecimal(preview.called->second, 4, true)};
        if (!preview.refusal && (!hold || *hold > preview.buyingPower))
            preview.refusal =
                Error{preview.marginable ? Code::MARGIN_LIMIT : Code::INSUFFICIENT_CASH, "quantity",
                      formatDecimal(preview.hold.raw(), scale),
                      formatDecimal(preview.buyingPower.raw(), scale)};
    } else {
        checkLimits();
        if (!preview.refusal && place.quantity > preview.sellable)
            preview.refusal =
                Error{Code::INSUFFICIENT_SECURITIES, "quantity",
                      formatDecimal(place.quantity.raw(), instrument.quantityScale, true),
                      formatDecimal(preview.sellable.raw(), instrument.quantityScale, true)};
    }
    // the largest quantity of whole lots that cash or securities, and the exchange, allow
    const std::int64_t cap =
        instrument.maxQuantity.isZero() ? 1'000'000'000'000'000 : instrument.maxQuantity.raw();
    std::int64_t most = std::min(cap, preview.sellable.raw());
    if (place.side == Side::Buy) {
        std::int64_t low = 0, high = cap;
        while (low < high) {
            const std::int64_t middle = low + (high - low + 1) / 2;
            const auto need =
                buyHold(instrument, scale, rates, preview.holdPrice, Quantity(middle), Money{});
            if (need && *need <= preview.buyingPower)
                low = middle;
            else
                high = middle - 1;
        }
        most = low;
    }
    const std::int64_t lot = std::max<std::int64_t>(1, instrument.lot.raw());
    preview.maximum = Quantity(most >= lot ? most / lot * lot : most);
    return preview;
}

ServiceHealth Desk::health() const
{
    ServiceHealth health;
    health.running = m_running;
    {
        std::lock_guard lock(m_detailMutex);
        health.detail = m_detail;
    }
    health.sequence = m_sequence;
    health.stateHash = m_stateHash;
    {
        std::lock_guard lock(m_queueMutex);
        health.queued = m_queue.size();
    }
    health.commands = m_commands;
    health.orders = m_orders;
    health.executions = m_executions;
    health.groups = m_groups;
    health.commitNanoseconds = m_commitNanoseconds;
    return health;
}

StageTimes Desk::stageTimes() const
{
    return {m_queueTimes.counts(), m_applyTimes.counts(), m_commitTimes.counts()};
}

template <class T, class Ask>
void Desk::askEngine(Answer<T> answer, Ask ask)
{
    Errand errand{[this, answer, ask] {
                      answer(ask(*m_engine));
                      return Result<void>{};
                  },
                  {},
                  [answer] { answer(refuse(Code::SHUTTING_DOWN)); }};
    if (const Result<void> posted = post(std::move(errand)); !posted)
        answer(std::unexpected(posted.error()));
}

void Desk::queuePlace(const Uuid &order, Answer<QueuePlace> answer)
{
    askEngine(std::move(answer),
              [order](const Engine &engine) { return engine.queuePlace(order); });
}

void Desk::marketTexts(Answer<MarketTexts> answer)
{
    askEngine(std::move(answer), [](const Engine &engine) { return engine.latestTexts(); });
}

Result<std::vector<AuditEntry>> Desk::audit(std::uint64_t from, std::size_t most) const
{
    return readAudit(m_options.databaseFile, from, most);
}

Result<Verification> Desk::verify(std::stop_token stop) const
{
    return verifyDatabase(m_options.databaseFile, m_options.journalKeyFile, stop);
}

} // namespace khop
