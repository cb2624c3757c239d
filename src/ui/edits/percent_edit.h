// SPDX-License-Identifier: GPL-3.0-or-later
// A percentage with up to four decimals, as parts per million: 1.5 is 15,000.
#pragma once

#include "ui/edits/decimal_edit.h"

namespace khop::ui {

class PercentEdit final : public DecimalEdit
{
    Q_OBJECT

public:
    explicit PercentEdit(QWidget *parent = nullptr);

protected:
    std::optional<std::int64_t> parse(const QString &text) const override;
    QString compose(std::int64_t raw) const override;
    bool mayStand(const QString &text) const override;
    std::int64_t stepped(std::optional<std::int64_t> from, int steps) const override;
    std::int64_t onGrid(std::int64_t raw) const override { return raw; }
};

} // namespace khop::ui
