// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/candles_dialog.h"

#include "ui/language.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>

#include <set>

namespace khop::ui {

using namespace Qt::StringLiterals;

CandlesDialog::CandlesDialog(const std::vector<Instrument> &instruments, QWidget *parent)
    : QDialog(parent)
    , m_instruments(instruments)
    , m_path(new QLineEdit(this))
    , m_detected(new QLabel(this))
    , m_thousand(new QRadioButton(tr("Thousand VND"), this))
    , m_dong(new QRadioButton(tr("VND"), this))
    , m_day(new QComboBox(this))
    , m_problem(new QLabel(this))
{
    setObjectName(u"candlesDialog"_s);
    setWindowTitle(tr("Days by daily candles"));
    setMinimumWidth(520);
    m_path->setReadOnly(true);
    m_detected->setObjectName(u"candlesDetected"_s);
    m_thousand->setObjectName(u"candlesThousand"_s);
    m_dong->setObjectName(u"candlesDong"_s);
    m_day->setObjectName(u"candlesDay"_s);
    m_problem->setObjectName(u"candlesProblem"_s);
    for (QLabel *label : {m_detected, m_problem}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        label->setMinimumHeight(2 * label->fontMetrics().lineSpacing() + 4);
    }
    auto *file = new QPushButton(tr("File…"), this);
    auto *folder = new QPushButton(tr("Folder…"), this);
    auto *where = new QHBoxLayout;
    where->addWidget(m_path, 1);
    where->addWidget(file);
    where->addWidget(folder);
    auto *units = new QHBoxLayout;
    units->addWidget(m_thousand);
    units->addWidget(m_dong);
    units->addStretch();
    auto *buttons = new QDialogButtonBox(this);
    m_ok = buttons->addButton(tr("Follow these candles"), QDialogButtonBox::AcceptRole);
    m_ok->setObjectName(u"candlesAccept"_s);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    auto *form = new QFormLayout(this);
    form->addRow(tr("Candles"), where);
    form->addRow(m_detected);
    form->addRow(tr("Unit of the prices"), units);
    form->addRow(tr("First day"), m_day);
    form->addRow(m_problem);
    form->addRow(buttons);

    connect(file, &QPushButton::clicked, this, [this] {
        choose(QFileDialog::getOpenFileName(this, tr("Daily candles"), {}, u"CSV (*.csv)"_s));
    });
    connect(folder, &QPushButton::clicked, this,
            [this] { choose(QFileDialog::getExistingDirectory(this, tr("Daily candles"))); });
    connect(m_thousand, &QRadioButton::toggled, this, &CandlesDialog::showState);
    connect(m_dong, &QRadioButton::toggled, this, &CandlesDialog::showState);
    connect(buttons, &QDialogButtonBox::accepted, this, &CandlesDialog::agree);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    showState();
}

QString CandlesDialog::unitText(const DetectedUnit &detected)
{
    const QString example = QString::fromStdString(detected.example);
    switch (detected.why) {
    case DetectedUnit::Why::Fractions:
        return tr("These look like thousand VND: %1 has decimals, and prices in VND have none. "
                  "Please confirm.")
            .arg(example);
    case DetectedUnit::Why::Small:
        return tr("These look like thousand VND: %1 is below any price in VND. Please confirm.")
            .arg(example);
    case DetectedUnit::Why::Large:
        return tr("These look like VND: all prices are whole numbers, as %1. Please confirm.")
            .arg(example);
    case DetectedUnit::Why::Mixed: break;
    }
    return tr("The unit of these prices is not clear. Please choose.");
}

void CandlesDialog::choose(const QString &path)
{
    if (path.isEmpty())
        return;
    m_path->setText(path);
    m_files.clear();
    m_day->clear();
    m_detected->clear();
    m_problem->clear();
    if (auto files = readCandles(path)) {
        m_files = std::move(*files);
        m_detected->setText(unitText(detectUnit(m_files)));
        std::set<Date> days;
        for (const CandleFile &file : m_files) {
            for (const Candle &candle : file.candles)
                days.insert(candle.date);
        }
        for (auto day = days.rbegin(); day != days.rend(); ++day)
            m_day->addItem(dateText(*day), day->day);
    } else {
        report(files.error());
    }
    showState();
}

void CandlesDialog::showState()
{
    m_ok->setEnabled(!m_files.empty() && (m_thousand->isChecked() || m_dong->isChecked()));
}

void CandlesDialog::report(const Error &error) { m_problem->setText(sentenceText(error)); }

void CandlesDialog::agree()
{
    auto plan = planDays(m_files, m_dong->isChecked() ? CandleUnit::Vnd : CandleUnit::ThousandVnd,
                         Date{m_day->currentData().toInt()}, m_instruments);
    if (!plan) {
        report(plan.error());
        return;
    }
    ByteWriter bytes;
    plan->plan.save(bytes);
    m_plan.plan = bytes.take();
    accept();
}

Result<CandleUnit> askCandleUnit(const QString &path)
{
    const auto files = readCandles(path);
    if (!files) {
        QMessageBox::critical(nullptr, u"Khớp"_s, sentenceText(files.error()));
        return std::unexpected(files.error());
    }
    QMessageBox box(QMessageBox::Question, u"Khớp"_s, CandlesDialog::unitText(detectUnit(*files)));
    QPushButton *thousand =
        box.addButton(CandlesDialog::tr("Thousand VND"), QMessageBox::AcceptRole);
    QPushButton *dong = box.addButton(CandlesDialog::tr("VND"), QMessageBox::AcceptRole);
    box.addButton(CandlesDialog::tr("Close"), QMessageBox::RejectRole);
    box.exec();
    if (box.clickedButton() == thousand)
        return CandleUnit::ThousandVnd;
    if (box.clickedButton() == dong)
        return CandleUnit::Vnd;
    return refuse(Code::CONFIGURATION_ERROR, "--candle-unit", {}, "kVND | VND");
}

} // namespace khop::ui
