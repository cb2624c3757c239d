// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's seal: who can write the database alone cannot write a journal that verifies.
#include "../../support/desk_fixture.h"
#include "store/store.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

/// The database as somebody has it who can write it and knows how hashes are made.
class Forger
{
public:
    explicit Forger(const QString &file)
        : m_db(QSqlDatabase::addDatabase(u"QSQLITE"_s, u"forger"_s))
    {
        m_db.setDatabaseName(file);
        if (!m_db.open())
            qFatal("no database");
    }
    ~Forger()
    {
        m_db.close();
        m_db = {};
        QSqlDatabase::removeDatabase(u"forger"_s);
    }

    /// Makes the chain anew from that command on, as these keys would.
    void chain(const JournalKeys &keys, std::uint64_t from = 1)
    {
        QSqlQuery read(m_db), write(m_db);
        execute(read, u"SELECT first,last,time,commands,state,hash FROM journal ORDER BY first"_s);
        QByteArray previous(""); // not null
        while (read.next()) {
            JournalGroup group;
            group.first = read.value(0).toULongLong();
            group.last = read.value(1).toULongLong();
            group.time = {read.value(2).toLongLong()};
            group.commands = read.value(3).toByteArray();
            group.stateHash = static_cast<std::uint64_t>(read.value(4).toLongLong());
            group.hash = read.value(5).toByteArray();
            group.previous = previous;
            if (group.first >= from) {
                keys.seal(group);
                write.prepare(u"UPDATE journal SET previous=?,hash=?,key=? WHERE first=?"_s);
                write.addBindValue(group.previous);
                write.addBindValue(group.hash);
                write.addBindValue(group.key);
                write.addBindValue(static_cast<qlonglong>(group.first));
                if (!write.exec())
                    qFatal("%s", qUtf8Printable(write.lastError().text()));
            }
            previous = group.hash;
        }
    }
    void run(const QString &sql)
    {
        QSqlQuery query(m_db);
        execute(query, sql);
    }
    QByteArray bytes(const QString &sql)
    {
        QSqlQuery query(m_db);
        execute(query, sql);
        return query.next() ? query.value(0).toByteArray() : QByteArray();
    }
    void put(const QString &sql, const QByteArray &value, const QByteArray &other)
    {
        QSqlQuery query(m_db);
        query.prepare(sql);
        query.addBindValue(value);
        query.addBindValue(other);
        if (!query.exec() || query.numRowsAffected() != 1)
            qFatal("%s", qUtf8Printable(query.lastError().text()));
    }

private:
    static void execute(QSqlQuery &query, const QString &sql)
    {
        if (!query.exec(sql))
            qFatal("%s", qUtf8Printable(query.lastError().text()));
    }
    QSqlDatabase m_db;
};

struct Sealed {
    DeskFixture f;
    QString file = f.folder.filePath(u"khop.db"_s);
    QString keyFile = JournalKeys::fileOf(file);

    void trade()
    {
        f.cash(f.account, 1'000'000'000);
        QVERIFY(f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 30'000).ok());
    }
    JournalKeys keys() const { return JournalKeys::read(keyFile).value(); }
    Verification verified() const { return verifyDatabase(file).value(); }
    std::uint64_t end() const { return f.desk->health().sequence; }
    /// Closed and opened: what the desk said to it.
    Error reopened()
    {
        f.desk.reset();
        DeskOptions options;
        options.databaseFile = file;
        options.participants = false;
        options.speed = 0;
        auto desk = Desk::open(std::move(options));
        if (!desk)
            return desk.error();
        f.desk = std::move(*desk);
        return {};
    }
    std::vector<std::uint32_t> numbers() const
    {
        std::vector<std::uint32_t> all;
        const std::vector<AuditEntry> entries = readAudit(file, 1, 1'000).value();
        for (const AuditEntry &entry : entries) {
            if (all.empty() || all.back() != entry.key)
                all.push_back(entry.key);
        }
        return all;
    }
};

} // namespace

class JournalKeysTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNewDatabaseHasAKeyOnlyItsOwnerReads()
    {
        Sealed s;
        s.trade();
        QCOMPARE(s.keys().all().size(), std::size_t{1});
        QCOMPARE(s.keys().all().front().from.value(), std::uint64_t{1});
#ifndef Q_OS_WIN
        QCOMPARE(
            QFile::permissions(s.keyFile)
                & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
            QFile::Permissions());
#endif
        QVERIFY(!s.verified().badSequence);
        QCOMPARE(s.numbers(), std::vector<std::uint32_t>{1});
        s.f.desk.reset();
        QFile database(s.file);
        QVERIFY(database.open(QIODevice::ReadOnly));
        QVERIFY(!database.readAll().contains(QByteArray::fromHex(s.keys().all().front().hex)));
    }

    void aForgedChainIsFound_data()
    {
        QTest::addColumn<bool>("keyed");
        QTest::newRow("plain hashes, as before there were keys") << false;
        QTest::newRow("hashes with another key of the same number") << true;
    }
    void aForgedChainIsFound()
    {
        QFETCH(bool, keyed);
        Sealed s;
        s.trade();
        s.f.desk.reset();
        JournalKeys own;
        if (keyed) {
            own = JournalKeys::read(s.f.folder.filePath(u"own.keys"_s)).value();
            QVERIFY(own.start({}).has_value());
        }
        Forger(s.file).chain(own);
        QCOMPARE(s.verified().badSequence.value_or(0), std::uint64_t{1});
        // and only for want of the key: with the forger's file all would be whole
        if (keyed) {
            QVERIFY(!verifyDatabase(s.file, s.f.folder.filePath(u"own.keys"_s))->badSequence);
        } else {
            QVERIFY(!verifyDatabase(s.file, s.f.folder.filePath(u"none.keys"_s))->badSequence);
        }
    }

    void aKeyIsRotatedBesideARunningDesk()
    {
        Sealed s;
        s.trade();
        JournalKeys keys = s.keys();
        QCOMPARE(keys.rotate().value(), 2u);
        s.trade(); // still with the first
        QCOMPARE(s.numbers(), std::vector<std::uint32_t>{1});
        QCOMPARE(s.reopened().code, Code::OK);
        s.trade();
        QCOMPARE(s.numbers(), (std::vector<std::uint32_t>{1, 2}));
        QVERIFY2(!s.verified().badSequence, s.verified().why.c_str());
        QCOMPARE(s.reopened().code, Code::OK);
        QCOMPARE(s.numbers(), (std::vector<std::uint32_t>{1, 2}));

        // who got hold of the first key only cannot go on with it
        const std::uint64_t second = s.keys().all()[1].from.value();
        s.f.desk.reset();
        QFile file(s.keyFile);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QFile stolen(s.f.folder.filePath(u"stolen.keys"_s));
        QVERIFY(stolen.open(QIODevice::WriteOnly));
        stolen.write(file.readLine());
        stolen.close();
        Forger(s.file).chain(JournalKeys::read(stolen.fileName()).value(), second);
        QCOMPARE(s.verified().badSequence.value_or(0), second);
    }

    void withoutItsKeysADeskStartsOnlyWhenThatIsAccepted()
    {
        Sealed s;
        s.trade();
        s.f.desk.reset();
        QVERIFY(QFile::remove(s.keyFile));
        const Error refused = s.reopened();
        QCOMPARE(refused.code, Code::CONFIGURATION_ERROR);
        QCOMPARE(QString::fromStdString(refused.field), s.keyFile);
        QVERIFY(!QFile::exists(s.keyFile)); // refused, nothing done

        QCOMPARE(JournalKeys::read(s.keyFile)->rotate().value(), 1u);
        QCOMPARE(s.reopened().code, Code::OK);
        s.trade();
        QCOMPARE(s.numbers(), (std::vector<std::uint32_t>{1, 2})); // the lost one keeps its number
        const Verification verified = s.verified();
        QCOMPARE(verified.badSequence.value_or(0), std::uint64_t{1});
        QVERIFY2(QString::fromStdString(verified.why).contains(u"key 1"_s), verified.why.c_str());
        QCOMPARE(s.reopened().code, Code::OK);
    }

    void aDatabaseFromBeforeThereWereKeysGoesOn()
    {
        Sealed s;
        s.trade();
        s.f.desk.reset();
        {
            Forger older(s.file);
            older.chain(JournalKeys());
            older.run(u"ALTER TABLE journal DROP COLUMN key"_s);
            older.run(u"DELETE FROM checkpoint"_s);
            older.run(u"UPDATE schema SET version=7 WHERE component='desk'"_s);
        }
        QVERIFY(QFile::remove(s.keyFile));
        QVERIFY2(!s.verified().badSequence, s.verified().why.c_str()); // read only, as it is
        QCOMPARE(s.numbers(), std::vector<std::uint32_t>{0});
        QCOMPARE(s.reopened().code, Code::OK);
        s.trade();
        QCOMPARE(s.numbers(), (std::vector<std::uint32_t>{0, 1}));
        QVERIFY2(!s.verified().badSequence, s.verified().why.c_str());
        // what came later cannot be passed off as older
        const std::uint64_t keyed = s.keys().all().front().from.value();
        QVERIFY(keyed > 1);
        s.f.desk.reset();
        Forger(s.file).chain(JournalKeys(), keyed);
        QCOMPARE(s.verified().badSequence.value_or(0), keyed);
    }

    /// A checkpoint is sealed too: one that somebody wrote is not what a desk starts from.
    void aForgedCheckpointIsPassedOver()
    {
        Sealed s;
        s.trade();
        const std::uint64_t state = [&] {
            s.f.desk.reset();
            return s.verified().stateHash;
        }();
        {
            Forger forger(s.file);
            const QByteArray snapshot =
                forger.bytes(u"SELECT snapshot FROM checkpoint ORDER BY sequence DESC"_s);
            QVERIFY(!snapshot.isEmpty());
            const Digest plain =
                sha256({snapshot.constData(), static_cast<std::size_t>(snapshot.size())});
            forger.put(u"UPDATE checkpoint SET snapshot=?,hash=? WHERE sequence=(SELECT "
                       "max(sequence) FROM checkpoint)"_s,
                       snapshot, QByteArray::fromStdString(std::string(bytesOf(plain))));
        }
        auto store = Store::open(s.file, Store::Mode::ReadOnly);
        QVERIFY(store.has_value());
        const auto used = (*store)->lastCheckpoint().value();
        QVERIFY(!used || used->sequence < (*store)->lastGroup()->last);
        store->reset();
        QCOMPARE(s.reopened().code, Code::OK);
        QVERIFY(!s.verified().badSequence);
        QVERIFY(s.verified().stateHash != 0 && state != 0);
    }

    void aFileThatIsNotOneOfKeysIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        const QByteArray key(64, 'a');
        QTest::newRow("words") << QByteArray("hello") << 1;
        QTest::newRow("short") << QByteArray("1 1 abcd") << 1;
        QTest::newRow("not hexadecimal") << QByteArray("1 1 ") + QByteArray(64, 'x') << 1;
        QTest::newRow("zero") << "0 1 " + key << 1;
        QTest::newRow("negative") << "1 -1 " + key << 1;
        QTest::newRow("a number twice") << "1 1 " + key + "\n1 5 " + key << 2;
        QTest::newRow("four words") << "1 1 " + key + " x" << 1;
    }
    void aFileThatIsNotOneOfKeysIsRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        Sealed s;
        s.f.desk.reset();
        QFile file(s.keyFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const Error refused = s.reopened();
        QCOMPARE(refused.code, Code::CONFIGURATION_ERROR);
        QCOMPARE(QString::fromStdString(refused.field), s.keyFile);
        QCOMPARE(QString::fromStdString(refused.value), u"line %1"_s.arg(line));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), text);
    }
};

QTEST_GUILESS_MAIN(JournalKeysTest)
#include "tst_journal_keys.moc"
