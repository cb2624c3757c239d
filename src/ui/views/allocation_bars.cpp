// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/allocation_bars.h"

#include "ui/numbers.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace khop::ui {

namespace {

constexpr std::int64_t whole = 1'000'000; // of a ratio

QString shareText(Ratio share)
{
    return percentText(share.raw(), whole).remove(QLatin1Char('+')) + QLatin1Char('%');
}

} // namespace

AllocationBars::AllocationBars(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("allocationBars"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void AllocationBars::setSlices(std::vector<Valuation::Slice> slices)
{
    m_slices = std::move(slices);
    update();
}

std::vector<Valuation::Slice> AllocationBars::shown(std::size_t most) const
{
    if (m_slices.size() <= most || most == 0)
        return m_slices;
    std::vector<Valuation::Slice> few(m_slices.begin(),
                                      m_slices.begin() + static_cast<std::ptrdiff_t>(most - 1));
    Valuation::Slice rest;
    rest.name = tr("Others").toStdString();
    for (std::size_t i = most - 1; i < m_slices.size(); ++i) {
        rest.value += m_slices[i].value;
        rest.share += m_slices[i].share;
    }
    few.push_back(std::move(rest));
    return few;
}

void AllocationBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.boardBackground());
    if (m_slices.empty()) {
        painter.setPen(m_theme.color(Tone::Muted));
        painter.drawText(rect(), Qt::AlignCenter, tr("No holdings"));
        return;
    }
    const int row = fontMetrics().height() + 4;
    const auto slices = shown(static_cast<std::size_t>(std::max(1, (height() - 4) / row)));
    int names = 0;
    for (const Valuation::Slice &slice : slices)
        names =
            std::max(names, fontMetrics().horizontalAdvance(QString::fromStdString(slice.name)));
    names = std::min(names, width() * 2 / 5);
    const int numbers = fontMetrics().horizontalAdvance(QStringLiteral("100.00%"));
    const int left = 6 + names + 6;
    const int room = std::max(10, width() - left - numbers - 12);
    const double largest =
        static_cast<double>(std::max<std::int64_t>(1, slices.front().share.raw()));
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const int top = 2 + static_cast<int>(i) * row;
        const QString name = QString::fromStdString(slices[i].name);
        painter.setPen(m_theme.color(Tone::Plain));
        painter.drawText(QRect(6, top, names, row), Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(name, Qt::ElideRight, names));
        const double part = std::min(1.0, static_cast<double>(slices[i].share.raw()) / largest);
        QColor bar = palette().color(QPalette::Highlight);
        painter.fillRect(QRectF(left, top + 3, std::max(1.0, part * room), row - 6), bar);
        painter.setPen(m_theme.color(Tone::Muted));
        painter.drawText(QRect(width() - numbers - 6, top, numbers, row),
                         Qt::AlignRight | Qt::AlignVCenter, shareText(slices[i].share));
    }
}

void AllocationBars::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        update();
    QWidget::changeEvent(event);
}

} // namespace khop::ui
