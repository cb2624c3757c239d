// SPDX-License-Identifier: GPL-3.0-or-later
// Fees and margin as readers see them.
#include "engine/desk.h"

namespace khop {

std::optional<MarginReport> Desk::margin(AccountNo account) const
{
    const auto policy = m_view.marginPolicy();
    const auto found = policy->find(account);
    if (found == policy->end())
        return std::nullopt;
    const auto instruments = m_view.instruments();
    const auto rules = m_view.rules();
    MarginReport report;
    report.terms = found->second;
    report.currency = rules->of(Exchange::HOSE).currency;
    report.account = m_view.marginAccount(account);
    const RiskMarket market{*instruments, *rules, [&](InstrumentIndex i) {
                                return m_view.quote(i).last.value_or((*instruments)[i].reference);
                            }};
    report.figures = marginFigures(*report.terms, report.account,
                                   currencyIndex(*rules, report.currency), market);
    return report;
}

/// What a buy may be paid with, and why not.
void Desk::previewFunding(const PlaceOrder &place, const Instrument &instrument,
                          OrderPreview &preview) const
{
    preview.buyingPower = m_view.available(place.account, instrument.currency);
    const auto report = place.side == Side::Buy ? margin(place.account) : std::nullopt;
    if (!report || report->currency != instrument.currency)
        return;
    preview.buyingPower += borrowable(*report->terms, report->account, report->figures, instrument);
    preview.marginable = loanRatio(*report->terms, instrument) > 0;
    if (report->figures.state != MarginState::Normal)
        preview.called = std::pair(report->figures.ratio, report->terms->maintenance);
}

} // namespace khop
