// SPDX-License-Identifier: GPL-3.0-or-later
// The recordings of the desk: choose one to replay, or remove it.
#pragma once

#include "engine/recordings.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;
class QTreeWidget;

namespace khop::ui {

class RecordingsDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit RecordingsDialog(Recordings &recordings, QWidget *parent = nullptr);

private:
    void refill();
    void replay();
    void removeChosen();
    void showChoice();
    std::string chosen() const;
    void report(const Error &error);

    Recordings &m_recordings;
    QTreeWidget *m_list;
    QComboBox *m_speed;
    QLabel *m_problem;
    QPushButton *m_replay;
    QPushButton *m_remove;
};

} // namespace khop::ui
