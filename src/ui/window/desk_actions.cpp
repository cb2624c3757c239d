// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/desk_actions.h"

#include <QActionGroup>
#include <QKeyEvent>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

DeskActions::DeskActions(QObject *parent)
    : QObject(parent)
    , buy(make("actionBuy", Qt::CTRL | Qt::Key_B))
    , sell(make("actionSell", Qt::CTRL | Qt::Key_E))
    , send(make("actionSend", Qt::Key_F9))
    , search(make("actionSearch", Qt::CTRL | Qt::Key_K))
    , amend(make("actionAmend", Qt::Key_F2))
    , cancel(make("actionCancel", Qt::Key_Delete))
    , cancelAll(make("actionCancelAll", Qt::CTRL | Qt::SHIFT | Qt::Key_Delete))
    , exportCsv(make("actionExportCsv", Qt::CTRL | Qt::SHIFT | Qt::Key_S))
    , corporateActions(make("actionCorporateActions"))
    , importStatement(make("actionImportStatement", Qt::CTRL | Qt::Key_I))
    , exportRecords(make("actionExportRecords"))
    , yearStatement(make("actionYearStatement"))
    , askBeforeSending(make("actionAskBeforeSending"))
    , resetLayout(make("actionResetLayout"))
    , dark(make("actionDark"))
    , light(make("actionLight"))
    , vietnamese(make("actionVietnamese"))
    , english(make("actionEnglish"))
    , pause(make("actionPause", Qt::CTRL | Qt::Key_P))
    , step(make("actionStep", Qt::CTRL | Qt::Key_Period))
    , nextSession(make("actionNextSession", Qt::CTRL | Qt::Key_N))
    , resetPractice(make("actionResetPractice"))
    , record(make("actionRecord", Qt::CTRL | Qt::SHIFT | Qt::Key_R))
    , replay(make("actionReplay"))
    , stopReplay(make("actionStopReplay"))
    , candles(make("actionCandles"))
    , shortcuts(make("actionShortcuts", Qt::Key_F1))
    , about(make("actionAbout"))
    , quit(make("actionQuit", Qt::CTRL | Qt::Key_Q))
{
    for (QAction *action : {askBeforeSending, dark, light, vietnamese, english, record})
        action->setCheckable(true);
    auto *themes = new QActionGroup(this);
    themes->addAction(dark);
    themes->addAction(light);
    auto *languages = new QActionGroup(this);
    languages->addAction(vietnamese);
    languages->addAction(english);
    // Languages name themselves: whoever is lost in one must find the way out.
    vietnamese->setText(u"Tiếng Việt"_s);
    english->setText(u"English"_s);
    retranslate();
}

QAction *DeskActions::make(const char *objectName, const QKeySequence &key)
{
    auto *action = new QAction(this);
    action->setObjectName(QLatin1String(objectName));
    action->setShortcut(key);
    return action;
}

bool DeskActions::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::ShortcutOverride)
        return QObject::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (!key->modifiers().testFlag(Qt::ControlModifier))
        return false;
    const QKeySequence pressed(key->keyCombination());
    const QList<QAction *> actions = withKeys();
    const bool ours =
        std::any_of(actions.begin(), actions.end(), [&pressed](const QAction *action) {
            return action->isEnabled() && action->shortcut() == pressed;
        });
    if (!ours)
        return false;
    event->ignore();
    return true;
}

void DeskActions::retranslate()
{
    buy->setText(tr("Buy"));
    sell->setText(tr("Sell"));
    send->setText(tr("Send the order on the ticket"));
    search->setText(tr("Search symbol"));
    amend->setText(tr("Amend order"));
    amend->setIconText(tr("Amend"));
    cancel->setText(tr("Cancel order"));
    cancel->setIconText(tr("Cancel"));
    cancelAll->setText(tr("Cancel all"));
    exportCsv->setText(tr("Export CSV"));
    corporateActions->setText(tr("Corporate actions…"));
    importStatement->setText(tr("Import statement…"));
    exportRecords->setText(tr("Export records…"));
    yearStatement->setText(tr("Yearly statement…"));
    askBeforeSending->setText(tr("Ask before sending"));
    resetLayout->setText(tr("Reset layout"));
    dark->setText(tr("Dark theme"));
    light->setText(tr("Light theme"));
    pause->setText(tr("Pause or go on"));
    step->setText(tr("One step"));
    nextSession->setText(tr("Next session"));
    resetPractice->setText(tr("Start the day over"));
    record->setText(tr("Record the day"));
    replay->setText(tr("Replay…"));
    stopReplay->setText(tr("Stop the replay"));
    candles->setText(tr("Days by daily candles…"));
    shortcuts->setText(tr("Keyboard shortcuts"));
    about->setText(tr("About Khớp"));
    quit->setText(tr("Quit"));
}

QList<QAction *> DeskActions::withKeys() const
{
    return {buy,    sell,        send,      search,          amend,
            cancel, cancelAll,   exportCsv, importStatement, pause,
            step,   nextSession, record,    shortcuts,       quit};
}

} // namespace khop::ui
