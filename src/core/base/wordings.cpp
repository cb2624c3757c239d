// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/wordings.h"

namespace khop {

namespace {

Wording requestWording(Code code)
{
    switch (code) {
    case Code::OK: return {{"Done."}, {"Thành công."}};
    case Code::UNAUTHENTICATED:
        return {{"Log in first: this needs an access token or an API key."},
                {"Hãy đăng nhập trước: thao tác này cần mã truy cập hoặc khóa API."}};
    case Code::INVALID_TOKEN:
        return {{"The access token is not valid or has expired; log in again."},
                {"Mã truy cập không hợp lệ hoặc đã hết hạn; hãy đăng nhập lại."}};
    case Code::INVALID_SIGNATURE:
        return {{"The signed request is refused: “{field}” must be {bound}.",
                 "The API key or the signature is not valid."},
                {"Yêu cầu có chữ ký bị từ chối: “{field}” phải là {bound}.",
                 "Khóa API hoặc chữ ký không hợp lệ."}};
    case Code::INVALID_CREDENTIALS:
        return {{"The user name or the password is wrong."},
                {"Tên đăng nhập hoặc mật khẩu không đúng."}};
    case Code::TOO_MANY_ATTEMPTS:
        return {{"Too many failed logins; try again in {bound} seconds.",
                 "Too many failed logins; wait a little before the next attempt."},
                {"Đăng nhập sai quá nhiều lần; hãy thử lại sau {bound} giây.",
                 "Đăng nhập sai quá nhiều lần; hãy chờ một lát rồi thử lại."}};
    case Code::FORBIDDEN:
        return {{"You are not allowed to do this; it needs “{bound}”.",
                 "You are not allowed to do this."},
                {"Bạn không có quyền thực hiện thao tác này; cần “{bound}”.",
                 "Bạn không có quyền thực hiện thao tác này."}};
    case Code::NOT_FOUND:
        return {{"Nothing is found under “{value}”.", "There is nothing here by that name or id."},
                {"Không tìm thấy “{value}”.", "Không tìm thấy đối tượng có tên hoặc mã này."}};
    case Code::METHOD_NOT_ALLOWED:
        return {{"The method {value} is not allowed here; allowed: {bound}.",
                 "This method is not allowed here."},
                {"Không dùng được phương thức {value} ở đây; được phép: {bound}.",
                 "Không dùng được phương thức này ở đây."}};
    case Code::MALFORMED_JSON:
        return {{"The JSON is not well-formed at {field}: expected {bound}.",
                 "The content cannot be read as JSON: {bound}.",
                 "The content cannot be read as JSON."},
                {"JSON sai cú pháp tại {field}: cần {bound}.",
                 "Không đọc được nội dung dưới dạng JSON: {bound}.",
                 "Không đọc được nội dung dưới dạng JSON."}};
    case Code::MALFORMED_REQUEST:
        return {{"The request is malformed at “{field}”: it takes {bound}.",
                 "The request is malformed at “{field}”.", "The request is malformed."},
                {"Yêu cầu sai định dạng tại “{field}”: cần {bound}.",
                 "Yêu cầu sai định dạng tại “{field}”.", "Yêu cầu sai định dạng."}};
    case Code::UNKNOWN_FIELD:
        return {{"There is no field “{field}” here; known are {bound}.",
                 "There is no field “{field}” here.",
                 "The request has a field that is not known here."},
                {"Không có trường “{field}” ở đây; các trường hợp lệ: {bound}.",
                 "Không có trường “{field}” ở đây.", "Yêu cầu có trường không hợp lệ."}};
    case Code::VALIDATION_ERROR:
        return {{"“{field}” cannot be “{value}”; it must be {bound}.", "“{field}” must be {bound}.",
                 "The content must be {bound}.", "“{field}” is not valid.",
                 "A field of the request is not valid."},
                {"“{field}” không thể là “{value}”; phải là {bound}.", "“{field}” phải là {bound}.",
                 "Nội dung phải là {bound}.", "“{field}” không hợp lệ.",
                 "Yêu cầu có trường không hợp lệ về giá trị."}};
    case Code::REQUIRED:
        return {{"“{field}” is required.", "A required field is missing."},
                {"Thiếu “{field}”, trường bắt buộc.", "Thiếu một trường bắt buộc."}};
    case Code::UNSUPPORTED_MEDIA_TYPE:
        return {{"Content of type “{value}” is not understood; send {bound}.",
                 "The content's type is missing; send {bound}.",
                 "This content type is not understood; send application/json."},
                {"Không hỗ trợ nội dung kiểu “{value}”; hãy gửi {bound}.",
                 "Thiếu kiểu nội dung; hãy gửi {bound}.",
                 "Không hỗ trợ kiểu nội dung này; hãy gửi application/json."}};
    case Code::PAYLOAD_TOO_LARGE:
        return {{"The content is too large; at most {#bound} bytes are taken.",
                 "The content is too large."},
                {"Nội dung quá lớn; tối đa {#bound} byte.", "Nội dung quá lớn."}};
    case Code::URI_TOO_LONG:
        return {{"The address is too long; at most {#bound} bytes are taken.",
                 "The address is too long."},
                {"Địa chỉ quá dài; tối đa {#bound} byte.", "Địa chỉ quá dài."}};
    case Code::HEADERS_TOO_LARGE:
        return {{"The headers are too large; at most {#bound} bytes are taken.",
                 "The headers are too large."},
                {"Phần đầu yêu cầu quá lớn; tối đa {#bound} byte.", "Phần đầu yêu cầu quá lớn."}};
    case Code::LENGTH_REQUIRED:
        return {{"The request needs a Content-Length."}, {"Yêu cầu phải có Content-Length."}};
    case Code::REQUEST_TIMEOUT:
        return {{"The request did not arrive in time."},
                {"Yêu cầu gửi đến quá chậm nên đã hết thời gian chờ."}};
    case Code::WRONG_HOST:
        return {{"This server does not answer under the name “{value}”.",
                 "This server does not answer under that name."},
                {"Máy chủ này không phục vụ tên “{value}”.", "Máy chủ này không phục vụ tên đó."}};
    case Code::EXPECTATION_FAILED:
        return {{"Only “Expect: 100-continue” is understood."},
                {"Chỉ hỗ trợ “Expect: 100-continue”."}};
    case Code::NOT_IMPLEMENTED:
        return {{"“{value}” is not supported by this server.",
                 "“{field}” is not supported by this server.",
                 "This server does not support that."},
                {"Máy chủ này không hỗ trợ “{value}”.", "Máy chủ này không hỗ trợ “{field}”.",
                 "Máy chủ này không hỗ trợ thao tác đó."}};
    case Code::HTTP_VERSION:
        return {{"Only HTTP/1.0 and HTTP/1.1 are spoken here."},
                {"Máy chủ chỉ hỗ trợ HTTP/1.0 và HTTP/1.1."}};
    case Code::RATE_LIMITED:
        return {{"Too many requests; try again in {bound} seconds.",
                 "Too many requests; slow down a little."},
                {"Quá nhiều yêu cầu; hãy thử lại sau {bound} giây.",
                 "Quá nhiều yêu cầu; hãy gửi chậm lại."}};
    case Code::OVERLOADED:
        return {{"The desk is busy and took nothing; try again in a moment."},
                {"Hệ thống đang quá tải và chưa nhận yêu cầu; hãy thử lại sau giây lát."}};
    case Code::SHUTTING_DOWN:
        return {{"The desk is shutting down and takes nothing more."},
                {"Hệ thống đang dừng và không nhận thêm yêu cầu."}};
    case Code::INTERNAL_ERROR:
        return {{"Something went wrong inside; the log tells more."},
                {"Có lỗi bên trong hệ thống; xem nhật ký để biết thêm."}};
    case Code::STORE_ERROR:
        return {
            {"The database {field} has a problem: {value}; it must be {bound}.",
             "The database {field} has a problem: {value}.", "The database has a problem: {value}.",
             "The database {field} could not do it.", "The database could not do it."},
            {"Cơ sở dữ liệu {field} gặp lỗi: {value}; cần {bound}.",
             "Cơ sở dữ liệu {field} gặp lỗi: {value}.", "Cơ sở dữ liệu gặp lỗi: {value}.",
             "Cơ sở dữ liệu {field} không thực hiện được.", "Cơ sở dữ liệu không thực hiện được."}};
    case Code::FILE_INVALID:
        return {{"The file {field} cannot be used: {value}; what would do is {bound}.",
                 "The file {field} cannot be used: {value}.", "The file cannot be used."},
                {"Không dùng được tệp {field}: {value}; cần {bound}.",
                 "Không dùng được tệp {field}: {value}.", "Không dùng được tệp này."}};
    case Code::IMPORT_CASH_SHORT:
        return {{"The import stops at {field}: {#value} is paid, {#bound} is there; import the "
                 "deposits first, or let "
                 "the import cover what is missing.",
                 "The statement pays out more than there is."},
                {"Không nhập được từ {field}: chi {#value} nhưng chỉ có {#bound}; hãy nhập các "
                 "khoản nộp tiền trước, "
                 "hoặc cho phép bù phần thiếu.",
                 "Sao kê chi nhiều hơn số tiền hiện có."}};
    case Code::IMPORT_SECURITIES_SHORT:
        return {{"The import stops at {field}: {value} are sold, {#bound} are there to sell.",
                 "The statement sells more than there is."},
                {"Không nhập được từ {field}: bán {value} nhưng chỉ có {#bound} để bán.",
                 "Sao kê bán nhiều hơn số chứng khoán hiện có."}};
    case Code::IMPORT_CHANGED_SINCE:
        return {
            {"The import cannot be undone: {value} has changed since; {#bound} would have to be "
             "taken back.",
             "The import cannot be undone: {value} has changed since.",
             "The import cannot be undone."},
            {"Không thể hoàn tác lần nhập: {value} đã thay đổi từ đó; cần thu lại {#bound}.",
             "Không thể hoàn tác lần nhập: {value} đã thay đổi từ đó.",
             "Không thể hoàn tác lần nhập."}};
    case Code::CONFIGURATION_ERROR:
        return {
            {"The configuration is wrong at {field}: “{value}” is given, what would do is {bound}.",
             "The configuration is wrong at {field}: {value}.",
             "The configuration lacks {field}, for example {bound}.",
             "The configuration is wrong at {field}.", "The configuration is wrong."},
            {"Cấu hình sai tại {field}: giá trị “{value}”, cần {bound}.",
             "Cấu hình sai tại {field}: {value}.", "Cấu hình thiếu {field}, ví dụ {bound}.",
             "Cấu hình sai tại {field}.", "Cấu hình sai."}};
    default: return {};
    }
}

Wording orderWording(Code code)
{
    switch (code) {
    case Code::DUPLICATE_CLIENT_ORDER_ID:
        return {{"The client order id “{value}” was used today for a different order.",
                 "This client order id was used today for a different order."},
                {"Mã lệnh khách hàng “{value}” hôm nay đã dùng cho một lệnh khác.",
                 "Mã lệnh khách hàng này hôm nay đã dùng cho một lệnh khác."}};
    case Code::IDEMPOTENCY_KEY_REUSED:
        return {{"This Idempotency-Key was used for a different request."},
                {"Idempotency-Key này đã dùng cho một yêu cầu khác."}};
    case Code::REQUEST_UNDER_WAY:
        return {{"The request that first used this Idempotency-Key is still under way."},
                {"Yêu cầu đầu tiên dùng Idempotency-Key này vẫn đang được xử lý."}};
    case Code::VERSION_MISMATCH:
        return {{"The order has changed: it is at version {bound}, not {value}.",
                 "The order has changed meanwhile."},
                {"Lệnh đã thay đổi: hiện ở phiên bản {bound}, không phải {value}.",
                 "Lệnh đã thay đổi trong lúc đó."}};
    case Code::ORDER_NOT_CANCELLABLE:
        return {
            {"The order cannot be cancelled: its status is “{status}”.",
             "The order cannot be cancelled any more."},
            {"Không thể hủy lệnh: lệnh ở trạng thái “{status}”.", "Không thể hủy lệnh này nữa."}};
    case Code::ORDER_NOT_AMENDABLE:
        return {{"The order cannot be amended: its status is “{status}”.",
                 "The order cannot be amended."},
                {"Không thể sửa lệnh: lệnh ở trạng thái “{status}”.", "Không thể sửa lệnh này."}};
    case Code::VENUE_UNAVAILABLE:
        return {{"The venue cannot be reached now; nothing was sent."},
                {"Hiện không kết nối được nơi giao dịch; chưa có gì được gửi đi."}};
    case Code::UNKNOWN_OUTCOME:
        return {{"The venue has not answered: whether the order stands is not known yet. Do not "
                 "send it again."},
                {"Nơi giao dịch chưa trả lời: chưa biết lệnh có hiệu lực hay không. Đừng gửi lại "
                 "lệnh."}};
    case Code::INSUFFICIENT_CASH:
        return {{"Not enough buying power: the order needs {#value}, available is {#bound}.",
                 "Not enough buying power for this order."},
                {"Không đủ sức mua: lệnh cần {#value}, tiền khả dụng là {#bound}.",
                 "Không đủ sức mua cho lệnh này."}};
    case Code::INSUFFICIENT_SECURITIES:
        return {{"Not enough securities to sell: {#value} asked, {#bound} available to sell.",
                 "Not enough securities to sell."},
                {"Không đủ chứng khoán để bán: đặt bán {#value}, khả dụng {#bound}.",
                 "Không đủ chứng khoán để bán."}};
    case Code::MARGIN_LIMIT:
        return {
            {"The order would pass the margin limit: {#value} needed, {#bound} left.",
             "The order would pass the margin limit."},
            {"Lệnh vượt hạn mức ký quỹ: cần {#value}, còn {#bound}.", "Lệnh vượt hạn mức ký quỹ."}};
    case Code::MARGIN_CALL:
        return {{"The account is under a margin call; only orders that lower the risk are taken."},
                {"Tài khoản đang bị gọi ký quỹ; chỉ nhận lệnh làm giảm rủi ro."}};
    case Code::POSITION_LIMIT:
        return {{"The position would be {#value}; the limit is {#bound}.",
                 "The position would pass its limit."},
                {"Vị thế sẽ là {#value}; hạn mức là {#bound}.", "Vị thế sẽ vượt hạn mức."}};
    case Code::POSITION_COUNT_LIMIT:
        return {{"The account would hold {#value} symbols; the limit is {#bound}.",
                 "The account holds as many symbols as it may."},
                {"Tài khoản sẽ nắm giữ {#value} mã chứng khoán; hạn mức là {#bound}.",
                 "Tài khoản đã nắm giữ đủ số mã chứng khoán tối đa."}};
    case Code::CONCENTRATION_LIMIT:
        return {{"The symbol would make up {value} of the portfolio; the limit is {bound}.",
                 "The symbol would make up too much of the portfolio."},
                {"Mã này sẽ chiếm {value} danh mục; hạn mức là {bound}.",
                 "Mã này sẽ chiếm tỷ trọng quá lớn trong danh mục."}};
    case Code::ORDER_VALUE_LIMIT:
        return {{"The order's value {#value} is above the limit {#bound}.",
                 "The order's value is above the limit."},
                {"Giá trị lệnh {#value} vượt hạn mức {#bound}.", "Giá trị lệnh vượt hạn mức."}};
    case Code::PRICE_COLLAR:
        return {{"The price {#value} is too far from the market; the limit is {#bound}.",
                 "The price is too far from the market, or the market has no price to start from."},
                {"Giá {#value} quá xa thị trường; giới hạn là {#bound}.",
                 "Giá quá xa thị trường, hoặc thị trường chưa có giá để so sánh."}};
    case Code::ORDER_RATE_LIMIT:
        return {{"Too many orders in a short time: this would be number {#value}, the limit is "
                 "{#bound}.",
                 "Too many orders in a short time."},
                {"Quá nhiều lệnh trong thời gian ngắn: đây sẽ là lệnh thứ {#value}, hạn mức là "
                 "{#bound}.",
                 "Quá nhiều lệnh trong thời gian ngắn."}};
    case Code::TRIGGER_ALREADY_REACHED:
        return {{"The trigger price {#value} is already reached: the price is {#bound} now.",
                 "The trigger price is already reached."},
                {"Giá kích hoạt {#value} đã đạt tới: giá hiện tại là {#bound}.",
                 "Giá kích hoạt đã đạt tới."}};
    case Code::OPEN_ORDER_LIMIT:
        return {{"The account would have {#value} open orders; the limit is {#bound}.",
                 "The account has too many open orders."},
                {"Tài khoản sẽ có {#value} lệnh đang chờ; hạn mức là {#bound}.",
                 "Tài khoản có quá nhiều lệnh đang chờ."}};
    case Code::DAILY_LOSS_LIMIT:
        return {{"Today's loss {#value} has reached the limit {#bound}; no new positions today.",
                 "Today's loss has reached the limit; no new positions today."},
                {"Mức lỗ hôm nay {#value} đã chạm hạn mức {#bound}; hôm nay không mở thêm vị thế.",
                 "Mức lỗ hôm nay đã chạm hạn mức; hôm nay không mở thêm vị thế."}};
    case Code::DUPLICATE_ORDER:
        return {
            {"The same order was given {#value} ms ago; a second one is taken {#bound} ms after "
             "the first.",
             "The same order was given a moment ago."},
            {"Lệnh giống hệt đã được đặt {#value} ms trước; lệnh thứ hai chỉ được nhận sau lệnh "
             "đầu {#bound} ms.",
             "Lệnh giống hệt vừa được đặt."}};
    case Code::RESTRICTED_INSTRUMENT:
        return {{"{value} is on the restricted list of this account.",
                 "The symbol is on the restricted list of this account."},
                {"{value} nằm trong danh sách hạn chế của tài khoản này.",
                 "Mã này nằm trong danh sách hạn chế của tài khoản."}};
    case Code::KILL_SWITCH:
        return {{"Trading is blocked by the kill switch: {value}.",
                 "Trading is blocked by the kill switch."},
                {"Giao dịch đang bị chặn bởi công tắc ngắt khẩn cấp: {value}.",
                 "Giao dịch đang bị chặn bởi công tắc ngắt khẩn cấp."}};
    case Code::LIVE_NOT_ARMED:
        return {{"Live trading is not armed; arm the live desk first."},
                {"Chưa bật giao dịch thật; hãy bật bàn giao dịch thật trước."}};
    case Code::ACCOUNT_UNKNOWN:
        return {{"There is no account “{value}”.", "There is no such account."},
                {"Không có tài khoản “{value}”.", "Không có tài khoản này."}};
    default: return {};
    }
}

Wording marketWording(Code code)
{
    switch (code) {
    case Code::MARKET_CLOSED:
        return {
            {"{closed}. Orders are taken again {reopening}.", "{closed}.", "The market is closed."},
            {"{closed}. Nhận lệnh lại từ {reopening}.", "{closed}.", "Thị trường đã đóng cửa."}};
    case Code::HOLIDAY:
        return {{"{date} is not a trading day; the next one is {reopening}.",
                 "The market does not trade today."},
                {"Ngày {date} không phải ngày giao dịch; ngày giao dịch tiếp theo là {reopening}.",
                 "Hôm nay không phải ngày giao dịch."}};
    case Code::ORDER_TYPE_NOT_ON_EXCHANGE:
        return {{"This exchange does not know {value} orders ({bound}).",
                 "This exchange does not know this order type."},
                {"Sở giao dịch này không có lệnh {value} ({bound}).",
                 "Sở giao dịch này không có loại lệnh này."}};
    case Code::ORDER_TYPE_NOT_IN_SESSION:
        return {{"{value} orders are not taken in this session; {bound} are.",
                 "This order type is not allowed in this session."},
                {"Không được đặt lệnh {value} trong phiên này; được phép: {bound}.",
                 "Loại lệnh không được phép trong phiên này."}};
    case Code::INVALID_TICK:
        return {{"The price {#value} is not on the price step of {#bound}.",
                 "The price is not on the price step."},
                {"Giá {#value} không đúng bước giá {#bound}.", "Giá không đúng bước giá."}};
    case Code::PRICE_ABOVE_CEILING:
        return {{"The price {#value} is above the ceiling {#bound}.",
                 "The price is above the ceiling."},
                {"Giá {#value} cao hơn giá trần {#bound}.", "Giá cao hơn giá trần."}};
    case Code::PRICE_BELOW_FLOOR:
        return {{"The price {#value} is below the floor {#bound}.{thousands}",
                 "The price is below the floor."},
                {"Giá {#value} thấp hơn giá sàn {#bound}.{thousands}", "Giá thấp hơn giá sàn."}};
    case Code::PRICE_REQUIRED:
        return {{"{bound} orders need a price above 0.", "The order needs a price."},
                {"Lệnh {bound} phải có giá đặt lớn hơn 0.", "Lệnh phải có giá đặt."}};
    case Code::PRICE_NOT_ALLOWED:
        return {{"{bound} orders take no price; leave out {#value}.",
                 "This order type takes no price."},
                {"Lệnh {bound} không có giá đặt; hãy bỏ giá {#value}.",
                 "Loại lệnh này không có giá đặt."}};
    case Code::INVALID_PRICE:
        return {{"“{value}” is not a valid price; it must be {bound}.",
                 "“{value}” is not a valid price.", "The price is not valid."},
                {"“{value}” không phải giá hợp lệ; phải là {bound}.",
                 "“{value}” không phải giá hợp lệ.", "Giá không hợp lệ."}};
    case Code::INVALID_LOT:
        return {{"The quantity {#value} is not a multiple of the lot of {#bound}.",
                 "The quantity is not a multiple of the lot."},
                {"Khối lượng {#value} không phải bội số của lô {#bound}.",
                 "Khối lượng không đúng lô."}};
    case Code::INVALID_QUANTITY:
        return {{"The quantity “{value}” is not valid; the least is {#bound}.",
                 "The quantity “{value}” is not valid.", "The quantity is not valid."},
                {"Khối lượng “{value}” không hợp lệ; tối thiểu là {#bound}.",
                 "Khối lượng “{value}” không hợp lệ.", "Khối lượng không hợp lệ."}};
    case Code::QUANTITY_ABOVE_MAXIMUM:
        return {{"The quantity {#value} is above the maximum of {#bound} per order.",
                 "The quantity is above the maximum per order."},
                {"Khối lượng {#value} vượt mức tối đa {#bound} mỗi lệnh.",
                 "Khối lượng vượt mức tối đa mỗi lệnh."}};
    case Code::ODD_LOT_LIMIT_ONLY:
        return {{"Odd lots (fewer than {#bound}) are traded with LO orders only; the quantity is "
                 "{#value}.",
                 "Odd lots are traded with LO orders only."},
                {"Lô lẻ (dưới {#bound}) chỉ được đặt bằng lệnh LO; khối lượng là {#value}.",
                 "Lô lẻ chỉ được đặt bằng lệnh LO."}};
    case Code::ODD_LOT_FIRST_DAY:
        return {
            {"Odd lots (fewer than {#bound}) are not traded on an instrument's first trading day.",
             "Odd lots are not traded on an instrument's first trading day."},
            {"Không giao dịch lô lẻ (dưới {#bound}) trong ngày giao dịch đầu tiên.",
             "Không giao dịch lô lẻ trong ngày giao dịch đầu tiên."}};
    case Code::NO_MATCH_PRICE:
        return {
            {"{bound} has not traded today, so there is no close price for a PLO order.",
             "The instrument has not traded today, so there is no close price for a PLO order."},
            {"Hôm nay {bound} chưa có giá khớp nên không có giá đóng cửa cho lệnh PLO.",
             "Hôm nay mã này chưa có giá khớp nên không có giá đóng cửa cho lệnh PLO."}};
    case Code::CANCEL_NOT_ALLOWED_IN_AUCTION:
        return {{"Orders cannot be amended or cancelled while the auction collects."},
                {"Không được sửa hoặc hủy lệnh trong phiên khớp lệnh định kỳ."}};
    case Code::AMEND_PRICE_OR_QUANTITY:
        return {{"One amendment changes the price or the quantity, not both; send two."},
                {"Mỗi lần sửa lệnh chỉ được đổi giá hoặc khối lượng; hãy sửa hai lần."}};
    case Code::OPPOSITE_ORDER_IN_AUCTION:
        return {{"You already have an order on the other side of this symbol in the same auction."},
                {"Bạn đã có lệnh ngược chiều của mã này trong cùng phiên khớp lệnh định kỳ."}};
    case Code::PUT_THROUGH_MINIMUM:
        return {{"A put-through deal takes at least {#bound}; {#value} were given.",
                 "The quantity is too small for a put-through deal."},
                {"Giao dịch thỏa thuận tối thiểu {#bound}; đã nhập {#value}.",
                 "Khối lượng quá nhỏ cho giao dịch thỏa thuận."}};
    case Code::PUT_THROUGH_FIRST_DAY:
        return {
            {"{value} has no price yet on its first day; put-through deals come after its first "
             "match.",
             "There is no put-through deal on a first day without a price."},
            {"{value} chưa có giá trong ngày giao dịch đầu tiên; chỉ nhận giao dịch thỏa thuận sau "
             "khi có giá khớp.",
             "Không giao dịch thỏa thuận trong ngày đầu tiên khi chưa có giá."}};
    case Code::PUT_THROUGH_ENDED:
        return {
            {"The put-through deal has ended: it is {status}.", "The put-through deal has ended."},
            {"Giao dịch thỏa thuận đã kết thúc: {status}.", "Giao dịch thỏa thuận đã kết thúc."}};
    case Code::SELF_TRADE:
        return {{"The order would trade with your own order on the other side."},
                {"Lệnh sẽ khớp với chính lệnh ngược chiều của bạn."}};
    case Code::INSTRUMENT_UNKNOWN:
        return {{"There is no symbol “{value}”.", "There is no such symbol."},
                {"Không có mã chứng khoán “{value}”.", "Không có mã chứng khoán này."}};
    case Code::INSTRUMENT_HALTED:
        return {{"Trading in {value} is halted.", "Trading in this symbol is halted."},
                {"{value} đang tạm ngừng giao dịch.", "Mã này đang tạm ngừng giao dịch."}};
    case Code::INSTRUMENT_INACTIVE:
        return {{"{value} is not traded any more.", "This symbol is not traded any more."},
                {"{value} không còn được giao dịch.", "Mã này không còn được giao dịch."}};
    case Code::FOREIGN_ROOM:
        return {
            {"The foreign room left is {#bound}; the order asks for {#value}.",
             "There is not enough foreign room left."},
            {"Room nước ngoài còn lại {#bound}; lệnh đặt {#value}.", "Không đủ room nước ngoài."}};
    case Code::TIME_IN_FORCE_NOT_ALLOWED:
        return {{"The time in force {value} is not allowed for this order; allowed: {bound}.",
                 "This time in force is not allowed for this order."},
                {"Hiệu lực {value} không dùng được cho lệnh này; được phép: {bound}.",
                 "Hiệu lực này không dùng được cho lệnh này."}};
    case Code::MARKET_MISMATCH:
        return {{"The symbol is listed on {bound}, not on {value}.",
                 "The symbol is listed on another exchange."},
                {"Mã này niêm yết trên {bound}, không phải {value}.",
                 "Mã này niêm yết trên sở giao dịch khác."}};
    default: return {};
    }
}

} // namespace

/// The three tables together hold every code; a test goes through all.
Wording wordingOf(Code code)
{
    for (const Wording &wording : {requestWording(code), orderWording(code), marketWording(code)}) {
        if (!wording.english[0].empty())
            return wording;
    }
    return {};
}

} // namespace khop
