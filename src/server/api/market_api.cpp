// SPDX-License-Identifier: GPL-3.0-or-later
// Books, trades, instruments and markets.
#include "server/api/api.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/quote_json.h"
#include "server/api/records_json.h"

#include <charconv>

namespace khop::server {

namespace {

constexpr Text bookRead{"The order book.", "Sổ lệnh."};
constexpr Text tradesRead{"The trades.", "Danh sách giao dịch khớp."};
constexpr Text tradeRead{"The trade.", "Giao dịch khớp."};
constexpr Text quotesRead{"The quotes.", "Bảng giá."};
constexpr Text instrumentsRead{"The instruments.", "Danh sách chứng khoán."};
constexpr Text instrumentRead{"The instrument.", "Thông tin chứng khoán."};
constexpr Text stateSet{"The state of the instrument was set.",
                        "Đã đặt trạng thái của chứng khoán."};
constexpr Text marketsRead{"The markets.", "Danh sách thị trường."};

} // namespace

void Api::getBook(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "depth", "desk"}) || !practiceDesk(call))
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, true, refused);
    if (refused)
        return;
    std::size_t levels = 5;
    if (const auto text = call.query.get("depth")) {
        const auto parsed = parseDecimal(*text, 0);
        if (!parsed || *parsed < 1 || *parsed > 50) {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, "depth", shortened(*text, 16), "1…50"});
            return;
        }
        levels = static_cast<std::size_t>(*parsed);
    }
    JsonWriter json;
    writeBook(json, m_service.depth(instrument->index, levels), m_market);
    succeed(call.to, 200, bookRead, json.text());
}

void Api::listTrades(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "from", "to", "start_date", "end_date", "mine",
                          "limit", "cursor", "offset", "page", "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, false, refused);
    if (refused)
        return;
    TradeQuery query;
    query.limit = page->limit;
    query.offset = page->offset;
    query.before = page->before;
    if (instrument)
        query.instrument = instrument->index;
    if (const auto mine = call.query.get("mine")) {
        if (*mine != "true" && *mine != "false") {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, "mine", shortened(*mine, 16), "true, false"});
            return;
        }
        if (*mine == "true")
            query.account = call.caller->account;
    }
    const auto from = timeFilter(call.query, {"from", "start_date"}, false);
    const auto to = timeFilter(call.query, {"to", "end_date"}, true);
    if (!from || !to) {
        failQuery(call.to, from ? to.error() : from.error());
        return;
    }
    query.from = *from;
    query.to = *to;
    m_service.queryTrades(
        query, here<Page<TradeRecord>>([this, whom = call.to,
                                        caller = call.caller](Result<Page<TradeRecord>> rows) {
            if (!rows) {
                fail(whom, rows.error());
                return;
            }
            const Time now = m_service.now();
            JsonWriter json;
            json.beginObject().field("username", caller->claims.username);
            writePage(json, "trades", *rows, [&](const TradeRecord &trade) {
                writeTrade(json, trade, m_market, caller->account, caller->isAdmin(), now);
            });
            json.endObject();
            succeed(whom, 200, tradesRead, json.text());
        }));
}

// A trade's id carries its number, so that it is found like a page of one.
void Api::getTrade(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const std::optional<Uuid> id = Uuid::parse(call.parameters.front());
    if (!id) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    TradeQuery query;
    query.limit = 1;
    query.before = uuid7Low(*id) + 1;
    m_service.queryTrades(query,
                          here<Page<TradeRecord>>([this, to = call.to, caller = call.caller,
                                                   id = *id](Result<Page<TradeRecord>> rows) {
                              if (!rows) {
                                  fail(to, rows.error());
                                  return;
                              }
                              if (rows->rows.empty() || rows->rows.front().id != id) {
                                  fail(to, Error{Code::NOT_FOUND});
                                  return;
                              }
                              JsonWriter json;
                              writeTrade(json, rows->rows.front(), m_market, caller->account,
                                         caller->isAdmin(), m_service.now());
                              succeed(to, 200, tradeRead, json.text());
                          }));
}

void Api::listQuotes(Call &call)
{
    constexpr std::size_t most = 200;
    if (!allowOnly(call, {"symbols", "desk"}) || !practiceDesk(call))
        return;
    std::vector<const Instrument *> instruments;
    std::string_view symbols = call.query.get("symbols").value_or(m_options.defaultSymbol);
    if (symbols.empty()) {
        failQuery(call.to, Error{Code::REQUIRED, "symbols"});
        return;
    }
    while (!symbols.empty()) {
        const std::size_t comma = symbols.find(',');
        const std::string_view symbol = symbols.substr(0, comma);
        symbols = comma == std::string_view::npos ? std::string_view{} : symbols.substr(comma + 1);
        const Instrument *instrument = m_market.find(symbol);
        if (!instrument) {
            failQuery(call.to, Error{Code::INSTRUMENT_UNKNOWN, "symbols", shortened(symbol, 32)});
            return;
        }
        instruments.push_back(instrument);
        if (instruments.size() > most) {
            failQuery(call.to, Error{Code::VALIDATION_ERROR, "symbols", {}, "at most 200 symbols"});
            return;
        }
    }
    JsonWriter json;
    json.beginObject().key("quotes").beginArray();
    for (const Instrument *instrument : instruments) {
        json.beginObject();
        writeQuote(json, m_service.quote(instrument->index), *instrument, m_market);
        json.endObject();
    }
    json.endArray()
        .numberField("total_count", static_cast<std::int64_t>(instruments.size()))
        .endObject();
    succeed(call.to, 200, quotesRead, json.text());
}

void Api::listInstruments(Call &call)
{
    if (!allowOnly(call, {"market", "exchange", "active", "limit", "cursor", "offset", "page",
                          "page_size", "desk"})
        || !practiceDesk(call))
        return;
    const auto page = paging(call);
    if (!page)
        return;
    std::optional<Exchange> exchange;
    for (const char *filter : {"market", "exchange"}) {
        if (const auto text = call.query.get(filter)) {
            exchange = exchangeFromName(upperCase(*text));
            if (!exchange) {
                failQuery(call.to, Error{Code::VALIDATION_ERROR, filter, shortened(*text, 16),
                                         "HOSE, HNX, UPCOM, SPOT"});
                return;
            }
        }
    }
    std::optional<bool> active;
    if (const auto text = call.query.get("active")) {
        if (*text != "true" && *text != "false") {
            failQuery(call.to,
                      Error{Code::VALIDATION_ERROR, "active", shortened(*text, 16), "true, false"});
            return;
        }
        active = *text == "true";
    }
    const bool asAssets = call.request.path.find("/inventory/") != std::string_view::npos;
    JsonWriter json;
    json.beginObject().key(asAssets ? "assets" : "instruments").beginArray();
    std::size_t matched = 0;
    std::size_t written = 0;
    std::optional<std::string> next;
    InstrumentIndex last = 0;
    bool more = false;
    for (const Instrument &instrument : m_market.instruments()) {
        if ((exchange && instrument.exchange != *exchange)
            || (active && instrument.active != *active))
            continue;
        ++matched;
        if (matched <= page->offset || (page->before && instrument.index < *page->before))
            continue;
        if (written == page->limit) {
            more = true;
            continue;
        }
        writeInstrument(json, instrument, m_service.quote(instrument.index), m_market);
        last = instrument.index;
        ++written;
    }
    json.endArray();
    json.numberField("total_count", static_cast<std::int64_t>(matched)).field("has_more", more);
    json.optionalField("next_cursor", more ? std::optional(Paging::cursor(std::uint64_t{last} + 1))
                                           : std::nullopt);
    json.endObject();
    succeed(call.to, 200, instrumentsRead, json.text());
}

void Api::getInstrument(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    if (!instrument) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    JsonWriter json;
    writeInstrument(json, *instrument, m_service.quote(instrument->index), m_market);
    succeed(call.to, 200, instrumentRead, json.text());
}

void Api::setInstrumentState(Call &call, SetInstrumentState::Action action)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    const Instrument *instrument = m_market.find(call.parameters.front());
    if (!instrument) {
        fail(call.to, Error{Code::NOT_FOUND});
        return;
    }
    submit(SetInstrumentState{instrument->index, action}, call.to,
           [this, index = instrument->index](const Answerer &to, CommandResult result) {
               m_market.refresh();
               const Instrument *now = m_market.instrument(index);
               if (!result.ok() || !now) {
                   fail(to, result.ok() ? Error{Code::INSTRUMENT_UNKNOWN} : result.error);
                   return;
               }
               JsonWriter json;
               writeInstrument(json, *now, m_service.quote(index), m_market);
               succeed(to, 200, stateSet, json.text());
           });
}

void Api::haltInstrument(Call &call) { setInstrumentState(call, SetInstrumentState::Action::Halt); }

void Api::resumeInstrument(Call &call)
{
    setInstrumentState(call, SetInstrumentState::Action::Resume);
}

void Api::activateInstrument(Call &call)
{
    setInstrumentState(call, SetInstrumentState::Action::Activate);
}

void Api::deactivateInstrument(Call &call)
{
    setInstrumentState(call, SetInstrumentState::Action::Deactivate);
}

void Api::listMarkets(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    JsonWriter json;
    json.beginObject().key("markets").beginArray();
    for (int i = 0; i < exchangeCount; ++i)
        writeSession(json, m_service.session(static_cast<Exchange>(i)));
    json.endArray().numberField("total_count", exchangeCount).endObject();
    succeed(call.to, 200, marketsRead, json.text());
}

} // namespace khop::server
