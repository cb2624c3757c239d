// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words.h"

#include <QCoreApplication>
#include <QDate>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(khop::ui::Words)
};

QString twoDigits(std::int64_t number) { return u"%1"_s.arg(number, 2, 10, QLatin1Char('0')); }

} // namespace

QString sideText(Side side) { return side == Side::Buy ? Words::tr("Buy") : Words::tr("Sell"); }

QString orderTypeText(OrderType type)
{
    switch (type) {
    case OrderType::LO: return Words::tr("Limit order (LO)");
    case OrderType::ATO: return Words::tr("At the open (ATO)");
    case OrderType::ATC: return Words::tr("At the close (ATC)");
    case OrderType::MTL: return Words::tr("Market-to-limit (MTL)");
    case OrderType::MOK: return Words::tr("Match or kill (MOK)");
    case OrderType::MAK: return Words::tr("Match and kill (MAK)");
    case OrderType::PLO: return Words::tr("Post-close order (PLO)");
    case OrderType::Market: return Words::tr("Market order");
    case OrderType::Limit: return Words::tr("Limit order");
    }
    return {};
}

QString orderTypeCode(OrderType type)
{
    const std::string_view code = name(type);
    return QString::fromLatin1(code.data(), static_cast<qsizetype>(code.size()));
}

QString statusText(OrderStatus status)
{
    switch (status) {
    case OrderStatus::Pending: return Words::tr("Pending");
    case OrderStatus::Queued: return Words::tr("Queued");
    case OrderStatus::Active: return Words::tr("Working");
    case OrderStatus::PartiallyFilled: return Words::tr("Partially filled");
    case OrderStatus::Filled: return Words::tr("Filled");
    case OrderStatus::PendingCancel: return Words::tr("Pending cancel");
    case OrderStatus::PendingReplace: return Words::tr("Pending amend");
    case OrderStatus::Cancelled: return Words::tr("Cancelled");
    case OrderStatus::Rejected: return Words::tr("Rejected");
    case OrderStatus::Expired: return Words::tr("Expired");
    }
    return {};
}

QString phaseText(Phase phase)
{
    switch (phase) {
    case Phase::Closed: return Words::tr("Market closed");
    case Phase::OpeningAuction: return Words::tr("Opening auction (ATO)");
    case Phase::Continuous: return Words::tr("Continuous session");
    case Phase::Break: return Words::tr("Lunch break");
    case Phase::PeriodicAuction: return Words::tr("Periodic auction");
    case Phase::ClosingAuction: return Words::tr("Closing auction (ATC)");
    case Phase::PostClose: return Words::tr("Post-close session");
    case Phase::PutThroughOnly: return Words::tr("Put-through deal");
    }
    return {};
}

QString phaseShort(Phase phase)
{
    switch (phase) {
    case Phase::Closed: return Words::tr("Closed");
    case Phase::OpeningAuction: return u"ATO"_s;
    case Phase::Continuous: return Words::tr("Continuous");
    case Phase::Break: return Words::tr("Lunch break");
    case Phase::PeriodicAuction: return Words::tr("Auction");
    case Phase::ClosingAuction: return u"ATC"_s;
    case Phase::PostClose: return u"PLO"_s;
    case Phase::PutThroughOnly: return Words::tr("Put-through");
    }
    return {};
}

QString exchangeText(Exchange exchange)
{
    if (exchange == Exchange::UPCOM)
        return u"UPCoM"_s;
    const std::string_view text = name(exchange);
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

Tone sideTone(Side side) { return side == Side::Buy ? Tone::Buy : Tone::Sell; }

Tone statusTone(OrderStatus status)
{
    switch (status) {
    case OrderStatus::Pending:
    case OrderStatus::Queued:
    case OrderStatus::PendingCancel:
    case OrderStatus::PendingReplace: return Tone::Warning;
    case OrderStatus::Active:
    case OrderStatus::PartiallyFilled: return Tone::Reference;
    case OrderStatus::Filled: return Tone::Good;
    case OrderStatus::Rejected: return Tone::Down;
    case OrderStatus::Cancelled:
    case OrderStatus::Expired: return Tone::Muted;
    }
    return Tone::Plain;
}

QString timeOfDayText(Time time)
{
    const std::int64_t seconds = vietnamTimeOfDay(time) / 1000;
    return twoDigits(seconds / 3600) + QLatin1Char(':') + twoDigits(seconds / 60 % 60)
           + QLatin1Char(':') + twoDigits(seconds % 60);
}

QString dateText(Date date)
{
    return QDate(1970, 1, 1).addDays(date.day).toString(u"dd/MM/yyyy"_s);
}

QString durationText(std::int64_t milliseconds)
{
    const std::int64_t seconds = std::max<std::int64_t>(0, (milliseconds + 999) / 1000);
    const QString minutes =
        twoDigits(seconds / 60 % 60) + QLatin1Char(':') + twoDigits(seconds % 60);
    return seconds < 3600 ? minutes : u"%1:%2"_s.arg(seconds / 3600).arg(minutes);
}

} // namespace khop::ui
