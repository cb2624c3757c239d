// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/settings.h"

#include <array>

namespace khop {

namespace {

using Use = Setting::Use;

constexpr std::array table{
    Setting{"data-dir", "KHOP_DATA_DIR", "DIR", "~/.local/share/khop", "Where everything is kept."},
    Setting{"host", "HOST", "HOST", "127.0.0.1", "Address to serve on."},
    Setting{"port", "PORT", "PORT", "8001", "Port to serve on; 0: any free one."},
    Setting{"database", "DATABASE_URL", "URL", "sqlite:///DATA-DIR/khop.db",
            "Database: sqlite:///FILE."},
    Setting{"journal-keys", "JOURNAL_KEY_FILE", "FILE", "the database's name and .keys",
            "Keys of the journal's chain; where who can write the database cannot."},
    Setting{"instruments", "", "FILE", "", "Instruments from this CSV file."},
    Setting{"rules", "", "FILE", "", "Market rules from this JSON file."},
    Setting{"clock", "", "TIME", "",
            "Start the practice clock at this exchange time, e.g. 2026-11-20T09:05:00+07:00."},
    Setting{"speed", "", "N", "1", "Speed of the practice clock, 0 (held) to 100."},
    Setting{"participants", "", "on|off", "on", "Practice participants: on or off."},
    Setting{"seed", "", "N", "1", "Seed of the practice participants."},
    Setting{"crowd", "", "FILE", "", "Shape of the participants from this JSON file."},
    Setting{"candles", "", "FILE|DIR", "",
            "Practice days by daily candles: SYMBOL.csv, or a folder of them."},
    Setting{"candle-unit", "", "kVND|VND", "", "Unit of the candles' prices."},
    Setting{"candle-date", "", "DATE", "",
            "The candle that the first practice day follows; without it the last."},
    Setting{"replay", "", "FILE", "", "Replay this recording on a practice clock."},
    Setting{"record", "", "NAME", "", "Record the practice day under this name."},
    Setting{"demo", "", "", "", "A practice market with a demo account and open registration."},
    Setting{"tls-cert", "TLS_CERT_FILE", "FILE", "",
            "Serve HTTPS with this certificate and those between it and the root (PEM)."},
    Setting{"tls-key", "TLS_KEY_FILE", "FILE", "", "The certificate's private key (PEM)."},
    Setting{"tls-self-signed", "", "", "",
            "Serve HTTPS with a certificate made and kept in the data directory."},
    Setting{"behind-proxy", "BEHIND_PROXY", "ADDR", "",
            "The proxy that ends TLS; X-Forwarded headers count from this address only."},
    Setting{"allow-host", "ALLOWED_HOSTS", "NAMES", "",
            "Further names served, as in Host headers, separated by commas."},
    Setting{"allow-origin", "ALLOWED_ORIGINS", "ORIGINS", "",
            "Origins of web pages that may open streams, separated by commas."},
    Setting{"metrics-token-file", "METRICS_TOKEN_FILE", "FILE", "",
            "The token in this file reads /metrics from other computers too."},
    Setting{"rate-limit", "RATE_LIMIT", "N", "100000; 1000 where others reach it",
            "Requests a second of one user; an address may make twice as many."},
    Setting{"login-rate-limit", "LOGIN_RATE_LIMIT", "N", "300",
            "Log-ins, refreshes and registrations a minute from one address."},
    Setting{"lang", "", "vi|en", "", "Language of the desktop.", false, Use::Desktop},
    Setting{"", "ENVIRONMENT", "NAME", "production",
            "development, testing, staging or production; a weak SECRET_KEY is let through only in "
            "development."},
    Setting{"", "SECRET_KEY", "TEXT", "made and kept in the data directory",
            "Signs access tokens; at least 32 random bytes.", true},
    Setting{"", "ALGORITHM", "NAME", "HS256", "Of access tokens: HS256, and nothing else."},
    Setting{"", "ACCESS_TOKEN_EXPIRE_MINUTES", "N", "30", "Life of an access token, 1 to 1440."},
    Setting{"", "DEFAULT_SYMBOL", "SYMBOL", "", "The instrument of requests that name none."},
    Setting{"", "DEFAULT_MARKET", "NAME", "HOSE", "HOSE, HNX, UPCOM or SPOT."},
    Setting{"", "MAX_ORDER_SIZE", "N", "",
            "Most units in one order; the exchange's own maximum counts too."},
    Setting{"", "MAX_POSITIONS", "N", "", "Most symbols an account holds."},
    Setting{"", "LOG_LEVEL", "NAME", "info", "debug, info, warning or error."},
    Setting{"", "DEBUG", "true|false", "false", "true: LOG_LEVEL is debug unless given."},
    Setting{"", "DATABASE_ECHO", "true|false", "false",
            "Taken for compatibility; statements are not logged."},
    Setting{"", "LIVE_DATABASE_URL", "URL", "",
            "Database of the live desk: sqlite:///FILE. Kept for it."},
    Setting{"", "REDIS_URL", "URL", "", "redis://HOST or rediss://HOST. Not used yet."},
    Setting{"", "REDIS_PASSWORD", "TEXT", "", "Its password.", true},
    Setting{"", "SSI_API_URL", "URL", "", "The broker's address, https."},
    Setting{"", "SSI_API_KEY", "TEXT", "", "ConsumerID.", true},
    Setting{"", "SSI_API_SECRET", "TEXT", "", "ConsumerSecret.", true},
    Setting{"", "SSI_PRIVATE_KEY_FILE", "FILE", "", "The private key for trading at the broker."},
    Setting{"", "SSI_PIN_FILE", "FILE", "", "The file with the PIN."},
    Setting{"", "SSI_ACCOUNT", "TEXT", "", "The account at the broker."},
};

} // namespace

std::span<const Setting> allSettings() { return table; }

} // namespace khop
