// SPDX-License-Identifier: GPL-3.0-or-later
// The account's portfolio: totals, holdings with their weight, the equity curve of a period with its
// returns, and what it is made of. Asks the desk anew when something of it has changed, a few times a
// second at most and only while it is seen.
#pragma once

#include "portfolio/performance.h"
#include "ui/models/desk_feed.h"
#include "ui/models/portfolio_model.h"
#include "ui/views/cell_table.h"

#include <QTimer>
#include <QWidget>

#include <array>

class QComboBox;
class QLabel;

namespace khop::ui {

class AllocationBars;
class EquityChart;

class PortfolioPanel final : public QWidget
{
    Q_OBJECT

public:
    PortfolioPanel(DeskFeed &feed, const Theme &theme, QWidget *parent = nullptr);

    CellTable *table() { return m_table; }
    EquityChart *chart() { return m_chart; }
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);
    void resetState();
    /// The narrowest dock there is for it; figures that do not fit there are cut.
    QSize minimumSizeHint() const override { return {360, 140}; }

Q_SIGNALS:
    void instrumentActivated(khop::InstrumentIndex instrument);

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    enum Figure { Equity, Today, Unrealized, Twr, Xirr, DrawdownDepth, FigureCount };

    void build();
    void connectFeed();
    void touch();
    void ask();
    void receive(const Result<PortfolioAnswer> &answer);
    void write();
    void writeFigures();
    void setFigure(Figure figure, const QString &text, Tone tone);
    QString caption(Figure figure) const;
    void retranslate();

    DeskFeed &m_feed;
    const Theme &m_theme;
    PortfolioModel m_model;
    std::optional<PortfolioAnswer> m_answer;
    QTimer m_wait;
    bool m_asked = false; // an answer is under way
    bool m_stale = true;  // something changed since it was asked for

    CellTable *m_table;
    EquityChart *m_chart;
    AllocationBars *m_bars;
    QComboBox *m_period;
    QComboBox *m_by;
    struct FigureLabels {
        QLabel *caption;
        QLabel *value;
    };
    std::array<FigureLabels, FigureCount> m_figures{};
    QString m_language; // the columns' widths are for
    bool m_fitted = false;
};

} // namespace khop::ui
