// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/private_file.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <filesystem>
#include <system_error>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace khop {

namespace {

/// Waits until the disk has it.
bool flushToDisk(QFile &file)
{
#ifdef Q_OS_WIN
    return file.flush() && ::_commit(file.handle()) == 0;
#else
    return file.flush() && ::fsync(file.handle()) == 0;
#endif
}

/// … and the folder its name. Systems that cannot sync a folder keep names in order by themselves.
void flushFolderOf(const QString &path)
{
#ifndef Q_OS_WIN
    const int folder = ::open(QFile::encodeName(QFileInfo(path).absolutePath()).constData(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
#else
    Q_UNUSED(path);
#endif
}

} // namespace

Result<void> writePrivately(const QString &path, const QByteArray &content)
{
    const auto failed = [&path](const std::string &why) {
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(), why,
                      "a data directory this user can write");
    };
    QFile fresh(path + QStringLiteral(".new"));
    fresh.remove();
    if (!fresh.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                    QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || fresh.write(content) != content.size() || !flushToDisk(fresh))
        return failed(fresh.errorString().toStdString());
    fresh.close();
    std::error_code error;
    std::filesystem::rename(fresh.filesystemFileName(), QFileInfo(path).filesystemFilePath(),
                            error);
    if (error)
        return failed(error.message());
    flushFolderOf(path);
    return {};
}

Result<QByteArray> readPrivately(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                      file.errorString().toStdString(), "a file this user can read");
    if (file.permissions().testAnyFlags(QFileDevice::ReadGroup | QFileDevice::ReadOther
                                        | QFileDevice::WriteGroup | QFileDevice::WriteOther))
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    constexpr qint64 most = 1024 * 1024;
    return file.read(most);
}

} // namespace khop
