// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop's main window: board, ticket, depth and blotters over one desk.
#pragma once

#include "ui/models/cash_model.h"
#include "ui/models/desk_feed.h"
#include "ui/models/executions_model.h"
#include "ui/models/orders_model.h"
#include "ui/models/positions_model.h"
#include "ui/theme.h"

#include <QMainWindow>

#include <functional>
#include <memory>

class QDockWidget;
class QMenu;
class QSettings;

namespace khop::ui {

class Blotter;
class BoardPanel;
class DepthPanel;
class DeskActions;
class Notifications;
class OrderTicket;
class PortfolioPanel;
class SessionBar;
class StatusStrip;

struct Options {
    TradingService &service;
    AccountNo account = 0;
    QString language = {}; // "vi", "en"; empty: as last time, else the system's
    QString theme = {};    // "dark", "light"; empty: as last time, else dark
    bool paper = true;
    QString settingsFile = {}; // empty: the user's own
};

class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const Options &options, QWidget *parent = nullptr);
    ~MainWindow() override;

    OrderTicket *ticket() { return m_ticket; }
    BoardPanel *board() { return m_board; }
    Blotter *orders() { return m_orders; }
    DeskActions *actions() { return m_actions; }

public Q_SLOTS:
    /// Where the server listens; empty while it is off.
    void setServerAddress(const QString &address);
    void setLanguage(const QString &code);
    void setTheme(khop::ui::ThemeName name);
    /// A sentence for the user about something outside the desk (the server, a file).
    void notify(const QString &title, const QString &text);

Q_SIGNALS:
    /// The user wants the server on or off; setServerAddress() answers.
    void serverToggled(bool on);

protected:
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void buildPanels();
    void buildDocks();
    void buildMenus();
    void connectFeed();
    void connectPanels();
    void connectActions();
    void defaultLayout();
    void restoreSettings(const Options &options);
    void saveSettings();
    void retranslate();

    void choose(InstrumentIndex instrument);
    void amendSelected();
    void cancelSelected();
    void cancelAllOrders();
    void cancel(const std::vector<OrderRecord> &orders);
    void ask(const QString &question, std::function<void()> confirmed);
    void exportCurrent();
    void showCorporateActions();
    void notifyFills(const std::vector<ExecutionRecord> &executions);
    // practice (main_window_practice.cpp)
    void buildPracticeMenu();
    void connectPractice();
    void showPracticeState();
    void resetPractice();
    void record(bool on);
    void chooseRecording();
    void stopReplay();
    void chooseCandles();
    // files (main_window_statements.cpp)
    void buildFileMenu();
    void connectStatements(AccountNo account);
    void showShortcuts();
    void showAbout();
    void writeSummaries();

    std::unique_ptr<QSettings> m_settings;
    Theme m_theme;
    DeskFeed m_feed;
    OrdersModel m_orderRows;
    ExecutionsModel m_executionRows;
    PositionsModel m_positionRows;
    CashModel m_cashRows;
    bool m_paper;

    DeskActions *m_actions;
    BoardPanel *m_board = nullptr;
    OrderTicket *m_ticket = nullptr;
    DepthPanel *m_depth = nullptr;
    Blotter *m_orders = nullptr;
    Blotter *m_executions = nullptr;
    Blotter *m_positions = nullptr;
    Blotter *m_cash = nullptr;
    PortfolioPanel *m_portfolio = nullptr;
    SessionBar *m_sessionBar = nullptr;
    StatusStrip *m_status = nullptr;
    Notifications *m_notifications = nullptr;
    QDockWidget *m_ticketDock = nullptr;
    QDockWidget *m_depthDock = nullptr;
    QDockWidget *m_ordersDock = nullptr;
    QDockWidget *m_executionsDock = nullptr;
    QDockWidget *m_positionsDock = nullptr;
    QDockWidget *m_cashDock = nullptr;
    QMenu *m_fileMenu = nullptr;
    QDockWidget *m_portfolioDock = nullptr;
    QMenu *m_tradeMenu = nullptr;
    QMenu *m_viewMenu = nullptr;
    QMenu *m_practiceMenu = nullptr;
    QMenu *m_settingsMenu = nullptr;
    QMenu *m_helpMenu = nullptr;
};

} // namespace khop::ui
