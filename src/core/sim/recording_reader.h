// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a recording frame by frame: memory holds one frame whatever the file's size. Every error
// (FILE_INVALID) names the file, where in it, and what is wrong.
#pragma once

#include "sim/recording.h"

#include <QFile>

#include <memory>

namespace khop {

class RecordingReader
{
public:
    /// Opens and reads header and opening.
    static Result<std::unique_ptr<RecordingReader>> open(const QString &path);

    const RecordingHeader &header() const { return m_header; }
    const std::string &openingBytes() const { return m_openingBytes; }
    /// The instruments of the recording with the opening's limits.
    const std::vector<Instrument> &instruments() const { return m_instruments; }

    /// The next block of events, or nothing at the end of a whole file.
    Result<std::optional<std::string>> nextBlock();
    /// After the end: what the file says of itself.
    const RecordingSummary &summary() const { return m_summary; }
    /// Reads the end without what is before it; nothing else can be read afterwards.
    Result<void> skipToEnd();
    /// The hash of the last frame read: after the end the file's own.
    const std::string &chain() const { return m_chain; }

private:
    struct Frame {
        char type = 0;
        std::string payload;
    };
    explicit RecordingReader(const QString &path);
    Result<void> readHead();
    Result<Frame> readFrame();
    std::unexpected<Error> broken(std::string why, std::string bound = {}) const;
    Result<void> check(const std::string &block);

    QFile m_file;
    std::string m_name;
    qint64 m_offset = 0; // of the frame being read
    std::string m_chain;
    RecordingHeader m_header;
    std::string m_openingBytes;
    std::vector<Instrument> m_instruments;
    RecordingSummary m_summary;
    Time m_last;
};

/// What a recording says of itself, from its header and its end only.
Result<RecordingSummary> peekRecording(const QString &path);
/// Reads a whole recording and checks all of it.
Result<RecordingSummary> checkRecording(const QString &path);

} // namespace khop
