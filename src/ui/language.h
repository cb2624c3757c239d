// SPDX-License-Identifier: GPL-3.0-or-later
// Vietnamese or English, switched while the program runs: widgets hear of it as LanguageChange.
#pragma once

#include "base/sentences.h"

#include <QString>

namespace khop::ui {

/// Loads the texts of "vi" or "en" (anything else: English) and tells every widget.
void setLanguage(const QString &code);
QString languageCode(); ///< "vi" or "en"
Language language();    ///< the same for sentence()
/// A refusal as a sentence in the language of the screen.
QString sentenceText(const Error &error);

} // namespace khop::ui
