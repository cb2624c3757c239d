// SPDX-License-Identifier: GPL-3.0-or-later
// The description of the API, OpenAPI 3.1, from the short form in which people edit it
// (resources/openapi, whose README states that form) to the document that is served.
#pragma once

#include "base/result.h"

#include <span>
#include <string>
#include <string_view>

namespace khop::server {

struct DescriptionFile {
    std::string name;
    std::string text;
};

/// The first file has what is common, each other one is a tag with its paths and schemas. An error names
/// the file, and the place or the member.
Result<std::string> describeApi(std::span<const DescriptionFile> files);

/// The API of this program; made on the first call.
const Result<std::string> &apiDescription();

/// Makes ready what /openapi.json and /docs answer. It takes about a tenth of a second once; whoever asks before it
/// is done waits. Thread-safe.
void prepareDocs();

} // namespace khop::server
