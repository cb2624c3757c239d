// SPDX-License-Identifier: GPL-3.0-or-later
// The quantity of an order. Whole shares may be typed in groups of three (1300, 1,300 and 1.300 are the
// same; 1.3 is no quantity); fractional instruments take '.' or ',' as decimal mark. Steps by lot.
#pragma once

#include "market/instrument.h"
#include "ui/edits/decimal_edit.h"

namespace khop::ui {

class QuantityEdit final : public DecimalEdit
{
    Q_OBJECT

public:
    explicit QuantityEdit(QWidget *parent = nullptr);

    void setInstrument(const Instrument &instrument);
    std::optional<Quantity> quantity() const;
    void setQuantity(std::optional<Quantity> quantity);

protected:
    std::optional<std::int64_t> parse(const QString &text) const override;
    QString compose(std::int64_t raw) const override;
    QString composeForEditing(std::int64_t raw) const override;
    bool mayStand(const QString &text) const override;
    std::int64_t stepped(std::optional<std::int64_t> from, int steps) const override;
    std::int64_t onGrid(std::int64_t raw) const override { return raw; }

private:
    std::int64_t step() const;

    Instrument m_instrument;
};

} // namespace khop::ui
