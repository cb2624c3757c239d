// SPDX-License-Identifier: GPL-3.0-or-later
// Small files that only their owner reads: secrets and keys.
#pragma once

#include "base/result.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

namespace khop {

/// Creates a file with 0600. What was there is replaced at once: after a crash either the old or the new
/// content is there, whole. CONFIGURATION_ERROR names the file.
Result<void> writePrivately(const QString &path, const QByteArray &content);
/// The content, up to a mebibyte; takes rights of others away. CONFIGURATION_ERROR names the file.
Result<QByteArray> readPrivately(const QString &path);

} // namespace khop
