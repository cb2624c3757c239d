// SPDX-License-Identifier: GPL-3.0-or-later
// What the market tests share: the shipped rules, readable text, and instruments and moments made
// from plain values.
#pragma once

#include "market/defaults.h"
#include "market/order_entry.h"
#include "market/rules.h"

#include <QFile>
#include <QString>
#include <QtTest>

namespace khop::tests {

inline QString shown(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

inline QString shown(const Error &error)
{
    return shown(codeName(error.code)) + u'|' + shown(error.field) + u'|' + shown(error.value)
           + u'|' + shown(error.bound);
}

inline const MarketRules &shippedRules()
{
    static const MarketRules rules = [] {
        Result<MarketRules> parsed = parseMarketRules(defaultMarketRulesText());
        if (!parsed)
            qFatal("%s", qPrintable(shown(parsed.error())));
        return *parsed;
    }();
    return rules;
}

inline Instrument listed(Exchange exchange, std::int64_t reference, bool firstDay = false,
                         const MarketRules &rules = shippedRules())
{
    Instrument instrument;
    instrument.symbol = "AAA";
    instrument.exchange = exchange;
    instrument.currency = rules.of(exchange).currency;
    instrument.priceScale = rules.currencyScale(instrument.currency);
    instrument.quantityScale = exchange == Exchange::SPOT ? 8 : 0;
    instrument.reference = Price(reference);
    instrument.firstDay = firstDay;
    applyDayLimits(instrument, rules);
    return instrument;
}

/// A moment in Vietnam, e.g. "2026-11-20 09:15".
inline Time at(const char *text)
{
    const std::string_view view(text);
    const auto date = parseIsoDate(view.substr(0, 10));
    const auto time = parseTimeOfDay(view.substr(11));
    if (!date || !time)
        qFatal("not a moment: %s", text);
    return vietnamTime(*date, *time);
}

inline EntryContext contextOf(const Instrument &instrument, Time time,
                              const MarketRules &rules = shippedRules())
{
    EntryContext context;
    context.time = time;
    context.session = rules.sessionAt(instrument.exchange, instrument.restricted, time);
    context.tradingDay =
        rules.isTradingDay(instrument.exchange, rules.dateAt(instrument.exchange, time));
    return context;
}

inline std::string fileText(const char *path)
{
    QFile file(QStringLiteral(KHOP_SOURCE_DIR "/") + QLatin1StringView(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", path);
    return file.readAll().toStdString();
}

} // namespace khop::tests
