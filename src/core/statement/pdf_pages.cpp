// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/pdf_pages.h"

#include <QFile>
#include <QTemporaryDir>

#include <hpdf.h>

#include <memory>

using namespace Qt::StringLiterals;

// Outside any namespace, as Qt wants it: a static library's resources are linked by name.
static void initStatementFonts() { Q_INIT_RESOURCE(statement_fonts); }

namespace khop {

namespace {

constexpr int top = 800, bottom = 50, foot = 30;
constexpr int footSize = 7;

/// The library reports here and again in HPDF_GetError(), which is asked at the end.
void noteError(HPDF_STATUS, HPDF_STATUS, void *) {}

struct FreeDocument {
    void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};
using Document = std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, FreeDocument>;

struct Fonts {
    HPDF_Font regular = nullptr, bold = nullptr;
};

std::unexpected<Error> failed(HPDF_Doc document)
{
    return refuse(Code::INTERNAL_ERROR, "pdf",
                  document ? std::to_string(HPDF_GetError(document)) : "memory");
}

/// The library reads fonts from files only.
HPDF_Font embed(HPDF_Doc document, const QTemporaryDir &folder, const QString &name)
{
    initStatementFonts();
    const QString path = folder.filePath(name);
    if (!QFile::copy(u":/fonts/"_s + name, path))
        return nullptr;
    const char *loaded =
        HPDF_LoadTTFontFromFile(document, QFile::encodeName(path).constData(), HPDF_TRUE);
    return loaded ? HPDF_GetFont(document, loaded, "UTF-8") : nullptr;
}

HPDF_REAL points(int length) { return static_cast<HPDF_REAL>(length); }

class PagePainter
{
public:
    PagePainter(HPDF_Page page, const Fonts &fonts) : m_page(page), m_fonts(fonts)
    {
        HPDF_Page_SetSize(page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
        HPDF_Page_SetLineWidth(page, points(1) / 2);
    }

    void paint(const PdfLine &line, int y) const
    {
        for (const PdfCell &cell : line.cells)
            text(cell, y, line.size, line.bold);
        if (line.ruled) {
            HPDF_Page_MoveTo(m_page, points(PdfPages::left), points(y - 4));
            HPDF_Page_LineTo(m_page, points(PdfPages::right), points(y - 4));
            HPDF_Page_Stroke(m_page);
        }
    }

private:
    void text(const PdfCell &cell, int y, int size, bool bold) const
    {
        HPDF_Page_BeginText(m_page);
        HPDF_Page_SetFontAndSize(m_page, bold ? m_fonts.bold : m_fonts.regular, points(size));
        HPDF_REAL x = points(cell.x);
        if (cell.right)
            x -= HPDF_Page_TextWidth(m_page, cell.text.c_str());
        HPDF_Page_TextOut(m_page, x, points(y), cell.text.c_str());
        HPDF_Page_EndText(m_page);
    }

    HPDF_Page m_page;
    const Fonts &m_fonts;
};

Result<std::string> bytesOf(HPDF_Doc document)
{
    if (HPDF_SaveToStream(document) != HPDF_OK)
        return failed(document);
    std::string bytes(HPDF_GetStreamSize(document), '\0');
    auto size = static_cast<HPDF_UINT32>(bytes.size());
    HPDF_ResetStream(document);
    HPDF_ReadFromStream(document, reinterpret_cast<HPDF_BYTE *>(bytes.data()), &size);
    if (size != bytes.size())
        return failed(document);
    return bytes;
}

} // namespace

int PdfPages::addHeading(PdfLine line)
{
    m_headings.push_back(line);
    m_lines.push_back(std::move(line));
    return static_cast<int>(m_headings.size()) - 1;
}

std::vector<std::vector<PdfPages::Placed>> PdfPages::paginate() const
{
    std::vector<std::vector<Placed>> pages(1);
    int y = top;
    for (const PdfLine &line : m_lines) {
        if (y - line.height - line.keep < bottom && !pages.back().empty()) {
            pages.emplace_back();
            y = top;
            if (line.heading >= 0) {
                const PdfLine &heading = m_headings[static_cast<std::size_t>(line.heading)];
                y -= heading.height;
                pages.back().push_back({&heading, y});
                y -= heading.after;
            }
        }
        y -= line.height;
        pages.back().push_back({&line, y});
        y -= line.after;
    }
    return pages;
}

Result<std::string> PdfPages::write(std::string_view title, const std::string &footer,
                                    std::string_view page) const
{
    const Document document(HPDF_New(noteError, nullptr));
    const QTemporaryDir folder;
    if (!document || !folder.isValid())
        return failed(document.get());
    HPDF_UseUTFEncodings(document.get());
    HPDF_SetCompressionMode(document.get(), HPDF_COMP_ALL);
    HPDF_SetInfoAttr(document.get(), HPDF_INFO_TITLE, std::string(title).c_str());
    const Fonts fonts{embed(document.get(), folder, u"NotoSans-Regular.ttf"_s),
                      embed(document.get(), folder, u"NotoSans-Bold.ttf"_s)};
    if (!fonts.regular || !fonts.bold)
        return failed(document.get());
    const auto pages = paginate();
    for (std::size_t n = 0; n < pages.size(); ++n) {
        const PagePainter painter(HPDF_AddPage(document.get()), fonts);
        for (const Placed &placed : pages[n])
            painter.paint(*placed.line, placed.y);
        const std::string number =
            std::string(page) + ' ' + std::to_string(n + 1) + '/' + std::to_string(pages.size());
        painter.paint({.cells = {{left, false, footer}, {right, true, number}}, .size = footSize},
                      foot);
    }
    if (HPDF_GetError(document.get()) != HPDF_OK)
        return failed(document.get());
    return bytesOf(document.get());
}

} // namespace khop
