// SPDX-License-Identifier: GPL-3.0-or-later
// The status bar: paper badge, the session of the instrument in hand, the server's address and switch,
// the state of the engine.
#pragma once

#include "ui/models/desk_feed.h"
#include "ui/theme.h"

#include <QStatusBar>
#include <QTimer>

class QCheckBox;
class QLabel;

namespace khop::ui {

class StatusStrip final : public QStatusBar
{
    Q_OBJECT

public:
    StatusStrip(DeskFeed &feed, const Theme &theme, bool paper, QWidget *parent = nullptr);

    void setExchange(Exchange exchange);
    /// Empty: the server is off.
    void setServerAddress(const QString &address);

Q_SIGNALS:
    void serverToggled(bool on);

protected:
    void changeEvent(QEvent *event) override;

private:
    void tick();
    void retranslate();

    DeskFeed &m_feed;
    const Theme &m_theme;
    bool m_paper;
    Exchange m_exchange = Exchange::HOSE;
    QString m_address;
    QLabel *m_badge;
    QLabel *m_session;
    QLabel *m_account;
    QLabel *m_serverAddress;
    QCheckBox *m_serverSwitch;
    QLabel *m_engine;
    QTimer m_timer;
};

} // namespace khop::ui
