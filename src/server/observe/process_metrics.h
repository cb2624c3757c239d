// SPDX-License-Identifier: GPL-3.0-or-later
// What the operating system knows of the process, under the names Prometheus' clients share.
#pragma once

#include "server/observe/metrics_text.h"

#include <cstdint>

namespace khop::server {

/// `startedAt` in Unix milliseconds. What the system does not tell is left out.
void writeProcessMetrics(MetricsText &text, std::int64_t startedAt);

} // namespace khop::server
