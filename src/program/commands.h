// SPDX-License-Identifier: GPL-3.0-or-later
// What khopd does besides serving. Each answers the process's exit status; `arguments` are those after the
// command's name.
#pragma once

#include "base/result.h"

#include <QStringList>

namespace khop {

int complain(const Error &error); // to standard error; 1

/// add, passwd, role, enable, disable, list: beside a running server or not.
int userCommand(QStringList arguments);
int verifyCommand(const QStringList &arguments);
/// list, rotate: beside a running server or not.
int journalKeyCommand(QStringList arguments);
/// 0: it runs and is healthy; 1: it runs and is not; 3: none runs.
int statusCommand(const QStringList &arguments);
/// The log of the data directory's server, readable; -f goes on until it is stopped.
int logsCommand(QStringList arguments);

} // namespace khop
