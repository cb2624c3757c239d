// SPDX-License-Identifier: GPL-3.0-or-later
// Prices and quantities typed with real keys, under the three locales that read '.' and ',' differently.
#include "listing_fixture.h"
#include "ui/edits/price_edit.h"
#include "ui/edits/quantity_edit.h"

#include <QClipboard>
#include <QLineEdit>
#include <QLocale>
#include <QSignalSpy>
#include <QtTest>

using namespace khop;
using namespace khop::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr qlonglong none = -1;

const std::array<QLocale, 3> &locales()
{
    static const std::array all{QLocale(QLocale::Vietnamese, QLocale::Vietnam),
                                QLocale(QLocale::English, QLocale::UnitedStates), QLocale::c()};
    return all;
}

} // namespace

class PriceEditTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_listing = projectListing(); }
    void cleanup() { QLocale::setDefault(QLocale::c()); }

    void typedPriceMeansTheSameInEveryLocale_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qlonglong>("price");
        QTest::addColumn<QString>("shown"); // after the field was left

        struct Row {
            const char *symbol, *typed;
            qlonglong price;
            const char *shown;
        };
        constexpr std::array rows{
            Row{"VHM", "96.5", 96'500, "96.50"},
            Row{"VHM", "96,5", 96'500, "96.50"},
            Row{"VHM", "96.50", 96'500, "96.50"},
            Row{"VHM", "96,500", 96'500, "96.50"},
            Row{"VHM", "96", 96'000, "96.00"},
            Row{"VHM", "0.5", 500, "0.50"},
            Row{"VHM", ",5", 500, "0.50"},
            Row{"BSR", "20.05", 20'050, "20.05"},
            // Unfinished: no value, whatever the digits would mean without the mark.
            Row{"VHM", "9655.", none, "9655."},
            Row{"VHM", "9655,", none, "9655,"},
            Row{"VHM", ".", none, "."},
            Row{"VHM", "0", none, "0"},
            // Whole thousands stay what they are: far above any ceiling, and refused as that.
            Row{"VHM", "9655", 9'655'000, "9655.00"},
            // One mark at most, three decimals at most, digits only.
            Row{"VHM", "96..5", 96'500, "96.50"},
            Row{"VHM", "96,.5", 96'500, "96.50"},
            Row{"VHM", "96.5x", 96'500, "96.50"},
            Row{"VHM", "-96.5", 96'500, "96.50"},
            Row{"VHM", "96.5000", 96'500, "96.50"},
            // Off the price step: the nearest price on it, once the field is left.
            Row{"VHM", "96.54", 96'540, "96.50"},
            Row{"VHM", "96,56", 96'560, "96.60"},
            Row{"BSR", "20.07", 20'070, "20.05"},
            // Dollars are dollars.
            Row{"BTC", "97123.5", 9'712'350, "97123.50"},
            Row{"BTC", "97123,55", 9'712'355, "97123.55"},
        };
        for (const QLocale &locale : locales()) {
            for (const Row &row : rows) {
                QTest::addRow("%s: %s %s", qPrintable(locale.name()), row.symbol, row.typed)
                    << QString::fromLatin1(row.symbol) << QString::fromLatin1(row.typed)
                    << row.price << QString::fromLatin1(row.shown);
            }
        }
    }

    void typedPriceMeansTheSameInEveryLocale()
    {
        QFETCH(QString, symbol);
        QFETCH(QString, typed);
        QFETCH(qlonglong, price);
        QFETCH(QString, shown);
        const QString localeName = QString::fromLatin1(QTest::currentDataTag()).section(u':', 0, 0);
        QLocale::setDefault(QLocale(localeName));

        PriceEdit edit;
        edit.setLocale(QLocale(localeName));
        edit.setInstrument(bySymbol(m_listing, symbol.toStdString()));
        edit.show();
        edit.setFocus();
        QTest::keyClicks(&edit, typed);
        const std::optional<Price> value = edit.price();
        QCOMPARE(value ? value->raw() : none, price);
        edit.commit();
        QCOMPARE(edit.text(), shown);
    }

    void pastedGroupsAreRefusedAsAWhole()
    {
        PriceEdit edit;
        edit.setInstrument(bySymbol(m_listing, "VHM"));
        edit.show();
        QGuiApplication::clipboard()->setText(u"1,300.50"_s);
        edit.findChild<QLineEdit *>()->paste();
        QCOMPARE(edit.text(), QString());
    }

    void arrowsStepByTheTickOfThePriceArrivedAt_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("shown");
        QTest::newRow("up across 10") << u"9.99"_s << int(Qt::Key_Up) << u"10.00"_s;
        QTest::newRow("up above 10") << u"10.00"_s << int(Qt::Key_Up) << u"10.05"_s;
        QTest::newRow("down across 10") << u"10.00"_s << int(Qt::Key_Down) << u"9.99"_s;
        QTest::newRow("up across 50") << u"49.95"_s << int(Qt::Key_Up) << u"50.00"_s;
        QTest::newRow("up above 50") << u"50.00"_s << int(Qt::Key_Up) << u"50.10"_s;
        QTest::newRow("down across 50") << u"50.00"_s << int(Qt::Key_Down) << u"49.95"_s;
        QTest::newRow("off the step, up") << u"96.53"_s << int(Qt::Key_Up) << u"96.60"_s;
        QTest::newRow("off the step, down") << u"96.53"_s << int(Qt::Key_Down) << u"96.50"_s;
        QTest::newRow("never to nothing") << u"0.01"_s << int(Qt::Key_Down) << u"0.01"_s;
        QTest::newRow("unfinished stays") << u"96."_s << int(Qt::Key_Up) << u"96."_s;
    }

    void arrowsStepByTheTickOfThePriceArrivedAt()
    {
        QFETCH(QString, typed);
        QFETCH(int, key);
        QFETCH(QString, shown);
        PriceEdit edit;
        edit.setInstrument(bySymbol(m_listing, "VHM"));
        edit.show();
        QTest::keyClicks(&edit, typed);
        QTest::keyClick(&edit, static_cast<Qt::Key>(key));
        QCOMPARE(edit.text(), shown);
    }

    void anEmptyPriceStepsToTheReference()
    {
        PriceEdit edit;
        edit.setInstrument(bySymbol(m_listing, "VHM"));
        edit.show();
        QTest::keyClick(&edit, Qt::Key_Up);
        QCOMPARE(edit.price()->raw(), bySymbol(m_listing, "VHM").reference.raw());
    }

    void aPriceThatMovesToTheStepSaysSo()
    {
        PriceEdit edit;
        edit.setInstrument(bySymbol(m_listing, "VHM"));
        QSignalSpy adjusted(&edit, &DecimalEdit::adjusted);
        QTest::keyClicks(&edit, u"96.54"_s);
        QVERIFY(edit.commit());
        QCOMPARE(adjusted.size(), 1);
        QCOMPARE(adjusted[0][0].toString(), u"96.54"_s);
        QCOMPARE(adjusted[0][1].toString(), u"96.50"_s);
        QVERIFY(!edit.commit());
    }

    void typedQuantityMeansTheSameInEveryLocale_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qlonglong>("quantity");
        struct Row {
            const char *symbol, *typed;
            qlonglong quantity;
        };
        constexpr std::array rows{
            Row{"VHM", "500", 500},
            Row{"VHM", "1300", 1'300},
            Row{"VHM", "1,300", 1'300},
            Row{"VHM", "1.300", 1'300},
            Row{"VHM", "1,300,000", 1'300'000},
            Row{"VHM", "1.3", none},
            Row{"VHM", "1,30", none},
            Row{"VHM", "1300.", none},
            Row{"VHM", "13,0000", none},
            Row{"VHM", "0", none},
            Row{"BTC", "0.5", 50'000'000},
            Row{"BTC", "0,5", 50'000'000},
            Row{"BTC", "1.", none},
        };
        for (const QLocale &locale : locales()) {
            for (const Row &row : rows) {
                QTest::addRow("%s: %s %s", qPrintable(locale.name()), row.symbol, row.typed)
                    << QString::fromLatin1(row.symbol) << QString::fromLatin1(row.typed)
                    << row.quantity;
            }
        }
    }

    void typedQuantityMeansTheSameInEveryLocale()
    {
        QFETCH(QString, symbol);
        QFETCH(QString, typed);
        QFETCH(qlonglong, quantity);
        const QString localeName = QString::fromLatin1(QTest::currentDataTag()).section(u':', 0, 0);
        QLocale::setDefault(QLocale(localeName));
        QuantityEdit edit;
        edit.setLocale(QLocale(localeName));
        edit.setInstrument(bySymbol(m_listing, symbol.toStdString()));
        edit.show();
        QTest::keyClicks(&edit, typed);
        const std::optional<Quantity> value = edit.quantity();
        QCOMPARE(value ? value->raw() : none, quantity);
    }

    void quantityStepsByLotAndIsShownInGroups()
    {
        QuantityEdit edit;
        edit.setInstrument(bySymbol(m_listing, "VHM"));
        edit.setQuantity(Quantity(1'250));
        QCOMPARE(edit.text(), u"1,250"_s);
        edit.stepBy(1);
        QCOMPARE(edit.quantity()->raw(), 1'300);
        edit.stepBy(-1);
        QCOMPARE(edit.quantity()->raw(), 1'200);
        edit.setQuantity(Quantity(1'250));
        edit.stepBy(-1);
        QCOMPARE(edit.quantity()->raw(), 1'200);
        edit.stepBy(-50);
        QCOMPARE(edit.quantity()->raw(), 100);
    }

private:
    Listing m_listing;
};

QTEST_MAIN(PriceEditTest)
#include "price_edit_test.moc"
