// SPDX-License-Identifier: GPL-3.0-or-later
// Any table model as text: CSV for files, TSV for the clipboard.
#pragma once

#include <QAbstractItemModel>
#include <QString>

#include <vector>

class QIODevice;

namespace khop::ui {

/// Columns in the order they are to be written; rows in the order the model (or proxy) has them.
/// UTF-8 with a byte order mark (spreadsheets need it for Vietnamese), CRLF, RFC 4180 quoting; text a
/// spreadsheet would run as a formula is prefixed with an apostrophe. False when writing fails.
bool writeCsv(const QAbstractItemModel &model, const std::vector<int> &columns, QIODevice &device);
/// The given rows with a header line, tabs between cells.
QString toTsv(const QAbstractItemModel &model, const std::vector<int> &rows,
              const std::vector<int> &columns);

} // namespace khop::ui
