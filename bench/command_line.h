// SPDX-License-Identifier: GPL-3.0-or-later
// The options of one sub-command: declared once, read from the command line, shown by --help.
// Options are `--name VALUE` or `--name=VALUE`.
#pragma once

#include "subcommands.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop::bench {

class CommandLine
{
public:
    CommandLine(std::string subcommand, std::string purpose);

    /// An option with a value; without a fallback it is required.
    void option(std::string name, std::string valueName, std::string help,
                std::optional<std::string> fallback = std::nullopt);
    /// Arguments without a name, at least one.
    void files(std::string valueName, std::string help);

    /// Reads the arguments; an exit code when the sub-command has nothing left to do: --help was
    /// answered, or an error was printed.
    std::optional<int> read(const Arguments &arguments);

    const std::string &text(std::string_view name) const { return m_values.find(name)->second; }
    /// A whole number within bounds; nothing, with the error printed, when it is none.
    std::optional<std::int64_t> number(std::string_view name, std::int64_t least,
                                       std::int64_t most) const;
    const std::vector<std::string> &files() const { return m_files; }

    /// Prints "khop-bench NAME: message" to standard error and gives the exit code back.
    int error(const std::string &message, int exitCode = exitUsage) const;

private:
    struct Option {
        std::string name;
        std::string valueName;
        std::string help;
        std::optional<std::string> fallback;
    };
    void printHelp() const;

    std::string m_subcommand;
    std::string m_purpose;
    std::vector<Option> m_options;
    std::string m_filesName;
    std::string m_filesHelp;
    std::map<std::string, std::string, std::less<>> m_values;
    std::vector<std::string> m_files;
};

} // namespace khop::bench
