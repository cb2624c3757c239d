// SPDX-License-Identifier: GPL-3.0-or-later
// The price of an order, typed as the board shows it: thousand dong for VND (96.5, 96,5 and 96.50 are
// all 96,500 dong), the currency itself elsewhere. Steps by the tick of the price it arrives at.
#pragma once

#include "market/instrument.h"
#include "ui/edits/decimal_edit.h"

namespace khop::ui {

class PriceEdit final : public DecimalEdit
{
    Q_OBJECT

public:
    explicit PriceEdit(QWidget *parent = nullptr);

    void setInstrument(const Instrument &instrument);
    std::optional<Price> price() const;
    void setPrice(std::optional<Price> price);
    /// Where stepping starts in an empty field; the reference when not set.
    void setStepOrigin(std::optional<Price> price) { m_stepOrigin = price; }

protected:
    std::optional<std::int64_t> parse(const QString &text) const override;
    QString compose(std::int64_t raw) const override;
    bool mayStand(const QString &text) const override;
    std::int64_t stepped(std::optional<std::int64_t> from, int steps) const override;
    std::int64_t onGrid(std::int64_t raw) const override;

private:
    Instrument m_instrument;
    std::optional<Price> m_stepOrigin;
};

} // namespace khop::ui
