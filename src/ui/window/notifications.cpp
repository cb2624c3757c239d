// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/notifications.h"

#include <QEvent>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
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
    add(tone, title, text, false);
}

void Notifications::keep(Tone tone, const QString &title, const QString &text)
{
    add(tone, title, text, true);
}

void Notifications::add(Tone tone, const QString &title, const QString &text, bool stays)
{
    if (m_column->count() >= mostShown)
        delete m_column->itemAt(0)->widget();

    auto *card = new QFrame(this);
    card->setObjectName(u"notification"_s);
    card->setFrameShape(QFrame::StyledPanel);
    card->setAutoFillBackground(true);
    card->setBackgroundRole(QPalette::ToolTipBase);
    auto *lines = new QGridLayout(card);
    lines->setContentsMargins(10, 6, 6, 6);
    lines->setVerticalSpacing(2);
    lines->setColumnStretch(0, 1);
    auto *heading = new QLabel(title, card);
    heading->setTextFormat(Qt::PlainText);
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    setTextColor(heading, m_theme.color(tone));
    auto *close = new QToolButton(card);
    close->setObjectName(u"notificationClose"_s);
    close->setText(u"×"_s);
    close->setAutoRaise(true);
    close->setFocusPolicy(Qt::NoFocus);
    connect(close, &QToolButton::clicked, this, [this, card] { dismiss(card); });
    auto *body = new QLabel(text, card);
    body->setObjectName(u"notificationText"_s);
    body->setTextFormat(Qt::PlainText);
    body->setWordWrap(true);
    if (stays)
        body->setTextInteractionFlags(Qt::TextSelectableByMouse);
    lines->addWidget(heading, 0, 0);
    lines->addWidget(close, 0, 1, Qt::AlignTop);
    lines->addWidget(body, 1, 0, 1, 2);
    m_column->addWidget(card);

    if (!stays) {
        const bool important = tone == Tone::Down || tone == Tone::Warning;
        QTimer::singleShot(important ? longMilliseconds : shortMilliseconds, card,
                           [this, card] { dismiss(card); });
    }
    place();
    // Again once the style has had its word on the fonts.
    QTimer::singleShot(0, this, &Notifications::place);
}

void Notifications::dismiss(QWidget *card)
{
    m_column->removeWidget(card);
    card->hide();
    card->deleteLater();
    place();
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
    return QWidget::eventFilter(watched, event);
}

} // namespace khop::ui
