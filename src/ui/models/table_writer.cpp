// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/table_writer.h"

#include "ui/models/cell_model.h"

#include <QIODevice>

#include <algorithm>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

QString cellText(const QAbstractItemModel &model, int row, int column)
{
    const QModelIndex index = model.index(row, column);
    const QVariant plain = model.data(index, PlainRole);
    return plain.isValid() ? plain.toString() : model.data(index, Qt::DisplayRole).toString();
}

QString headerText(const QAbstractItemModel &model, int column)
{
    return model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
}

bool isNumber(const QString &text)
{
    const qsizetype start =
        text.startsWith(QLatin1Char('-')) || text.startsWith(QLatin1Char('+')) ? 1 : 0;
    return text.size() > start && std::all_of(text.begin() + start, text.end(), [](QChar c) {
               return c.isDigit() || c == QLatin1Char('.');
           });
}

/// A client order id such as =HYPERLINK(…) comes from outside: it must stay text.
QString harmless(const QString &text)
{
    static const QString starters = u"=+-@\t\r"_s;
    if (text.isEmpty() || !starters.contains(text.front()) || isNumber(text))
        return text;
    return QLatin1Char('\'') + text;
}

QString quoted(QString text)
{
    text = harmless(text);
    const bool needed = std::any_of(text.begin(), text.end(), [](QChar c) {
        return c == QLatin1Char(',') || c == QLatin1Char('"') || c == QLatin1Char('\n')
               || c == QLatin1Char('\r');
    });
    if (!needed)
        return text;
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), "\"\""_L1) + QLatin1Char('"');
}

} // namespace

bool writeCsv(const QAbstractItemModel &model, const std::vector<int> &columns, QIODevice &device)
{
    const auto writeLine = [&device](const QStringList &cells) {
        const QByteArray line = (cells.join(QLatin1Char(',')) + "\r\n"_L1).toUtf8();
        return device.write(line) == line.size();
    };
    if (device.write("\xEF\xBB\xBF") != 3)
        return false;
    QStringList cells;
    for (const int column : columns)
        cells << quoted(headerText(model, column));
    if (!writeLine(cells))
        return false;
    for (int row = 0; row < model.rowCount(); ++row) {
        cells.clear();
        for (const int column : columns)
            cells << quoted(cellText(model, row, column));
        if (!writeLine(cells))
            return false;
    }
    return true;
}

QString toTsv(const QAbstractItemModel &model, const std::vector<int> &rows,
              const std::vector<int> &columns)
{
    const auto clean = [](QString text) {
        return harmless(text.replace(QLatin1Char('\t'), QLatin1Char(' '))
                            .replace(QLatin1Char('\n'), QLatin1Char(' ')));
    };
    QStringList lines;
    QStringList cells;
    for (const int column : columns)
        cells << clean(headerText(model, column));
    lines << cells.join(QLatin1Char('\t'));
    for (const int row : rows) {
        cells.clear();
        for (const int column : columns)
            cells << clean(cellText(model, row, column));
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace khop::ui
