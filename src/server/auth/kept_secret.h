// SPDX-License-Identifier: GPL-3.0-or-later
// The server's own secret, which signs tokens and from which the secrets of API keys are derived.
#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QtCore/qstring.h>

#include <string_view>

namespace khop::server {

/// The secret given (SECRET_KEY), or the kept or a new random one of the data directory. CONFIGURATION_ERROR
/// on one that is short or a placeholder, outside development.
Result<Secret> serverSecret(const Secret &given, const QString &dataDir, bool development);

} // namespace khop::server
