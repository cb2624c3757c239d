// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/process_metrics.h"

#include "base/decimal.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace khop::server {

void writeProcessMetrics(MetricsText &text, std::int64_t startedAt)
{
    text.family("process_start_time_seconds", "gauge", "When the process began, in Unix time.");
    text.sample({}, formatDecimal(startedAt, 3));
#ifdef Q_OS_UNIX
    rusage use{};
    if (getrusage(RUSAGE_SELF, &use) == 0) {
        const auto micros = [](const timeval &time) {
            return static_cast<std::int64_t>(time.tv_sec) * 1'000'000 + time.tv_usec;
        };
        text.family("process_cpu_seconds_total", "counter", "Processor time, user and system.");
        text.sample({}, formatDecimal(micros(use.ru_utime) + micros(use.ru_stime), 6));
    }
#endif
#ifdef Q_OS_LINUX
    QFile pages(u"/proc/self/statm"_s);
    if (pages.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> fields = pages.readAll().split(' ');
        if (fields.size() > 1)
            text.gauge("process_resident_memory_bytes", "Memory in use.",
                       fields[1].toLongLong() * sysconf(_SC_PAGESIZE));
    }
    text.gauge("process_open_fds", "Open file descriptors.",
               QDir(u"/proc/self/fd"_s).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size());
#endif
}

} // namespace khop::server
