// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings: a day written and played again gives the same trades; orders of accounts join it by queue
// position; a broken file says where it is broken.
#include "engine_fixture.h"

#include "sim/recording_reader.h"
#include "sim/recording_writer.h"

#include <QTemporaryDir>

using namespace khop;
using namespace khop::test;

namespace {

constexpr std::int64_t threeDays = 3 * millisecondsPerDay; // Friday to Monday

struct Recorder {
    std::unique_ptr<RecordingWriter> writer;

    Recorder(EngineFixture &f, const QString &path)
    {
        auto opened = RecordingWriter::open(
            path, {"khop test", f.engine.now(), f.engine.rulesText(), f.engine.instrumentsText()},
            f.engine.exchange().opening());
        if (!opened)
            qFatal("%s", opened.error().value.c_str());
        writer = std::move(*opened);
        f.engine.setTape(writer.get());
    }
    void finish(EngineFixture &f)
    {
        f.engine.setTape(nullptr);
        QVERIFY(writer->finish(f.engine.now()).has_value());
    }
};

std::optional<Time> endOf(const RecordingReader &reader, bool last)
{
    return last ? std::optional(reader.summary().to) : std::nullopt;
}

/// Starts a recording on the engine, all slices at once.
Error start(EngineFixture &f, const QString &path, std::int64_t shift, bool slices = true)
{
    auto reader = RecordingReader::open(path);
    if (!reader)
        return reader.error();
    f.apply((*reader)->header().from + shift, Tick{true});
    StartReplay begin{"test", "hash", (*reader)->openingBytes(), shift};
    if (auto result = f.apply(f.engine.now(), begin); !result.ok())
        return result.error;
    while (slices) {
        auto block = (*reader)->nextBlock();
        if (!block)
            return block.error();
        if (auto result =
                f.apply(f.engine.now(), ReplaySlice{block->value_or(""), endOf(**reader, !*block)});
            !result.ok())
            return result.error;
        if (!*block)
            break;
    }
    return {};
}

AccountNo openAccount(EngineFixture &f, std::uint64_t id, std::int64_t dong)
{
    const AccountNo account = f.apply(f.engine.now(), OpenAccount{{1, id}, "trader"}).account;
    f.apply(f.engine.now(), EndowCash{account, "VND", Money(dong)});
    return account;
}

CommandResult order(EngineFixture &f, AccountNo account, std::string_view symbol, Side side,
                    OrderType type, std::int64_t quantity, std::optional<Price> price,
                    std::uint64_t id)
{
    PlaceOrder place;
    place.account = account;
    place.id = {9, id};
    place.instrument = f.symbol(symbol);
    place.side = side;
    place.type = type;
    place.quantity = Quantity(quantity);
    place.price = price;
    return f.apply(f.engine.now(), place);
}

void compareTrades(const std::vector<TradeRecord> &recorded, const std::vector<TradeRecord> &played,
                   std::int64_t shift)
{
    QCOMPARE(played.size(), recorded.size());
    for (std::size_t k = 0; k < recorded.size(); ++k) {
        const TradeRecord &a = recorded[k], &b = played[k];
        QCOMPARE(b.instrument, a.instrument);
        QCOMPARE(b.price, a.price);
        QCOMPARE(b.quantity, a.quantity);
        QCOMPARE(b.aggressor, a.aggressor);
        QCOMPARE(b.oddLot, a.oddLot);
        QCOMPARE(b.phase, a.phase);
        QCOMPARE(b.time.ms, a.time.ms + shift);
    }
}

} // namespace

class RecordingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRecordedDayPlaysTheSameTrades();
    void aRecordingFromTheMiddleOfADayPlaysTheSameTrades();
    void selfTradePreventionIsOnTheTape_data();
    void selfTradePreventionIsOnTheTape();
    void aReplayRepeatsFromJournalAndSnapshot();
    void anOrderJoinsTheQueueAtItsPlace();
    void anOrderInFrontTakesNothingFromTheTapesFuture();
    void aStoppedReplayLeavesNoOrder();
    void aReplayNeedsADeskWithoutOpenOrders();
    void aBrokenRecordingSaysWhere();
    void anEveryByteDamageIsSeen();
    void hostileEventsAreRefused();

private:
    QTemporaryDir m_folder;
    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
};

void RecordingTest::aRecordedDayPlaysTheSameTrades()
{
    EngineFixture f;
    const AccountNo account = openAccount(f, 1, 5'000'000'000);
    f.apply(f.engine.now(), SetParticipants{true, 11});
    f.run("2026-11-20T08:59:00+07:00");
    f.trades.clear();
    Recorder recorder(f, path("day.khoprec"));
    f.run("2026-11-20T09:03:00+07:00");
    QVERIFY(order(f, account, "FPT", Side::Buy, OrderType::ATO, 1'000, {}, 1).ok());
    f.run("2026-11-20T10:00:00+07:00");
    QVERIFY(order(f, account, "HPG", Side::Buy, OrderType::MTL, 20'000, {}, 2).ok());
    const auto resting =
        order(f, account, "SSI", Side::Buy, OrderType::LO, 5'000, Price(30'500), 3);
    f.run("2026-11-20T10:05:00+07:00");
    f.apply(f.engine.now(), AmendOrder{account, resting.order->id, {}, Quantity(3'000), {}});
    const InstrumentIndex vnm = f.symbol("VNM");
    f.apply(f.engine.now(), SetInstrumentState{vnm, SetInstrumentState::Action::Halt});
    f.run("2026-11-20T10:06:00+07:00");
    f.apply(f.engine.now(), SetInstrumentState{vnm, SetInstrumentState::Action::Resume});
    f.apply(f.engine.now(), AmendOrder{account, resting.order->id, Price(30'600), {}, {}});
    f.run("2026-11-20T15:10:00+07:00");
    recorder.finish(f);
    const auto summary = checkRecording(path("day.khoprec"));
    QVERIFY2(summary.has_value(), summary ? "" : summary.error().value.c_str());
    QCOMPARE(summary->trades, f.trades.size());
    qInfo("%llu events, %llu trades, %llu bytes", static_cast<unsigned long long>(summary->events),
          static_cast<unsigned long long>(summary->trades),
          static_cast<unsigned long long>(summary->bytes));

    EngineFixture again("2026-11-22T12:00:00+07:00");
    QCOMPARE(start(again, path("day.khoprec"), threeDays).code, Code::OK);
    again.trades.clear();
    again.run("2026-11-23T15:11:00+07:00", 700);
    compareTrades(f.trades, again.trades, threeDays);
    QVERIFY(!again.engine.replay().active()); // it has ended by itself
    QCOMPARE(again.engine.checkInvariants(), std::string());
    // also the day's prices are the same
    for (const Instrument &instrument : f.engine.exchange().instruments()) {
        if (instrument.exchange == Exchange::SPOT)
            continue;
        const Quote a = f.engine.exchange().quote(instrument.index);
        const Quote b = again.engine.exchange().quote(instrument.index);
        QCOMPARE(b.open, a.open);
        QCOMPARE(b.last, a.last);
        QCOMPARE(b.volume, a.volume);
    }
}

void RecordingTest::aRecordingFromTheMiddleOfADayPlaysTheSameTrades()
{
    for (const char *from :
         {"2026-11-20T09:07:00+07:00", "2026-11-20T10:30:00+07:00", "2026-11-20T12:00:00+07:00",
          "2026-11-20T14:40:00+07:00", "2026-11-20T14:50:00+07:00"}) {
        EngineFixture f;
        f.apply(f.engine.now(), SetParticipants{true, 12});
        f.run(from);
        f.trades.clear();
        QFile::remove(path("part.khoprec"));
        Recorder recorder(f, path("part.khoprec"));
        f.run(std::min(at(from) + 3 * 3'600'000, at("2026-11-20T15:05:00+07:00")));
        recorder.finish(f);
        EngineFixture again;
        again.apply(again.engine.now(), SetParticipants{true, 99});
        again.run("2026-11-20T09:30:00+07:00");
        QCOMPARE(start(again, path("part.khoprec"), threeDays, false).code, Code::OK);
        again.trades.clear();
        auto reader = std::move(*RecordingReader::open(path("part.khoprec")));
        for (auto block = reader->nextBlock(); block && *block; block = reader->nextBlock())
            QVERIFY(again.apply(again.engine.now(), ReplaySlice{**block, {}}).ok());
        again.run(f.engine.now() + threeDays, 60'000);
        compareTrades(f.trades, again.trades, threeDays);
    }
}

void RecordingTest::selfTradePreventionIsOnTheTape_data()
{
    QTest::addColumn<QString>("mode");
    for (const char *mode : {"CANCEL_NEWEST", "CANCEL_OLDEST", "CANCEL_BOTH"})
        QTest::newRow(mode) << QString::fromLatin1(mode);
}

/// What an account's orders would have done to each other is not done by the public's of the replay.
void RecordingTest::selfTradePreventionIsOnTheTape()
{
    QFETCH(QString, mode);
    std::string rules = defaultMarketRulesText();
    const std::string allow = R"("self_match": "ALLOW")";
    rules.replace(rules.find(allow), allow.size(), R"("self_match": ")" + mode.toStdString() + '"');
    EngineFixture f("2026-11-20T08:55:00+07:00", defaultInstrumentsText(), rules);
    f.apply(f.engine.now(), SetParticipants{true, 31});
    const AccountNo account = openAccount(f, 1, 50'000'000'000);
    const InstrumentIndex hpg = f.symbol("HPG");
    f.apply(f.engine.now(), EndowSecurities{account, hpg, Quantity(500'000), {}});
    QFile::remove(path("self.khoprec"));
    f.trades.clear();
    Recorder recorder(f, path("self.khoprec"));
    std::uint64_t id = 1;
    for (int minute = 0; minute < 120; ++minute) {
        f.run(f.engine.now() + 60'000);
        const Quote quote = f.engine.exchange().quote(hpg);
        if (quote.bids.empty() || quote.asks.empty())
            continue;
        const bool buys = minute % 2 == 0;
        order(f, account, "HPG", buys ? Side::Buy : Side::Sell, OrderType::LO, 300,
              buys ? quote.asks[0].price : quote.bids[0].price, ++id);
        order(f, account, "HPG", buys ? Side::Sell : Side::Buy, OrderType::LO, 20'000,
              buys ? quote.asks[0].price : quote.bids[0].price, ++id);
    }
    recorder.finish(f);
    EngineFixture again("2026-11-22T12:00:00+07:00", defaultInstrumentsText(), rules);
    QCOMPARE(start(again, path("self.khoprec"), threeDays).code, Code::OK);
    again.trades.clear();
    again.run(f.engine.now() + threeDays, 60'000);
    compareTrades(f.trades, again.trades, threeDays);
}

void RecordingTest::aReplayRepeatsFromJournalAndSnapshot()
{
    EngineFixture f("2026-11-22T12:00:00+07:00");
    f.apply(f.engine.now(), SetParticipants{true, 4});
    const AccountNo account = openAccount(f, 1, 5'000'000'000);
    QCOMPARE(start(f, path("day.khoprec"), threeDays).code, Code::OK);
    f.run("2026-11-23T09:31:00.123+07:00");
    order(f, account, "HPG", Side::Buy, OrderType::MTL, 50'000, {}, 1);
    Engine restored;
    QVERIFY(restored.restore(f.engine.snapshot()));
    CommittedGroup ignored;
    restored.apply({at("2026-11-23T15:20:00+07:00"), Tick{}}, ignored);
    f.apply(at("2026-11-23T15:20:00+07:00"), Tick{});
    QCOMPARE(restored.stateHash(), f.engine.stateHash());
    QVERIFY(f.engine.participantsOn()); // the crowd is back
    QCOMPARE(replayed(f.journal.bytes()), f.engine.stateHash());
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void RecordingTest::anOrderJoinsTheQueueAtItsPlace()
{
    // A tape by hand: 300 at 31,000 before the account's 200, 400 after it; then a seller of 600.
    EngineFixture f("2026-11-20T09:59:59+07:00");
    const InstrumentIndex ssi = f.symbol("SSI");
    Recorder recorder(f, path("queue.khoprec"));
    const AccountNo buyer = openAccount(f, 1, 1'000'000'000), seller = openAccount(f, 2, 0);
    f.apply(f.engine.now(), EndowSecurities{seller, ssi, Quantity(600), {}});
    f.run("2026-11-20T10:00:00+07:00");
    order(f, buyer, "SSI", Side::Buy, OrderType::LO, 300, Price(31'000), 1);
    f.run("2026-11-20T10:01:00+07:00");
    order(f, buyer, "SSI", Side::Buy, OrderType::LO, 400, Price(31'000), 2);
    f.run("2026-11-20T10:02:00+07:00");
    order(f, seller, "SSI", Side::Sell, OrderType::LO, 600, Price(31'000), 3);
    f.run("2026-11-20T10:03:00+07:00");
    recorder.finish(f);
    QCOMPARE(f.trades.size(), 2U);

    EngineFixture again("2026-11-22T12:00:00+07:00");
    const AccountNo me = openAccount(again, 7, 1'000'000'000);
    QCOMPARE(start(again, path("queue.khoprec"), threeDays).code, Code::OK);
    again.run("2026-11-23T10:00:30+07:00");
    const auto mine = order(again, me, "SSI", Side::Buy, OrderType::LO, 200, Price(31'000), 1);
    QVERIFY(mine.ok());
    again.trades.clear();
    again.run("2026-11-23T10:02:30+07:00");
    // 300 of the order before, my 200, and 100 of the one behind
    QCOMPARE(again.trades.size(), 3U);
    QCOMPARE(again.trades[0].quantity, Quantity(300));
    QCOMPARE(again.trades[0].buyAccount, AccountNo(0));
    QCOMPARE(again.trades[1].quantity, Quantity(200));
    QCOMPARE(again.trades[1].buyAccount, me);
    QCOMPARE(again.trades[2].quantity, Quantity(100));
    // on the tape 100 were left behind me: no more are left here
    const Quote quote = again.engine.exchange().quote(ssi);
    QCOMPARE(quote.bids.size(), 1U);
    QCOMPARE(quote.bids[0].quantity, Quantity(100));
}

void RecordingTest::anOrderInFrontTakesNothingFromTheTapesFuture()
{
    // The account takes what the tape's buyer took: he finds less, and his rest does not stay behind.
    EngineFixture again("2026-11-22T12:00:00+07:00");
    const InstrumentIndex ssi = again.symbol("SSI");
    const AccountNo me = openAccount(again, 7, 1'000'000'000);
    again.apply(again.engine.now(), EndowSecurities{me, ssi, Quantity(500), {}});
    QCOMPARE(start(again, path("queue.khoprec"), threeDays).code, Code::OK);
    again.run("2026-11-23T10:01:30+07:00");
    QCOMPARE(
        order(again, me, "SSI", Side::Sell, OrderType::LO, 500, Price(31'000), 1).order->traded,
        Quantity(500));
    again.run("2026-11-23T10:02:30+07:00");
    // 700 were bid, I took 500; the tape's seller of 600 got 200 and the rest of him is gone
    std::int64_t sold = 0;
    for (const TradeRecord &trade : again.trades)
        sold += trade.quantity.raw();
    QCOMPARE(sold, 700);
    const Quote quote = again.engine.exchange().quote(ssi);
    QVERIFY(quote.asks.empty());
    QVERIFY(quote.bids.empty());
    QCOMPARE(again.engine.checkInvariants(), std::string());
}

void RecordingTest::aStoppedReplayLeavesNoOrder()
{
    EngineFixture f("2026-11-22T12:00:00+07:00");
    QCOMPARE(start(f, path("day.khoprec"), threeDays).code, Code::OK);
    f.run("2026-11-23T10:30:00+07:00");
    QVERIFY(f.engine.exchange().restingOrders(f.symbol("FPT")) > 0);
    QVERIFY(f.apply(f.engine.now(), StopReplay{}).ok());
    for (const Instrument &instrument : f.engine.exchange().instruments())
        QCOMPARE(f.engine.exchange().restingOrders(instrument.index), 0U);
    QCOMPARE(f.apply(f.engine.now(), StopReplay{}).error.code, Code::NOT_FOUND);
}

void RecordingTest::aReplayNeedsADeskWithoutOpenOrders()
{
    EngineFixture f("2026-11-20T10:00:00+07:00");
    const AccountNo account = openAccount(f, 1, 1'000'000'000);
    f.run("2026-11-20T10:00:01+07:00");
    QVERIFY(order(f, account, "SSI", Side::Buy, OrderType::LO, 100, Price(31'000), 1).ok());
    auto reader = std::move(*RecordingReader::open(path("day.khoprec")));
    const auto result =
        f.apply(f.engine.now(), StartReplay{"day", "", reader->openingBytes(), threeDays});
    QCOMPARE(result.error.code, Code::VALIDATION_ERROR);
    QCOMPARE(result.error.value, std::string("1 open orders"));
    QVERIFY(!f.engine.replay().active());
}

void RecordingTest::aBrokenRecordingSaysWhere()
{
    QFile whole(path("queue.khoprec"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const QByteArray bytes = whole.readAll();
    const auto errorOf = [&](const QByteArray &content) {
        QFile file(path("broken.khoprec"));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(content);
        file.close();
        const auto summary = checkRecording(path("broken.khoprec"));
        return summary ? Error{} : summary.error();
    };
    QCOMPARE(errorOf(bytes).code, Code::OK);
    const Error cut = errorOf(bytes.chopped(1));
    QCOMPARE(cut.code, Code::FILE_INVALID);
    QVERIFY(cut.field.starts_with("broken.khoprec, byte "));
    QVERIFY(cut.bound.find("cut off") != std::string::npos);
    QCOMPARE(errorOf(bytes + "x").value, std::string("content after the end"));
    QCOMPARE(errorOf({}).value, std::string("not a recording"));
    QByteArray later = bytes;
    later[7] = '2';
    QCOMPARE(errorOf(later).value, std::string("version 2"));
    QByteArray huge = bytes.left(8) + "H\xFF\xFF\xFF\xFF" + bytes.mid(13);
    QCOMPARE(errorOf(huge).field, std::string("broken.khoprec, byte 8"));
    QCOMPARE(checkRecording(path("absent.khoprec")).error().code, Code::FILE_INVALID);
}

void RecordingTest::anEveryByteDamageIsSeen()
{
    QFile whole(path("queue.khoprec"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const QByteArray bytes = whole.readAll();
    for (qsizetype k = 0; k < bytes.size(); k += 1 + bytes.size() / 300) {
        QByteArray damaged = bytes;
        damaged[k] = static_cast<char>(damaged[k] ^ 0x21);
        QFile file(path("damaged.khoprec"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(damaged);
        file.close();
        QVERIFY2(!checkRecording(path("damaged.khoprec")), qPrintable(QString::number(k)));
    }
}

void RecordingTest::hostileEventsAreRefused()
{
    EngineFixture f("2026-11-22T12:00:00+07:00");
    QCOMPARE(start(f, path("day.khoprec"), threeDays, false).code, Code::OK);
    TapeEvent good;
    good.time = at("2026-11-20T10:00:00+07:00");
    good.ref = 1;
    good.instrument = f.symbol("SSI");
    good.price = Price(31'000);
    good.quantity = Quantity(100);
    const auto codeOf = [&f](TapeEvent event) {
        TapeEncoder encoder;
        encoder.add(event);
        return f.apply(f.engine.now(), ReplaySlice{encoder.take(), {}}).error.code;
    };
    TapeEvent event = good;
    event.price = Price(31'010); // not on a tick
    QVERIFY(codeOf(event) != Code::OK);
    event = good;
    event.price = Price(99'000); // beyond the band
    QVERIFY(codeOf(event) != Code::OK);
    event = good;
    event.quantity = Quantity(150);
    QVERIFY(codeOf(event) != Code::OK);
    event = good;
    event.quantity = Quantity(0);
    QVERIFY(codeOf(event) != Code::OK);
    event = good;
    event.quantity = Quantity(9'000'000'000'000'000'000);
    QVERIFY(codeOf(event) != Code::OK);
    event = good;
    event.instrument = 9'999;
    QVERIFY(codeOf(event) != Code::OK);
    QVERIFY(f.apply(f.engine.now(), ReplaySlice{"\xFF\xFF\xFF", {}}).error.code != Code::OK);
    // what names no order that is there does nothing
    for (const auto kind : {TapeEvent::Kind::Cancelled, TapeEvent::Kind::Reduced,
                            TapeEvent::Kind::Replaced, TapeEvent::Kind::Traded}) {
        event = good;
        event.kind = kind;
        event.ref = 77;
        event.sell = 78;
        QCOMPARE(codeOf(event), Code::OK);
    }
    // orders in the break and after the close never reach a book
    for (const char *when : {"2026-11-20T12:00:00+07:00", "2026-11-20T14:50:00+07:00"}) {
        event = good;
        event.time = at(when);
        QCOMPARE(codeOf(event), Code::OK);
        f.run(at(when) + threeDays + 1);
        QCOMPARE(f.engine.exchange().restingOrders(good.instrument), 0U);
    }
    f.run("2026-11-24T09:30:00+07:00", 60'000);
    QVERIFY(!f.engine.replay().active()); // the day is over
}

QTEST_GUILESS_MAIN(RecordingTest)
#include "tst_recording.moc"
