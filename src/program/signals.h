// SPDX-License-Identifier: GPL-3.0-or-later
// SIGTERM and SIGINT end the event loop, so that everything is closed in order.
#pragma once

namespace khop {

void quitOnSignals();

} // namespace khop
