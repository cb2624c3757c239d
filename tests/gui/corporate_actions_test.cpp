// SPDX-License-Identifier: GPL-3.0-or-later
// Corporate actions on the desktop: what is listed, what one has of it, and electing rights.
#include "../support/desk_fixture.h"
#include "ui/edits/price_edit.h"
#include "ui/edits/quantity_edit.h"
#include "ui/window/corporate_actions_dialog.h"

#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QtTest>

using namespace khop;
using namespace khop::test;
using namespace khop::ui;
using namespace Qt::StringLiterals;

class CorporateActionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rightsAreElected();
};

void CorporateActionsTest::rightsAreElected()
{
    DeskFixture desk;
    desk.cash(desk.account, 10'000'000);
    desk.shares(desk.account, "SSI", 1'000);
    CorporateTerms terms;
    terms.instrument = desk.symbol("SSI");
    terms.type = CorporateActionType::Rights;
    terms.ratio = 1'000'000;
    terms.per = 4;
    terms.issuePrice = Price(10'000);
    terms.exDate = *parseIsoDate("2026-11-30");
    terms.subscriptionTo = *parseIsoDate("2026-12-14");
    terms.payDate = *parseIsoDate("2026-12-28");
    QVERIFY(desk.send(AnnounceCorporateAction{{}, terms}).ok());

    DeskFeed feed(*desk.desk, desk.account);
    feed.start();
    CorporateActionsDialog dialog(feed);
    dialog.show();
    auto *list = dialog.findChild<QTreeWidget *>(u"corporateActionsList"_s);
    auto *subscribe = dialog.findChild<QPushButton *>(u"subscribeButton"_s);
    auto *sell = dialog.findChild<QPushButton *>(u"sellRightsButton"_s);
    auto *quantity = dialog.findChild<QuantityEdit *>(u"electQuantity"_s);
    auto *price = dialog.findChild<PriceEdit *>(u"electPrice"_s);
    auto *problem = dialog.findChild<QLabel *>(u"corporateActionsProblem"_s);
    QCOMPARE(list->topLevelItemCount(), 1);
    QCOMPARE(list->topLevelItem(0)->text(0), u"SSI"_s);
    QCOMPARE(list->topLevelItem(0)->text(6), u"1 : 4 × 10,000"_s);
    QVERIFY(!subscribe->isEnabled());

    desk.clockTo("2026-12-02T10:00:00+07:00");
    QTRY_VERIFY(subscribe->isEnabled());
    QCOMPARE(quantity->quantity(), std::optional(Quantity(250)));
    quantity->setQuantity(Quantity(251));
    subscribe->click();
    QTRY_VERIFY(problem->isVisible());
    quantity->setQuantity(Quantity(100));
    subscribe->click();
    QTRY_VERIFY(!problem->isVisible());
    QCOMPARE(list->topLevelItem(0)->text(7), u"1,000 rights, 100 subscribed"_s);
    QCOMPARE(desk.dong(desk.account).held.raw(), 1'000'000);
    quantity->setQuantity(Quantity(600));
    price->setPrice(Price(1'000));
    sell->click();
    QTRY_COMPARE(list->topLevelItem(0)->text(7), u"400 rights, 100 subscribed"_s);
}

QTEST_MAIN(CorporateActionsTest)
#include "corporate_actions_test.moc"
