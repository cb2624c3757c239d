// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bounds.h"

#include <algorithm>
#include <array>

namespace khop {

namespace {

struct Phrase {
    std::string_view english, vietnamese;
};

// clang-format off
constexpr std::array phrases{
    Phrase{"an object", "một đối tượng JSON"},
    Phrase{"above 0", "lớn hơn 0"},
    Phrase{"a price above 0", "một mức giá lớn hơn 0"},
    Phrase{"an amount above 0", "một số tiền lớn hơn 0"},
    Phrase{"an amount of 0 or more", "một số tiền từ 0 trở lên"},
    Phrase{"a whole number", "một số nguyên"},
    Phrase{"a whole number above 0", "một số nguyên lớn hơn 0"},
    Phrase{"a whole number of at least 0", "một số nguyên từ 0 trở lên"},
    Phrase{"a number from 0 up", "một số từ 0 trở lên"},
    Phrase{"a number", "một số"},
    Phrase{"a plain decimal number", "một số thập phân viết thường"},
    Phrase{"a number, or text of at most 64 bytes", "một số, hoặc văn bản dài tối đa 64 byte"},
    Phrase{"a string", "một chuỗi"},
    Phrase{"a shorter text", "một văn bản ngắn hơn"},
    Phrase{"text only", "chỉ gồm văn bản"},
    Phrase{"text without control characters", "văn bản không có ký tự điều khiển"},
    Phrase{"at most 500 characters", "tối đa 500 ký tự"},
    Phrase{"1 to 64 bytes", "từ 1 đến 64 byte"},
    Phrase{"8 to 128 characters", "từ 8 đến 128 ký tự"},
    Phrase{"3 to 32 of the characters A-Z a-z 0-9 . _ -", "từ 3 đến 32 ký tự trong số A-Z a-z 0-9 . _ -"},
    Phrase{"1 to 64 of A-Z a-z 0-9 . _ : -", "từ 1 đến 64 ký tự trong số A-Z a-z 0-9 . _ : -"},
    Phrase{"1-255 visible ASCII characters", "từ 1 đến 255 ký tự ASCII nhìn thấy được"},
    Phrase{nameNotTaken, "một tên chưa ai dùng"},
    Phrase{"an id that is not taken", "một mã chưa được dùng"},
    Phrase{"one that is not among the commonest passwords", "một mật khẩu không thuộc loại phổ biến nhất"},
    Phrase{"the password in force", "mật khẩu đang dùng"},
    Phrase{"once", "một lần duy nhất"},
    Phrase{"either cursor, or offset, or page with page_size", "hoặc cursor, hoặc offset, hoặc page kèm page_size"},
    Phrase{"a next_cursor", "một giá trị next_cursor"},
    Phrase{"one name of the same filter", "chỉ một tên của cùng bộ lọc"},
    Phrase{"%XX escapes", "ký tự thoát dạng %XX"},
    Phrase{"an order type", "một loại lệnh"},
    Phrase{"the order's version", "phiên bản của lệnh"},
    Phrase{"a price of this market", "một mức giá của thị trường này"},
    Phrase{"the same as symbol", "giống với symbol"},
    Phrase{"the same as condition.limit_price", "giống với condition.limit_price"},
    Phrase{"the same as counterparty_account_id", "giống với counterparty_account_id"},
    Phrase{"a price difference above 0", "một khoảng giá lớn hơn 0"},
    Phrase{"a price difference, 0 or above", "một khoảng giá từ 0 trở lên"},
    Phrase{"a percentage with at most 4 decimals", "một tỷ lệ phần trăm có tối đa 4 chữ số thập phân"},
    Phrase{"above 0 and below 100", "lớn hơn 0 và nhỏ hơn 100"},
    Phrase{"above 0 and below 100, at most 4 decimals", "lớn hơn 0 và nhỏ hơn 100, tối đa 4 chữ số thập phân"},
    Phrase{"a time to come", "một thời điểm trong tương lai"},
    Phrase{"a time to come, such as 2027-01-31T00:00:00Z", "một thời điểm trong tương lai, ví dụ 2027-01-31T00:00:00Z"},
    Phrase{symbolNotListed, "một mã chưa được niêm yết"},
    Phrase{"left out: it cannot be changed", "bỏ trống: không thể thay đổi"},
    Phrase{"left out: it is fixed when the instrument is listed", "bỏ trống: được ấn định khi mã niêm yết"},
    Phrase{"an array of symbols", "một mảng mã chứng khoán"},
    Phrase{"an array of 1 to 200 symbols", "một mảng từ 1 đến 200 mã chứng khoán"},
    Phrase{"an array of 1 to 100 orders", "một mảng từ 1 đến 100 lệnh"},
    Phrase{"at most 200 symbols", "tối đa 200 mã chứng khoán"},
    Phrase{"at most 2000 of a channel", "tối đa 2000 của một kênh"},
    Phrase{"at most 64 KiB a message", "mỗi thông điệp tối đa 64 KiB"},
    Phrase{"a desk without open orders", "một bàn giao dịch không có lệnh chờ"},
    Phrase{"no running recording", "không có bản ghi nào đang chạy"},
    Phrase{"no other running recording", "không có bản ghi nào khác đang chạy"},
    Phrase{"a running replay", "một lần phát lại đang chạy"},
    Phrase{"a recording that is not in use", "một bản ghi không đang được dùng"},
    Phrase{"a recording of these instruments", "một bản ghi của các mã này"},
    Phrase{"a recording of this desk's rules and instruments", "một bản ghi theo luật và mã của bàn này"},
    Phrase{"a security in whole dong", "một chứng khoán tính bằng đồng nguyên"},
    Phrase{"a share or fund", "một cổ phiếu hoặc chứng chỉ quỹ"},
    Phrase{"a currency that is advanced", "một loại tiền được ứng trước"},
    Phrase{"a sum of money", "một khoản tiền"},
    Phrase{"an advance fee in the rules", "một mức phí ứng trước trong luật thị trường"},
    Phrase{"one amount that comes or goes", "một số tiền vào hoặc ra"},
    Phrase{"whole dong, or the value of the trade beside it", "số đồng nguyên, hoặc giá trị giao dịch kèm theo"},
    Phrase{"a buy and a sell", "một lệnh mua và một lệnh bán"},
    Phrase{"one that names its symbol", "một dòng có ghi mã"},
    Phrase{"one that was not used before", "một giá trị chưa dùng lần nào"},
    Phrase{"the title of a column", "tiêu đề của một cột"},
    Phrase{"the title of one column only", "tiêu đề của một cột duy nhất"},
    Phrase{"a row of its own", "một dòng riêng"},
    Phrase{"a number like 1,234,567.5", "một số như 1,234,567.5"},
    Phrase{"a number like 1.234.567,5", "một số như 1.234.567,5"},
    Phrase{"no loan", "không còn khoản vay"},
    Phrase{"a data directory", "một thư mục dữ liệu"},
    Phrase{"A key appears twice.", "có khóa xuất hiện hai lần"},
    Phrase{"A key holds a lone surrogate.", "có khóa chứa nửa cặp thay thế (surrogate)"},
    Phrase{"A key is malformed.", "có khóa viết sai"},
    Phrase{"A literal is malformed.", "có từ không phải true, false hay null"},
    Phrase{"A number is malformed.", "có số viết sai"},
    Phrase{"A number is out of range.", "có số ngoài phạm vi"},
    Phrase{"A string holds a lone surrogate.", "có chuỗi chứa nửa cặp thay thế (surrogate)"},
    Phrase{"A string is malformed.", "có chuỗi viết sai"},
    Phrase{"An object has too many members.", "có đối tượng quá nhiều trường"},
    Phrase{"It is nested too deeply.", "lồng nhau quá sâu"},
    Phrase{"It is not JSON.", "không phải JSON"},
    Phrase{"It must be an object.", "phải là một đối tượng"},
    Phrase{"Something follows the JSON value.", "còn nội dung thừa sau giá trị JSON"},
    Phrase{"It begins with a byte-order mark.", "nội dung bắt đầu bằng dấu thứ tự byte"},
    Phrase{"It is empty.", "nội dung trống"},
    Phrase{"It is not well-formed JSON.", "sai cú pháp"},
    Phrase{"a certificate in PEM form", "một chứng thư dạng PEM"},
};

// What numbers, names and formats stand behind.
constexpr std::array beginnings{
    Phrase{"above 0, at most ", "lớn hơn 0, tối đa "},
    Phrase{"above 0 and at most ", "lớn hơn 0 và tối đa "},
    Phrase{"at most the value, ", "tối đa bằng giá trị, "},
    Phrase{"a list of at most ", "một danh sách dài tối đa "},
    Phrase{"columns with titles for ", "các cột có tiêu đề cho "},
    Phrase{"a day without corporate actions of ", "một ngày không có sự kiện quyền của "},
    Phrase{"a security in ", "một chứng khoán tính bằng "},
    Phrase{"a rate of ", "một tỷ giá của "},
    Phrase{"at most ", "tối đa "},
    Phrase{"at least ", "tối thiểu "},
    Phrase{"above ", "lớn hơn "},
};
// clang-format on

} // namespace

std::string boundInVietnamese(std::string_view bound)
{
    const auto whole = std::ranges::find(phrases, bound, &Phrase::english);
    if (whole != phrases.end())
        return std::string(whole->vietnamese);
    for (const Phrase &beginning : beginnings) {
        if (bound.starts_with(beginning.english))
            return std::string(beginning.vietnamese)
                   + std::string(bound.substr(beginning.english.size()));
    }
    return std::string(bound);
}

} // namespace khop
