// SPDX-License-Identifier: GPL-3.0-or-later
// The Vietnamese of the desktop: complete, with the source's markers, in the terms of the glossary.
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>

using namespace Qt::StringLiterals;

namespace {

struct Message {
    QString context, source, comment, type;
    QStringList translations; // one, or the plural forms
    bool numerus = false;

    QString key() const { return context + u'|' + comment + u'|' + source; }
};

QList<Message> messagesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    QXmlStreamReader xml(&file);
    QList<Message> messages;
    QString context;
    Message message;
    while (!xml.atEnd()) {
        const QXmlStreamReader::TokenType token = xml.readNext();
        if (token == QXmlStreamReader::EndElement && xml.name() == u"message")
            messages << std::exchange(message, Message{});
        if (token != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"name") {
            context = xml.readElementText();
        } else if (xml.name() == u"message") {
            message.context = context;
            message.numerus = xml.attributes().value("numerus"_L1) == u"yes";
        } else if (xml.name() == u"source") {
            message.source = xml.readElementText();
        } else if (xml.name() == u"comment") {
            message.comment = xml.readElementText();
        } else if (xml.name() == u"translation") {
            message.type = xml.attributes().value("type"_L1).toString();
            if (!message.numerus) {
                message.translations << xml.readElementText();
                continue;
            }
            while (xml.readNextStartElement())
                message.translations << xml.readElementText();
        }
    }
    if (xml.hasError())
        qFatal("%s: %s", qPrintable(path), qPrintable(xml.errorString()));
    return messages;
}

QStringList markersOf(const QString &text)
{
    static const QRegularExpression marker(u"%(n|L?\\d+)"_s);
    QStringList markers;
    for (auto it = marker.globalMatch(text); it.hasNext();)
        markers << it.next().captured();
    markers.sort();
    return markers;
}

QString translationFile(const QString &name)
{
    return QStringLiteral(KHOP_SOURCE_DIR) + u"/translations/"_s + name;
}

/// What lupdate finds in the sources, as keys.
QSet<QString> keysInSources(const QString &language, const QStringList &options)
{
    QTemporaryDir folder;
    const QString ts = folder.filePath(u"khop_%1.ts"_s.arg(language));
    QProcess lupdate;
    QStringList arguments{u"-silent"_s, u"-locations"_s, u"none"_s, u"-I"_s,
                          QStringLiteral(KHOP_SOURCE_DIR "/src")};
    arguments << options << QStringLiteral(KHOP_UI_PATHS).split(u'|') << u"-ts"_s << ts;
    lupdate.start(QStringLiteral(KHOP_LUPDATE), arguments);
    if (!lupdate.waitForFinished() || lupdate.exitCode() != 0)
        qFatal("lupdate failed: %s", lupdate.readAllStandardError().constData());
    QSet<QString> keys;
    for (const Message &message : messagesOf(ts))
        keys << message.key();
    return keys;
}

QSet<QString> keysOf(const QList<Message> &messages)
{
    QSet<QString> keys;
    for (const Message &message : messages)
        keys << message.key();
    return keys;
}

QString listed(const QSet<QString> &keys)
{
    QStringList all(keys.begin(), keys.end());
    all.sort();
    return all.join(u'\n');
}

} // namespace

class TranslationsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMessageIsTranslated_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"khop_vi.ts", "khop_en.ts", "qtbase_vi.ts"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }

    void everyMessageIsTranslated()
    {
        QFETCH(QString, file);
        const QList<Message> messages = messagesOf(translationFile(file));
        QVERIFY(!messages.isEmpty());
        for (const Message &message : messages) {
            QVERIFY2(message.type.isEmpty(), qPrintable(message.key() + u" is "_s + message.type));
            QVERIFY2(!message.translations.isEmpty(), qPrintable(message.key()));
            for (const QString &translation : message.translations)
                QVERIFY2(!translation.trimmed().isEmpty(), qPrintable(message.key()));
        }
    }

    void markersAreThoseOfTheSource_data() { everyMessageIsTranslated_data(); }

    void markersAreThoseOfTheSource()
    {
        QFETCH(QString, file);
        for (const Message &message : messagesOf(translationFile(file))) {
            for (const QString &translation : message.translations)
                QVERIFY2(markersOf(translation) == markersOf(message.source),
                         qPrintable(message.key()));
        }
    }

    void nothingInTheSourcesIsMissing()
    {
        const QSet<QString> sources = keysInSources(u"vi"_s, {});
        const QSet<QString> vietnamese = keysOf(messagesOf(translationFile(u"khop_vi.ts"_s)));
        QVERIFY2(vietnamese == sources,
                 qPrintable(u"missing:\n"_s + listed(sources - vietnamese)
                            + u"\nno longer used:\n"_s + listed(vietnamese - sources)));
        const QSet<QString> plurals = keysInSources(u"en"_s, {u"-pluralonly"_s});
        const QSet<QString> english = keysOf(messagesOf(translationFile(u"khop_en.ts"_s)));
        QVERIFY2(english == plurals,
                 qPrintable(u"missing:\n"_s + listed(plurals - english) + u"\nno longer used:\n"_s
                            + listed(english - plurals)));
    }

    void glossaryTermsAreUsedAsTheyStand()
    {
        QFile file(translationFile(u"glossary.csv"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        struct Term {
            QString full, brief;
            bool used = false;
        };
        QMap<QString, Term> terms;
        const QStringList lines =
            QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const QStringList fields = lines[i].split(u',');
            QCOMPARE(fields.size(), 3);
            terms[fields[0].toLower()] = {fields[1], fields[2]};
        }
        for (const Message &message : messagesOf(translationFile(u"khop_vi.ts"_s))) {
            // A menu's mnemonic is no part of its term; the & of P&L is.
            QString source = message.source.toLower();
            if (!terms.contains(source))
                source.remove(u'&');
            const auto term = terms.find(source);
            if (term == terms.end())
                continue;
            term->used = true;
            QString translation = message.translations.value(0);
            translation.remove(u'&'); // mnemonics
            // A comment "short" marks a place where only the short form fits.
            const bool brief = message.comment == u"short" && !term->brief.isEmpty();
            const bool fits = brief ? translation == term->brief
                                    : translation == term->full || translation == term->brief;
            QVERIFY2(fits, qPrintable(u"%1 is “%2”, the glossary says “%3” or “%4”"_s.arg(
                               message.key(), translation, term->full, term->brief)));
        }
        for (auto it = terms.cbegin(); it != terms.cend(); ++it)
            QVERIFY2(it->used, qPrintable(it.key() + u" is in the glossary and on no screen"_s));
    }
};

QTEST_GUILESS_MAIN(TranslationsTest)
#include "translations_test.moc"
