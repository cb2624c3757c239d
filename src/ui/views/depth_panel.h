// SPDX-License-Identifier: GPL-3.0-or-later
// Market depth of the chosen instrument.
#pragma once

#include "ui/models/depth_model.h"
#include "ui/models/desk_feed.h"
#include "ui/views/cell_table.h"

#include <QWidget>

class QLabel;

namespace khop::ui {

class DepthPanel final : public QWidget
{
    Q_OBJECT

public:
    DepthPanel(DeskFeed &feed, const Theme &theme, QWidget *parent = nullptr);

    void setInstrument(InstrumentIndex instrument);
    DepthModel *model() { return &m_model; }

Q_SIGNALS:
    void ticketWanted(khop::InstrumentIndex instrument, khop::Side side,
                      std::optional<khop::Price> price);

protected:
    void changeEvent(QEvent *event) override;

private:
    void writeTitle();
    void spreadColumns();

    DeskFeed &m_feed;
    DepthModel m_model;
    CellTable *m_table;
    QLabel *m_title;
    InstrumentIndex m_instrument = noInstrument;
};

} // namespace khop::ui
