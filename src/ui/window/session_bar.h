// SPDX-License-Identifier: GPL-3.0-or-later
// The session clock: engine time, the phase of every exchange with the time it has left, and in
// practice the controls of time.
#pragma once

#include "ui/models/desk_feed.h"
#include "ui/theme.h"

#include <QTimer>
#include <QToolBar>

#include <array>

class QComboBox;
class QLabel;
class QToolButton;

namespace khop::ui {

class SessionBar final : public QToolBar
{
    Q_OBJECT

public:
    SessionBar(DeskFeed &feed, const Theme &theme, bool paper, QWidget *parent = nullptr);

    void togglePause();
    void skipToNextSession();
    /// Held: on to the next recorded event of a replay, else one second.
    void step();

Q_SIGNALS:
    void problem(const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;

private:
    void tick();
    void setSpeed(int speed);
    void retranslate();
    QString practiceText() const;

    DeskFeed &m_feed;
    const Theme &m_theme;
    QLabel *m_badge;
    QLabel *m_clock;
    std::array<QLabel *, exchangeCount> m_sessions;
    QToolButton *m_pause;
    QToolButton *m_step;
    QComboBox *m_speed;
    QToolButton *m_next;
    QLabel *m_speedCaption;
    QTimer m_timer;
    int m_lastSpeed = 1;
};

} // namespace khop::ui
