// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/bulk_insert.h"

#include "store/statement.h"

#include <QSqlDriver>
#include <QStringList>
#include <QVariant>

#ifdef KHOP_SQLITE_HANDLE
#include <sqlite3.h>
#endif

namespace khop {

namespace {

/// "?,?,?" or "c0,c1,c2".
QString listOf(int count, const QString &element)
{
    QStringList all;
    for (int i = 0; i < count; ++i)
        all << (element.contains(QLatin1String("%1")) ? element.arg(i) : element);
    return all.join(u',');
}

} // namespace

#ifdef KHOP_SQLITE_HANDLE

struct BulkInsert::Private {
    sqlite3 *db = nullptr;
    sqlite3_stmt *statement = nullptr;
    QByteArray declaration;
    const std::function<bool(RowValues &)> *next = nullptr; // while the statement runs

    ~Private() { sqlite3_finalize(statement); }
};

namespace {

// The virtual table: one pass over the rows of the statement that runs. It points at its BulkInsert,
// which lives until its connection closes.
struct NewRows : sqlite3_vtab {
    const std::function<bool(RowValues &)> **source = nullptr;
};
struct Cursor : sqlite3_vtab_cursor {
    RowValues row;
    sqlite3_int64 at = 0;
    bool more = false;

    void step()
    {
        const auto *const next = *static_cast<NewRows *>(pVtab)->source;
        row.clear();
        more = next && (*next)(row);
        ++at;
    }
};

struct ModuleData {
    QByteArray declaration;
    const std::function<bool(RowValues &)> **source;
};

int connect(sqlite3 *db, void *data, int, const char *const *, sqlite3_vtab **table, char **)
{
    const auto *const module = static_cast<const ModuleData *>(data);
    if (const int outcome = sqlite3_declare_vtab(db, module->declaration.constData());
        outcome != SQLITE_OK)
        return outcome;
    auto *const rows = new NewRows{};
    rows->source = module->source;
    *table = rows;
    return SQLITE_OK;
}
int disconnect(sqlite3_vtab *table)
{
    delete static_cast<NewRows *>(table);
    return SQLITE_OK;
}
int bestIndex(sqlite3_vtab *, sqlite3_index_info *) { return SQLITE_OK; }
int open(sqlite3_vtab *, sqlite3_vtab_cursor **cursor)
{
    *cursor = new Cursor{};
    return SQLITE_OK;
}
int close(sqlite3_vtab_cursor *cursor)
{
    delete static_cast<Cursor *>(cursor);
    return SQLITE_OK;
}
int filter(sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **)
{
    static_cast<Cursor *>(cursor)->step();
    return SQLITE_OK;
}
int step(sqlite3_vtab_cursor *cursor)
{
    static_cast<Cursor *>(cursor)->step();
    return SQLITE_OK;
}
int atEnd(sqlite3_vtab_cursor *cursor) { return static_cast<Cursor *>(cursor)->more ? 0 : 1; }
int column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int index)
{
    const RowValues::Value &value =
        static_cast<Cursor *>(cursor)->row[static_cast<std::size_t>(index)];
    switch (value.kind) {
    case RowValues::Kind::Null: break;
    case RowValues::Kind::Integer: sqlite3_result_int64(result, value.integer); break;
    case RowValues::Kind::Text:
        sqlite3_result_text64(result, value.text.data(), value.text.size(), SQLITE_STATIC,
                              SQLITE_UTF8);
        break;
    case RowValues::Kind::Bytes:
        if (value.text.empty())
            sqlite3_result_zeroblob(result, 0);
        else
            sqlite3_result_blob64(result, value.text.data(), value.text.size(), SQLITE_STATIC);
    }
    return SQLITE_OK;
}
int rowId(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id)
{
    *id = static_cast<Cursor *>(cursor)->at;
    return SQLITE_OK;
}

const sqlite3_module &newRowsModule()
{
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = connect; // without xCreate: there from the start, and never made
        made.xBestIndex = bestIndex;
        made.xDisconnect = disconnect;
        made.xOpen = open;
        made.xClose = close;
        made.xFilter = filter;
        made.xNext = step;
        made.xEof = atEnd;
        made.xColumn = column;
        made.xRowid = rowId;
        return made;
    }();
    return module;
}

} // namespace

bool BulkInsert::prepare(const QSqlDatabase &db, const char *table, const char *columns, int count)
{
    const QVariant handle = db.driver()->handle();
    if (!handle.isValid() || qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return false;
    d->db = *static_cast<sqlite3 *const *>(handle.data());
    if (!d->db)
        return false;
    const QByteArray source = QByteArrayLiteral("khop_new_") + table;
    auto *const data = new ModuleData{
        "CREATE TABLE x(" + listOf(count, QStringLiteral("c%1")).toUtf8() + ')', &d->next};
    // SQLite frees the data with the module, or at once when it does not take it
    if (sqlite3_create_module_v2(d->db, source.constData(), &newRowsModule(), data,
                                 [](void *freed) { delete static_cast<ModuleData *>(freed); })
        != SQLITE_OK)
        return false;
    const QByteArray sql = QByteArrayLiteral("INSERT OR ROLLBACK INTO ") + table + '(' + columns
                           + ") SELECT * FROM " + source;
    return sqlite3_prepare_v3(d->db, sql.constData(), static_cast<int>(sql.size()),
                              SQLITE_PREPARE_PERSISTENT, &d->statement, nullptr)
           == SQLITE_OK;
}

bool BulkInsert::execute(const std::function<bool(RowValues &)> &next)
{
    d->next = &next;
    const int outcome = sqlite3_step(d->statement);
    const bool done = sqlite3_reset(d->statement) == SQLITE_OK && outcome == SQLITE_DONE;
    d->next = nullptr;
    return done;
}

QString BulkInsert::errorText() const { return QString::fromUtf8(sqlite3_errmsg(d->db)); }

#else

struct BulkInsert::Private {
    Statement statement;
    RowValues row;
};

bool BulkInsert::prepare(const QSqlDatabase &db, const char *table, const char *columns, int count)
{
    return d->statement.prepare(db, QStringLiteral("INSERT OR ROLLBACK INTO %1(%2) VALUES(%3)")
                                        .arg(QLatin1String(table), QLatin1String(columns),
                                             listOf(count, QStringLiteral("?"))));
}

bool BulkInsert::execute(const std::function<bool(RowValues &)> &next)
{
    for (d->row.clear(); next(d->row); d->row.clear()) {
        d->statement.bind(d->row);
        if (!d->statement.execute())
            return false;
    }
    return true;
}

QString BulkInsert::errorText() const { return d->statement.errorText(); }

#endif

BulkInsert::BulkInsert() : d(std::make_unique<Private>()) {}
BulkInsert::~BulkInsert() = default;

} // namespace khop
