// SPDX-License-Identifier: GPL-3.0-or-later
// Brokers' statements become part of an account, once; what cannot be booked changes nothing; undoing
// brings back what was.
#include "../../support/desk_fixture.h"
#include "../../support/engine_fixture.h"
#include "statement_fixture.h"

#include "base/mix.h"
#include "base/sentences.h"
#include "statement/import_preview.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;
using Kind = PortfolioCash::Kind;

namespace {

constexpr const char *listed = "symbol,exchange,name,ref\n"
                               "SSI,HOSE,SSI,31000\n"
                               "FPT,HOSE,FPT,105500\n"
                               "HPG,HOSE,HPG,29300\n"
                               "BVS,HNX,BVS,39900\n";

ImportRow traded(std::string_view day, InstrumentIndex instrument, Side side, std::int64_t quantity,
                 std::int64_t price, std::int64_t fee = 0, std::int64_t tax = 0)
{
    static std::uint64_t keys = 0;
    ImportRow row;
    row.line = static_cast<std::uint32_t>(++keys);
    row.day = *parseIsoDate(day);
    row.body = ImportTrade{
        instrument, side,      Quantity(quantity), Price(price), Money(quantity * price),
        Money(fee), Money(tax)};
    row.key = {keys, ~keys};
    return row;
}

ImportRow moved(std::string_view day, Kind kind, std::int64_t amount)
{
    ImportRow row = traded(day, 0, Side::Buy, 1, 1);
    row.body = ImportCash{kind, Money(amount), noInstrument};
    row.words = "words";
    return row;
}

struct ImportFixture : EngineFixture {
    AccountNo account;

    ImportFixture() : EngineFixture("2026-11-20 09:30", listed), account(bareAccount())
    {
        send(EndowCash{account, "VND", Money(100'000'000)});
    }
    CommandResult import(ImportRows rows, bool coverCash = false, Uuid id = {})
    {
        ImportStatement command;
        command.account = account;
        command.id = id.isNull() ? newId() : id;
        command.fileName = "F.csv";
        command.format = "SSI";
        command.coverCash = coverCash;
        command.rows = std::make_shared<ImportRows>(std::move(rows));
        return send(std::move(command));
    }
    std::string print() const { return engine.ledger().fingerprint(account); }
};

} // namespace

class ImportsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statementsGiveTheExpectedPositions_data();
    void statementsGiveTheExpectedPositions();
    void aRestartKeepsWhatWasImported();
    void historyShowsRowsAndMarksWhatWasUndone();
    void entriesBalanceAndNameTheBatch();
    void theSameIdAgainIsTheSameImport();
    void refusedRowsChangeNothing_data();
    void refusedRowsChangeNothing();
    void whatIsMissingMayBeCovered();
    void undoingNeedsWhatWasTouchedUnchanged();
    void heldSharesAreNotThere();
    void moreRowsThanFitAreRefused();
    void sharesThatCameFreeLeaveFirst();
    void thePortfolioFollowsImports();
    void randomImportsAreUndoneExactly();
};

void ImportsTest::statementsGiveTheExpectedPositions_data()
{
    QTest::addColumn<QByteArray>("trades");
    QTest::addColumn<QString>("preset");
    const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
    QTest::addRow("SSI") << bytes(ssiTrades) << u"SSI"_s;
    QTest::addRow("TCBS") << bytes(tcbsTrades) << u"TCBS"_s;
    QTest::addRow("SSI with a byte order mark") << bytes("\xEF\xBB\xBF" + ssiTrades) << u"SSI"_s;
    QTest::addRow("TCBS in windows-1258") << windows1258(tcbsTrades) << u"TCBS"_s;
}

/// The worked statement: 100 million in, 1,000 SSI bought at 31,000, 500 sold at 32,000, a dividend.
void ImportsTest::statementsGiveTheExpectedPositions()
{
    QFETCH(QByteArray, trades);
    QFETCH(QString, preset);
    DeskFixture desk;
    const auto read = [&](std::string_view bytes, StatementKind kind, const char *format) {
        auto preview = previewImport(*desk.desk, desk.account, bytes, "F.csv", kind,
                                     *statementPreset(format), false);
        if (!preview)
            qFatal("%s", sentence(preview.error(), Language::English).c_str());
        return std::move(*preview);
    };
    const auto apply = [&](const ImportPreview &preview) {
        return desk.send(
            importCommand(preview, desk.account, uuid7(desk.desk->now(), 5, 0), "F.csv"));
    };
    const std::string_view tradesText{trades.constData(), static_cast<std::size_t>(trades.size())};
    const auto format = preset.toStdString();

    // without the money for it the shares cannot have been bought
    const ImportPreview early = read(tradesText, StatementKind::Trades, format.c_str());
    QVERIFY(early.fault);
    QCOMPARE(early.fault->error.code, Code::IMPORT_CASH_SHORT);
    const CommandResult refused = apply(early);
    QCOMPARE(refused.error.code, Code::IMPORT_CASH_SHORT);
    QVERIFY(desk.desk->positions(desk.account).empty());

    auto cashId = uuid7(desk.desk->now(), 5, 1), tradesId = uuid7(desk.desk->now(), 5, 2);
    const CommandResult cash = desk.send(
        importCommand(read(ssiCash, StatementKind::Cash, "SSI"), desk.account, cashId, "cash.csv"));
    QVERIFY2(cash.ok(), cash.error.field.c_str());
    const ImportPreview preview = read(tradesText, StatementKind::Trades, format.c_str());
    QVERIFY(!preview.fault);
    const CommandResult bought = desk.send(importCommand(preview, desk.account, tradesId, "F.csv"));
    QVERIFY2(bought.ok(), sentence(bought.error, Language::English).c_str());
    QCOMPARE(desk.dong(desk.account).current, Money(68'953'500 + 15'960'000 + 475'000));
    QCOMPARE(desk.dong(desk.account).deposited, Money(100'000'000));
    const Position position = desk.position(desk.account, "SSI");
    QCOMPARE(position.quantity, Quantity(500));
    QCOMPARE(position.sellable, Quantity(500));
    QCOMPARE(position.costBasis, Money(15'523'250)); // 500 at 31,046.5
    QCOMPARE(position.realizedPnl, Money(436'750));

    // importing again changes nothing
    const ImportPreview again = read(tradesText, StatementKind::Trades, format.c_str());
    QCOMPARE(again.added, std::size_t{0});
    const CommandResult twice = apply(again);
    QVERIFY(twice.ok());
    QCOMPARE(twice.import->record.rows, std::size_t{0});
    QCOMPARE(twice.import->record.duplicates, preview.rows->size());
    QCOMPARE(twice.import->ledgerAfter, bought.import->ledgerAfter);

    // undoing brings back what was, and the rows may come again
    const CommandResult undone = desk.send(UndoImport{desk.account, tradesId});
    QVERIFY(undone.ok());
    QCOMPARE(undone.import->ledgerBefore, bought.import->ledgerAfter);
    QCOMPARE(undone.import->ledgerAfter, bought.import->ledgerBefore);
    QCOMPARE(desk.send(UndoImport{desk.account, tradesId}).error.code, Code::NOT_FOUND);
    QCOMPARE(desk.send(UndoImport{desk.account + 1, cashId}).error.code, Code::NOT_FOUND);
    const CommandResult back = apply(read(tradesText, StatementKind::Trades, format.c_str()));
    QCOMPARE(back.import->ledgerAfter, bought.import->ledgerAfter);
}

void ImportsTest::aRestartKeepsWhatWasImported()
{
    DeskFixture desk;
    const auto preview = previewImport(*desk.desk, desk.account, ssiTrades, "F.csv",
                                       StatementKind::Trades, *statementPreset("SSI"), true);
    QCOMPARE(preview->covered, Money(31'046'500));
    const Uuid id = uuid7(desk.desk->now(), 5, 1);
    const CommandResult applied = desk.send(importCommand(*preview, desk.account, id, "F.csv"));
    QVERIFY(applied.ok());
    QCOMPARE(applied.import->record.covered, Money(31'046'500));
    desk.desk.reset();
    desk.open(std::nullopt);
    QCOMPARE(desk.position(desk.account, "SSI").quantity, Quantity(500));
    const auto again = previewImport(*desk.desk, desk.account, ssiTrades, "F.csv",
                                     StatementKind::Trades, *statementPreset("SSI"), true);
    QCOMPARE(again->added, std::size_t{0});
    const CommandResult undone = desk.send(UndoImport{desk.account, id});
    QCOMPARE(undone.import->ledgerAfter, applied.import->ledgerBefore);
    desk.desk.reset();
    const auto verified = verifyDatabase(desk.folder.filePath(u"khop.db"_s));
    QVERIFY(verified && !verified->badSequence);
}

void ImportsTest::historyShowsRowsAndMarksWhatWasUndone()
{
    DeskFixture desk;
    std::vector<Uuid> ids;
    for (const StatementKind kind : {StatementKind::Cash, StatementKind::Trades}) {
        const auto preview = previewImport(*desk.desk, desk.account,
                                           kind == StatementKind::Cash ? ssiCash : ssiTrades,
                                           "F.csv", kind, *statementPreset("SSI"), false);
        ids.push_back(uuid7(desk.desk->now(), 5, ids.size()));
        QVERIFY(desk.send(importCommand(*preview, desk.account, ids.back(), "F.csv")).ok());
    }
    const auto imports = [&] {
        std::promise<Page<ImportRecord>> promise;
        desk.desk->queryImports({.account = desk.account},
                                [&](auto page) { promise.set_value(*page); });
        return promise.get_future().get();
    };
    const auto rows = [&](const ImportRowQuery &query) {
        std::promise<Page<ImportedRow>> promise;
        desk.desk->queryImportRows(query, [&](auto page) { promise.set_value(*page); });
        return promise.get_future().get();
    };
    QCOMPARE(imports().total, std::uint64_t{2});
    const Page<ImportedRow> all = rows({.account = desk.account, .limit = 2});
    QCOMPARE(all.total, std::uint64_t{5});
    QVERIFY(all.more);
    const auto &sale = std::get<ImportTrade>(all.rows[0].row.body);
    QCOMPARE(sale, (ImportTrade{desk.symbol("SSI"), Side::Sell, Quantity(500), Price(32'000),
                                Money(16'000'000), Money(24'000), Money(16'000)}));
    QCOMPARE(all.rows[0].realized, Money(436'750));
    QCOMPARE(all.rows[0].row.line, std::uint32_t{6});
    const Page<ImportedRow> rest =
        rows({.account = desk.account, .limit = 10, .before = all.rows.back().no});
    QCOMPARE(rest.rows.size(), std::size_t{3});
    QCOMPARE(std::get<ImportCash>(rest.rows[2].row.body).amount, Money(100'000'000));
    QVERIFY(!rest.rows[2].row.words.empty());
    QCOMPARE(rows({.account = desk.account, .from = parseIsoDate("2026-11-10")}).total,
             std::uint64_t{2});

    QVERIFY(desk.send(UndoImport{0, ids[1]}).ok());
    QCOMPARE(rows({.account = desk.account}).total, std::uint64_t{3});
    const Page<ImportRecord> after = imports();
    QVERIFY(after.rows[0].undoneAt && !after.rows[1].undoneAt);
    QCOMPARE(rows({.batch = after.rows[0].no}).total, std::uint64_t{2});
}

void ImportsTest::entriesBalanceAndNameTheBatch()
{
    ImportFixture desk;
    desk.happened.clear();
    const CommandResult result =
        desk.import({traded("2026-11-02", ssi, Side::Buy, 1'000, 31'000, 46'500),
                     traded("2026-11-05", ssi, Side::Sell, 500, 32'000, 24'000, 16'000),
                     moved("2026-11-10", Kind::Charge, -2'700)});
    QVERIFY(result.ok());
    QCOMPARE(desk.engine.checkInvariants(), std::string());
    QCOMPARE(desk.happened.entries.size(), std::size_t{8});
    for (const LedgerEntry &entry : desk.happened.entries)
        QCOMPARE(entry.order, result.import->record.no);
    QCOMPARE(desk.cash(desk.account).available,
             Money(100'000'000 - 31'046'500 + 15'960'000 - 2'700));
    // the number is taken: orders get others
    const CommandResult order = desk.buy(desk.account, "SSI", 100, 31'000);
    QVERIFY(order.order->no > result.import->record.no);
    desk.survivesRestart();
}

void ImportsTest::theSameIdAgainIsTheSameImport()
{
    ImportFixture desk;
    const Uuid id = desk.newId();
    const ImportRows rows{moved("2026-11-02", Kind::Deposit, 5'000)};
    const CommandResult first = desk.import(rows, false, id);
    const CommandResult second = desk.import(rows, false, id);
    QVERIFY(second.ok() && second.duplicate);
    QCOMPARE(second.import->record.no, first.import->record.no);
    QCOMPARE(desk.cash(desk.account).available, Money(100'005'000));
}

void ImportsTest::refusedRowsChangeNothing_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("code");
    auto row = [which = 0](const char *name, Code code) mutable {
        QTest::addRow("%s", name) << which++ << static_cast<int>(code);
    };
    row("more sold than there is", Code::IMPORT_SECURITIES_SHORT);
    row("more paid than there is", Code::IMPORT_CASH_SHORT);
    row("days out of order", Code::VALIDATION_ERROR);
    row("a day to come", Code::VALIDATION_ERROR);
    row("nothing bought", Code::INVALID_QUANTITY);
    row("less than nothing bought", Code::INVALID_QUANTITY);
    row("no price", Code::INVALID_PRICE);
    row("a value that does not fit", Code::VALIDATION_ERROR);
    row("a fee below zero", Code::VALIDATION_ERROR);
    row("an unknown security", Code::INSTRUMENT_UNKNOWN);
    row("a deposit that goes", Code::VALIDATION_ERROR);
    row("a withdrawal that comes", Code::VALIDATION_ERROR);
    row("nothing moved", Code::VALIDATION_ERROR);
    row("more than an account can have", Code::VALIDATION_ERROR);
    row("the same row twice", Code::VALIDATION_ERROR);
}

void ImportsTest::refusedRowsChangeNothing()
{
    QFETCH(int, which);
    QFETCH(int, code);
    ImportFixture desk;
    const std::string_view day = "2026-11-02";
    ImportRow odd = traded(day, ssi, Side::Buy, 100, 10'000);
    auto &body = std::get<ImportTrade>(odd.body);
    switch (which) {
    case 0: odd = traded(day, ssi, Side::Sell, 101, 31'000); break;
    case 1: odd = moved(day, Kind::Withdraw, -96'900'001); break;
    case 2: odd = moved("2026-10-30", Kind::Deposit, 1'000); break;
    case 3: odd = moved("2026-11-21", Kind::Deposit, 1'000); break;
    case 4: body.quantity = Quantity(0); break;
    case 5: body.quantity = Quantity(-100); break;
    case 6: body.price = Price(0); break;
    case 7: body.value = Money(std::numeric_limits<std::int64_t>::max()); break;
    case 8: body.fee = Money(-1); break;
    case 9: body.instrument = 99; break;
    case 10: odd = moved(day, Kind::Deposit, -5); break;
    case 11: odd = moved(day, Kind::Withdraw, 5); break;
    case 12: odd = moved(day, Kind::Interest, 0); break;
    case 13: odd = moved(day, Kind::Deposit, mostEndowed); break;
    default: break;
    }
    const ImportRow first = traded(day, ssi, Side::Buy, 100, 31'000);
    if (which == 14)
        odd = first;
    const std::string before = desk.print();
    desk.happened.clear();
    const CommandResult result =
        desk.import({first, odd, moved("2026-11-10", Kind::Deposit, 1'000'000)});
    QCOMPARE(static_cast<int>(result.error.code), code);
    QCOMPARE(result.error.field, "F.csv: line " + std::to_string(odd.line));
    for (const Language language : {Language::English, Language::Vietnamese})
        QVERIFY(!sentence(result.error, language).empty());
    QCOMPARE(desk.print(), before);
    QVERIFY(desk.happened.entries.empty() && desk.happened.imports.empty());
    QVERIFY(desk.engine.imports().of(desk.account).rows->empty());
}

void ImportsTest::whatIsMissingMayBeCovered()
{
    ImportFixture desk;
    const std::string before = desk.print();
    // 100 million is there: 93 go, 31 more go, 40 come
    const CommandResult result = desk.import({traded("2026-11-02", ssi, Side::Buy, 3'000, 31'000),
                                              traded("2026-11-03", ssi, Side::Buy, 1'000, 31'000),
                                              traded("2026-11-04", ssi, Side::Sell, 1'000, 40'000)},
                                             true);
    QVERIFY(result.ok());
    QCOMPARE(result.import->record.covered, Money(24'000'000));
    const LedgerEntry &first = desk.happened.entries.at(1); // behind the endowment
    QCOMPARE(first.type, LedgerEntry::Type::SystemAdjustment);
    QCOMPARE(first.amount, std::int64_t{24'000'000});
    QCOMPARE(desk.cash(desk.account).available, Money(40'000'000));
    QCOMPARE(desk.cash(desk.account).deposited, Money(100'000'000)); // it was no deposit
    QVERIFY(desk.send(UndoImport{desk.account, result.import->record.id}).ok());
    QCOMPARE(desk.print(), before);
    QCOMPARE(desk.engine.checkInvariants(), std::string());
}

void ImportsTest::undoingNeedsWhatWasTouchedUnchanged()
{
    ImportFixture desk;
    const AccountNo other = desk.account;
    const std::string empty = desk.print();
    const CommandResult shares =
        desk.import({traded("2026-11-02", ssi, Side::Buy, 1'000, 31'000, 46'500)});
    const CommandResult more = desk.import({traded("2026-11-03", ssi, Side::Buy, 100, 31'000),
                                            moved("2026-11-04", Kind::Deposit, 50'000'000)});
    const auto undo = [&](const CommandResult &import) {
        return desk.send(UndoImport{desk.account, import.import->record.id});
    };
    // the second has changed what the first touched
    CommandResult result = undo(shares);
    QCOMPARE(result.error.code, Code::IMPORT_CHANGED_SINCE);
    QCOMPARE(result.error.value, std::string("SSI"));
    // the deposit has been taken out
    QVERIFY(desk.send(WithdrawCash{desk.account, "VND", Money(110'000'000)}).ok());
    result = undo(more);
    QCOMPARE(result.error.code, Code::IMPORT_CHANGED_SINCE);
    QCOMPARE(result.error.value, std::string("VND"));
    QVERIFY(desk.send(EndowCash{desk.account, "VND", Money(110'000'000)}).ok());
    QVERIFY(undo(more).ok());
    // shares that are held for an order cannot be taken back, nor those that were sold
    const CommandResult order = desk.sell(desk.account, "SSI", 100, 33'000);
    QCOMPARE(order.error.code, Code::OK);
    QCOMPARE(undo(shares).error.code, Code::IMPORT_CHANGED_SINCE);
    QVERIFY(desk.cancel(order).ok());
    QVERIFY(undo(shares).ok());
    QCOMPARE(desk.engine.checkInvariants(), std::string());
    QVERIFY(desk.position(other, "SSI").quantity.isZero());
    QVERIFY(desk.print() != empty); // what came and went by hand is counted
    desk.survivesRestart();
}

void ImportsTest::heldSharesAreNotThere()
{
    ImportFixture desk;
    QVERIFY(desk.import({traded("2026-11-02", ssi, Side::Buy, 1'000, 31'000)}).ok());
    QCOMPARE(desk.sell(desk.account, "SSI", 600, 33'000).error.code, Code::OK);
    QCOMPARE(desk.import({traded("2026-11-05", ssi, Side::Sell, 500, 31'000)}).error.code,
             Code::IMPORT_SECURITIES_SHORT);
    QVERIFY(desk.import({traded("2026-11-05", ssi, Side::Sell, 400, 31'000)}).ok());
    QCOMPARE(desk.engine.checkInvariants(), std::string());
}

void ImportsTest::moreRowsThanFitAreRefused()
{
    ImportFixture desk;
    ImportRows rows;
    for (std::size_t i = 0; i <= mostImportRows; ++i)
        rows.push_back(moved("2026-11-02", Kind::Deposit, 1));
    const CommandResult result = desk.import(rows);
    QCOMPARE(result.error.code, Code::VALIDATION_ERROR);
    QCOMPARE(result.error.field, std::string("rows"));
    QCOMPARE(result.error.bound, std::string("<= 200000"));
    rows.pop_back();
    QVERIFY(desk.import(rows).ok());
    QCOMPARE(desk.import({}).error.field, std::string("rows"));
}

void ImportsTest::sharesThatCameFreeLeaveFirst()
{
    ImportFixture desk;
    desk.send(EndowSecurities{desk.account, ssi, Quantity(1'000), Price(31'000)});
    AnnounceCorporateAction bonus;
    bonus.id = desk.newId();
    bonus.terms.instrument = ssi;
    bonus.terms.type = CorporateActionType::Bonus;
    bonus.terms.ratio = 100'000;
    bonus.terms.exDate = *parseIsoDate("2026-11-24");
    bonus.terms.payDate = *parseIsoDate("2026-11-26");
    QVERIFY(desk.send(bonus).ok());
    desk.to("2026-11-27 09:30");
    QCOMPARE(desk.position(desk.account, "SSI").taxable, Quantity(100));
    const std::string before = desk.print();
    const CommandResult sold = desk.import({traded("2026-11-26", ssi, Side::Sell, 1'050, 31'000)});
    QVERIFY(sold.ok());
    QVERIFY(desk.position(desk.account, "SSI").taxable.isZero());
    QCOMPARE(desk.engine.checkInvariants(), std::string());
    desk.survivesRestart();
    QVERIFY(desk.send(UndoImport{desk.account, sold.import->record.id}).ok());
    QCOMPARE(desk.print(), before);
    QCOMPARE(desk.position(desk.account, "SSI").taxable, Quantity(100));
}

/// The portfolio of the records is the ledger's, with imports, without undone ones, and after a restart.
void ImportsTest::thePortfolioFollowsImports()
{
    DeskFixture desk;
    const auto import = [&](const std::string &bytes, StatementKind kind) {
        const auto preview = previewImport(*desk.desk, desk.account, bytes, "F.csv", kind,
                                           *statementPreset("SSI"), false);
        return desk.send(importCommand(*preview, desk.account, {}, "F.csv"));
    };
    const auto same = [&](std::size_t holdings) {
        std::promise<Result<PortfolioAnswer>> promise;
        desk.desk->queryPortfolio({.account = desk.account},
                                  [&](auto answer) { promise.set_value(std::move(answer)); });
        const auto answer = promise.get_future().get();
        QVERIFY2(answer, answer ? "" : (answer.error().field + answer.error().value).c_str());
        const Portfolio &portfolio = answer->past->portfolio;
        const Balance balance = desk.dong(desk.account);
        QCOMPARE(portfolio.cashIn(0)->balance, balance.current + balance.pending);
        std::size_t held = 0;
        for (const auto &[instrument, holding] : portfolio.holdings()) {
            Position position;
            for (const Position &one : desk.desk->positions(desk.account)) {
                if (one.instrument == instrument)
                    position = one;
            }
            QCOMPARE(holding.lots.quantity(), position.quantity);
            QCOMPARE(holding.figures.byAverage.afterCosts, position.realizedPnl);
            held += position.quantity.isZero() ? 0 : 1;
        }
        QCOMPARE(held, holdings);
    };
    QVERIFY(import(ssiCash, StatementKind::Cash).ok());
    same(0);
    const CommandResult trades = import(ssiTrades, StatementKind::Trades);
    QVERIFY(trades.ok());
    same(1);
    QVERIFY(desk.send(UndoImport{desk.account, trades.import->record.id}).ok());
    same(0);
    QVERIFY(import(ssiTrades, StatementKind::Trades).ok());
    desk.order(desk.account, "SSI", Side::Sell, OrderType::LO, 500, 31'000);
    same(1);
    desk.desk.reset();
    desk.open(std::nullopt);
    same(1);
}

void ImportsTest::randomImportsAreUndoneExactly()
{
    ImportFixture desk;
    bool given = false;
    const int seed = qEnvironmentVariableIntValue("KHOP_SEED", &given);
    SplitMix random(given ? static_cast<std::uint64_t>(seed) : 4);
    std::vector<std::pair<Uuid, std::string>> applied; // with what was before
    std::size_t booked = 0, refused = 0, undone = 0;
    for (int round = 0; round < 600; ++round) {
        if (!applied.empty() && random.below(3) == 0) {
            QVERIFY(desk.send(UndoImport{desk.account, applied.back().first}).ok());
            QCOMPARE(desk.print(), applied.back().second);
            applied.pop_back();
            ++undone;
        } else {
            ImportRows rows;
            Date day = *parseIsoDate("2026-01-05");
            for (std::uint64_t n = 1 + random.below(20); n > 0; --n) {
                day.day += static_cast<std::int32_t>(random.below(4));
                const auto number = static_cast<std::int64_t>(random.below(1'000'000)) + 1;
                ImportRow row =
                    random.below(3) == 0
                        ? moved("2026-01-01",
                                static_cast<Kind>(std::array{0, 1, 2, 3, 4, 5, 7}[random.below(7)]),
                                number)
                        : traded("2026-01-01", static_cast<InstrumentIndex>(random.below(4)),
                                 random.below(2) == 0 ? Side::Buy : Side::Sell, number % 300 + 1,
                                 number % 50'000 + 1, number % 997, number % 13);
                if (auto *cash = std::get_if<ImportCash>(&row.body);
                    cash
                    && (cash->kind == Kind::Withdraw || cash->kind == Kind::Charge
                        || cash->kind == Kind::Tax))
                    cash->amount = -cash->amount;
                row.day = day;
                rows.push_back(std::move(row));
            }
            const std::string before = desk.print();
            const Uuid id = desk.newId();
            const CommandResult result = desk.import(std::move(rows), random.below(2) == 0, id);
            if (result.ok()) {
                applied.emplace_back(id, before);
                ++booked;
            } else {
                QCOMPARE(desk.print(), before);
                ++refused;
            }
        }
        if (round % 20 == 0) {
            QCOMPARE(desk.engine.checkInvariants(), std::string());
            desk.survivesRestart();
        }
    }
    for (; !applied.empty(); applied.pop_back()) {
        QVERIFY(desk.send(UndoImport{desk.account, applied.back().first}).ok());
        QCOMPARE(desk.print(), applied.back().second);
    }
    QCOMPARE(desk.engine.checkInvariants(), std::string());
    QVERIFY(desk.engine.imports().of(desk.account).rows->empty());
    QVERIFY2(booked > 50 && refused > 50 && undone > 50,
             qPrintable(u"%1 %2 %3"_s.arg(booked).arg(refused).arg(undone)));
}

QTEST_GUILESS_MAIN(ImportsTest)
#include "tst_imports.moc"
