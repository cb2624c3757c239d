// SPDX-License-Identifier: GPL-3.0-or-later
// The settings of the programs and where each value came from: command line over environment over the files
// of --env-file and --config over the default.
#pragma once

#include "base/result.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <optional>
#include <span>

namespace khop {

enum class ProgramKind { Desktop, Server };

struct Setting {
    enum class Use : std::uint8_t { Both, Server, Desktop };

    const char *option;      // "port", given as --port and as "port=…" in a --config file; "": none
    const char *variable;    // "PORT", in the environment and in files; "": none
    const char *placeholder; // what stands for the value in the help; "": a switch
    const char *fallback;    // the default, as text; "": none
    const char *help;
    bool secret = false;
    Use use = Use::Both;

    bool isSwitch() const { return *placeholder == '\0'; }
    /// What it is called where it has no option: the variable; else the option.
    const char *key() const { return *option ? option : variable; }
};

/// Every setting, in the order of the help.
std::span<const Setting> allSettings();

class Settings
{
public:
    enum class Origin : std::uint8_t { Default, ConfigFile, EnvFile, Environment, CommandLine };
    struct Value {
        QString text;
        Origin origin = Origin::Default;
        QString where; // "--port", "PORT", "/etc/khop.conf:3 PORT"
    };

    /// Reads all sources. CONFIGURATION_ERROR names option, variable or file and line. --help and --version
    /// are answered here, and end the program.
    static Result<Settings> read(ProgramKind kind, const QStringList &arguments);

    /// The value given, by option or, without one, variable; nothing when it is left to its default.
    /// A value given empty counts as not given.
    std::optional<QString> given(const char *key) const;
    /// True for a switch that is on.
    Result<bool> flag(const char *key) const;
    /// The error of a value that will not do.
    std::unexpected<Error> refusal(const char *key, const QString &bound) const;

    /// A line per setting: its name, its value (secrets masked), where it came from.
    QString shown() const;
    bool isPrintWanted() const { return m_print; } // --print-config
    /// Of the files read: those that hold a secret and can be read by other users.
    QStringList openSecrets() const { return m_openSecrets; }

private:
    explicit Settings(ProgramKind kind) : m_kind(kind) {}
    Result<void> readFile(const QString &path, Origin origin);
    void readEnvironment();
    void set(const Setting &setting, Value value);

    ProgramKind m_kind;
    QHash<QString, Value> m_values; // by key()
    QStringList m_openSecrets;
    bool m_print = false;
};

/// The address of a database or cache without its password.
QString withoutPassword(const QString &url);

} // namespace khop
