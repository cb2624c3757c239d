// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/portfolio_panel.h"

#include "ui/language.h"
#include "ui/numbers.h"
#include "ui/views/allocation_bars.h"
#include "ui/views/equity_chart.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPointer>
#include <QSettings>
#include <QSplitter>

#include <utility>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int pauseMilliseconds = 200; // between two questions
constexpr std::int64_t whole = 1'000'000;
constexpr std::array periods{Period::Week,      Period::Month, Period::ThreeMonths,
                             Period::SixMonths, Period::Year,  Period::All};

Tone toneOf(std::int64_t gain) { return gain > 0 ? Tone::Up : gain < 0 ? Tone::Down : Tone::Plain; }

} // namespace

PortfolioPanel::PortfolioPanel(DeskFeed &feed, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_table(new CellTable(theme, u"portfolio"_s, this))
    , m_chart(new EquityChart(theme, this))
    , m_bars(new AllocationBars(theme, this))
    , m_period(new QComboBox(this))
    , m_by(new QComboBox(this))
{
    build();
    connectFeed();
    m_wait.setSingleShot(true);
    connect(&m_wait, &QTimer::timeout, this, &PortfolioPanel::ask);
    connect(m_period, &QComboBox::currentIndexChanged, this, &PortfolioPanel::write);
    connect(m_by, &QComboBox::currentIndexChanged, this, &PortfolioPanel::write);
    connect(&theme, &Theme::changed, this, &PortfolioPanel::writeFigures);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        Q_EMIT instrumentActivated(m_model.instrumentAt(index.row()));
    });
    retranslate();
}

void PortfolioPanel::build()
{
    m_table->setModel(&m_model);
    m_table->setDefaultHidden(
        {PortfolioModel::AverageCost, PortfolioModel::MarketPrice, PortfolioModel::RealizedPnl});
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignCenter);
    m_period->setObjectName(u"portfolioPeriod"_s);
    m_by->setObjectName(u"portfolioBy"_s);
    for (std::size_t i = 0; i < periods.size(); ++i)
        m_period->addItem(QString());
    m_period->setCurrentIndex(1);
    for (int i = 0; i < 3; ++i)
        m_by->addItem(QString());

    auto *figures = new QHBoxLayout;
    figures->setContentsMargins(6, 2, 6, 2);
    figures->setSpacing(14);
    for (FigureLabels &figure : m_figures) {
        auto *pair = new QVBoxLayout;
        pair->setSpacing(0);
        figure.caption = new QLabel(this);
        figure.caption->setProperty("caption", true);
        figure.value = new QLabel(this);
        figure.value->setTextFormat(Qt::PlainText);
        pair->addWidget(figure.caption);
        pair->addWidget(figure.value);
        figures->addLayout(pair);
    }
    m_figures[Equity].value->setObjectName(u"portfolioEquity"_s);
    figures->addStretch(1);

    const auto beside = [this](QWidget *top, QWidget *content) {
        auto *box = new QWidget(this);
        auto *column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        column->addWidget(top, 0, Qt::AlignLeft);
        column->addWidget(content, 1);
        return box;
    };
    auto *parts = new QSplitter(Qt::Horizontal, this);
    parts->setChildrenCollapsible(false);
    parts->addWidget(m_table);
    parts->addWidget(beside(m_period, m_chart));
    parts->addWidget(beside(m_by, m_bars));
    parts->setSizes({300, 210, 170}); // shares of what there is
    parts->setStretchFactor(0, 5);
    parts->setStretchFactor(1, 4);
    parts->setStretchFactor(2, 2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(2, 2, 2, 2);
    column->setSpacing(2);
    column->addLayout(figures);
    column->addWidget(parts, 1);
}

void PortfolioPanel::connectFeed()
{
    connect(&m_feed, &DeskFeed::listingChanged, this, [this] {
        m_model.setListing(m_feed.listing());
        touch();
    });
    connect(&m_feed, &DeskFeed::positionsChanged, this, &PortfolioPanel::touch);
    connect(&m_feed, &DeskFeed::balancesChanged, this, &PortfolioPanel::touch);
    connect(&m_feed, &DeskFeed::quotesChanged, this, [this](const std::vector<Quote> &quotes) {
        const bool concerns = std::ranges::any_of(quotes, [this](const Quote &quote) {
            return m_answer && m_answer->valuation.find(quote.instrument);
        });
        if (concerns)
            touch();
    });
}

void PortfolioPanel::touch()
{
    m_stale = true;
    if (isVisible() && !m_asked && !m_wait.isActive())
        m_wait.start(m_answer ? pauseMilliseconds : 0);
}

void PortfolioPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        touch();
}

void PortfolioPanel::ask()
{
    m_asked = true;
    m_stale = false;
    m_feed.askPortfolio({.account = m_feed.account(), .curve = true},
                        [panel = QPointer(this)](const Result<PortfolioAnswer> &answer) {
                            if (panel)
                                panel->receive(answer);
                        });
}

void PortfolioPanel::receive(const Result<PortfolioAnswer> &answer)
{
    m_asked = false;
    if (answer)
        m_answer = *answer;
    write();
    if (m_stale)
        touch();
}

void PortfolioPanel::write()
{
    if (!m_answer)
        return;
    m_model.setPortfolio(*m_answer);
    if (m_model.rowCount() > 0 && !std::exchange(m_fitted, true))
        m_table->fitColumns();
    constexpr std::array bys{Valuation::By::Symbol, Valuation::By::Sector, Valuation::By::Exchange};
    m_bars->setSlices(m_answer->valuation.allocation(
        bys[static_cast<std::size_t>(std::max(0, m_by->currentIndex()))]));
    writeFigures();
}

void PortfolioPanel::writeFigures()
{
    if (!m_answer)
        return;
    const MarketRules *const rules = m_feed.listing().rules();
    const int scale = rules ? rules->currencies[rules->fx.base].scale : 0;
    const Valuation::Totals &totals = m_answer->valuation.totals();
    const auto gain = [&](Figure figure, Money money) {
        QString text = moneyText(money, scale);
        if (money.raw() > 0)
            text.prepend(u'+');
        setFigure(figure, text, toneOf(money.raw()));
    };
    const auto percent = [&](Figure figure, const std::optional<Ratio> &ratio) {
        setFigure(figure, ratio ? percentText(ratio->raw(), whole) + u'%' : u"–"_s,
                  ratio ? toneOf(ratio->raw()) : Tone::Muted);
    };
    setFigure(Equity, moneyText(totals.equity(), scale), Tone::Plain);
    gain(Today, totals.daily);
    gain(Unrealized, totals.unrealized.afterCosts);
    const Period period = periods[static_cast<std::size_t>(std::max(0, m_period->currentIndex()))];
    const auto done = performance(m_answer->curve, period);
    percent(Twr, done ? done->timeWeighted : std::nullopt);
    percent(Xirr, done ? done->moneyWeighted : std::nullopt);
    const auto depth =
        done && done->drawdown ? std::optional(-done->drawdown->depth) : std::nullopt;
    percent(DrawdownDepth, depth);
    std::vector<EquityPoint> shown;
    for (const EquityPoint &point : m_answer->curve) {
        if (done && point.day >= done->from)
            shown.push_back(point);
    }
    m_chart->setCurve(std::move(shown), scale);
}

void PortfolioPanel::setFigure(Figure figure, const QString &text, Tone tone)
{
    QLabel *const label = m_figures[figure].value;
    label->setText(text);
    setTextColor(label, m_theme.color(tone));
}

QString PortfolioPanel::caption(Figure figure) const
{
    switch (figure) {
    case Equity: return tr("NAV", "short");
    case Today: return tr("P&L today", "short");
    case Unrealized: return tr("Unrealised", "short");
    case Twr: return tr("Return", "short");
    case Xirr: return tr("XIRR a year", "short");
    case DrawdownDepth: return tr("Drawdown", "short");
    case FigureCount: break;
    }
    return {};
}

void PortfolioPanel::retranslate()
{
    for (int figure = 0; figure < FigureCount; ++figure)
        m_figures[static_cast<std::size_t>(figure)].caption->setText(
            caption(static_cast<Figure>(figure)));
    m_figures[Equity].caption->setToolTip(
        tr("Net asset value: holdings, cash and sale proceeds on their way, in the base currency"));
    m_figures[Twr].caption->setToolTip(tr("Time-weighted return of the period, deposits aside"));
    m_figures[Xirr].caption->setToolTip(tr("Money-weighted return of the period, a year"));
    m_figures[DrawdownDepth].caption->setToolTip(tr("Deepest fall from a peak in the period"));
    const QStringList titles{tr("1 week"),   tr("1 month"), tr("3 months"),
                             tr("6 months"), tr("1 year"),  tr("All")};
    for (int i = 0; i < titles.size(); ++i)
        m_period->setItemText(i, titles[i]);
    const QStringList bys{tr("By symbol"), tr("By sector"), tr("By exchange")};
    for (int i = 0; i < bys.size(); ++i)
        m_by->setItemText(i, bys[i]);
    m_model.retranslate();
    if (m_language != languageCode() && m_fitted)
        m_table->fitColumns();
    m_language = languageCode();
}

void PortfolioPanel::saveState(QSettings &settings) const { m_table->saveState(settings); }

void PortfolioPanel::restoreState(const QSettings &settings)
{
    if (m_table->restoreState(settings)) {
        m_fitted = true;
        m_language = languageCode();
    }
}

void PortfolioPanel::resetState()
{
    m_table->showDefaultColumns();
    m_table->fitColumns();
}

void PortfolioPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace khop::ui
