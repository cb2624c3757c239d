// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_strip.h"

#include "base/decimal.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QEvent>
#include <QLabel>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int tickMilliseconds = 500;

}

StatusStrip::StatusStrip(DeskFeed &feed, const Theme &theme, bool paper, QWidget *parent)
    : QStatusBar(parent)
    , m_feed(feed)
    , m_theme(theme)
    , m_paper(paper)
    , m_badge(new QLabel(this))
    , m_session(new QLabel(this))
    , m_account(new QLabel(this))
    , m_serverAddress(new QLabel(this))
    , m_serverSwitch(new QCheckBox(this))
    , m_engine(new QLabel(this))
{
    setObjectName(u"statusStrip"_s);
    setSizeGripEnabled(false);
    m_badge->setObjectName(paper ? u"paperBadge"_s : u"liveBadge"_s);
    m_session->setObjectName(u"statusSession"_s);
    m_account->setObjectName(u"statusAccount"_s);
    m_serverAddress->setObjectName(u"serverAddress"_s);
    m_serverAddress->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_serverSwitch->setObjectName(u"serverSwitch"_s);
    m_serverSwitch->setFocusPolicy(Qt::ClickFocus);
    m_engine->setObjectName(u"engineHealth"_s);
    m_engine->setContentsMargins(6, 0, 6, 0);
    for (QLabel *label : {m_session, m_account, m_serverAddress, m_engine})
        label->setTextFormat(Qt::PlainText);
    // On a narrow screen these give way before the window grows past it.
    for (QLabel *label : {m_session, m_account, m_engine})
        label->setMinimumWidth(1);
    addWidget(m_badge);
    addWidget(m_session);
    addWidget(m_account);
    addPermanentWidget(m_serverSwitch);
    addPermanentWidget(m_serverAddress);
    addPermanentWidget(m_engine);
    // clicked, not toggled: what the program sets is not what the user wishes.
    connect(m_serverSwitch, &QCheckBox::clicked, this, &StatusStrip::serverToggled);
    connect(&feed, &DeskFeed::sessionsChanged, this, &StatusStrip::tick);
    connect(&theme, &Theme::changed, this, &StatusStrip::tick);
    connect(&m_timer, &QTimer::timeout, this, &StatusStrip::tick);
    m_timer.start(tickMilliseconds);
    retranslate();
}

void StatusStrip::setExchange(Exchange exchange)
{
    m_exchange = exchange;
    tick();
}

void StatusStrip::setServerAddress(const QString &address)
{
    m_address = address;
    m_serverSwitch->setChecked(!address.isEmpty());
    m_serverAddress->setText(address.isEmpty() ? tr("off") : address);
}

void StatusStrip::tick()
{
    const SessionState session = m_feed.service().session(m_exchange);
    m_session->setText(u"%1: %2"_s.arg(exchangeText(m_exchange), phaseText(session.phase)));
    const ServiceHealth health = m_feed.service().health();
    if (!health.running) {
        m_engine->setText(tr("Engine stopped: %1").arg(QString::fromStdString(health.detail)));
        setTextColor(m_engine, m_theme.color(Tone::Down));
    } else {
        const std::uint64_t groups = std::max<std::uint64_t>(1, health.groups);
        const QString commit = QString::fromStdString(formatRatio(
            static_cast<std::int64_t>(health.commitNanoseconds / groups), 1'000'000, 1));
        m_engine->setText(tr("Engine OK · queue %1 · commit %2 ms").arg(health.queued).arg(commit));
        setTextColor(m_engine, m_theme.color(Tone::Good));
    }
}

void StatusStrip::retranslate()
{
    m_badge->setText(m_paper ? tr("PAPER") : tr("LIVE"));
    m_badge->setToolTip(m_paper ? tr("Paper trading") : tr("Live trading"));
    m_serverSwitch->setText(tr("Server"));
    m_serverSwitch->setToolTip(tr("REST and WebSocket for programs on this computer"));
    if (const auto account = m_feed.service().account(m_feed.account()))
        m_account->setText(tr("Account %1").arg(QString::fromStdString(account->name)));
    setServerAddress(m_address);
    tick();
}

void StatusStrip::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QStatusBar::changeEvent(event);
}

} // namespace khop::ui
