// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/condition_words.h"
#include "ui/language.h"
#include "ui/numbers.h"
#include "ui/ticket/order_ticket.h"
#include "ui/views/blotter.h"
#include "ui/views/board_panel.h"
#include "ui/views/depth_panel.h"
#include "ui/views/portfolio_panel.h"
#include "ui/window/desk_actions.h"
#include "ui/window/notifications.h"
#include "ui/window/session_bar.h"
#include "ui/window/shortcuts_dialog.h"
#include "ui/window/status_strip.h"
#include "ui/words.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QLocale>
#include <QMenuBar>
#include <QMessageBox>
#include <QScreen>
#include <QSettings>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

// Changes when the docks do: an older saved layout is then left alone.
constexpr int layoutVersion = 2;

std::unique_ptr<QSettings> openSettings(const QString &file)
{
    if (file.isEmpty())
        return std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, u"khop"_s,
                                           u"desktop"_s);
    return std::make_unique<QSettings>(file, QSettings::IniFormat);
}

} // namespace

MainWindow::MainWindow(const Options &options, QWidget *parent)
    : QMainWindow(parent)
    , m_settings(openSettings(options.settingsFile))
    , m_feed(options.service, options.account)
    , m_paper(options.paper)
    , m_actions(new DeskActions(this))
{
    setObjectName(u"mainWindow"_s);
    setWindowIcon(QIcon(u":/icons/khop-256.png"_s));
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    resize(1280, 800);
    // Where that would not fit with its frame, the window takes the whole screen.
    if (const QScreen *screen = QGuiApplication::primaryScreen()) {
        const QSize available = screen->availableSize();
        if (available.width() < 1320 || available.height() < 860)
            setWindowState(Qt::WindowMaximized);
    }
    buildPanels();
    buildDocks();
    buildMenus();
    connectFeed();
    connectPanels();
    connectActions();
    connectStatements(options.account);
    defaultLayout();
    restoreSettings(options);
    // A program that is told to end from outside closes no window.
    connect(qApp, &QCoreApplication::aboutToQuit, this, &MainWindow::saveSettings);
    m_feed.start();
    retranslate();
    if (!m_feed.listing().instruments().empty())
        choose(m_feed.listing().instruments().front().index);
}

MainWindow::~MainWindow()
{
    // The panels refer to the feed, the theme and the models: they go first.
    hide();
    for (QWidget *panel :
         {static_cast<QWidget *>(m_ticketDock), static_cast<QWidget *>(m_ordersDock),
          static_cast<QWidget *>(m_executionsDock), static_cast<QWidget *>(m_positionsDock),
          static_cast<QWidget *>(m_cashDock), static_cast<QWidget *>(m_portfolioDock),
          static_cast<QWidget *>(m_depthDock), static_cast<QWidget *>(m_board),
          static_cast<QWidget *>(m_sessionBar), static_cast<QWidget *>(m_status),
          static_cast<QWidget *>(m_notifications)})
        delete panel;
}

void MainWindow::buildPanels()
{
    m_board = new BoardPanel(m_feed, m_theme, this);
    m_ticket = new OrderTicket(m_feed, m_theme, this);
    m_ticket->setPaper(m_paper);
    m_depth = new DepthPanel(m_feed, m_theme, this);
    m_orders =
        new Blotter(m_orderRows, m_theme, u"orders"_s,
                    {OrdersModel::Symbol, OrdersModel::ClientId, OrdersModel::OrderId}, this);
    m_executions = new Blotter(m_executionRows, m_theme, u"executions"_s,
                               {ExecutionsModel::Symbol, ExecutionsModel::OrderId}, this);
    m_positions =
        new Blotter(m_positionRows, m_theme, u"positions"_s, {PositionsModel::Symbol}, this);
    m_cash = new Blotter(m_cashRows, m_theme, u"cash"_s, {CashModel::Currency}, this);
    m_portfolio = new PortfolioPanel(m_feed, m_theme, this);
    m_orders->table()->setDefaultHidden(
        {OrdersModel::LeavesQuantity, OrdersModel::CancelledQuantity, OrdersModel::FillValue,
         OrdersModel::Fee, OrdersModel::Tax, OrdersModel::ClientId, OrdersModel::OrderId});
    m_executions->table()->setDefaultHidden(
        {ExecutionsModel::TradeNumber, ExecutionsModel::OrderId});

    m_orders->addChoice(
        [] { return QStringList{tr("All orders"), tr("Open orders"), tr("Finished orders")}; },
        [this](int row, int choice) {
            const OrderRecord *order = m_orderRows.orderAt(row);
            return choice == 0 || (order && isOpen(order->status) == (choice == 1));
        });
    m_orders->addChoice([] { return QStringList{tr("Buy and sell"), tr("Buy"), tr("Sell")}; },
                        [this](int row, int choice) {
                            const OrderRecord *order = m_orderRows.orderAt(row);
                            return choice == 0
                                   || (order && (order->side == Side::Buy) == (choice == 1));
                        });
    m_orders->addAction(m_actions->amend);
    m_orders->addAction(m_actions->cancel);
    m_orders->addAction(m_actions->cancelAll);
    m_orders->setMenuActions({m_actions->amend, m_actions->cancel, m_actions->cancelAll});

    m_sessionBar = new SessionBar(m_feed, m_theme, m_paper, this);
    addToolBar(m_sessionBar);
    m_status = new StatusStrip(m_feed, m_theme, m_paper, this);
    setStatusBar(m_status);
    setCentralWidget(m_board);
    m_notifications = new Notifications(m_theme, this);
}

void MainWindow::buildDocks()
{
    const auto dock = [this](const QString &name, QWidget *content) {
        auto *result = new QDockWidget(this);
        result->setObjectName(name);
        result->setWidget(content);
        return result;
    };
    m_ticketDock = dock(u"ticketDock"_s, m_ticket);
    m_ordersDock = dock(u"ordersDock"_s, m_orders);
    m_executionsDock = dock(u"executionsDock"_s, m_executions);
    m_positionsDock = dock(u"positionsDock"_s, m_positions);
    m_cashDock = dock(u"cashDock"_s, m_cash);
    m_portfolioDock = dock(u"portfolioDock"_s, m_portfolio);
    m_depthDock = dock(u"depthDock"_s, m_depth);
}

void MainWindow::defaultLayout()
{
    const QScreen *screen = QGuiApplication::primaryScreen();
    const bool low = screen && screen->availableSize().height() < 700;
    setTabPosition(Qt::BottomDockWidgetArea, QTabWidget::North);
    setTabPosition(Qt::RightDockWidgetArea, QTabWidget::North);
    // The board is wide: it has the whole width, with the ticket below it. On a low screen there would
    // be no rows left, and the ticket stands beside it.
    const Qt::DockWidgetArea ticketArea = low ? Qt::RightDockWidgetArea : Qt::BottomDockWidgetArea;
    setCorner(Qt::BottomRightCorner, ticketArea);
    for (QDockWidget *dock : {m_ticketDock, m_ordersDock, m_executionsDock, m_positionsDock,
                              m_cashDock, m_portfolioDock, m_depthDock}) {
        dock->setFloating(false);
        const bool beside = dock == m_ticketDock || dock == m_depthDock;
        addDockWidget(beside ? ticketArea : Qt::BottomDockWidgetArea, dock);
        dock->show();
    }
    if (low) {
        tabifyDockWidget(m_ticketDock, m_depthDock);
        m_ticketDock->raise();
    } else {
        splitDockWidget(m_ticketDock, m_ordersDock, Qt::Horizontal);
        splitDockWidget(m_ordersDock, m_depthDock, Qt::Horizontal);
    }
    tabifyDockWidget(m_ordersDock, m_executionsDock);
    tabifyDockWidget(m_executionsDock, m_positionsDock);
    tabifyDockWidget(m_positionsDock, m_cashDock);
    tabifyDockWidget(m_cashDock, m_portfolioDock);
    m_ordersDock->raise();
    if (low) {
        resizeDocks({m_ticketDock}, {400}, Qt::Horizontal);
        resizeDocks({m_ordersDock}, {150}, Qt::Vertical);
    } else {
        resizeDocks({m_ticketDock, m_ordersDock, m_depthDock}, {400, 600, 280}, Qt::Horizontal);
        resizeDocks({m_ticketDock}, {330}, Qt::Vertical);
    }
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    m_tradeMenu = menuBar()->addMenu(QString());
    m_tradeMenu->addActions({m_actions->buy, m_actions->sell, m_actions->send});
    m_tradeMenu->addSeparator();
    m_tradeMenu->addActions({m_actions->amend, m_actions->cancel, m_actions->cancelAll});
    m_tradeMenu->addSeparator();
    m_tradeMenu->addAction(m_actions->corporateActions);

    m_viewMenu = menuBar()->addMenu(QString());
    m_viewMenu->addAction(m_actions->search);
    m_viewMenu->addSeparator();
    for (QDockWidget *dock : {m_ticketDock, m_ordersDock, m_executionsDock, m_positionsDock,
                              m_cashDock, m_portfolioDock, m_depthDock})
        m_viewMenu->addAction(dock->toggleViewAction());
    m_viewMenu->addSeparator();
    m_viewMenu->addAction(m_actions->resetLayout);

    m_practiceMenu = menuBar()->addMenu(QString());
    buildPracticeMenu();
    m_practiceMenu->menuAction()->setVisible(m_feed.service().clock().practice);

    m_settingsMenu = menuBar()->addMenu(QString());
    m_settingsMenu->addActions({m_actions->vietnamese, m_actions->english});
    m_settingsMenu->addSeparator();
    m_settingsMenu->addActions({m_actions->dark, m_actions->light});
    m_settingsMenu->addSeparator();
    m_settingsMenu->addAction(m_actions->askBeforeSending);

    m_helpMenu = menuBar()->addMenu(QString());
    m_helpMenu->addActions({m_actions->shortcuts, m_actions->about});
}

void MainWindow::connectFeed()
{
    connect(&m_feed, &DeskFeed::listingChanged, this, [this] {
        m_orderRows.setListing(m_feed.listing());
        m_executionRows.setListing(m_feed.listing());
        m_positionRows.setListing(m_feed.listing());
        m_cashRows.setListing(m_feed.listing());
    });
    connect(&m_feed, &DeskFeed::ordersChanged, this,
            [this](const std::vector<OrderRecord> &orders) {
                m_orderRows.update(orders);
                writeSummaries();
            });
    connect(&m_feed, &DeskFeed::ordersReset, &m_orderRows, &OrdersModel::clear);
    connect(&m_feed, &DeskFeed::executionsAdded, &m_executionRows, &ExecutionsModel::add);
    connect(&m_feed, &DeskFeed::filled, this, &MainWindow::notifyFills);
    connect(&m_feed, &DeskFeed::positionsChanged, &m_positionRows, &PositionsModel::setPositions);
    connect(&m_feed, &DeskFeed::quotesChanged, &m_positionRows, &PositionsModel::updateQuotes);
    connect(&m_feed, &DeskFeed::balancesChanged, &m_cashRows, &CashModel::setBalances);
}

void MainWindow::connectPanels()
{
    const auto openTicket = [this](InstrumentIndex instrument, Side side,
                                   std::optional<Price> price) {
        m_ticketDock->show();
        m_ticketDock->raise();
        m_ticket->fill(instrument, side, price);
    };
    connect(m_board, &BoardPanel::ticketWanted, this, openTicket);
    connect(m_depth, &DepthPanel::ticketWanted, this, openTicket);
    connect(m_board, &BoardPanel::instrumentSelected, this, [this](InstrumentIndex instrument) {
        m_depth->setInstrument(instrument);
        // An order half typed stays what it is; the row under the cursor may move by a filter alone.
        if (m_ticket->isBlank())
            choose(instrument);
    });
    connect(m_ticket, &OrderTicket::instrumentChosen, this, [this](InstrumentIndex instrument) {
        if (instrument == noInstrument)
            return;
        m_depth->setInstrument(instrument);
        m_board->select(instrument);
        m_status->setExchange(m_feed.listing().instrument(instrument).exchange);
    });
    connect(m_positions, &Blotter::activated, this, [this, openTicket](int row) {
        if (const Position *position = m_positionRows.positionAt(row))
            openTicket(position->instrument, Side::Sell, std::nullopt);
    });
    connect(m_orders, &Blotter::activated, this, [this](int row) {
        if (const OrderRecord *order = m_orderRows.orderAt(row))
            choose(order->instrument);
    });
    connect(m_ticket, &OrderTicket::accepted, this, [this](const OrderRecord &order) {
        if (order.traded.raw() > 0)
            return; // the fills speak for themselves
        m_notifications->show(statusTone(order.status), orderStatusText(order),
                              orderText(order, m_feed.listing().instrument(order.instrument)));
    });
    connect(m_ticket, &OrderTicket::refused, this,
            [this](const QString &order, const QString &reason) {
                m_notifications->show(Tone::Down, tr("Rejected: %1").arg(order), reason);
            });
    connect(m_ticket, &OrderTicket::asksBeforeSendingChanged, m_actions->askBeforeSending,
            &QAction::setChecked);
    const auto problem = [this](const QString &sentence) {
        m_notifications->show(Tone::Warning, tr("Not done"), sentence);
    };
    connect(m_sessionBar, &SessionBar::problem, this, problem);
    for (Blotter *blotter : {m_orders, m_executions, m_positions, m_cash})
        connect(blotter->table(), &CellTable::problem, this, problem);
    connect(m_board->table(), &CellTable::problem, this, problem);
    connect(m_portfolio->table(), &CellTable::problem, this, problem);
    connect(m_portfolio, &PortfolioPanel::instrumentActivated, this, &MainWindow::choose);
    connect(m_status, &StatusStrip::serverToggled, this, &MainWindow::serverToggled);
}

void MainWindow::connectActions()
{
    addActions(m_actions->withKeys());
    qApp->installEventFilter(m_actions);
    // Delete and F2 belong to the rows of the order blotter; elsewhere they edit text.
    for (QAction *action : {m_actions->amend, m_actions->cancel}) {
        removeAction(action);
        action->setShortcutContext(Qt::WidgetShortcut);
        m_orders->table()->addAction(action);
    }
    const auto begin = [this](Side side) {
        m_ticketDock->show();
        m_ticketDock->raise();
        m_ticket->begin(side);
    };
    connect(m_actions->buy, &QAction::triggered, this, [begin] { begin(Side::Buy); });
    connect(m_actions->sell, &QAction::triggered, this, [begin] { begin(Side::Sell); });
    connect(m_actions->send, &QAction::triggered, m_ticket, &OrderTicket::send);
    connect(m_actions->search, &QAction::triggered, m_board, &BoardPanel::focusFilter);
    connect(m_actions->amend, &QAction::triggered, this, &MainWindow::amendSelected);
    connect(m_actions->cancel, &QAction::triggered, this, &MainWindow::cancelSelected);
    connect(m_actions->cancelAll, &QAction::triggered, this, &MainWindow::cancelAllOrders);
    connect(m_actions->corporateActions, &QAction::triggered, this,
            &MainWindow::showCorporateActions);
    connect(m_actions->exportCsv, &QAction::triggered, this, &MainWindow::exportCurrent);
    connect(m_actions->askBeforeSending, &QAction::toggled, m_ticket,
            &OrderTicket::setAsksBeforeSending);
    connect(m_actions->resetLayout, &QAction::triggered, this, [this] {
        defaultLayout();
        for (Blotter *blotter : {m_orders, m_executions, m_positions, m_cash})
            blotter->resetState();
        m_portfolio->resetState();
    });
    connect(m_actions->dark, &QAction::triggered, this, [this] { setTheme(ThemeName::Dark); });
    connect(m_actions->light, &QAction::triggered, this, [this] { setTheme(ThemeName::Light); });
    connect(m_actions->vietnamese, &QAction::triggered, this, [this] { setLanguage(u"vi"_s); });
    connect(m_actions->english, &QAction::triggered, this, [this] { setLanguage(u"en"_s); });
    connect(m_actions->pause, &QAction::triggered, m_sessionBar, &SessionBar::togglePause);
    connect(m_actions->nextSession, &QAction::triggered, m_sessionBar,
            &SessionBar::skipToNextSession);
    connectPractice();
    connect(m_actions->shortcuts, &QAction::triggered, this, &MainWindow::showShortcuts);
    connect(m_actions->about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_actions->quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::restoreSettings(const Options &options)
{
    QString language = options.language;
    if (language.isEmpty())
        language = m_settings->value(u"language"_s).toString();
    if (language.isEmpty())
        language = QLocale::system().language() == QLocale::English ? u"en"_s : u"vi"_s;
    setLanguage(language);
    const QString theme =
        options.theme.isEmpty() ? m_settings->value(u"theme"_s).toString() : options.theme;
    setTheme(themeFromKey(theme));
    // Live trading asks every time, whatever was chosen on paper.
    const bool asks = !m_paper || m_settings->value(u"askBeforeSending"_s, true).toBool();
    m_actions->askBeforeSending->setChecked(asks);
    m_actions->askBeforeSending->setEnabled(m_paper);
    m_ticket->setAsksBeforeSending(asks);

    restoreGeometry(m_settings->value(u"geometry"_s).toByteArray());
    restoreState(m_settings->value(u"layout"_s).toByteArray(), layoutVersion);
    m_board->restoreState(*m_settings);
    for (Blotter *blotter : {m_orders, m_executions, m_positions, m_cash})
        blotter->restoreState(*m_settings);
    m_portfolio->restoreState(*m_settings);
}

void MainWindow::saveSettings()
{
    m_settings->setValue(u"language"_s, languageCode());
    m_settings->setValue(u"theme"_s, themeKey(m_theme.name()));
    if (m_paper)
        m_settings->setValue(u"askBeforeSending"_s, m_ticket->asksBeforeSending());
    m_settings->setValue(u"geometry"_s, saveGeometry());
    m_settings->setValue(u"layout"_s, saveState(layoutVersion));
    m_board->saveState(*m_settings);
    for (const Blotter *blotter : {m_orders, m_executions, m_positions, m_cash})
        blotter->saveState(*m_settings);
    m_portfolio->saveState(*m_settings);
    m_settings->sync();
}

void MainWindow::setServerAddress(const QString &address) { m_status->setServerAddress(address); }

void MainWindow::setLanguage(const QString &code)
{
    ui::setLanguage(code);
    (languageCode() == "vi"_L1 ? m_actions->vietnamese : m_actions->english)->setChecked(true);
}

void MainWindow::setTheme(ThemeName name)
{
    m_theme.apply(name);
    (name == ThemeName::Dark ? m_actions->dark : m_actions->light)->setChecked(true);
}

void MainWindow::notify(const QString &title, const QString &text)
{
    m_notifications->keep(Tone::Warning, title, text);
}

void MainWindow::choose(InstrumentIndex instrument)
{
    if (instrument != noInstrument)
        m_ticket->setInstrument(instrument);
}

void MainWindow::writeSummaries()
{
    m_orders->setSummary(tr("%n open", "orders", m_orderRows.openOrders()));
}

void MainWindow::showShortcuts()
{
    auto *dialog = new ShortcutsDialog(m_actions->withKeys(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box =
        new QMessageBox(QMessageBox::NoIcon, tr("About Khớp"),
                        tr("Khớp is a trading desk and an exchange for the Vietnamese market.\n"
                           "On paper no order leaves this computer.\n\n"
                           "Licence: GPL-3.0-or-later"),
                        QMessageBox::Ok, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::retranslate()
{
    m_actions->retranslate();
    setWindowTitle(m_paper ? tr("Khớp — Paper trading") : tr("Khớp — Live trading"));
    m_fileMenu->setTitle(tr("&File"));
    m_tradeMenu->setTitle(tr("&Trade"));
    m_viewMenu->setTitle(tr("&View"));
    m_practiceMenu->setTitle(tr("&Practice day"));
    m_settingsMenu->setTitle(tr("&Settings"));
    m_helpMenu->setTitle(tr("&Help"));
    m_ticketDock->setWindowTitle(tr("Order ticket", "short"));
    m_ordersDock->setWindowTitle(tr("Order blotter"));
    m_executionsDock->setWindowTitle(tr("Executions"));
    m_positionsDock->setWindowTitle(tr("Portfolio", "short"));
    m_portfolioDock->setWindowTitle(tr("Performance"));
    m_cashDock->setWindowTitle(tr("Cash balance"));
    m_depthDock->setWindowTitle(tr("Market depth"));
    writeSummaries();
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange && m_depthDock)
        retranslate();
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveSettings();
    QMainWindow::closeEvent(event);
}

} // namespace khop::ui
