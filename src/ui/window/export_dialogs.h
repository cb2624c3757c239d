// SPDX-License-Identifier: GPL-3.0-or-later
// Files out: an account's records as CSV, and its yearly statement.
#pragma once

#include "statement/account_export.h"
#include "ui/models/desk_feed.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QLayout;
class QPushButton;
class QSpinBox;

namespace khop::ui {

/// What both have: a button that asks where to, and a sentence about what became of it.
class FileDialogBase : public QDialog
{
    Q_OBJECT

public:
    /// Writes the file, as the button does once the user has named one.
    virtual void writeTo(const QString &path) = 0;

protected:
    FileDialogBase(DeskFeed &feed, AccountNo account, QWidget *parent);
    void addFoot(QLayout *layout);
    virtual QString suggestedName() const = 0;
    /// Runs in this thread; stores the bytes or says why not.
    void finish(const QString &path, const Result<std::string> &bytes);
    void begin();

    DeskFeed &m_feed;
    AccountNo m_account;

private:
    void askWhere();

    QLabel *m_outcome;
    QPushButton *m_save;
};

class ExportDialog final : public FileDialogBase
{
    Q_OBJECT

public:
    ExportDialog(DeskFeed &feed, AccountNo account, QWidget *parent = nullptr);
    void writeTo(const QString &path) override;

protected:
    QString suggestedName() const override;

private:
    ExportKind kind() const;

    QComboBox *m_kind;
    QCheckBox *m_period;
    QDateEdit *m_from;
    QDateEdit *m_to;
    QCheckBox *m_mark;
};

class YearDialog final : public FileDialogBase
{
    Q_OBJECT

public:
    YearDialog(DeskFeed &feed, AccountNo account, QWidget *parent = nullptr);
    void writeTo(const QString &path) override;

protected:
    QString suggestedName() const override;

private:
    QSpinBox *m_year;
    QComboBox *m_language;
    QComboBox *m_form;
};

} // namespace khop::ui
