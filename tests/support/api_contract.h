// SPDX-License-Identifier: GPL-3.0-or-later
// Holds every answer of a server under test against the API's description: the path, the method, the status,
// the headers and the body are described; what was accepted was allowed to be sent.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23

#include "json_schema.h"
#include "server/api/openapi.h"

#include <QJsonDocument>
#include <QUrlQuery>

#include <map>
#include <string>
#include <string_view>

namespace khop::test {

struct Exchanged {
    std::string method, target, requestType, requestBody;
    int status = 0;
    std::map<std::string, std::string> headers; // of the answer, names in lower case
    std::string body;
};

class ApiContract
{
public:
    explicit ApiContract(const QByteArray &description)
        : m_schema(QJsonDocument::fromJson(description).object())
        , m_paths(m_schema.document().value(QStringLiteral("paths")).toObject())
    {}

    /// The contract of this program.
    static const ApiContract &own()
    {
        static const ApiContract contract = [] {
            const auto &description = server::apiDescription();
            if (!description)
                qFatal("description: %s %s", description.error().field.c_str(),
                       description.error().bound.c_str());
            return ApiContract(QByteArray::fromStdString(*description));
        }();
        return contract;
    }

    const JsonSchema &schema() const { return m_schema; }
    const QJsonObject &paths() const { return m_paths; }

    /// What of an exchange is not as described; nothing where all is.
    QStringList breaches(const Exchanged &exchanged) const
    {
        const QString target = QString::fromStdString(exchanged.target);
        const QString path = ownPath(target.section(u'?', 0, 0));
        QString method = QString::fromStdString(exchanged.method).toLower();
        if (method == u"head")
            method = QStringLiteral("get");
        const QString described = find(path);
        QStringList wrong;
        if (described.isEmpty()) {
            if (exchanged.status < 400)
                wrong << QStringLiteral("no such path is described");
            else
                checkProblem(exchanged, wrong);
        } else if (method == u"options") {
            if (exchanged.status == 204)
                checkAllow(exchanged, described, wrong);
        } else if (!m_paths.value(described).toObject().contains(method)) {
            checkProblem(exchanged, wrong);
            if (exchanged.status == 405)
                checkAllow(exchanged, described, wrong);
            else if (!isTransport(exchanged.status) && exchanged.status != 400)
                wrong << QStringLiteral("no such method is described");
        } else {
            const QJsonObject item = m_paths.value(described).toObject();
            checkAnswer(exchanged, item.value(method).toObject(), wrong);
            if (exchanged.status < 300)
                checkRequest(exchanged, path, described, item, item.value(method).toObject(),
                             wrong);
            checkRefusedNames(exchanged, item, item.value(method).toObject(), wrong);
        }
        for (QString &line : wrong)
            line = QString::fromStdString(exchanged.method) + u' ' + target + QStringLiteral(" -> ")
                   + QString::number(exchanged.status) + QStringLiteral(": ") + line;
        return wrong;
    }

    /// The path of the description that a path is an instance of; empty when there is none.
    QString find(const QString &path) const
    {
        if (m_paths.contains(path))
            return path;
        const QStringList parts = path.split(u'/');
        QString best;
        qsizetype fewest = 100;
        for (const QString &candidate : m_paths.keys()) {
            const QStringList pattern = candidate.split(u'/');
            qsizetype parameters = 0;
            bool fits = pattern.size() == parts.size();
            for (qsizetype i = 0; fits && i < parts.size(); ++i) {
                const bool any = pattern[i].startsWith(u'{');
                parameters += any ? 1 : 0;
                fits = any ? !parts[i].isEmpty() : pattern[i] == parts[i];
            }
            if (fits && parameters < fewest) {
                best = candidate;
                fewest = parameters;
            }
        }
        return best;
    }

    /// "DELETE, GET, …" as the server's Allow says it, sorted.
    QStringList methodsOf(const QString &described) const
    {
        QStringList methods{QStringLiteral("OPTIONS")};
        for (const QString &method : m_paths.value(described).toObject().keys()) {
            if (method == u"parameters")
                continue;
            methods << method.toUpper();
            if (method == u"get")
                methods << QStringLiteral("HEAD");
        }
        methods.sort();
        return methods;
    }

    /// Path, query and header parameters of an operation, those of its path included.
    QList<QJsonObject> parametersOf(const QJsonObject &item, const QJsonObject &operation) const
    {
        QList<QJsonObject> all;
        for (const QJsonObject &owner : {item, operation}) {
            for (const QJsonValue &one : owner.value(QStringLiteral("parameters")).toArray())
                all << m_schema.resolved(one).toObject();
        }
        return all;
    }

private:
    static QString ownPath(QString path)
    {
        const QString prefix = QStringLiteral("/api/v1");
        if (path == prefix || path.startsWith(prefix + u'/'))
            path.remove(0, prefix.size());
        if (path.size() > 1 && path.endsWith(u'/'))
            path.chop(1);
        return path;
    }

    static bool isTransport(int status)
    {
        static const QList<int> transport{408, 411, 413, 414, 417, 421, 431, 501, 505};
        return transport.contains(status);
    }

    static QJsonValue jsonOf(const std::string &text)
    {
        // QJsonDocument takes arrays and objects only
        const QByteArray array = '[' + QByteArray::fromStdString(text) + ']';
        return QJsonDocument::fromJson(array).array().at(0);
    }

    static QJsonValue withoutNulls(const QJsonValue &value)
    {
        if (value.isArray()) {
            QJsonArray items;
            for (const QJsonValue &item : value.toArray())
                items << withoutNulls(item);
            return items;
        }
        if (!value.isObject())
            return value;
        QJsonObject object = value.toObject();
        for (const QString &name : object.keys()) {
            if (object.value(name).isNull())
                object.remove(name);
            else
                object[name] = withoutNulls(object.value(name));
        }
        return object;
    }

    static QString typeOf(const std::string &header)
    {
        return QString::fromStdString(header).section(u';', 0, 0).trimmed().toLower();
    }

    void checkProblem(const Exchanged &exchanged, QStringList &wrong) const
    {
        if (exchanged.method == "HEAD")
            return;
        const QJsonObject problem{
            {QStringLiteral("$ref"), QStringLiteral("#/components/schemas/Problem")}};
        wrong << m_schema.mistakes(jsonOf(exchanged.body), problem);
    }

    void checkAllow(const Exchanged &exchanged, const QString &described, QStringList &wrong) const
    {
        const auto allow = exchanged.headers.find("allow");
        QStringList named =
            QString::fromStdString(allow == exchanged.headers.end() ? std::string() : allow->second)
                .split(QStringLiteral(", "));
        named.sort();
        if (named != methodsOf(described))
            wrong << QStringLiteral("Allow is ") + named.join(u' ')
                         + QStringLiteral(", described are ") + methodsOf(described).join(u' ');
    }

    void checkAnswer(const Exchanged &exchanged, const QJsonObject &operation,
                     QStringList &wrong) const
    {
        const QJsonObject responses = operation.value(QStringLiteral("responses")).toObject();
        QString status = QString::number(exchanged.status);
        if (!responses.contains(status) && isTransport(exchanged.status))
            status = QStringLiteral("default");
        if (!responses.contains(status)) {
            wrong << QStringLiteral("this status is not described: ")
                         + QString::fromStdString(exchanged.body.substr(0, 300));
            return;
        }
        const QJsonObject response = m_schema.resolved(responses.value(status)).toObject();
        const QJsonObject headers = response.value(QStringLiteral("headers")).toObject();
        for (auto header = headers.begin(); header != headers.end(); ++header)
            checkHeader(exchanged, header.key(), m_schema.resolved(header.value()).toObject(),
                        wrong);
        checkContent(exchanged, response.value(QStringLiteral("content")).toObject(), wrong);
    }

    /// The rate is named wherever the request was counted, which it was before it succeeded.
    void checkHeader(const Exchanged &exchanged, const QString &name, const QJsonObject &header,
                     QStringList &wrong) const
    {
        const bool required = header.value(QStringLiteral("required")).toBool()
                              || (exchanged.status < 400 && name.contains(u"RateLimit"));
        const auto given = exchanged.headers.find(name.toLower().toStdString());
        if (given == exchanged.headers.end() && required)
            wrong << QStringLiteral("the header ") + name + QStringLiteral(" is missing");
        else if (given != exchanged.headers.end())
            wrong << m_schema.mistakes(QString::fromStdString(given->second),
                                       header.value(QStringLiteral("schema")), name);
    }

    void checkContent(const Exchanged &exchanged, const QJsonObject &content,
                      QStringList &wrong) const
    {
        if (exchanged.method == "HEAD")
            return;
        if (content.isEmpty()) {
            if (!exchanged.body.empty())
                wrong << QStringLiteral("no body is described");
            return;
        }
        const auto header = exchanged.headers.find("content-type");
        const QString type =
            typeOf(header == exchanged.headers.end() ? std::string() : header->second);
        if (!content.contains(type)) {
            wrong << QStringLiteral("the type ") + type + QStringLiteral(" is not described");
            return;
        }
        if (type.endsWith(u"json") && !exchanged.headers.contains("content-encoding"))
            wrong << m_schema.mistakes(jsonOf(exchanged.body), content.value(type).toObject().value(
                                                                   QStringLiteral("schema")));
    }

    /// What the server accepted must be what the description allows.
    void checkRequest(const Exchanged &exchanged, const QString &path, const QString &described,
                      const QJsonObject &item, const QJsonObject &operation,
                      QStringList &wrong) const
    {
        const QUrlQuery query(
            QString::fromStdString(exchanged.target).section(u'?', 1).replace(u'+', u' '));
        QStringList known;
        for (const QJsonObject &parameter : parametersOf(item, operation)) {
            const QString name = parameter.value(QStringLiteral("name")).toString();
            const QString in = parameter.value(QStringLiteral("in")).toString();
            QString text;
            if (in == u"query") {
                known << name;
                text = query.queryItemValue(name, QUrl::FullyDecoded);
            } else if (in == u"path") {
                const qsizetype at = described.split(u'/').indexOf(u'{' + name + u'}');
                text = QUrl::fromPercentEncoding(path.split(u'/').value(at).toUtf8());
            }
            if (!text.isEmpty())
                checkText(text, parameter, wrong);
        }
        for (const auto &[name, value] : query.queryItems()) {
            if (!known.contains(name))
                wrong << QStringLiteral("the parameter ") + name
                             + QStringLiteral(" is not described");
        }
        checkRequestBody(exchanged, operation, wrong);
    }

    /// Text of a parameter is a number or a flag where its schema says so.
    void checkText(const QString &text, const QJsonObject &parameter, QStringList &wrong) const
    {
        const QJsonValue schema = parameter.value(QStringLiteral("schema"));
        bool isNumber = false;
        const double number = text.toDouble(&isNumber);
        QList<QJsonValue> readings{QJsonValue(text)};
        if (isNumber)
            readings << QJsonValue(number);
        if (text == u"true" || text == u"false")
            readings << QJsonValue(text == u"true");
        QStringList reasons;
        for (const QJsonValue &reading : readings) {
            const QStringList found = m_schema.mistakes(
                reading, schema, u'?' + parameter.value(QStringLiteral("name")).toString());
            if (found.isEmpty())
                return;
            reasons << found;
        }
        wrong << reasons;
    }

    void checkRequestBody(const Exchanged &exchanged, const QJsonObject &operation,
                          QStringList &wrong) const
    {
        const QJsonObject body = operation.value(QStringLiteral("requestBody")).toObject();
        if (exchanged.requestBody.empty()) {
            if (body.value(QStringLiteral("required")).toBool())
                wrong << QStringLiteral("a body is described as required");
            return;
        }
        const QJsonObject content = body.value(QStringLiteral("content")).toObject();
        const QString type = typeOf(exchanged.requestType);
        if (content.isEmpty())
            return; // a body that nobody reads
        if (!content.contains(type))
            wrong << QStringLiteral("a body of type ") + type + QStringLiteral(" is not described");
        else if (type.endsWith(u"json"))
            wrong << m_schema.mistakes(
                withoutNulls(jsonOf(exchanged.requestBody)),
                content.value(type).toObject().value(QStringLiteral("schema")),
                QStringLiteral("body"));
    }

    /// What is refused as unknown must not be described.
    void checkRefusedNames(const Exchanged &exchanged, const QJsonObject &item,
                           const QJsonObject &operation, QStringList &wrong) const
    {
        if (exchanged.status != 400 && exchanged.status != 422)
            return;
        QStringList parameters;
        for (const QJsonObject &parameter : parametersOf(item, operation)) {
            const QString name = parameter.value(QStringLiteral("name")).toString();
            if (parameter.value(QStringLiteral("in")).toString() == u"query"
                && name != u"account_id")
                parameters << u'?' + name;
        }
        const QJsonValue schema = operation.value(QStringLiteral("requestBody"))
                                      .toObject()
                                      .value(QStringLiteral("content"))
                                      .toObject()
                                      .value(QStringLiteral("application/json"))
                                      .toObject()
                                      .value(QStringLiteral("schema"));
        const QJsonObject fields =
            m_schema.resolved(schema).toObject().value(QStringLiteral("properties")).toObject();
        for (const QJsonValue &error :
             jsonOf(exchanged.body).toObject().value(QStringLiteral("errors")).toArray()) {
            const QString pointer = error.toObject().value(QStringLiteral("pointer")).toString();
            if (error.toObject().value(QStringLiteral("code")).toString() == u"UNKNOWN_FIELD"
                && (parameters.contains(pointer) || fields.contains(pointer.mid(1))))
                wrong << pointer + QStringLiteral(" is described, but was refused as unknown");
        }
    }

    JsonSchema m_schema;
    QJsonObject m_paths;
};

} // namespace khop::test

#endif
