// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/edits/decimal_edit.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QWheelEvent>

#include <algorithm>

namespace khop::ui {

namespace {

bool isMark(QChar c) { return c == QLatin1Char('.') || c == QLatin1Char(','); }

bool isDigit(QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); }

// Far above any price or quantity, and far below what 64 bits hold.
constexpr qsizetype longestText = 17;

} // namespace

QString withPoint(const QString &text)
{
    QString result = text;
    result.replace(QLatin1Char(','), QLatin1Char('.'));
    if (result.startsWith(QLatin1Char('.')))
        result.prepend(QLatin1Char('0'));
    return result;
}

qsizetype markPosition(const QString &text)
{
    const auto mark = std::find_if(text.begin(), text.end(), isMark);
    return mark == text.end() ? -1 : mark - text.begin();
}

DecimalEdit::DecimalEdit(QWidget *parent) : QAbstractSpinBox(parent)
{
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setFocusPolicy(Qt::StrongFocus);
    connect(lineEdit(), &QLineEdit::textChanged, this, &DecimalEdit::edited);
}

std::optional<std::int64_t> DecimalEdit::raw() const
{
    const QString content = text().trimmed();
    return content.isEmpty() ? std::nullopt : parse(content);
}

void DecimalEdit::setRaw(std::optional<std::int64_t> raw)
{
    if (!raw)
        lineEdit()->clear();
    else
        lineEdit()->setText(hasFocus() ? composeForEditing(*raw) : compose(*raw));
}

bool DecimalEdit::isBlank() const { return text().trimmed().isEmpty(); }

bool DecimalEdit::commit()
{
    const std::optional<std::int64_t> typed = raw();
    if (!typed)
        return false;
    const std::int64_t now = onGrid(*typed);
    const QString result = compose(now);
    if (result != text())
        lineEdit()->setText(result);
    if (now == *typed)
        return false;
    Q_EMIT adjusted(compose(*typed), result);
    return true;
}

QValidator::State DecimalEdit::validate(QString &input, int &) const
{
    const QString content = input.trimmed();
    if (content.size() > longestText)
        return QValidator::Invalid;
    const bool known = std::all_of(content.begin(), content.end(),
                                   [](QChar c) { return isDigit(c) || isMark(c); });
    if (!known || !mayStand(content))
        return QValidator::Invalid;
    return !content.isEmpty() && parse(content) ? QValidator::Acceptable : QValidator::Intermediate;
}

void DecimalEdit::stepBy(int steps)
{
    const std::optional<std::int64_t> from = raw();
    if (!from && !isBlank())
        return;
    setRaw(stepped(from, steps));
    selectAll();
}

void DecimalEdit::setPlaceholder(const QString &text) { lineEdit()->setPlaceholderText(text); }

QAbstractSpinBox::StepEnabled DecimalEdit::stepEnabled() const
{
    return isReadOnly() ? StepNone : StepUpEnabled | StepDownEnabled;
}

void DecimalEdit::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        event->accept();
        Q_EMIT entered();
        return;
    }
    // Escape belongs to the dialog or ticket around the field.
    if (event->key() == Qt::Key_Escape) {
        event->ignore();
        return;
    }
    QAbstractSpinBox::keyPressEvent(event);
}

void DecimalEdit::focusInEvent(QFocusEvent *event)
{
    QAbstractSpinBox::focusInEvent(event);
    if (const std::optional<std::int64_t> value = raw())
        setRaw(value);
    selectAll();
}

void DecimalEdit::focusOutEvent(QFocusEvent *event)
{
    commit();
    QAbstractSpinBox::focusOutEvent(event);
}

void DecimalEdit::wheelEvent(QWheelEvent *event)
{
    // A wheel over a field that is not being edited scrolls the page; it must not move a price.
    if (!hasFocus()) {
        event->ignore();
        return;
    }
    QAbstractSpinBox::wheelEvent(event);
}

} // namespace khop::ui
