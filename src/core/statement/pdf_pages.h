// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of text put on A4 pages one below the other. Lengths are in points from the page's left edge.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace khop {

struct PdfCell {
    int x = 0;          // its left edge, or its right edge
    bool right = false; // x is its right edge
    std::string text;   // UTF-8
};

struct PdfLine {
    std::vector<PdfCell> cells;
    int size = 8;
    int height = 12;
    bool bold = false;
    bool ruled = false; // a thin line below it
    int heading = -1;   // which heading comes again above it on a new page; -1: none
    int keep = 0;       // height of what must follow on the same page
    int after = 0;      // left free below it
};

class PdfPages
{
public:
    static constexpr int left = 40, right = 555;

    /// Answers with the heading's number for PdfLine::heading, and puts it here.
    int addHeading(PdfLine line);
    void add(PdfLine line) { m_lines.push_back(std::move(line)); }
    void space(int height) { m_lines.push_back({.cells = {}, .height = height}); }

    /// `footer` stands at the left of every page's foot, "PAGE n/m" at its right.
    Result<std::string> write(std::string_view title, const std::string &footer,
                              std::string_view page) const;

private:
    struct Placed {
        const PdfLine *line;
        int y;
    };
    std::vector<std::vector<Placed>> paginate() const;

    std::vector<PdfLine> m_headings;
    std::vector<PdfLine> m_lines;
};

} // namespace khop
