// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/session_bar.h"

#include "ui/language.h"
#include "ui/words.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QToolButton>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array speeds{1, 2, 5, 10, 20, 50, 100};
constexpr int tickMilliseconds = 250;

Tone phaseTone(Phase phase)
{
    switch (phase) {
    case Phase::Continuous: return Tone::Up;
    case Phase::OpeningAuction:
    case Phase::PeriodicAuction:
    case Phase::ClosingAuction:
    case Phase::PostClose: return Tone::Reference;
    case Phase::Closed:
    case Phase::Break:
    case Phase::PutThroughOnly: return Tone::Muted;
    }
    return Tone::Plain;
}

} // namespace

SessionBar::SessionBar(DeskFeed &feed, const Theme &theme, bool paper, QWidget *parent)
    : QToolBar(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_badge(new QLabel(this))
    , m_clock(new QLabel(this))
    , m_pause(new QToolButton(this))
    , m_step(new QToolButton(this))
    , m_speed(new QComboBox(this))
    , m_next(new QToolButton(this))
    , m_speedCaption(new QLabel(this))
{
    setObjectName(u"sessionBar"_s);
    setMovable(false);
    m_badge->setObjectName(paper ? u"paperBadge"_s : u"liveBadge"_s);
    m_clock->setObjectName(u"engineClock"_s);
    m_clock->setTextFormat(Qt::PlainText);
    addWidget(m_badge);
    addWidget(m_clock);
    for (std::size_t i = 0; i < m_sessions.size(); ++i) {
        m_sessions[i] = new QLabel(this);
        m_sessions[i]->setObjectName(u"session%1"_s.arg(i));
        m_sessions[i]->setTextFormat(Qt::PlainText);
        m_sessions[i]->setContentsMargins(10, 0, 0, 0);
        addWidget(m_sessions[i]);
    }
    auto *space = new QWidget(this);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(space);

    m_pause->setObjectName(u"practicePause"_s);
    m_step->setObjectName(u"practiceStep"_s);
    m_speedCaption->setObjectName(u"practiceCaption"_s);
    m_speedCaption->setTextFormat(Qt::PlainText);
    m_speed->setObjectName(u"practiceSpeed"_s);
    m_next->setObjectName(u"practiceNext"_s);
    for (QWidget *control : {static_cast<QWidget *>(m_pause), static_cast<QWidget *>(m_step),
                             static_cast<QWidget *>(m_speed), static_cast<QWidget *>(m_next)})
        control->setFocusPolicy(Qt::ClickFocus);
    for (const int speed : speeds)
        m_speed->addItem(u"%1×"_s.arg(speed), speed);
    if (feed.service().clock().practice) {
        addWidget(m_speedCaption);
        addWidget(m_pause);
        addWidget(m_step);
        addWidget(m_speed);
        addWidget(m_next);
    } else {
        for (QWidget *control : {static_cast<QWidget *>(m_pause), static_cast<QWidget *>(m_step),
                                 static_cast<QWidget *>(m_speed), static_cast<QWidget *>(m_next),
                                 static_cast<QWidget *>(m_speedCaption)})
            control->hide();
    }
    connect(m_pause, &QToolButton::clicked, this, &SessionBar::togglePause);
    connect(m_step, &QToolButton::clicked, this, &SessionBar::step);
    connect(m_next, &QToolButton::clicked, this, &SessionBar::skipToNextSession);
    connect(m_speed, &QComboBox::activated, this,
            [this](int index) { setSpeed(m_speed->itemData(index).toInt()); });
    connect(&feed, &DeskFeed::sessionsChanged, this, &SessionBar::tick);
    connect(&theme, &Theme::changed, this, &SessionBar::tick);
    connect(&m_timer, &QTimer::timeout, this, &SessionBar::tick);
    m_timer.start(tickMilliseconds);
    retranslate();
}

void SessionBar::togglePause()
{
    const ClockState clock = m_feed.service().clock();
    if (!clock.practice)
        return;
    if (clock.speed > 0)
        m_lastSpeed = clock.speed;
    setSpeed(clock.speed == 0 ? m_lastSpeed : 0);
}

void SessionBar::step()
{
    TradingService &service = m_feed.service();
    const ClockState clock = service.clock();
    if (!clock.practice)
        return;
    if (clock.speed != 0)
        setSpeed(0);
    Time next = clock.now + 1'000;
    if (const Recordings *recordings = service.recordings()) {
        if (const auto event = recordings->state().nextEvent; event && *event > clock.now)
            next = *event;
    }
    if (const Result<void> done = service.jumpTo(next); !done)
        Q_EMIT problem(sentenceText(done.error()));
    tick();
}

/// What the controls of time act on: the practice day, a replay, and whether it is being recorded.
QString SessionBar::practiceText() const
{
    const Recordings *recordings = m_feed.service().recordings();
    const RecordingsState state = recordings ? recordings->state() : RecordingsState{};
    QString text = tr("Practice day");
    if (!state.replaying.empty()) {
        const std::uint64_t percent = state.events == 0 ? 0 : state.played * 100 / state.events;
        text = tr("Replay of %1, %2 %")
                   .arg(QString::fromStdString(state.replaying).left(24))
                   .arg(percent);
    }
    return state.recording ? text + u" ● "_s + tr("recording") : text;
}

void SessionBar::setSpeed(int speed)
{
    if (const Result<void> done = m_feed.service().setSpeed(speed); !done)
        Q_EMIT problem(sentenceText(done.error()));
    tick();
}

void SessionBar::skipToNextSession()
{
    if (!m_feed.service().clock().practice)
        return;
    if (const Result<void> done = m_feed.service().nextSession(); !done)
        Q_EMIT problem(sentenceText(done.error()));
    tick();
}

void SessionBar::tick()
{
    const ClockState clock = m_feed.service().clock();
    m_clock->setText(u"%1  %2"_s.arg(dateText(vietnamDate(clock.now)), timeOfDayText(clock.now)));
    m_clock->setToolTip(clock.calendarKnown
                            ? tr("Exchange time (Vietnam)")
                            : tr("The calendar's holidays end before this day: weekdays trade."));
    for (std::size_t i = 0; i < m_sessions.size(); ++i) {
        const auto exchange = static_cast<Exchange>(i);
        const SessionState session = m_feed.service().session(exchange);
        QString text = u"%1 "_s.arg(exchangeText(exchange)) + phaseShort(session.phase);
        // A market that never closes has nothing to count down to.
        if (exchange != Exchange::SPOT)
            text += u" "_s + durationText(session.until - clock.now);
        m_sessions[i]->setText(text);
        m_sessions[i]->setToolTip(tr("%1: %2 until %3, then %4")
                                      .arg(exchangeText(exchange), phaseText(session.phase),
                                           timeOfDayText(session.until), phaseText(session.next)));
        setTextColor(m_sessions[i], m_theme.color(phaseTone(session.phase)));
    }
    if (!clock.practice)
        return;
    const bool held = clock.speed == 0;
    m_speedCaption->setText(practiceText());
    m_step->setEnabled(held);
    m_pause->setText(held ? u"▶"_s : u"⏸"_s);
    m_pause->setToolTip(held ? tr("Go on (Ctrl+P)") : tr("Pause (Ctrl+P)"));
    if (!held) {
        m_lastSpeed = clock.speed;
        const int index = m_speed->findData(clock.speed);
        if (index >= 0 && !m_speed->view()->isVisible())
            m_speed->setCurrentIndex(index);
    }
}

void SessionBar::retranslate()
{
    setWindowTitle(tr("Trading session"));
    const bool paper = m_badge->objectName() == "paperBadge"_L1;
    m_badge->setText(paper ? tr("PAPER") : tr("LIVE"));
    m_badge->setToolTip(paper ? tr("Paper trading") : tr("Live trading"));
    m_speedCaption->setText(practiceText());
    m_step->setText(u"⏯"_s);
    m_step->setToolTip(tr("One step: the next recorded event, or a second (Ctrl+.)"));
    m_speed->setToolTip(tr("How fast the practice day runs"));
    m_next->setText(u"⏭"_s);
    m_next->setToolTip(tr("Next session (Ctrl+N)"));
    tick();
}

void SessionBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QToolBar::changeEvent(event);
}

} // namespace khop::ui
