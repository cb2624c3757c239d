// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/commands.h"
#include "program/house.h"

#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

constexpr const char *usage =
    "khopd user add NAME --role viewer|trader|admin [--foreign] --password-stdin | "
    "passwd NAME --password-stdin | role NAME viewer|trader|admin | enable NAME | disable NAME | "
    "list [--data-dir DIR]";

Error misuse(const QStringList &arguments)
{
    return {Code::CONFIGURATION_ERROR, "command line",
            u"user %1"_s.arg(arguments.join(u' ')).toStdString(), usage};
}

/// Takes an option and its value off the list.
std::optional<QString> taken(QStringList &arguments, const QString &option)
{
    const qsizetype at = arguments.indexOf(option);
    if (at < 0 || at + 1 >= arguments.size())
        return std::nullopt;
    arguments.remove(at);
    return arguments.takeAt(at);
}

std::string lineOfInput()
{
    std::string line;
    std::getline(std::cin, line);
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

void print(const server::User &user)
{
    std::printf("user %s %s account %s%s\n", user.username.c_str(),
                std::string(name(user.role)).c_str(), user.accountId.text().c_str(),
                user.active ? "" : " disabled");
}

/// The users of the data directory that the rest of the arguments names.
Result<std::unique_ptr<server::Identity>> openUsers(const QStringList &options)
{
    const auto read = readLaunchOptions(ProgramKind::Server, options);
    if (!read)
        return std::unexpected(read.error());
    if (const auto made = makeDataDir(read->dataDir); !made)
        return std::unexpected(made.error());
    return openIdentity(*read);
}

Result<server::User> change(server::Identity &identity, const std::string &username,
                            const server::UserChange &change)
{
    for (const server::User &user : identity.users()) {
        if (user.username == username)
            return identity.updateUser(user.id, change);
    }
    return refuse(Code::VALIDATION_ERROR, "NAME", username, "the name of a user");
}

int add(QStringList arguments)
{
    const auto role = taken(arguments, u"--role"_s);
    const auto parsed = server::roleFromName(role.value_or(QString()).toStdString());
    const bool fromInput = arguments.removeAll(u"--password-stdin"_s) > 0;
    server::NewUser request;
    request.foreign = arguments.removeAll(u"--foreign"_s) > 0;
    if (arguments.isEmpty() || !parsed || !fromInput)
        return complain(misuse(QStringList{u"add"_s} + arguments));
    request.username = arguments.takeFirst().toStdString();
    request.role = *parsed;
    const auto identity = openUsers(arguments);
    if (!identity)
        return complain(identity.error());
    request.password = lineOfInput();
    const auto user = (*identity)->addUser(request);
    if (!user)
        return complain(user.error());
    print(*user);
    return 0;
}

int list(const QStringList &arguments)
{
    const auto identity = openUsers(arguments);
    if (!identity)
        return complain(identity.error());
    for (const server::User &user : (*identity)->users())
        print(user);
    return 0;
}

int changeOne(const QString &verb, QStringList arguments)
{
    const QStringList given = QStringList{verb} + arguments;
    server::UserChange wanted;
    const bool fromInput = arguments.removeAll(u"--password-stdin"_s) > 0;
    if (arguments.isEmpty() || fromInput != (verb == u"passwd"_s))
        return complain(misuse(given));
    const std::string username = arguments.takeFirst().toStdString();
    if (verb == u"role"_s) {
        wanted.role = arguments.isEmpty()
                          ? std::nullopt
                          : server::roleFromName(arguments.takeFirst().toStdString());
        if (!wanted.role)
            return complain(misuse(given));
    } else if (verb != u"passwd"_s) {
        wanted.active = verb == u"enable"_s;
    }
    const auto identity = openUsers(arguments);
    if (!identity)
        return complain(identity.error());
    if (fromInput)
        wanted.password = lineOfInput();
    const auto user = change(**identity, username, wanted);
    if (!user)
        return complain(user.error());
    print(*user);
    return 0;
}

} // namespace

int userCommand(QStringList arguments)
{
    const QString verb = arguments.isEmpty() ? QString() : arguments.takeFirst();
    if (verb == u"add"_s)
        return add(arguments);
    if (verb == u"list"_s)
        return list(arguments);
    if (verb == u"passwd"_s || verb == u"role"_s || verb == u"enable"_s || verb == u"disable"_s)
        return changeOne(verb, arguments);
    return complain(misuse(QStringList{verb} + arguments));
}

} // namespace khop
