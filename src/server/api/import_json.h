// SPDX-License-Identifier: GPL-3.0-or-later
// Previews of statements and imported batches as JSON.
#pragma once

#include "server/api/market_view.h"
#include "server/json/writer.h"
#include "base/sentences.h"
#include "statement/import_preview.h"

namespace khop::server {

/// The members of a preview; of each list of rows at most `most`.
void writePreview(JsonWriter &json, const ImportPreview &preview, const MarketView &market,
                  Language language, std::size_t most);
void writeImport(JsonWriter &json, const ImportRecord &record, const MarketView &market);
void writeImportRow(JsonWriter &json, const ImportRow &row, std::string_view currency,
                    const MarketView &market);
std::string_view name(PortfolioCash::Kind kind); // DEPOSIT WITHDRAW …

} // namespace khop::server
