// SPDX-License-Identifier: GPL-3.0-or-later
// Runs something in a child process, so that it may crash, or take all memory and time, and be
// told of.
#pragma once

#include <QtGlobal>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <cstdint>
#include <optional>

namespace khop {

/// What `work` gives; nothing when the process died of it or took longer. Without child processes it
/// runs here.
template <class Work>
std::optional<std::uint64_t> inChild(std::int64_t mostMilliseconds, Work work)
{
#ifdef Q_OS_UNIX
    int ends[2];
    if (pipe(ends) != 0)
        return work();
    const pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return work();
    }
    if (child == 0) {
        for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPROF})
            std::signal(number, SIG_DFL);
        const itimerval time{{}, {mostMilliseconds / 1'000, mostMilliseconds % 1'000 * 1'000}};
        setitimer(ITIMER_PROF, &time,
                  nullptr); // of the processor, so that a busy machine does not matter
        constexpr rlimit noFile{0, 0};
        setrlimit(RLIMIT_CORE, &noFile);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        constexpr rlimit bytes{rlim_t{4} << 30, rlim_t{4} << 30};
        setrlimit(RLIMIT_AS, &bytes);
#endif
        const std::uint64_t result = work();
        _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
    }
    close(ends[1]);
    std::uint64_t result = 0;
    const bool answered = read(ends[0], &result, sizeof result) == sizeof result;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return answered ? std::optional(result) : std::nullopt;
#else
    return work();
#endif
}

} // namespace khop
