// SPDX-License-Identifier: GPL-3.0-or-later
// The two shapes of every answer: the envelope of success, and the problem (RFC 9457) that is an
// envelope too.
#pragma once

#include "base/result.h"
#include "base/sentences.h"
#include "server/http/response.h"

#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

/// A sentence of the server's own, in both languages.
struct Text {
    std::string_view english;
    std::string_view vietnamese;
    std::string_view in(Language language) const
    {
        return language == Language::Vietnamese ? vietnamese : english;
    }
};

int httpStatus(Code code);

/// The field of an error as a JSON pointer: condition.trigger_price is /condition/trigger_price.
std::string pointerTo(const Error &error);

class JsonWriter;
/// One member of errors[]; `inQuery`: the field is a query parameter.
void writeItem(JsonWriter &json, const Error &error, bool inQuery, Language language);
/// The code of several errors together: the one they share, else VALIDATION_ERROR.
Code leadingCode(const std::vector<Error> &errors);

Response success(int status, const Text &message, std::string_view data, std::string_view requestId,
                 Language language);

struct ProblemOptions {
    int status = 0;               // 0: the code's own
    bool inQuery = false;         // the field is a query parameter
    std::string_view hint = {};   // one more sentence
    std::string_view detail = {}; // instead of the code's sentence
};
Response problem(const Error &error, std::string_view requestId, Language language,
                 const ProblemOptions &options = {});
/// Several fields are wrong: VALIDATION_ERROR (or the one code they share) with each in errors[].
Response problems(const std::vector<Error> &errors, std::string_view requestId, Language language);

/// The language a client asks for (Accept-Language); English unless it prefers Vietnamese.
Language preferredLanguage(std::string_view acceptLanguage);

} // namespace khop::server
