// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include <QApplication>
#include <QFile>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QVariant>
#include <QWidget>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

struct Shades {
    QRgb window, base, alternate, button, text, muted, line, highlight, highlightedText, tip;
};

constexpr Shades darkShades{0xff14181d, 0xff0d1014, 0xff12161b, 0xff232a32, 0xffe4e8ec,
                            0xff8c97a3, 0xff2b333c, 0xff2f5d8c, 0xffffffff, 0xff2a323b};
constexpr Shades lightShades{0xfff1f3f5, 0xffffffff, 0xfff6f8fa, 0xffe4e8ec, 0xff16191d,
                             0xff66707a, 0xffcfd6dd, 0xff1f6fbf, 0xffffffff, 0xfffffbe6};

const Shades &shades(ThemeName name) { return name == ThemeName::Dark ? darkShades : lightShades; }

QPalette paletteOf(const Shades &s)
{
    QPalette palette;
    const QColor text = QColor::fromRgba(s.text);
    palette.setColor(QPalette::Window, QColor::fromRgba(s.window));
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, QColor::fromRgba(s.base));
    palette.setColor(QPalette::AlternateBase, QColor::fromRgba(s.alternate));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor::fromRgba(s.button));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, QColor::fromRgba(s.tip));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, QColor::fromRgba(s.muted));
    palette.setColor(QPalette::Highlight, QColor::fromRgba(s.highlight));
    palette.setColor(QPalette::HighlightedText, QColor::fromRgba(s.highlightedText));
    palette.setColor(QPalette::Link, QColor::fromRgba(s.highlight));
    palette.setColor(QPalette::Light, QColor::fromRgba(s.button).lighter(120));
    palette.setColor(QPalette::Midlight, QColor::fromRgba(s.button).lighter(110));
    palette.setColor(QPalette::Mid, QColor::fromRgba(s.line));
    palette.setColor(QPalette::Dark, QColor::fromRgba(s.line).darker(120));
    palette.setColor(QPalette::Shadow, Qt::black);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor::fromRgba(s.muted));
    return palette;
}

} // namespace

Theme::Theme(QObject *parent) : QObject(parent) {}

void Theme::apply(ThemeName name)
{
    m_name = name;
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QApplication::setPalette(paletteOf(shades(name)));
    QFile sheet(u":/themes/%1.qss"_s.arg(themeKey(name)));
    if (sheet.open(QIODevice::ReadOnly))
        qApp->setStyleSheet(QString::fromUtf8(sheet.readAll()));
    Q_EMIT changed();
}

QColor Theme::color(Tone tone) const
{
    const bool dark = m_name == ThemeName::Dark;
    switch (tone) {
    case Tone::Plain: return QColor::fromRgba(shades(m_name).text);
    case Tone::Muted: return QColor::fromRgba(shades(m_name).muted);
    case Tone::Ceiling: return dark ? QColor(0xe3, 0x6b, 0xff) : QColor(0xa3, 0x1f, 0xc4);
    case Tone::Floor: return dark ? QColor(0x2f, 0xd8, 0xe8) : QColor(0x00, 0x83, 0x96);
    case Tone::Reference: return dark ? QColor(0xff, 0xd5, 0x3d) : QColor(0x9a, 0x6b, 0x00);
    case Tone::Up: return dark ? QColor(0x2e, 0xdc, 0x72) : QColor(0x0a, 0x82, 0x3b);
    case Tone::Down: return dark ? QColor(0xff, 0x5c, 0x5c) : QColor(0xd0, 0x23, 0x23);
    case Tone::Buy: return dark ? QColor(0x2e, 0xdc, 0x72) : QColor(0x0a, 0x82, 0x3b);
    case Tone::Sell: return dark ? QColor(0xff, 0x5c, 0x5c) : QColor(0xd0, 0x23, 0x23);
    case Tone::Warning: return dark ? QColor(0xff, 0xb3, 0x47) : QColor(0xb3, 0x5c, 0x00);
    case Tone::Good: return dark ? QColor(0x2e, 0xdc, 0x72) : QColor(0x0a, 0x82, 0x3b);
    }
    return {};
}

QColor Theme::flash(Tone tone) const
{
    QColor background = color(tone);
    const bool coloured = tone != Tone::Plain && tone != Tone::Muted;
    background.setAlpha(!coloured ? 30 : 55);
    return background;
}

QColor Theme::grid() const { return QColor::fromRgba(shades(m_name).line); }

QColor Theme::boardBackground() const { return QColor::fromRgba(shades(m_name).base); }

QColor Theme::boardAlternate() const { return QColor::fromRgba(shades(m_name).alternate); }

QColor Theme::boardGroup() const
{
    return m_name == ThemeName::Dark ? QColor(0x1b, 0x21, 0x29) : QColor(0xea, 0xee, 0xf2);
}

QColor Theme::headerBackground() const { return QColor::fromRgba(shades(m_name).button); }

void setTextColor(QWidget *label, const QColor &color)
{
    const QString sheet = u"color: %1"_s.arg(color.name());
    if (label->styleSheet() != sheet)
        label->setStyleSheet(sheet);
}

void setStyledProperty(QWidget *widget, const char *property, const QVariant &value)
{
    if (widget->property(property) == value)
        return;
    widget->setProperty(property, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QString themeKey(ThemeName name) { return name == ThemeName::Dark ? u"dark"_s : u"light"_s; }

ThemeName themeFromKey(const QString &key)
{
    return key == "light"_L1 ? ThemeName::Light : ThemeName::Dark;
}

} // namespace khop::ui
