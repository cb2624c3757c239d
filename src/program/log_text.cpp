// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/log_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

QString valueText(const QJsonValue &value)
{
    if (value.isString()) {
        const QString text = value.toString();
        return text.isEmpty() || text.contains(u' ') ? u'"' + text + u'"' : text;
    }
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

/// Takes the first of the names that the object has.
QString taken(QJsonObject &object, const QStringList &names)
{
    for (const QString &name : names) {
        if (object.contains(name))
            return object.take(name).toVariant().toString();
    }
    return {};
}

std::string printable(const QString &text)
{
    std::string bytes = text.toStdString();
    for (char &c : bytes) {
        if (static_cast<unsigned char>(c) < 0x20 || c == '\x7F')
            c = '?';
    }
    return bytes;
}

} // namespace

std::string readableLog(const QByteArray &line)
{
    const QJsonDocument document = QJsonDocument::fromJson(line);
    if (!document.isObject())
        return printable(QString::fromUtf8(line));
    QJsonObject object = document.object();
    object.remove(u"service"_s);
    const QString time = taken(object, {u"timestamp"_s, u"time"_s});
    const QString level = taken(object, {u"level"_s}).toUpper();
    const QString logger = taken(object, {u"logger"_s, u"component"_s});
    const QString message = taken(object, {u"message"_s, u"event"_s});
    QString text = u"%1  %2"_s.arg(time, level.leftJustified(7));
    for (const QString &part : {logger, message}) {
        if (!part.isEmpty())
            text += u"  "_s + part;
    }
    for (auto member = object.constBegin(); member != object.constEnd(); ++member)
        text += u"  "_s + member.key() + u'=' + valueText(member.value());
    return printable(text);
}

} // namespace khop
