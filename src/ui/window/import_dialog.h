// SPDX-License-Identifier: GPL-3.0-or-later
// A broker's statement: chosen, looked at, imported; and the imports so far, which can be undone.
#pragma once

#include "statement/import_preview.h"
#include "ui/models/desk_feed.h"
#include "ui/theme.h"

#include <QDialog>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace khop::ui {

class ImportDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ImportDialog(DeskFeed &feed, AccountNo account, QWidget *parent = nullptr);

    /// Reads a file, as the button does.
    void choose(const QString &path);

private:
    QWidget *buildFile();
    QWidget *buildChoices();
    QWidget *buildHistory();
    void read();
    void showPreview();
    void addRows(const std::vector<StatementRow> &rows, const QString &state, Tone tone);
    void addRow(std::size_t line, const QString &state, Tone tone, const QStringList &cells);
    void apply();
    void undo();
    void fillHistory();
    void report(const QString &sentence, Tone tone);
    void report(const Error &error);
    void showState();

    DeskFeed &m_feed;
    AccountNo m_account;
    QByteArray m_bytes;
    QString m_name;
    std::optional<ImportPreview> m_preview;
    Uuid m_id; // of the import that the preview may become
    bool m_busy = false;
    QLineEdit *m_path;
    QComboBox *m_kind;
    QComboBox *m_preset;
    QComboBox *m_unit;
    QCheckBox *m_cover;
    QCheckBox *m_leaveOut;
    QTreeWidget *m_rows;
    QLabel *m_counts;
    QLabel *m_problem;
    QTreeWidget *m_imports;
    QPushButton *m_apply;
    QPushButton *m_undo;
};

} // namespace khop::ui
