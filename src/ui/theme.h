// SPDX-License-Identifier: GPL-3.0-or-later
// Dark and light: the palette, a small style sheet, and the colours of the Vietnamese board.
#pragma once

#include <QColor>
#include <QObject>
#include <QString>

class QWidget;

namespace khop::ui {

/// What a cell's colour says. The five price levels follow the Vietnamese boards.
enum class Tone { Plain, Muted, Ceiling, Floor, Reference, Up, Down, Buy, Sell, Warning, Good };

enum class ThemeName { Dark, Light };

class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QObject *parent = nullptr);

    ThemeName name() const { return m_name; }
    /// Puts the palette and the style sheet on the application.
    void apply(ThemeName name);

    QColor color(Tone tone) const;
    QColor flash(Tone tone) const; ///< background of a cell that has just changed
    QColor grid() const;
    QColor boardBackground() const;
    QColor boardAlternate() const;
    QColor boardGroup() const; ///< background of the matched-price columns
    QColor headerBackground() const;

Q_SIGNALS:
    void changed();

private:
    ThemeName m_name = ThemeName::Dark;
};

/// Colours a label's text. A style sheet on the application overrules palettes inside tool bars.
void setTextColor(QWidget *label, const QColor &color);
/// Sets a property the style sheet selects by, and has the widget styled anew.
void setStyledProperty(QWidget *widget, const char *property, const QVariant &value);

QString themeKey(ThemeName name); ///< as saved in the settings
ThemeName themeFromKey(const QString &key);

} // namespace khop::ui
