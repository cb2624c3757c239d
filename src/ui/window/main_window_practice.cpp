// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with the practice day: record, replay, step, candles.
#include "ui/language.h"
#include "ui/window/candles_dialog.h"
#include "ui/window/desk_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/notifications.h"
#include "ui/window/recordings_dialog.h"
#include "ui/window/session_bar.h"
#include "ui/words.h"

#include <QMenu>

namespace khop::ui {

void MainWindow::buildPracticeMenu()
{
    m_practiceMenu->addActions(
        {m_actions->pause, m_actions->step, m_actions->nextSession, m_actions->resetPractice});
    m_practiceMenu->addSeparator();
    m_practiceMenu->addActions({m_actions->record, m_actions->replay, m_actions->stopReplay});
    m_practiceMenu->addSeparator();
    m_practiceMenu->addAction(m_actions->candles);
    connect(m_practiceMenu, &QMenu::aboutToShow, this, &MainWindow::showPracticeState);
}

void MainWindow::connectPractice()
{
    connect(m_actions->step, &QAction::triggered, m_sessionBar, &SessionBar::step);
    connect(m_actions->resetPractice, &QAction::triggered, this, &MainWindow::resetPractice);
    connect(m_actions->record, &QAction::triggered, this, &MainWindow::record);
    connect(m_actions->replay, &QAction::triggered, this, &MainWindow::chooseRecording);
    connect(m_actions->stopReplay, &QAction::triggered, this, &MainWindow::stopReplay);
    connect(m_actions->candles, &QAction::triggered, this, &MainWindow::chooseCandles);
    showPracticeState();
}

void MainWindow::showPracticeState()
{
    const Recordings *recordings = m_feed.service().recordings();
    const RecordingsState state = recordings ? recordings->state() : RecordingsState{};
    m_actions->record->setEnabled(recordings != nullptr);
    m_actions->record->setChecked(state.recording.has_value());
    m_actions->replay->setEnabled(recordings != nullptr);
    m_actions->stopReplay->setEnabled(!state.replaying.empty());
}

void MainWindow::resetPractice()
{
    const QString question =
        tr("Start the practice day over? All open orders and proposed deals of all accounts are "
           "cancelled, and the clock goes to the opening of the next trading day.");
    ask(question, [this] {
        m_feed.resetPractice([this](const Result<ClockState> &clock) {
            if (!clock)
                m_notifications->show(Tone::Down, tr("Practice day"), sentenceText(clock.error()));
            else
                m_notifications->show(Tone::Good, tr("Practice day"),
                                      tr("It is %1 now.").arg(dateText(vietnamDate(clock->now))));
            showPracticeState();
        });
    });
}

void MainWindow::record(bool on)
{
    Recordings *recordings = m_feed.service().recordings();
    if (!recordings)
        return;
    const auto done = on ? recordings->record({}) : recordings->stopRecording();
    if (!done)
        m_notifications->show(Tone::Down, tr("Recording"), sentenceText(done.error()));
    else if (on)
        m_notifications->show(Tone::Good, tr("Recording"), QString::fromStdString(done->id));
    else
        m_notifications->show(Tone::Good, tr("Recorded: %1").arg(QString::fromStdString(done->id)),
                              tr("%n trades", nullptr, static_cast<int>(done->trades)));
    showPracticeState();
}

void MainWindow::chooseRecording()
{
    Recordings *recordings = m_feed.service().recordings();
    if (!recordings)
        return;
    auto *dialog = new RecordingsDialog(*recordings, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, &MainWindow::showPracticeState);
    dialog->open();
}

void MainWindow::stopReplay()
{
    Recordings *recordings = m_feed.service().recordings();
    if (!recordings)
        return;
    if (const Result<void> stopped = recordings->stopReplay(); !stopped)
        m_notifications->show(Tone::Down, tr("Replay"), sentenceText(stopped.error()));
    showPracticeState();
}

void MainWindow::chooseCandles()
{
    auto *dialog = new CandlesDialog(m_feed.listing().instruments(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_feed.submit(dialog->plan(), [this](const CommandResult &result) {
            if (!result.ok())
                m_notifications->show(Tone::Down, tr("Daily candles"), sentenceText(result.error));
            else
                m_notifications->show(Tone::Good, tr("Daily candles"),
                                      result.count == 0
                                          ? tr("Today follows the candles.")
                                          : tr("The candles are followed from the next trading "
                                               "day: today has begun without them."));
        });
    });
    dialog->open();
}

} // namespace khop::ui
