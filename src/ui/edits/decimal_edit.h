// SPDX-License-Identifier: GPL-3.0-or-later
// A field for an exact decimal number that no locale can reinterpret. Qt's own spin boxes drop the
// sign that is not the locale's decimal mark, and 96.5 silently becomes 965; here '.' and ',' are the
// same mark, nothing typed is dropped unseen, and a text that is not a number has no value.
#pragma once

#include <QAbstractSpinBox>

#include <cstdint>
#include <optional>

namespace khop::ui {

class DecimalEdit : public QAbstractSpinBox
{
    Q_OBJECT

public:
    explicit DecimalEdit(QWidget *parent = nullptr);

    /// The number the text means now; nothing when it is blank or unfinished.
    std::optional<std::int64_t> raw() const;
    void setRaw(std::optional<std::int64_t> raw);
    bool isBlank() const;

    /// Writes the number in the house style and puts it on the grid. True when the number changed:
    /// adjusted() has told what it was.
    bool commit();

    QValidator::State validate(QString &input, int &position) const override;
    void stepBy(int steps) override;
    void setPlaceholder(const QString &text);

Q_SIGNALS:
    void edited();  ///< the text changed, by whomever
    void entered(); ///< Enter was pressed
    void adjusted(const QString &typed, const QString &now);

protected:
    virtual std::optional<std::int64_t> parse(const QString &text) const = 0;
    virtual QString compose(std::int64_t raw) const = 0;
    /// The form shown while the field has the focus.
    virtual QString composeForEditing(std::int64_t raw) const { return compose(raw); }
    /// Whether digits and marks in this order may stand in the field while typing.
    virtual bool mayStand(const QString &text) const = 0;
    virtual std::int64_t stepped(std::optional<std::int64_t> from, int steps) const = 0;
    virtual std::int64_t onGrid(std::int64_t raw) const = 0;

    StepEnabled stepEnabled() const override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
};

/// "96,5" -> "96.5", ".5" -> "0.5".
QString withPoint(const QString &text);
/// Where the decimal mark stands, or -1.
qsizetype markPosition(const QString &text);

} // namespace khop::ui
