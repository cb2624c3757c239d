// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop over a real desk, by keyboard: an order typed, confirmed, filled and seen, to the dong.
#include "../support/desk_fixture.h"
#include "ui/language.h"
#include "ui/models/orders_model.h"
#include "ui/ticket/condition_section.h"
#include "ui/ticket/order_ticket.h"
#include "ui/views/blotter.h"
#include "ui/views/board_panel.h"
#include "ui/window/desk_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/notifications.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QtTest>

using namespace khop;
using namespace khop::test;
using namespace khop::ui;
using namespace Qt::StringLiterals;

namespace {

/// A window over a fresh desk at ten in the morning: 100 million dong, 1,000 SSI offered at 31,000.
struct Desktop {
    DeskFixture desk;
    AccountNo seller = 0;
    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;

    explicit Desktop(const QString &language = u"en"_s,
                     const char *clock = "2026-11-20T10:00:00+07:00")
        : desk(clock)
    {
        seller = desk.openAccount("seller");
        desk.cash(desk.account, 100'000'000);
        desk.shares(seller, "SSI", 10'000);
        open(language);
    }
    void open(const QString &language)
    {
        window = std::make_unique<MainWindow>(
            Options{.service = *desk.desk,
                    .account = desk.account,
                    .language = language,
                    .theme = u"dark"_s,
                    .settingsFile = folder.filePath(u"desktop.ini"_s)});
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }
    void offer(std::int64_t quantity, std::int64_t price)
    {
        QCOMPARE(desk.order(seller, "SSI", Side::Sell, OrderType::LO, quantity, price).error.code,
                 Code::OK);
    }
    QAbstractItemModel *rows(const char *blotter) const
    {
        return window->findChild<CellTable *>(QLatin1String(blotter))->model();
    }
    QString label(const char *name) const
    {
        return window->findChild<QLabel *>(QLatin1String(name))->text();
    }
    QDialog *dialog(const char *name) const
    {
        return window->findChild<QDialog *>(QLatin1String(name));
    }

    /// Keys go to whatever has the focus, as from a keyboard.
    static void type(const QString &text) { QTest::keyClicks(QApplication::focusWidget(), text); }
    static void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        QWidget *target = QApplication::focusWidget();
        QVERIFY(target);
        QTest::keyClick(target, key, modifiers);
    }
    void typeOrder(Qt::Key side, const QString &symbol, const QString &price,
                   const QString &quantity)
    {
        QWidget *focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : window.get(), side, Qt::ControlModifier);
        type(symbol);
        press(Qt::Key_Return);
        type(price);
        press(Qt::Key_Return);
        type(quantity);
        press(Qt::Key_Return);
    }
    void confirm()
    {
        QTRY_VERIFY(dialog("confirmDialog"));
        QTRY_COMPARE(QApplication::focusWidget(),
                     dialog("confirmDialog")->findChild<QWidget *>(u"confirmAccept"_s));
        press(Qt::Key_Return);
        QTRY_VERIFY(!dialog("confirmDialog"));
        // Without a window manager nobody hands the focus back.
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }
};

QString cellText(const QAbstractItemModel *model, int row, int column)
{
    return model->index(row, column).data(Qt::DisplayRole).toString();
}

} // namespace

class TicketFlowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOrderTypedByKeyboardIsFilledToTheDong()
    {
        Desktop d;
        d.offer(1'000, 31'000);
        QTRY_COMPARE(cellText(d.rows("board"), 0, BoardModel::Symbol).isEmpty(), false);
        d.typeOrder(Qt::Key_B, u"ssi"_s, u"31.5"_s, u"500"_s);
        d.confirm();

        QTRY_COMPARE(d.rows("orders")->rowCount(), 1);
        const QAbstractItemModel *orders = d.rows("orders");
        QTRY_COMPARE(cellText(orders, 0, OrdersModel::Status), u"Filled"_s);
        QCOMPARE(cellText(orders, 0, OrdersModel::Symbol), u"SSI"_s);
        QCOMPARE(cellText(orders, 0, OrdersModel::OrderPrice), u"31.50"_s);
        QCOMPARE(cellText(orders, 0, OrdersModel::AveragePrice), u"31.00"_s);
        QCOMPARE(cellText(orders, 0, OrdersModel::Fee), u"23,250"_s);
        // 100,000,000 - 15,500,000 - 0.15 %
        QTRY_COMPARE(cellText(d.rows("cash"), 0, CashModel::Current), u"84,476,750"_s);
        QCOMPARE(cellText(d.rows("cash"), 0, CashModel::Available), u"84,476,750"_s);
        QCOMPARE(cellText(d.rows("cash"), 0, CashModel::Held), u"0"_s);
        QTRY_COMPARE(d.rows("positions")->rowCount(), 1);
        QCOMPARE(cellText(d.rows("positions"), 0, PositionsModel::TotalQuantity), u"500"_s);
        QCOMPARE(cellText(d.rows("positions"), 0, PositionsModel::Sellable), u"0"_s);
        QCOMPARE(cellText(d.rows("positions"), 0, PositionsModel::PendingSettlement), u"500"_s);
        QCOMPARE(d.rows("executions")->rowCount(), 1);
        QCOMPARE(cellText(d.rows("executions"), 0, ExecutionsModel::FillPrice), u"31.00"_s);
    }

    void aRestingOrderHoldsItsCostAndDeleteCancelsIt()
    {
        Desktop d;
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"30,5"_s, u"500"_s);
        d.confirm();
        QTRY_COMPARE(d.rows("orders")->rowCount(), 1);
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Working"_s);
        // 15,250,000 + 0.15 %
        QTRY_COMPARE(cellText(d.rows("cash"), 0, CashModel::Held), u"15,272,875"_s);
        QCOMPARE(cellText(d.rows("cash"), 0, CashModel::Available), u"84,727,125"_s);

        CellTable *table = d.window->orders()->table();
        table->selectRow(0);
        table->setFocus();
        Desktop::press(Qt::Key_Delete);
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Cancelled"_s);
        QTRY_COMPARE(cellText(d.rows("cash"), 0, CashModel::Held), u"0"_s);
    }

    void f2AmendsTheOrderUnderTheCursor()
    {
        Desktop d;
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"30,5"_s, u"500"_s);
        d.confirm();
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Working"_s);
        CellTable *table = d.window->orders()->table();
        table->selectRow(0);
        table->setFocus();
        Desktop::press(Qt::Key_F2);
        QTRY_VERIFY(d.dialog("amendDialog"));
        auto *price = d.dialog("amendDialog")->findChild<PriceEdit *>(u"amendPrice"_s);
        QTRY_VERIFY(price->hasFocus());
        price->selectAll();
        QTest::keyClicks(price, u"30.4"_s);
        QTest::keyClick(price, Qt::Key_Return);
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::OrderPrice), u"30.40"_s);
        // 15,200,000 + 0.15 %
        QTRY_COMPARE(cellText(d.rows("cash"), 0, CashModel::Held), u"15,222,800"_s);
    }

    void notAskingAgainSendsAtOnceOnPaperOnly()
    {
        Desktop d;
        d.window->actions()->askBeforeSending->setChecked(false);
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"30.5"_s, u"100"_s);
        QTRY_COMPARE(d.rows("orders")->rowCount(), 1);
        d.window->close();
        MainWindow live(Options{.service = *d.desk.desk,
                                .account = d.desk.account,
                                .paper = false,
                                .settingsFile = d.folder.filePath(u"desktop.ini"_s)});
        QVERIFY(live.ticket()->asksBeforeSending());
        QVERIFY(!live.actions()->askBeforeSending->isEnabled());
    }

    void aPriceOffTheStepIsShownBeforeItIsSent()
    {
        Desktop d;
        QTest::keyClick(d.window.get(), Qt::Key_B, Qt::ControlModifier);
        Desktop::type(u"SSI"_s);
        Desktop::press(Qt::Key_Return);
        Desktop::type(u"30.52"_s);
        d.window->findChild<QuantityEdit *>(u"ticketQuantity"_s)->setQuantity(Quantity(100));
        Desktop::press(Qt::Key_F9);
        QCOMPARE(d.window->findChild<PriceEdit *>(u"ticketPrice"_s)->price()->raw(), 30'500);
        QVERIFY(!d.dialog("confirmDialog"));
        QTRY_VERIFY2(d.label("ticketReason").contains(u"30.52"),
                     qPrintable(d.label("ticketReason")));
        Desktop::press(Qt::Key_F9);
        QTRY_VERIFY(d.dialog("confirmDialog"));
    }

    void escapeInTheConfirmationSendsNothing()
    {
        Desktop d;
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"31"_s, u"500"_s);
        QTRY_VERIFY(d.dialog("confirmDialog"));
        QTest::keyClick(d.dialog("confirmDialog"), Qt::Key_Escape);
        QTRY_VERIFY(!d.dialog("confirmDialog"));
        QCOMPARE(d.desk.desk->health().orders, 0u);
        QCOMPARE(d.rows("orders")->rowCount(), 0);
    }

    void theReasonIsToldWhileTyping_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("price");
        QTest::addColumn<QString>("quantity");
        QTest::addColumn<QString>("part");
        QTest::newRow("above the ceiling, en") << u"en"_s << u"40"_s << u"500"_s << u"33,150"_s;
        QTest::newRow("above the ceiling, vi") << u"vi"_s << u"40"_s << u"500"_s << u"trần"_s;
        QTest::newRow("unfinished price") << u"en"_s << u"3155."_s << u"500"_s << u"decimal mark"_s;
        QTest::newRow("whole thousands") << u"en"_s << u"3155"_s << u"500"_s << u"33,150"_s;
        QTest::newRow("no lot") << u"en"_s << u"31"_s << u"150"_s << u"150"_s;
        QTest::newRow("no cash, vi") << u"vi"_s << u"31"_s << u"50000"_s << u"mua"_s;
    }

    void theReasonIsToldWhileTyping()
    {
        QFETCH(QString, language);
        QFETCH(QString, price);
        QFETCH(QString, quantity);
        QFETCH(QString, part);
        Desktop d(language);
        d.typeOrder(Qt::Key_B, u"SSI"_s, price, quantity);
        QTRY_VERIFY2(d.label("ticketReason").contains(part), qPrintable(d.label("ticketReason")));
        QVERIFY(!d.dialog("confirmDialog"));
    }

    void anUnknownSymbolIsSaidAndSendsNothing()
    {
        Desktop d;
        d.typeOrder(Qt::Key_B, u"XYZ"_s, u""_s, u""_s);
        QTRY_VERIFY2(d.label("ticketReason").contains(u"XYZ"), qPrintable(d.label("ticketReason")));
        QCOMPARE(d.label("ticketPower"), QString());
        Desktop::press(Qt::Key_F9);
        QVERIFY(!d.dialog("confirmDialog"));
        // The right symbol after all; Ctrl+E is the desk's even in a text field.
        QVERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
        d.typeOrder(Qt::Key_E, u"SSI"_s, u"31"_s, u"500"_s);
        QCOMPARE(d.window->ticket()->side(), Side::Sell);
        QTRY_VERIFY2(d.label("ticketReason").contains(u"500"), qPrintable(d.label("ticketReason")));
        QCOMPARE(d.label("ticketPower"), u"0"_s);
    }

    void oneHundredAndFiftySharesAreOfferedAsTwoOrders()
    {
        Desktop d;
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"31"_s, u"150"_s);
        auto *split = d.window->findChild<QAbstractButton *>(u"ticketSplit"_s);
        QTRY_VERIFY(split->isVisible());
        QCOMPARE(split->text(), u"Split 100 + 50"_s);
        QTest::mouseClick(split, Qt::LeftButton);
        Desktop::press(Qt::Key_Return);
        d.confirm();
        QTRY_COMPARE(d.rows("orders")->rowCount(), 2);
        QCOMPARE(cellText(d.rows("orders"), 0, OrdersModel::OrderQuantity), u"50"_s);
        QCOMPARE(cellText(d.rows("orders"), 1, OrdersModel::OrderQuantity), u"100"_s);
    }

    void anOrderBeforeTheOpenWaitsInTheQueue()
    {
        Desktop d(u"en"_s, "2026-11-20T08:00:00+07:00");
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"31"_s, u"500"_s);
        d.confirm();
        QTRY_COMPARE(d.rows("orders")->rowCount(), 1);
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Queued"_s);
    }

    void anOrderFromElsewhereAppearsWithinATenthOfASecond()
    {
        Desktop d;
        QAbstractItemModel *orders = d.rows("orders");
        QElapsedTimer clock;
        qint64 best = 1'000;
        // The best of five: other programs on the machine are not what is measured.
        for (int i = 1; i <= 5; ++i) {
            qint64 appeared = -1;
            const auto watch = connect(orders, &QAbstractItemModel::rowsInserted, this,
                                       [&] { appeared = clock.elapsed(); });
            clock.start();
            QCOMPARE(d.desk.order(d.desk.account, "SSI", Side::Buy, OrderType::LO, 100, 30'000)
                         .error.code,
                     Code::OK);
            QTRY_COMPARE(orders->rowCount(), i);
            disconnect(watch);
            best = std::min(best, appeared);
        }
        QVERIFY2(best >= 0 && best < 100, qPrintable(QString::number(best)));
    }

    void ordersOfBeforeAreThereWhenTheWindowOpens()
    {
        Desktop d;
        d.desk.order(d.desk.account, "SSI", Side::Buy, OrderType::LO, 100, 30'000);
        d.offer(100, 31'000);
        d.desk.order(d.desk.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000);
        d.open(u"en"_s);
        QTRY_COMPARE(d.rows("orders")->rowCount(), 2);
        QTRY_COMPARE(d.rows("executions")->rowCount(), 1);
        QCOMPARE(cellText(d.rows("positions"), 0, PositionsModel::TotalQuantity), u"100"_s);
    }

    void aHalfTypedOrderKeepsItsSymbolWhenTheBoardMoves()
    {
        Desktop d;
        QTest::keyClick(d.window.get(), Qt::Key_B, Qt::ControlModifier);
        Desktop::type(u"SSI"_s);
        Desktop::press(Qt::Key_Return);
        Desktop::type(u"31"_s);
        Desktop::press(Qt::Key_Return);
        Desktop::press(Qt::Key_K, Qt::ControlModifier);
        Desktop::type(u"vhm"_s);
        Desktop::press(Qt::Key_Return);
        QTRY_COMPARE(d.window->board()->selected(), d.desk.symbol("VHM"));
        QCOMPARE(d.window->ticket()->instrument(), d.desk.symbol("SSI"));
        QCOMPARE(d.window->findChild<PriceEdit *>(u"ticketPrice"_s)->price()->raw(), 31'000);
        Desktop::press(Qt::Key_Return); // on the board's row: a ticket for it
        QTRY_COMPARE(d.window->ticket()->instrument(), d.desk.symbol("VHM"));
    }

    void everyFieldOfTheTicketIsSeenWhole_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<bool>("conditional");
        for (const char *language : {"en", "vi"}) {
            for (const bool conditional : {false, true})
                QTest::addRow("%s %s", language, conditional ? "with a condition" : "plain")
                    << QString::fromLatin1(language) << conditional;
        }
    }
    void everyFieldOfTheTicketIsSeenWhole()
    {
        QFETCH(QString, language);
        QFETCH(bool, conditional);
        Desktop d(language);
        d.desk.cash(d.desk.account, 900'000'000'000'000);
        d.window->resize(1280, 800);
        auto *ticket = d.window->findChild<OrderTicket *>();
        QVERIFY(ticket);
        // as narrow as it gets, from side to side: what does not fit from top to bottom scrolls
        auto *dock = d.window->findChild<QDockWidget *>(u"ticketDock"_s);
        d.window->resizeDocks({dock}, {10}, Qt::Horizontal);
        QTest::keyClick(d.window.get(), Qt::Key_B, Qt::ControlModifier);
        Desktop::type(u"ssi"_s);
        Desktop::press(Qt::Key_Return);
        Desktop::type(u"31.5"_s);
        Desktop::press(Qt::Key_Return);
        Desktop::type(u"500000"_s); // wide figures
        QTRY_VERIFY(d.label("ticketFee").size() > 5);
        if (conditional)
            ticket->findChild<QAbstractButton *>(u"ticketConditional"_s)->click();
        const auto cut = [&] {
            for (const QWidget *child : ticket->findChildren<QWidget *>()) {
                if (!child->isVisible() || child->objectName().isEmpty()
                    || child->objectName().startsWith(u"qt_"_s))
                    continue;
                for (const QWidget *around = child->parentWidget(); around != ticket->window();
                     around = around->parentWidget()) {
                    const QRect place(child->mapTo(around, QPoint()), child->size());
                    if (place.left() < 0 || place.right() > around->width())
                        return child->objectName();
                }
            }
            return QString();
        };
        QTRY_COMPARE(cut(), QString());
    }

    void theLanguageChangesWhileRunning()
    {
        Desktop d(u"en"_s);
        d.offer(1'000, 31'000);
        d.typeOrder(Qt::Key_B, u"SSI"_s, u"31"_s, u"100"_s);
        d.confirm();
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Filled"_s);
        auto *orders = d.window->findChild<QDockWidget *>(u"ordersDock"_s);
        auto *buy = d.window->findChild<QAbstractButton *>(u"ticketBuy"_s);
        QCOMPARE(orders->windowTitle(), u"Order blotter"_s);

        d.window->actions()->vietnamese->trigger();
        QTRY_COMPARE(orders->windowTitle(), u"Sổ lệnh"_s);
        QCOMPARE(buy->text(), u"Mua"_s);
        QCOMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Khớp hết"_s);
        QCOMPARE(d.rows("board")
                     ->headerData(BoardModel::Ceiling, Qt::Horizontal, Qt::DisplayRole)
                     .toString(),
                 u"Trần"_s);
        // Numbers are written the same way in both languages.
        QCOMPARE(cellText(d.rows("orders"), 0, OrdersModel::OrderPrice), u"31.00"_s);

        d.window->actions()->english->trigger();
        QTRY_COMPARE(orders->windowTitle(), u"Order blotter"_s);
        QCOMPARE(buy->text(), u"Buy"_s);
    }

    void languageThemeAndLayoutAreKept()
    {
        Desktop d(u"en"_s);
        d.window->actions()->vietnamese->trigger();
        d.window->actions()->light->trigger();
        d.window->findChild<QDockWidget *>(u"depthDock"_s)->hide();
        QCoreApplication::processEvents();
        d.window->orders()->table()->setColumnWidth(OrdersModel::Symbol, 123);
        d.window->close();
        d.window = std::make_unique<MainWindow>(
            Options{.service = *d.desk.desk,
                    .account = d.desk.account,
                    .settingsFile = d.folder.filePath(u"desktop.ini"_s)});
        QCOMPARE(languageCode(), u"vi"_s);
        QCoreApplication::processEvents();
        QCOMPARE(d.window->orders()->table()->columnWidth(OrdersModel::Symbol), 123);
        QVERIFY(d.window->actions()->light->isChecked());
        QVERIFY(d.window->findChild<QDockWidget *>(u"depthDock"_s)->isHidden());
        d.window->actions()->resetLayout->trigger();
        QVERIFY(!d.window->findChild<QDockWidget *>(u"depthDock"_s)->isHidden());
    }

    void theServerSwitchAsksAndTheAddressIsShown()
    {
        Desktop d;
        QSignalSpy wished(d.window.get(), &MainWindow::serverToggled);
        d.window->setServerAddress(u"http://127.0.0.1:8001"_s);
        QCOMPARE(d.label("serverAddress"), u"http://127.0.0.1:8001"_s);
        QCOMPARE(wished.size(), 0);
        auto *toggle = d.window->findChild<QAbstractButton *>(u"serverSwitch"_s);
        QVERIFY(toggle->isChecked());
        toggle->click();
        QCOMPARE(wished.size(), 1);
        QCOMPARE(wished[0][0].toBool(), false);
        d.window->setServerAddress({});
        QCOMPARE(d.label("serverAddress"), u"off"_s);
    }

    void aDoubleClickOnAnOfferFillsTheTicket()
    {
        Desktop d;
        d.offer(1'000, 31'000);
        CellTable *board = d.window->board()->table();
        QAbstractItemModel *rows = board->model();
        QModelIndex ask;
        const auto find = [&] {
            for (int row = 0; row < rows->rowCount(); ++row) {
                ask = rows->index(row, BoardModel::AskPrice1);
                if (cellText(rows, row, BoardModel::Symbol) == u"SSI")
                    return ask.data(Qt::DisplayRole).toString() == u"31.00";
            }
            return false;
        };
        QTRY_VERIFY(find());
        board->scrollTo(ask);
        const QPoint at = board->visualRect(ask).center();
        QTest::mouseClick(board->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(board->viewport(), Qt::LeftButton, {}, at);
        QTRY_COMPARE(d.window->findChild<QLineEdit *>(u"ticketSymbol"_s)->text(), u"SSI"_s);
        QCOMPARE(d.window->findChild<PriceEdit *>(u"ticketPrice"_s)->price()->raw(), 31'000);
        QCOMPARE(d.window->ticket()->side(), Side::Buy);
    }

    void aStopTypedOnTheTicketWaitsAndIsMet()
    {
        Desktop d;
        d.desk.shares(d.desk.account, "SSI", 1'000);
        QTRY_COMPARE(cellText(d.rows("board"), 0, BoardModel::Symbol).isEmpty(), false);
        auto *section = d.window->findChild<ConditionSection *>();
        auto *trigger = d.window->findChild<PriceEdit *>(u"conditionStop"_s);
        auto *price = d.window->findChild<PriceEdit *>(u"ticketPrice"_s);
        QVERIFY(!trigger->isVisible());
        QTest::keyClick(d.window.get(), Qt::Key_E, Qt::ControlModifier);
        Desktop::type(u"ssi"_s);
        Desktop::press(Qt::Key_Return);
        section->setKind(ConditionType::Stop);
        QVERIFY(trigger->isVisible());
        QVERIFY(!price->isEnabled());
        d.window->findChild<QuantityEdit *>(u"ticketQuantity"_s)->setQuantity(Quantity(500));
        trigger->setFocus();
        // on the wrong side it is refused before it is sent, at its field
        Desktop::type(u"31.5"_s);
        QTRY_VERIFY(d.label("ticketReason").contains(u"31,500"_s));
        QCOMPARE(trigger->property("wrong").toBool(), true);
        trigger->selectAll();
        Desktop::type(u"30.5"_s);
        Desktop::press(Qt::Key_Return);
        d.confirm();
        QTRY_COMPARE(d.rows("orders")->rowCount(), 1);
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Waiting for trigger"_s);
        QCOMPARE(cellText(d.rows("orders"), 0, OrdersModel::ConditionColumn),
                 u"Stop \u2264 30.50"_s);
        // the next order is an ordinary one again
        QVERIFY(!section->kind());
        QVERIFY(!trigger->isVisible());
        d.desk.cash(d.seller, 100'000'000);
        d.desk.order(d.seller, "SSI", Side::Sell, OrderType::LO, 100, 30'500);
        d.desk.order(d.seller, "SSI", Side::Buy, OrderType::LO, 600, 30'500);
        QTRY_COMPARE(cellText(d.rows("orders"), 0, OrdersModel::Status), u"Filled"_s);
    }

    void aBracketTypedOnTheTicketShowsItsLegs()
    {
        Desktop d;
        auto *section = d.window->findChild<ConditionSection *>();
        QTRY_COMPARE(cellText(d.rows("board"), 0, BoardModel::Symbol).isEmpty(), false);
        QTest::keyClick(d.window.get(), Qt::Key_B, Qt::ControlModifier);
        Desktop::type(u"ssi"_s);
        Desktop::press(Qt::Key_Return);
        section->setKind(ConditionType::Bracket);
        d.window->findChild<PriceEdit *>(u"ticketPrice"_s)->setPrice(Price(31'000));
        d.window->findChild<PriceEdit *>(u"conditionProfit"_s)->setPrice(Price(32'000));
        d.window->findChild<PriceEdit *>(u"conditionStop"_s)->setPrice(Price(30'000));
        d.window->findChild<QuantityEdit *>(u"ticketQuantity"_s)->setFocus();
        Desktop::type(u"500"_s);
        Desktop::press(Qt::Key_Return);
        d.confirm();
        QTRY_COMPARE(d.rows("orders")->rowCount(), 2); // the legs, newest first, and the order
        QCOMPARE(cellText(d.rows("orders"), 0, OrdersModel::SideColumn), u"Sell"_s);
        QCOMPARE(cellText(d.rows("orders"), 0, OrdersModel::ConditionColumn),
                 u"OCO \u2265 32.00 | \u2264 30.00"_s);
        QCOMPARE(cellText(d.rows("orders"), 1, OrdersModel::ConditionColumn),
                 u"Bull & Bear \u2265 32.00 | \u2264 30.00"_s);
        const QString shot = qEnvironmentVariable("KHOP_SCREENSHOT");
        if (!shot.isEmpty())
            d.window->grab().save(shot);
    }
};

QTEST_MAIN(TicketFlowTest)
#include "ticket_flow_test.moc"
