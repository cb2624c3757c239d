// SPDX-License-Identifier: GPL-3.0-or-later
// Practice days by daily candles: which files, in which unit (detected, told with its reason, and chosen
// by the user), from which day.
#pragma once

#include "engine/command.h"
#include "sim/candles.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace khop::ui {

class CandlesDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit CandlesDialog(const std::vector<Instrument> &instruments, QWidget *parent = nullptr);

    /// Reads a file or a folder, as the buttons do.
    void choose(const QString &path);
    /// What was agreed on; valid after accept().
    const PlanDays &plan() const { return m_plan; }
    /// What the unit looks like and why, in the language of the screen.
    static QString unitText(const DetectedUnit &detected);

private:
    void agree();
    void report(const Error &error);
    void showState();

    const std::vector<Instrument> &m_instruments;
    std::vector<CandleFile> m_files;
    PlanDays m_plan;
    QLineEdit *m_path;
    QLabel *m_detected;
    QRadioButton *m_thousand;
    QRadioButton *m_dong;
    QComboBox *m_day;
    QLabel *m_problem;
    QPushButton *m_ok;
};

/// Asks for the unit of candles that were named at the start; the error is that of a broken file, or that
/// nobody answered.
Result<CandleUnit> askCandleUnit(const QString &path);

} // namespace khop::ui
