// SPDX-License-Identifier: GPL-3.0-or-later
// A line of the JSON log as people read it.
#pragma once

#include <QByteArray>

#include <string>

namespace khop {

/// "2026-11-20 09:15:00.123  INFO  server  message  key=value …"; a line that is not a JSON object stays as it is.
/// Control characters, which a terminal would obey, are shown as '?'.
std::string readableLog(const QByteArray &line);

} // namespace khop
