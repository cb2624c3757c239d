// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace khop::bench {

CommandLine::CommandLine(std::string subcommand, std::string purpose)
    : m_subcommand(std::move(subcommand))
    , m_purpose(std::move(purpose))
{}

void CommandLine::option(std::string name, std::string valueName, std::string help,
                         std::optional<std::string> fallback)
{
    if (fallback)
        m_values[name] = *fallback;
    m_options.push_back(
        {std::move(name), std::move(valueName), std::move(help), std::move(fallback)});
}

void CommandLine::files(std::string valueName, std::string help)
{
    m_filesName = std::move(valueName);
    m_filesHelp = std::move(help);
}

std::optional<int> CommandLine::read(const Arguments &arguments)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        if (argument == "--help" || argument == "-h") {
            printHelp();
            return exitDone;
        }
        if (!argument.starts_with("--")) {
            if (m_filesName.empty() || argument.starts_with("-"))
                return error("unexpected argument '" + argument + "' (see --help)");
            m_files.push_back(argument);
            continue;
        }
        const std::size_t equals = argument.find('=');
        const std::string name =
            argument.substr(2, equals == std::string::npos ? equals : equals - 2);
        if (std::ranges::find(m_options, name, &Option::name) == m_options.end())
            return error("unknown option '--" + name + "' (see --help)");
        if (equals != std::string::npos)
            m_values[name] = argument.substr(equals + 1);
        else if (i + 1 < arguments.size())
            m_values[name] = arguments[++i];
        else
            return error("option '--" + name + "' needs a value (see --help)");
    }
    for (const Option &option : m_options) {
        if (!m_values.contains(option.name))
            return error("option '--" + option.name + "' is required (see --help)");
    }
    if (!m_filesName.empty() && m_files.empty())
        return error("no " + m_filesName + " given (see --help)");
    return std::nullopt;
}

std::optional<std::int64_t> CommandLine::number(std::string_view name, std::int64_t least,
                                                std::int64_t most) const
{
    const std::string &value = text(name);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (problem == std::errc{} && end == value.data() + value.size() && number >= least
        && number <= most)
        return number;
    error("option '--" + std::string(name) + "': '" + value + "' is not a whole number from "
          + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
}

int CommandLine::error(const std::string &message, int exitCode) const
{
    std::fprintf(stderr, "khop-bench %s: %s\n", m_subcommand.c_str(), message.c_str());
    return exitCode;
}

void CommandLine::printHelp() const
{
    std::printf("khop-bench %s [options]%s%s\n%s\n", m_subcommand.c_str(),
                m_filesName.empty() ? "" : (" " + m_filesName + "...").c_str(), "",
                m_purpose.c_str());
    if (!m_options.empty() || !m_filesName.empty())
        std::printf("\n");
    if (!m_filesName.empty())
        std::printf("  %-26s %s\n", m_filesName.c_str(), m_filesHelp.c_str());
    for (const Option &option : m_options) {
        const std::string left = "--" + option.name + " " + option.valueName;
        std::string note;
        if (!option.fallback)
            note = " (required)";
        else if (!option.fallback->empty())
            note = " (default " + *option.fallback + ")";
        std::printf("  %-26s %s%s\n", left.c_str(), option.help.c_str(), note.c_str());
    }
}

} // namespace khop::bench
