// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/notifications.h"

#include <QEvent>
#include <QFrame>
#include <QLabel>
#include <QTimer>
#include <QVBoxLayout>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostShown = 4;
constexpr int cardWidth = 320;
constexpr int margin = 12;
constexpr int shortMilliseconds = 5'000;
constexpr int longMilliseconds = 12'000;

} // namespace

Notifications::Notifications(const Theme &theme, QWidget *window)
    : QWidget(window)
    , m_theme(theme)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(u"notifications"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    setFixedWidth(cardWidth);
    window->installEventFilter(this);
    hide();
}

void Notifications::show(Tone tone, const QString &title, const QString &text)
{
    if (m_column->count() >= mostShown)
        delete m_column->itemAt(0)->widget();

    auto *card = new QFrame(this);
    card->setObjectName(u"notification"_s);
    card->setFrameShape(QFrame::StyledPanel);
    card->setAutoFillBackground(true);
    card->setBackgroundRole(QPalette::ToolTipBase);
    card->setCursor(Qt::PointingHandCursor);
    card->installEventFilter(this);
    auto *lines = new QVBoxLayout(card);
    lines->setContentsMargins(10, 6, 10, 6);
    lines->setSpacing(2);
    auto *heading = new QLabel(title, card);
    heading->setTextFormat(Qt::PlainText);
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    setTextColor(heading, m_theme.color(tone));
    auto *body = new QLabel(text, card);
    body->setObjectName(u"notificationText"_s);
    body->setTextFormat(Qt::PlainText);
    body->setWordWrap(true);
    lines->addWidget(heading);
    lines->addWidget(body);
    m_column->addWidget(card);

    const bool important = tone == Tone::Down || tone == Tone::Warning;
    QTimer::singleShot(important ? longMilliseconds : shortMilliseconds, card, [this, card] {
        delete card;
        place();
    });
    place();
    // Again once the style has had its word on the fonts.
    QTimer::singleShot(0, this, &Notifications::place);
}

QString Notifications::newestText() const
{
    if (m_column->count() == 0)
        return {};
    const auto *label = m_column->itemAt(m_column->count() - 1)
                            ->widget()
                            ->findChild<QLabel *>(u"notificationText"_s);
    return label ? label->text() : QString();
}

void Notifications::place()
{
    if (m_column->count() == 0) {
        hide();
        return;
    }
    m_column->invalidate();
    resize(cardWidth, m_column->totalHeightForWidth(cardWidth));
    const QWidget *window = parentWidget();
    move(window->width() - cardWidth - margin, window->height() - height() - 3 * margin);
    QWidget::show();
    raise();
}

bool Notifications::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        place();
    if (watched != parentWidget() && event->type() == QEvent::MouseButtonRelease) {
        watched->deleteLater();
        m_column->removeWidget(static_cast<QWidget *>(watched));
        static_cast<QWidget *>(watched)->hide();
        place();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace khop::ui
