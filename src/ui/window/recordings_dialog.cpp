// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recordings_dialog.h"

#include "ui/language.h"
#include "ui/words.h"

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <array>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

enum Column { Name, Day, From, To, Trades, Size, ColumnCount };
constexpr std::array speeds{1, 2, 5, 10, 20, 50, 100};
constexpr int playable = Qt::UserRole;

} // namespace

RecordingsDialog::RecordingsDialog(Recordings &recordings, QWidget *parent)
    : QDialog(parent)
    , m_recordings(recordings)
    , m_list(new QTreeWidget(this))
    , m_speed(new QComboBox(this))
    , m_problem(new QLabel(this))
{
    setObjectName(u"recordingsDialog"_s);
    setWindowTitle(tr("Replay a recording"));
    resize(640, 360);
    m_list->setObjectName(u"recordingsList"_s);
    m_list->setRootIsDecorated(false);
    m_list->setHeaderLabels(
        {tr("Name"), tr("Day"), tr("From"), tr("To"), tr("Trades"), tr("Size")});
    m_problem->setObjectName(u"recordingsProblem"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_speed->setObjectName(u"replaySpeed"_s);
    for (const int speed : speeds)
        m_speed->addItem(u"%1×"_s.arg(speed), speed);

    auto *buttons = new QDialogButtonBox(this);
    m_replay = buttons->addButton(tr("Replay"), QDialogButtonBox::ActionRole);
    m_remove = buttons->addButton(tr("Remove"), QDialogButtonBox::ActionRole);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_replay->setObjectName(u"replayButton"_s);
    m_remove->setObjectName(u"removeRecordingButton"_s);
    m_replay->setDefault(true);
    auto *last = new QHBoxLayout;
    last->addWidget(new QLabel(tr("Speed"), this));
    last->addWidget(m_speed);
    last->addStretch();
    last->addWidget(buttons);
    auto *layout = new QVBoxLayout(this);
    auto *what =
        new QLabel(tr("The clock goes to the recorded time of day on the next trading day. "
                      "Your orders join the recorded ones."),
                   this);
    what->setWordWrap(true);
    layout->addWidget(what);
    layout->addWidget(m_list);
    layout->addWidget(m_problem);
    layout->addLayout(last);

    connect(m_replay, &QPushButton::clicked, this, &RecordingsDialog::replay);
    connect(m_remove, &QPushButton::clicked, this, &RecordingsDialog::removeChosen);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &RecordingsDialog::showChoice);
    connect(m_list, &QTreeWidget::itemActivated, this, &RecordingsDialog::replay);
    refill();
}

void RecordingsDialog::refill()
{
    m_list->clear();
    for (const RecordingSummary &recording : m_recordings.list()) {
        auto *item = new QTreeWidgetItem(m_list);
        item->setText(Name, QString::fromStdString(recording.id));
        item->setText(Size, QLocale::c().formattedDataSize(static_cast<qint64>(recording.bytes)));
        item->setData(Name, playable, !recording.broken && !recording.running);
        if (recording.broken) {
            item->setText(Day, tr("Cannot be played"));
            item->setToolTip(Day, sentenceText(*recording.broken));
            continue;
        }
        item->setText(Day, recording.running ? tr("Recording now")
                                             : dateText(vietnamDate(recording.from)));
        item->setText(From, timeOfDayText(recording.from));
        item->setText(To, timeOfDayText(recording.to));
        item->setText(Trades, QLocale::c().toString(static_cast<qulonglong>(recording.trades)));
    }
    for (const Column column : {Trades, Size}) {
        for (int row = 0; row < m_list->topLevelItemCount(); ++row)
            m_list->topLevelItem(row)->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    for (int column = 0; column < ColumnCount; ++column)
        m_list->resizeColumnToContents(column);
    if (m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
    showChoice();
}

void RecordingsDialog::showChoice()
{
    const QTreeWidgetItem *item = m_list->currentItem();
    m_replay->setEnabled(item && item->data(Name, playable).toBool());
    m_remove->setEnabled(item != nullptr);
}

std::string RecordingsDialog::chosen() const
{
    const QTreeWidgetItem *item = m_list->currentItem();
    return item ? item->text(Name).toStdString() : std::string();
}

void RecordingsDialog::report(const Error &error)
{
    m_problem->setText(sentenceText(error));
    m_problem->show();
}

void RecordingsDialog::replay()
{
    if (!m_replay->isEnabled())
        return;
    QApplication::setOverrideCursor(Qt::WaitCursor); // the whole file is checked first
    const auto begun = m_recordings.replay(chosen(), m_speed->currentData().toInt());
    QApplication::restoreOverrideCursor();
    if (begun)
        accept();
    else
        report(begun.error());
}

void RecordingsDialog::removeChosen()
{
    const Result<void> removed = m_recordings.remove(chosen());
    if (removed)
        refill();
    else
        report(removed.error());
}

} // namespace khop::ui
