// SPDX-License-Identifier: GPL-3.0-or-later
// Checks JSON against the part of JSON Schema (2020-12) that the API's description uses. A keyword that it
// does not know is a mistake, so that none is passed over.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23

#include <QDate>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStringList>
#include <QUuid>

#include <cmath>

namespace khop::test {

class JsonSchema
{
public:
    explicit JsonSchema(QJsonObject document) : m_document(std::move(document)) {}

    const QJsonObject &document() const { return m_document; }

    /// What a "#/…" reference stands for.
    QJsonValue resolved(QJsonValue node) const
    {
        for (int hops = 0; hops < 8 && node.toObject().contains(QStringLiteral("$ref")); ++hops) {
            const QString target = node.toObject().value(QStringLiteral("$ref")).toString();
            QJsonValue at = m_document;
            for (QString part : target.mid(2).split(u'/'))
                at = at.toObject().value(part.replace(QStringLiteral("~1"), QStringLiteral("/")));
            node = at;
        }
        return node;
    }

    /// One line for each thing that is wrong; none when the value is as the schema says.
    QStringList mistakes(const QJsonValue &value, const QJsonValue &schema,
                         const QString &place = {}) const
    {
        QStringList wrong;
        check(value, schema, place, wrong);
        return wrong;
    }

private:
    static bool isOfType(const QJsonValue &value, const QString &type)
    {
        if (type == u"null")
            return value.isNull();
        if (type == u"boolean")
            return value.isBool();
        if (type == u"object")
            return value.isObject();
        if (type == u"array")
            return value.isArray();
        if (type == u"string")
            return value.isString();
        if (type == u"number")
            return value.isDouble();
        return type == u"integer" && value.isDouble()
               && std::floor(value.toDouble()) == value.toDouble();
    }

    static QString shown(const QJsonValue &value)
    {
        const QByteArray text =
            QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).mid(1).chopped(1);
        return QString::fromUtf8(text.left(120));
    }

    const QRegularExpression &pattern(const QString &text) const
    {
        auto known = m_patterns.find(text);
        if (known == m_patterns.end())
            known = m_patterns.insert(text, QRegularExpression(text));
        return *known;
    }

    bool hasFormat(const QString &text, const QString &format) const
    {
        if (format == u"date")
            return QDate::fromString(text, QStringLiteral("yyyy-MM-dd")).isValid();
        if (format == u"uuid")
            return text.size() == 36 && !QUuid::fromString(text).isNull();
        if (format == u"date-time")
            return pattern(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?("
                                          "Z|[+-]\\d\\d:\\d\\d)$"))
                .match(text)
                .hasMatch();
        return format == u"uri" || format == u"uri-reference" || format == u"password"
               || format == u"email";
    }

    void check(const QJsonValue &value, const QJsonValue &given, const QString &place,
               QStringList &wrong) const
    {
        const QJsonValue node = resolved(given);
        if (node.isBool()) {
            if (!node.toBool())
                wrong << place + QStringLiteral(" is not allowed");
            return;
        }
        if (!node.isObject()) {
            wrong << place + QStringLiteral(": the schema is none: ") + shown(given);
            return;
        }
        const QJsonObject schema = node.toObject();
        for (auto member = schema.begin(); member != schema.end(); ++member)
            checkKeyword(value, schema, member.key(), member.value(), place, wrong);
    }

    void checkKeyword(const QJsonValue &value, const QJsonObject &schema, const QString &keyword,
                      const QJsonValue &rule, const QString &place, QStringList &wrong) const
    {
        static const QStringList notes{QStringLiteral("description"), QStringLiteral("title"),
                                       QStringLiteral("default"),     QStringLiteral("examples"),
                                       QStringLiteral("readOnly"),    QStringLiteral("writeOnly"),
                                       QStringLiteral("deprecated")};
        const auto bad = [&](const QString &what) {
            wrong << (place.isEmpty() ? QStringLiteral("/") : place) + QStringLiteral(": ") + what
                         + QStringLiteral(", but is ") + shown(value);
        };
        if (notes.contains(keyword))
            return;
        if (keyword == u"type") {
            bool fits = rule.isString() && isOfType(value, rule.toString());
            for (const QJsonValue &one : rule.toArray())
                fits = fits || isOfType(value, one.toString());
            if (!fits)
                bad(QStringLiteral("should be of type ") + shown(rule));
        } else if (keyword == u"enum") {
            if (!rule.toArray().contains(value))
                bad(QStringLiteral("should be one of ") + shown(rule));
        } else if (keyword == u"const") {
            if (rule != value)
                bad(QStringLiteral("should be ") + shown(rule));
        } else if (keyword == u"anyOf" || keyword == u"oneOf" || keyword == u"allOf") {
            checkBranches(value, keyword, rule.toArray(), place, wrong);
        } else if (keyword == u"pattern") {
            if (value.isString() && !pattern(rule.toString()).match(value.toString()).hasMatch())
                bad(QStringLiteral("should match ") + rule.toString());
        } else if (keyword == u"format") {
            if (value.isString() && !hasFormat(value.toString(), rule.toString()))
                bad(QStringLiteral("should be a ") + rule.toString());
        } else if (keyword == u"minLength" || keyword == u"maxLength") {
            const qsizetype length = value.toString().toUcs4().size();
            if (value.isString()
                && (keyword == u"minLength" ? length < rule.toInt() : length > rule.toInt()))
                bad(keyword + u' ' + QString::number(rule.toInt()));
        } else if (keyword == u"minimum" || keyword == u"maximum") {
            if (value.isDouble()
                && (keyword == u"minimum" ? value.toDouble() < rule.toDouble()
                                          : value.toDouble() > rule.toDouble()))
                bad(keyword + u' ' + QString::number(rule.toDouble()));
        } else if (keyword == u"minItems" || keyword == u"maxItems") {
            if (value.isArray()
                && (keyword == u"minItems" ? value.toArray().size() < rule.toInt()
                                           : value.toArray().size() > rule.toInt()))
                bad(keyword + u' ' + QString::number(rule.toInt()));
        } else if (keyword == u"maxProperties") {
            if (value.toObject().size() > rule.toInt())
                bad(keyword + u' ' + QString::number(rule.toInt()));
        } else if (keyword == u"items") {
            const QJsonArray items = value.toArray();
            for (qsizetype i = 0; i < items.size(); ++i)
                check(items[i], rule, place + u'/' + QString::number(i), wrong);
        } else if (keyword == u"required") {
            for (const QJsonValue &name : rule.toArray()) {
                if (value.isObject() && !value.toObject().contains(name.toString()))
                    bad(QStringLiteral("should have ") + name.toString());
            }
        } else if (keyword == u"properties") {
            const QJsonObject object = value.toObject();
            for (auto member = object.begin(); member != object.end(); ++member) {
                if (rule.toObject().contains(member.key()))
                    check(member.value(), rule.toObject().value(member.key()),
                          place + u'/' + member.key(), wrong);
            }
        } else if (keyword == u"additionalProperties") {
            const QJsonObject known = schema.value(QStringLiteral("properties")).toObject();
            const QJsonObject object = value.toObject();
            for (auto member = object.begin(); member != object.end(); ++member) {
                if (!known.contains(member.key()))
                    check(member.value(), rule, place + u'/' + member.key(), wrong);
            }
        } else if (keyword == u"propertyNames") {
            for (const QString &name : value.toObject().keys())
                check(name, rule, place + u'/' + name, wrong);
        } else {
            wrong << place + QStringLiteral(": the keyword ") + keyword
                         + QStringLiteral(" is not known to the check");
        }
    }

    void checkBranches(const QJsonValue &value, const QString &keyword, const QJsonArray &branches,
                       const QString &place, QStringList &wrong) const
    {
        int fitting = 0;
        QStringList reasons;
        for (const QJsonValue &branch : branches) {
            const QStringList found = mistakes(value, branch, place);
            fitting += found.isEmpty() ? 1 : 0;
            if (!found.isEmpty())
                reasons << found.front();
        }
        const bool fits = keyword == u"allOf"   ? fitting == branches.size()
                          : keyword == u"oneOf" ? fitting == 1
                                                : fitting > 0;
        if (!fits)
            wrong << place + QStringLiteral(": fits ") + QString::number(fitting)
                         + QStringLiteral(" branches of ") + keyword + QStringLiteral(" (")
                         + reasons.join(QStringLiteral("; ")) + u')';
    }

    QJsonObject m_document;
    mutable QHash<QString, QRegularExpression> m_patterns;
};

} // namespace khop::test

#endif
