// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/language.h"

#include <QCoreApplication>
#include <QTranslator>

#include <memory>
#include <vector>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

struct Loaded {
    QString code = u"en"_s;
    std::vector<std::unique_ptr<QTranslator>> translators;
};

// Translators are installed in the one QCoreApplication, so their owner is one too. It dies with the
// application: QTranslator must not outlive it.
Loaded &loaded()
{
    static Loaded *instance = nullptr;
    if (!instance) {
        instance = new Loaded;
        qAddPostRoutine([] {
            delete instance;
            instance = nullptr;
        });
    }
    return *instance;
}

} // namespace

void setLanguage(const QString &code)
{
    Loaded &state = loaded();
    for (const std::unique_ptr<QTranslator> &translator : state.translators)
        QCoreApplication::removeTranslator(translator.get());
    state.translators.clear();
    state.code = code == "vi"_L1 ? u"vi"_s : u"en"_s;

    QStringList files{u":/i18n/khop_%1.qm"_s.arg(state.code)};
    if (state.code == "vi"_L1)
        files.prepend(u":/i18n/qtbase_vi.qm"_s);
    for (const QString &file : std::as_const(files)) {
        auto translator = std::make_unique<QTranslator>();
        if (translator->load(file)) {
            QCoreApplication::installTranslator(translator.get());
            state.translators.push_back(std::move(translator));
        }
    }
}

QString languageCode() { return loaded().code; }

Language language() { return loaded().code == "vi"_L1 ? Language::Vietnamese : Language::English; }

QString sentenceText(const Error &error)
{
    return QString::fromStdString(sentence(error, language()));
}

} // namespace khop::ui
