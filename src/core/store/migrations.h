// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a desk, version by version.
#pragma once

#include <QStringList>

#include <vector>

namespace khop {

/// Entry n brings version n to n + 1. Never changed once released.
const std::vector<QStringList> &migrations();

} // namespace khop
