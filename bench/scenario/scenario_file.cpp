// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario_file.h"

#include "book_scenario.h"
#include "market_scenario.h"

#include "base/json_tree.h"
#include "base/utf8.h"

#include <QFile>

#include <algorithm>
#include <cstdio>

namespace khop::bench {

namespace {

constexpr qint64 largestFile = 8 << 20;
constexpr std::size_t longestLine = 1'000;

std::string directoryOf(const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

/// Runs the lines of one file, section by section.
class FileRun
{
public:
    explicit FileRun(const std::string &path) : m_directory(directoryOf(path)), m_report(path) {}

    std::expected<ScenarioTotals, std::string> run(std::string_view text)
    {
        std::size_t number = 0;
        while (!text.empty()) {
            const std::size_t size = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, size);
            text.remove_prefix(std::min(size + 1, text.size()));
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if (auto complaint = runLine(++number, line))
                return std::unexpected(m_report.place() + ": " + *complaint);
        }
        m_report.closeEvents();
        return ScenarioTotals{m_sections, m_report.checks(), m_report.failures()};
    }

private:
    std::optional<std::string> runLine(std::size_t number, std::string_view line)
    {
        const bool readable =
            line.size() <= longestLine && isUtf8(line) && std::ranges::none_of(line, [](char c) {
                return static_cast<unsigned char>(c) < ' ' && c != '\t';
            });
        Words words(readable ? line : std::string_view());
        if (!words.atEnd() && words.peek() != ">")
            m_report.closeEvents();
        m_report.line(number, readable ? line : std::string_view("(unreadable)"));
        if (!readable)
            return "this is no line of text; UTF-8 of at most " + std::to_string(longestLine)
                   + " bytes would do";
        if (words.atEnd())
            return std::nullopt;
        if (words.take(">")) {
            const std::string expected = words.rest();
            if (expected.empty())
                words.complain({}, "an event, 'nothing' or '...'");
            else
                m_report.expectEvent(expected);
            return words.complaint();
        }
        const bool books = words.peek() == "books";
        if (books || words.peek() == "scenario") {
            words.take(words.peek());
            words.next("a name");
            words.end();
            begin(books);
            return words.complaint();
        }
        if (!m_section)
            begin(false);
        m_section->run(words, m_report);
        return words.complaint();
    }

    void begin(bool books)
    {
        ++m_sections;
        if (books)
            m_section = std::make_unique<BookScenario>();
        else
            m_section = std::make_unique<MarketScenario>(m_directory);
        m_report.happened({});
    }

    std::string m_directory;
    Report m_report;
    std::unique_ptr<Section> m_section;
    std::size_t m_sections = 0;
};

} // namespace

std::expected<std::string, std::string> readBounded(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(path + ": " + file.errorString().toStdString());
    QByteArray text = file.read(largestFile + 1);
    if (text.size() > largestFile)
        return std::unexpected(path + ": is larger than " + std::to_string(largestFile >> 20)
                               + " MiB");
    return text.toStdString();
}

std::expected<ScenarioTotals, std::string> runScenarioFile(const std::string &path)
{
    const auto text = readBounded(path);
    if (!text)
        return std::unexpected(text.error());
    return FileRun(path).run(*text);
}

} // namespace khop::bench
