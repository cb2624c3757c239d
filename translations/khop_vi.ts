<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi_VN" sourcelanguage="en">
<context>
    <name>QObject</name>
    <message>
        <source>Server</source>
        <translation>Máy chủ</translation>
    </message>
    <message>
        <source>Your demo user</source>
        <translation>Người dùng demo của bạn</translation>
    </message>
    <message>
        <source>Name: demo, password: %1. It is shown only this once.</source>
        <translation>Tên: demo, mật khẩu: %1. Chỉ hiện một lần này.</translation>
    </message>
</context>
<context>
    <name>khop::ui::AllocationBars</name>
    <message>
        <source>Others</source>
        <translation>Khác</translation>
    </message>
    <message>
        <source>No holdings</source>
        <translation>Chưa nắm giữ chứng khoán</translation>
    </message>
</context>
<context>
    <name>khop::ui::AmendDialog</name>
    <message>
        <source>Amend order</source>
        <translation>Sửa lệnh</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Xác nhận</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Hủy</translation>
    </message>
    <message>
        <source>Order price</source>
        <translation>Giá đặt</translation>
    </message>
    <message>
        <source>Order quantity</source>
        <translation>Khối lượng đặt</translation>
    </message>
    <message>
        <source>The market takes a new price or a new quantity, not both at once.</source>
        <translation>Thị trường chỉ nhận giá mới hoặc khối lượng mới, không nhận cả hai cùng lúc.</translation>
    </message>
    <message>
        <source>Trigger price</source>
        <translation>Giá kích hoạt</translation>
    </message>
</context>
<context>
    <name>khop::ui::Blotter</name>
    <message>
        <source>Filter</source>
        <translation>Lọc</translation>
    </message>
</context>
<context>
    <name>khop::ui::BoardModel</name>
    <message>
        <source>Bid side</source>
        <translation>Bên mua</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>Khớp lệnh</translation>
    </message>
    <message>
        <source>Ask side</source>
        <translation>Bên bán</translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Chứng khoán</translation>
    </message>
    <message>
        <source>Ceiling</source>
        <comment>short</comment>
        <translation>Trần</translation>
    </message>
    <message>
        <source>Ceiling price</source>
        <translation>Giá trần</translation>
    </message>
    <message>
        <source>Floor</source>
        <comment>short</comment>
        <translation>Sàn</translation>
    </message>
    <message>
        <source>Floor price</source>
        <translation>Giá sàn</translation>
    </message>
    <message>
        <source>Ref.</source>
        <comment>short</comment>
        <translation>TC</translation>
    </message>
    <message>
        <source>Reference price</source>
        <translation>Giá tham chiếu</translation>
    </message>
    <message>
        <source>Price 3</source>
        <translation>Giá 3</translation>
    </message>
    <message>
        <source>Best bid price 3</source>
        <translation>Giá mua 3</translation>
    </message>
    <message>
        <source>Vol. 3</source>
        <translation>KL 3</translation>
    </message>
    <message>
        <source>Best bid volume 3</source>
        <translation>KL mua 3</translation>
    </message>
    <message>
        <source>Price 2</source>
        <translation>Giá 2</translation>
    </message>
    <message>
        <source>Best bid price 2</source>
        <translation>Giá mua 2</translation>
    </message>
    <message>
        <source>Vol. 2</source>
        <translation>KL 2</translation>
    </message>
    <message>
        <source>Best bid volume 2</source>
        <translation>KL mua 2</translation>
    </message>
    <message>
        <source>Price 1</source>
        <translation>Giá 1</translation>
    </message>
    <message>
        <source>Best bid price 1</source>
        <translation>Giá mua 1</translation>
    </message>
    <message>
        <source>Vol. 1</source>
        <translation>KL 1</translation>
    </message>
    <message>
        <source>Best bid volume 1</source>
        <translation>KL mua 1</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Giá</translation>
    </message>
    <message>
        <source>Last price</source>
        <translation>Giá khớp</translation>
    </message>
    <message>
        <source>Vol.</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Matched volume</source>
        <translation>Khối lượng khớp</translation>
    </message>
    <message>
        <source>+/-</source>
        <translation>+/-</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Thay đổi</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>Change %</source>
        <translation>% Thay đổi</translation>
    </message>
    <message>
        <source>Best ask price 1</source>
        <translation>Giá bán 1</translation>
    </message>
    <message>
        <source>Best ask volume 1</source>
        <translation>KL bán 1</translation>
    </message>
    <message>
        <source>Best ask price 2</source>
        <translation>Giá bán 2</translation>
    </message>
    <message>
        <source>Best ask volume 2</source>
        <translation>KL bán 2</translation>
    </message>
    <message>
        <source>Best ask price 3</source>
        <translation>Giá bán 3</translation>
    </message>
    <message>
        <source>Best ask volume 3</source>
        <translation>KL bán 3</translation>
    </message>
    <message>
        <source>Total vol.</source>
        <comment>short</comment>
        <translation>Tổng KL</translation>
    </message>
    <message>
        <source>Total volume</source>
        <translation>Tổng khối lượng</translation>
    </message>
    <message>
        <source>High</source>
        <comment>short</comment>
        <translation>Cao</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Giá cao nhất</translation>
    </message>
    <message>
        <source>Low</source>
        <comment>short</comment>
        <translation>Thấp</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Giá thấp nhất</translation>
    </message>
</context>
<context>
    <name>khop::ui::BoardPanel</name>
    <message>
        <source>All</source>
        <translation>Tất cả</translation>
    </message>
    <message>
        <source>Buy %1</source>
        <translation>Mua %1</translation>
    </message>
    <message>
        <source>Sell %1</source>
        <translation>Bán %1</translation>
    </message>
    <message>
        <source>Search symbol or name (Ctrl+K)</source>
        <translation>Tìm mã hoặc tên (Ctrl+K)</translation>
    </message>
</context>
<context>
    <name>khop::ui::CandlesDialog</name>
    <message>
        <source>Thousand VND</source>
        <translation>Nghìn đồng</translation>
    </message>
    <message>
        <source>VND</source>
        <translation>Đồng</translation>
    </message>
    <message>
        <source>Days by daily candles</source>
        <translation>Ngày theo nến ngày</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Tệp…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Thư mục…</translation>
    </message>
    <message>
        <source>Follow these candles</source>
        <translation>Chạy theo nến này</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Candles</source>
        <translation>Nến</translation>
    </message>
    <message>
        <source>Unit of the prices</source>
        <translation>Đơn vị giá</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>Ngày đầu</translation>
    </message>
    <message>
        <source>Daily candles</source>
        <translation>Nến ngày</translation>
    </message>
    <message>
        <source>These look like thousand VND: %1 has decimals, and prices in VND have none. Please confirm.</source>
        <translation>Có vẻ là nghìn đồng: %1 có phần thập phân, mà giá tính bằng đồng thì không có. Hãy xác nhận.</translation>
    </message>
    <message>
        <source>These look like thousand VND: %1 is below any price in VND. Please confirm.</source>
        <translation>Có vẻ là nghìn đồng: %1 thấp hơn mọi mức giá tính bằng đồng. Hãy xác nhận.</translation>
    </message>
    <message>
        <source>These look like VND: all prices are whole numbers, as %1. Please confirm.</source>
        <translation>Có vẻ là đồng: mọi giá đều là số nguyên, như %1. Hãy xác nhận.</translation>
    </message>
    <message>
        <source>The unit of these prices is not clear. Please choose.</source>
        <translation>Chưa rõ đơn vị của các mức giá này. Hãy chọn.</translation>
    </message>
</context>
<context>
    <name>khop::ui::CashModel</name>
    <message>
        <source>Currency</source>
        <translation>Tiền tệ</translation>
    </message>
    <message>
        <source>Cash balance</source>
        <translation>Số dư tiền</translation>
    </message>
    <message>
        <source>Available cash</source>
        <translation>Tiền khả dụng</translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation>Tiền phong tỏa</translation>
    </message>
    <message>
        <source>Cash pending settlement</source>
        <translation>Tiền chờ về</translation>
    </message>
    <message>
        <source>Deposit</source>
        <translation>Nộp tiền</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Rút tiền</translation>
    </message>
</context>
<context>
    <name>khop::ui::CellTable</name>
    <message>
        <source>Export CSV</source>
        <translation>Xuất CSV</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>Tệp CSV (*.csv)</translation>
    </message>
    <message>
        <source>The file %1 was not written: %2</source>
        <translation>Không ghi được tệp %1: %2</translation>
    </message>
    <message>
        <source>Fit columns to contents</source>
        <translation>Chỉnh cột vừa nội dung</translation>
    </message>
    <message>
        <source>Restore columns</source>
        <translation>Khôi phục các cột</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Sao chép</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Cột hiển thị</translation>
    </message>
</context>
<context>
    <name>khop::ui::ConditionSection</name>
    <message>
        <source>Take-profit</source>
        <translation>Chốt lời</translation>
    </message>
    <message>
        <source>Trigger</source>
        <comment>price</comment>
        <translation>Giá kích hoạt</translation>
    </message>
    <message>
        <source>Stop-loss</source>
        <translation>Cắt lỗ</translation>
    </message>
    <message>
        <source>Trail by</source>
        <comment>distance</comment>
        <translation>Khoảng trượt</translation>
    </message>
    <message>
        <source>Limit offset</source>
        <comment>short</comment>
        <translation>Lệch giá</translation>
    </message>
    <message>
        <source>Limit</source>
        <comment>price</comment>
        <translation>Giá đặt</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>Điều kiện</translation>
    </message>
    <message>
        <source>None</source>
        <comment>condition</comment>
        <translation>Không</translation>
    </message>
    <message>
        <source>Today only</source>
        <translation>Chỉ hôm nay</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 ngày</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 ngày</translation>
    </message>
    <message>
        <source>Market</source>
        <comment>no limit</comment>
        <translation>Thị trường</translation>
    </message>
    <message>
        <source>Limit price after the trigger</source>
        <translation>Giá đặt sau khi kích hoạt</translation>
    </message>
    <message>
        <source>Trigger price</source>
        <translation>Giá kích hoạt</translation>
    </message>
    <message>
        <source>The order waits at the desk until the last price reaches its trigger. Bull &amp; Bear protects what this order trades.</source>
        <translation>Lệnh chờ tại bàn giao dịch đến khi giá khớp gần nhất chạm giá kích hoạt. Bull &amp; Bear đặt sẵn chốt lời và cắt lỗ cho phần khớp của lệnh này.</translation>
    </message>
    <message>
        <source>How long the order waits for its trigger.</source>
        <translation>Thời hạn chờ kích hoạt của lệnh.</translation>
    </message>
</context>
<context>
    <name>khop::ui::ConditionWords</name>
    <message>
        <source>Stop</source>
        <translation>Dừng</translation>
    </message>
    <message>
        <source>Take-profit</source>
        <translation>Chốt lời</translation>
    </message>
    <message>
        <source>Trailing stop</source>
        <translation>Dừng trượt</translation>
    </message>
    <message>
        <source>OCO</source>
        <translation>OCO</translation>
    </message>
    <message>
        <source>Bull &amp; Bear</source>
        <translation>Bull &amp; Bear</translation>
    </message>
    <message>
        <source>If done</source>
        <translation>Nếu khớp</translation>
    </message>
    <message>
        <source>Waiting for trigger</source>
        <translation>Chờ kích hoạt</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Đang chờ</translation>
    </message>
</context>
<context>
    <name>khop::ui::ConfirmDialog</name>
    <message>
        <source>Confirm order</source>
        <translation>Xác nhận lệnh</translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation>Không hỏi lại</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Xác nhận</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Hủy</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Chứng khoán</translation>
    </message>
    <message>
        <source>Order type</source>
        <translation>Loại lệnh</translation>
    </message>
    <message>
        <source>Order price</source>
        <translation>Giá đặt</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Giá trị</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Phí giao dịch</translation>
    </message>
    <message>
        <source>Tax</source>
        <translation>Thuế</translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation>Tiền phong tỏa</translation>
    </message>
    <message>
        <source>Of it on margin</source>
        <translation>Trong đó vay ký quỹ</translation>
    </message>
    <message>
        <source>Are you sure?</source>
        <translation>Bạn có chắc chắn?</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>Điều kiện</translation>
    </message>
</context>
<context>
    <name>khop::ui::CorporateActionsDialog</name>
    <message>
        <source>Cash dividend</source>
        <translation>Cổ tức tiền mặt</translation>
    </message>
    <message>
        <source>Stock dividend</source>
        <translation>Cổ tức cổ phiếu</translation>
    </message>
    <message>
        <source>Bonus shares</source>
        <translation>Cổ phiếu thưởng</translation>
    </message>
    <message>
        <source>Rights issue</source>
        <translation>Quyền mua</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Chia tách cổ phiếu</translation>
    </message>
    <message>
        <source>Merger</source>
        <translation>Hoán đổi cổ phiếu</translation>
    </message>
    <message>
        <source>Change of exchange</source>
        <translation>Chuyển sàn</translation>
    </message>
    <message>
        <source>Announced</source>
        <translation>Đã công bố</translation>
    </message>
    <message>
        <source>Entitled</source>
        <translation>Đã chốt quyền</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Đã thực hiện</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>Đã thu hồi</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Không thực hiện được</translation>
    </message>
    <message>
        <source>Subscribe</source>
        <translation>Đăng ký mua</translation>
    </message>
    <message>
        <source>Sell rights</source>
        <translation>Bán quyền</translation>
    </message>
    <message>
        <source>Corporate actions</source>
        <translation>Sự kiện quyền</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Loại</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Trạng thái</translation>
    </message>
    <message>
        <source>Ex-date</source>
        <translation>Ngày GDKHQ</translation>
    </message>
    <message>
        <source>Record date</source>
        <translation>Ngày đăng ký cuối cùng</translation>
    </message>
    <message>
        <source>Pay date</source>
        <translation>Ngày thanh toán</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>Điều kiện</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>Của bạn</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Khối lượng</translation>
    </message>
    <message>
        <source>Price of a right</source>
        <translation>Giá một quyền</translation>
    </message>
    <message>
        <source>%1 rights, %2 subscribed</source>
        <translation>%1 quyền, đã đăng ký %2</translation>
    </message>
    <message>
        <source>Subscribe from %1 to %2 to at most %3 new shares at %4; rights change hands to %5.</source>
        <translation>Đăng ký mua từ %1 đến %2, tối đa %3 cổ phiếu mới với giá %4; chuyển nhượng quyền đến %5.</translation>
    </message>
</context>
<context>
    <name>khop::ui::DepthModel</name>
    <message>
        <source>No.</source>
        <comment>number of orders</comment>
        <translation>Số</translation>
    </message>
    <message>
        <source>Number of orders</source>
        <translation>Số lệnh</translation>
    </message>
    <message>
        <source>Bid vol.</source>
        <comment>short</comment>
        <translation>KL mua</translation>
    </message>
    <message>
        <source>Bid side</source>
        <translation>Bên mua</translation>
    </message>
    <message>
        <source>Bid</source>
        <comment>short</comment>
        <translation>Mua</translation>
    </message>
    <message>
        <source>Ask</source>
        <comment>short</comment>
        <translation>Bán</translation>
    </message>
    <message>
        <source>Ask side</source>
        <translation>Bên bán</translation>
    </message>
    <message>
        <source>Ask vol.</source>
        <comment>short</comment>
        <translation>KL bán</translation>
    </message>
</context>
<context>
    <name>khop::ui::DepthPanel</name>
    <message>
        <source>Choose a symbol on the board.</source>
        <translation>Chọn một mã trên bảng giá.</translation>
    </message>
    <message>
        <source>expected match %1 × %2</source>
        <translation>dự kiến khớp %1 × %2</translation>
    </message>
    <message>
        <source>spread %1</source>
        <translation>chênh lệch %1</translation>
    </message>
    <message>
        <source>trading halted</source>
        <translation>tạm ngừng giao dịch</translation>
    </message>
</context>
<context>
    <name>khop::ui::DeskActions</name>
    <message>
        <source>Buy</source>
        <translation>Mua</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Bán</translation>
    </message>
    <message>
        <source>Send the order on the ticket</source>
        <translation>Gửi lệnh trên phiếu lệnh</translation>
    </message>
    <message>
        <source>Search symbol</source>
        <translation>Tìm mã</translation>
    </message>
    <message>
        <source>Amend order</source>
        <translation>Sửa lệnh</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Hủy lệnh</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Hủy tất cả</translation>
    </message>
    <message>
        <source>Export CSV</source>
        <translation>Xuất CSV</translation>
    </message>
    <message>
        <source>Ask before sending</source>
        <translation>Hỏi trước khi gửi lệnh</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>Khôi phục bố cục</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>Giao diện tối</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>Giao diện sáng</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>Tạm dừng hoặc chạy tiếp</translation>
    </message>
    <message>
        <source>Next session</source>
        <translation>Phiên tiếp theo</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Phím tắt</translation>
    </message>
    <message>
        <source>About Khớp</source>
        <translation>Giới thiệu Khớp</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Thoát</translation>
    </message>
    <message>
        <source>Amend</source>
        <translation>Sửa</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Hủy</translation>
    </message>
    <message>
        <source>One step</source>
        <translation>Tiến một bước</translation>
    </message>
    <message>
        <source>Record the day</source>
        <translation>Ghi lại ngày này</translation>
    </message>
    <message>
        <source>Replay…</source>
        <translation>Phát lại…</translation>
    </message>
    <message>
        <source>Stop the replay</source>
        <translation>Dừng phát lại</translation>
    </message>
    <message>
        <source>Days by daily candles…</source>
        <translation>Ngày theo nến ngày…</translation>
    </message>
    <message>
        <source>Corporate actions…</source>
        <translation>Sự kiện quyền…</translation>
    </message>
    <message>
        <source>Import statement…</source>
        <translation>Nhập sao kê…</translation>
    </message>
    <message>
        <source>Export records…</source>
        <translation>Xuất dữ liệu…</translation>
    </message>
    <message>
        <source>Yearly statement…</source>
        <translation>Sao kê năm…</translation>
    </message>
    <message>
        <source>Start the day over</source>
        <translation>Bắt đầu lại ngày</translation>
    </message>
</context>
<context>
    <name>khop::ui::EquityChart</name>
    <message>
        <source>No history yet</source>
        <translation>Chưa có lịch sử tài sản</translation>
    </message>
</context>
<context>
    <name>khop::ui::ExecutionsModel</name>
    <message>
        <source>Time</source>
        <translation>Thời gian</translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Chứng khoán</translation>
    </message>
    <message>
        <source>Side</source>
        <comment>short</comment>
        <translation>Mua/Bán</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Loại giao dịch (Mua/Bán)</translation>
    </message>
    <message>
        <source>Last price</source>
        <translation>Giá khớp</translation>
    </message>
    <message>
        <source>Filled qty</source>
        <comment>short</comment>
        <translation>KL khớp</translation>
    </message>
    <message>
        <source>Matched volume</source>
        <translation>Khối lượng khớp</translation>
    </message>
    <message>
        <source>Fill value</source>
        <comment>short</comment>
        <translation>GT khớp</translation>
    </message>
    <message>
        <source>Fill value</source>
        <translation>Giá trị khớp</translation>
    </message>
    <message>
        <source>Fee</source>
        <comment>short</comment>
        <translation>Phí</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Phí giao dịch</translation>
    </message>
    <message>
        <source>Tax</source>
        <translation>Thuế</translation>
    </message>
    <message>
        <source>Settlement date</source>
        <translation>Ngày thanh toán</translation>
    </message>
    <message>
        <source>Trade no.</source>
        <translation>Số hiệu khớp</translation>
    </message>
    <message>
        <source>Order ID</source>
        <comment>short</comment>
        <translation>SHL</translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation>Số hiệu lệnh</translation>
    </message>
</context>
<context>
    <name>khop::ui::ExportDialog</name>
    <message>
        <source>Only a period</source>
        <translation>Chỉ một khoảng thời gian</translation>
    </message>
    <message>
        <source>For spreadsheets that need a byte order mark</source>
        <translation>Cho bảng tính cần dấu thứ tự byte (BOM)</translation>
    </message>
    <message>
        <source>Export records</source>
        <translation>Xuất dữ liệu</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>Lệnh</translation>
    </message>
    <message>
        <source>Executions</source>
        <translation>Lệnh khớp</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>Danh mục</translation>
    </message>
    <message>
        <source>Cash movements</source>
        <translation>Biến động tiền</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Nội dung</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Từ</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Đến</translation>
    </message>
</context>
<context>
    <name>khop::ui::FileDialogBase</name>
    <message>
        <source>Save as…</source>
        <translation>Lưu thành…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>Đã lưu: %1</translation>
    </message>
    <message>
        <source>The file %1 was not written: %2</source>
        <translation>Không ghi được tệp %1: %2</translation>
    </message>
</context>
<context>
    <name>khop::ui::ImportDialog</name>
    <message>
        <source>Deposit</source>
        <translation>Nộp tiền</translation>
    </message>
    <message>
        <source>Withdrawal</source>
        <translation>Rút tiền</translation>
    </message>
    <message>
        <source>Dividend</source>
        <translation>Cổ tức</translation>
    </message>
    <message>
        <source>Interest</source>
        <translation>Tiền lãi</translation>
    </message>
    <message>
        <source>Charge</source>
        <translation>Phí</translation>
    </message>
    <message>
        <source>Tax</source>
        <translation>Thuế</translation>
    </message>
    <message>
        <source>Adjustment</source>
        <translation>Điều chỉnh</translation>
    </message>
    <message>
        <source>Cover missing cash</source>
        <translation>Bù tiền còn thiếu</translation>
    </message>
    <message>
        <source>Leave refused rows out</source>
        <translation>Bỏ qua dòng bị từ chối</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Lý do</translation>
    </message>
    <message>
        <source>Import a broker&apos;s statement</source>
        <translation>Nhập sao kê của công ty chứng khoán</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>Sao kê</translation>
    </message>
    <message>
        <source>Imported before</source>
        <translation>Đã nhập</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Nhập</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>A CSV file exported by a broker</source>
        <translation>Tệp CSV do công ty chứng khoán xuất ra</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Chọn…</translation>
    </message>
    <message>
        <source>Statements (*.csv *.txt);;All files (*)</source>
        <translation>Sao kê (*.csv *.txt);;Tất cả tệp (*)</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Dòng</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Tình trạng</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Ngày</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Nội dung</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Khối lượng</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Giá</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Giá trị</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Phí</translation>
    </message>
    <message>
        <source>Executions</source>
        <translation>Lệnh khớp</translation>
    </message>
    <message>
        <source>Cash statement</source>
        <translation>Sao kê tiền</translation>
    </message>
    <message>
        <source>Any broker</source>
        <translation>Công ty bất kỳ</translation>
    </message>
    <message>
        <source>Prices in dong</source>
        <translation>Giá theo đồng</translation>
    </message>
    <message>
        <source>Prices in thousand dong</source>
        <translation>Giá theo nghìn đồng</translation>
    </message>
    <message>
        <source>What the rows pay more than there is comes from outside as one adjustment.</source>
        <translation>Phần chi vượt quá số tiền hiện có được bù từ bên ngoài bằng một bút toán điều chỉnh.</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Thời điểm nhập</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Tệp</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Loại</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Số dòng</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Trạng thái</translation>
    </message>
    <message>
        <source>Undo this import</source>
        <translation>Hoàn tác lần nhập này</translation>
    </message>
    <message>
        <source>The file %1 cannot be read: %2</source>
        <translation>Không đọc được tệp %1: %2</translation>
    </message>
    <message>
        <source>The file %1 is too large.</source>
        <translation>Tệp %1 quá lớn.</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Bị từ chối</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Mới</translation>
    </message>
    <message>
        <source>Known</source>
        <translation>Đã có</translation>
    </message>
    <message>
        <source>%1 new · %2 known · %3 refused · %4 left out</source>
        <translation>%1 mới · %2 đã có · %3 bị từ chối · %4 bỏ qua</translation>
    </message>
    <message>
        <source>%1 dong come from outside</source>
        <translation>bù %1 đồng từ bên ngoài</translation>
    </message>
    <message>
        <source>%1 rows were imported.</source>
        <translation>Đã nhập %1 dòng.</translation>
    </message>
    <message>
        <source>The import was undone.</source>
        <translation>Đã hoàn tác lần nhập.</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>Đã hoàn tác</translation>
    </message>
    <message>
        <source>Applied</source>
        <translation>Đã áp dụng</translation>
    </message>
</context>
<context>
    <name>khop::ui::MainWindow</name>
    <message>
        <source>All orders</source>
        <translation>Mọi lệnh</translation>
    </message>
    <message>
        <source>Open orders</source>
        <translation>Lệnh đang chờ</translation>
    </message>
    <message>
        <source>Finished orders</source>
        <translation>Lệnh đã xong</translation>
    </message>
    <message>
        <source>Buy and sell</source>
        <translation>Mua và bán</translation>
    </message>
    <message>
        <source>Buy</source>
        <translation>Mua</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Bán</translation>
    </message>
    <message>
        <source>Rejected: %1</source>
        <translation>Bị từ chối: %1</translation>
    </message>
    <message>
        <source>Not done</source>
        <translation>Không thực hiện được</translation>
    </message>
    <message>
        <source>Amend order</source>
        <translation>Sửa lệnh</translation>
    </message>
    <message>
        <source>Choose an open order in the order blotter first.</source>
        <translation>Trước hết hãy chọn một lệnh đang chờ trong sổ lệnh.</translation>
    </message>
    <message>
        <source>Amended</source>
        <translation>Đã sửa</translation>
    </message>
    <message>
        <source>Not amended: %1</source>
        <translation>Không sửa được: %1</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>Hủy lệnh</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Đã hủy</translation>
    </message>
    <message>
        <source>Not cancelled: %1</source>
        <translation>Không hủy được: %1</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Hủy tất cả</translation>
    </message>
    <message>
        <source>There are no open orders.</source>
        <translation>Không có lệnh đang chờ.</translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n open order(s)?</source>
        <translation>
            <numerusform>Hủy %n lệnh đang chờ?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) cancelled.</source>
        <translation>
            <numerusform>Đã hủy %n lệnh.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n execution(s)</source>
        <translation>
            <numerusform>%n lần khớp</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open</source>
        <comment>orders</comment>
        <translation>
            <numerusform>%n lệnh chờ</numerusform>
        </translation>
    </message>
    <message>
        <source>About Khớp</source>
        <translation>Giới thiệu Khớp</translation>
    </message>
    <message>
        <source>Khớp is a trading desk and an exchange for the Vietnamese market.
On paper no order leaves this computer.

Licence: GPL-3.0-or-later</source>
        <translation>Khớp là bàn giao dịch và sàn giao dịch cho thị trường Việt Nam.
Khi giao dịch mô phỏng, không lệnh nào rời khỏi máy tính này.

Giấy phép: GPL-3.0-or-later</translation>
    </message>
    <message>
        <source>Khớp — Paper trading</source>
        <translation>Khớp — Giao dịch mô phỏng</translation>
    </message>
    <message>
        <source>Khớp — Live trading</source>
        <translation>Khớp — Giao dịch thật</translation>
    </message>
    <message>
        <source>&amp;Trade</source>
        <translation>&amp;Giao dịch</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Xem</translation>
    </message>
    <message>
        <source>&amp;Practice day</source>
        <translation>&amp;Ngày tập dượt</translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation>&amp;Cài đặt</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Trợ giúp</translation>
    </message>
    <message>
        <source>Order ticket</source>
        <comment>short</comment>
        <translation>Đặt lệnh</translation>
    </message>
    <message>
        <source>Order blotter</source>
        <translation>Sổ lệnh</translation>
    </message>
    <message>
        <source>Portfolio</source>
        <comment>short</comment>
        <translation>Danh mục</translation>
    </message>
    <message>
        <source>Cash balance</source>
        <translation>Số dư tiền</translation>
    </message>
    <message>
        <source>Market depth</source>
        <translation>Độ sâu thị trường</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>Khớp lệnh</translation>
    </message>
    <message>
        <source>Executions</source>
        <translation>Lệnh khớp</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Ghi lại</translation>
    </message>
    <message>
        <source>Recorded: %1</source>
        <translation>Đã ghi: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n trades</source>
        <translation>
            <numerusform>%n lần khớp</numerusform>
        </translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Phát lại</translation>
    </message>
    <message>
        <source>Daily candles</source>
        <translation>Nến ngày</translation>
    </message>
    <message>
        <source>Today follows the candles.</source>
        <translation>Hôm nay chạy theo nến.</translation>
    </message>
    <message>
        <source>The candles are followed from the next trading day: today has begun without them.</source>
        <translation>Sẽ chạy theo nến từ ngày giao dịch kế tiếp, vì phiên hôm nay đã bắt đầu.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Tệp</translation>
    </message>
    <message>
        <source>Performance</source>
        <translation>Hiệu quả đầu tư</translation>
    </message>
    <message>
        <source>Start the practice day over? All open orders and proposed deals of all accounts are cancelled, and the clock goes to the opening of the next trading day.</source>
        <translation>Bắt đầu lại ngày tập dượt? Mọi lệnh đang chờ và mọi đề nghị giao dịch thỏa thuận của tất cả tài khoản sẽ bị hủy, và đồng hồ chuyển đến giờ mở cửa của ngày giao dịch kế tiếp.</translation>
    </message>
    <message>
        <source>Practice day</source>
        <translation>Ngày tập dượt</translation>
    </message>
    <message>
        <source>It is %1 now.</source>
        <translation>Bây giờ là ngày %1.</translation>
    </message>
</context>
<context>
    <name>khop::ui::OrderTicket</name>
    <message>
        <source>The price %1 is off the price step: now %2.</source>
        <translation>Giá %1 không đúng bước giá: nay là %2.</translation>
    </message>
    <message>
        <source>%1 — not in this session</source>
        <translation>%1 — không có trong phiên này</translation>
    </message>
    <message>
        <source>Ceiling</source>
        <comment>short</comment>
        <translation>Trần</translation>
    </message>
    <message>
        <source>Floor</source>
        <comment>short</comment>
        <translation>Sàn</translation>
    </message>
    <message>
        <source>Ref.</source>
        <comment>short</comment>
        <translation>TC</translation>
    </message>
    <message>
        <source>Bid</source>
        <comment>short</comment>
        <translation>Mua</translation>
    </message>
    <message>
        <source>Ask</source>
        <comment>short</comment>
        <translation>Bán</translation>
    </message>
    <message>
        <source>Place order: Buy</source>
        <translation>Đặt lệnh Mua</translation>
    </message>
    <message>
        <source>Place order: Sell</source>
        <translation>Đặt lệnh Bán</translation>
    </message>
    <message>
        <source>Buying power</source>
        <translation>Sức mua</translation>
    </message>
    <message>
        <source>Available to sell</source>
        <translation>KL khả dụng</translation>
    </message>
    <message>
        <source>Split %1 + %2</source>
        <translation>Tách %1 + %2</translation>
    </message>
    <message>
        <source>Two orders: %1 in round lots and %2 as an odd lot.</source>
        <translation>Hai lệnh: %1 lô chẵn và %2 lô lẻ.</translation>
    </message>
    <message>
        <source>The order will wait until its session opens.</source>
        <translation>Lệnh sẽ chờ đến khi phiên của nó mở.</translation>
    </message>
    <message>
        <source>Ready: Enter sends, then confirm.</source>
        <translation>Sẵn sàng: Enter để gửi, rồi xác nhận.</translation>
    </message>
    <message>
        <source>Type a symbol.</source>
        <translation>Nhập mã chứng khoán.</translation>
    </message>
    <message>
        <source>No instrument has the symbol %1.</source>
        <translation>Không có chứng khoán nào mang mã %1.</translation>
    </message>
    <message>
        <source>Type the price in thousand dong: 25.5 or 25,5 is 25,500 dong.</source>
        <translation>Nhập giá theo nghìn đồng: 25.5 hoặc 25,5 là 25,500 đồng.</translation>
    </message>
    <message>
        <source>Type the price.</source>
        <translation>Nhập giá.</translation>
    </message>
    <message>
        <source>The price is not finished: a digit must follow the decimal mark.</source>
        <translation>Giá chưa đủ: sau dấu thập phân phải có chữ số.</translation>
    </message>
    <message>
        <source>Type the quantity.</source>
        <translation>Nhập khối lượng.</translation>
    </message>
    <message>
        <source>The quantity is not a number of shares.</source>
        <translation>Khối lượng không phải là một số cổ phiếu.</translation>
    </message>
    <message>
        <source>The order will wait for its trigger; nothing is blocked until then.</source>
        <translation>Lệnh sẽ chờ kích hoạt; cho đến lúc đó không phong tỏa gì.</translation>
    </message>
    <message>
        <source>Type the prices of the condition.</source>
        <translation>Hãy nhập các mức giá của điều kiện.</translation>
    </message>
</context>
<context>
    <name>khop::ui::OrdersModel</name>
    <message>
        <source>Time</source>
        <translation>Thời gian</translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Chứng khoán</translation>
    </message>
    <message>
        <source>Side</source>
        <comment>short</comment>
        <translation>Mua/Bán</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>Loại giao dịch (Mua/Bán)</translation>
    </message>
    <message>
        <source>Order type</source>
        <translation>Loại lệnh</translation>
    </message>
    <message>
        <source>Order price</source>
        <translation>Giá đặt</translation>
    </message>
    <message>
        <source>Order qty</source>
        <comment>short</comment>
        <translation>KL đặt</translation>
    </message>
    <message>
        <source>Order quantity</source>
        <translation>Khối lượng đặt</translation>
    </message>
    <message>
        <source>Filled qty</source>
        <comment>short</comment>
        <translation>KL khớp</translation>
    </message>
    <message>
        <source>Matched volume</source>
        <translation>Khối lượng khớp</translation>
    </message>
    <message>
        <source>Leaves</source>
        <comment>short</comment>
        <translation>KL còn lại</translation>
    </message>
    <message>
        <source>Leaves quantity</source>
        <translation>Khối lượng chưa khớp</translation>
    </message>
    <message>
        <source>Cancelled qty</source>
        <comment>short</comment>
        <translation>KL hủy</translation>
    </message>
    <message>
        <source>Cancelled quantity</source>
        <translation>Khối lượng đã hủy</translation>
    </message>
    <message>
        <source>Avg. price</source>
        <comment>short</comment>
        <translation>Giá khớp TB</translation>
    </message>
    <message>
        <source>Average fill price</source>
        <translation>Giá khớp trung bình</translation>
    </message>
    <message>
        <source>Status</source>
        <comment>short</comment>
        <translation>Trạng thái</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Trạng thái lệnh</translation>
    </message>
    <message>
        <source>Fill value</source>
        <comment>short</comment>
        <translation>GT khớp</translation>
    </message>
    <message>
        <source>Fill value</source>
        <translation>Giá trị khớp</translation>
    </message>
    <message>
        <source>Fee</source>
        <comment>short</comment>
        <translation>Phí</translation>
    </message>
    <message>
        <source>Fee</source>
        <translation>Phí giao dịch</translation>
    </message>
    <message>
        <source>Tax</source>
        <translation>Thuế</translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation>Tiền phong tỏa</translation>
    </message>
    <message>
        <source>Reject reason</source>
        <translation>Lý do từ chối</translation>
    </message>
    <message>
        <source>Client order ID</source>
        <translation>Mã lệnh của khách</translation>
    </message>
    <message>
        <source>Order ID</source>
        <comment>short</comment>
        <translation>SHL</translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation>Số hiệu lệnh</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>Điều kiện</translation>
    </message>
</context>
<context>
    <name>khop::ui::PortfolioModel</name>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Chứng khoán</translation>
    </message>
    <message>
        <source>Quantity</source>
        <comment>short</comment>
        <translation>KL</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Khối lượng</translation>
    </message>
    <message>
        <source>Avg. cost</source>
        <comment>short</comment>
        <translation>Giá vốn</translation>
    </message>
    <message>
        <source>Average cost, fees included</source>
        <translation>Giá vốn bình quân, gồm phí</translation>
    </message>
    <message>
        <source>Mkt price</source>
        <comment>short</comment>
        <translation>Giá TT</translation>
    </message>
    <message>
        <source>Market price</source>
        <translation>Giá thị trường</translation>
    </message>
    <message>
        <source>Mkt value</source>
        <comment>short</comment>
        <translation>GT thị trường</translation>
    </message>
    <message>
        <source>Market value</source>
        <translation>Giá trị thị trường</translation>
    </message>
    <message>
        <source>Weight</source>
        <comment>short</comment>
        <translation>Tỷ trọng</translation>
    </message>
    <message>
        <source>Share of the market value of all holdings</source>
        <translation>Tỷ trọng trong tổng giá trị thị trường nắm giữ</translation>
    </message>
    <message>
        <source>P&amp;L today</source>
        <comment>short</comment>
        <translation>Lãi/lỗ ngày</translation>
    </message>
    <message>
        <source>P&amp;L since the reference, trades of today included</source>
        <translation>Lãi/lỗ so với giá tham chiếu, gồm giao dịch trong ngày</translation>
    </message>
    <message>
        <source>Unrealised</source>
        <comment>short</comment>
        <translation>Lãi/lỗ tạm tính</translation>
    </message>
    <message>
        <source>Unrealised P&amp;L</source>
        <translation>Lãi/lỗ chưa thực hiện</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>P&amp;L %</source>
        <translation>% Lãi/lỗ</translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation>Lãi/lỗ đã thực hiện</translation>
    </message>
</context>
<context>
    <name>khop::ui::PortfolioPanel</name>
    <message>
        <source>NAV</source>
        <comment>short</comment>
        <translation>NAV</translation>
    </message>
    <message>
        <source>P&amp;L today</source>
        <comment>short</comment>
        <translation>Lãi/lỗ ngày</translation>
    </message>
    <message>
        <source>Unrealised</source>
        <comment>short</comment>
        <translation>Lãi/lỗ tạm tính</translation>
    </message>
    <message>
        <source>Return</source>
        <comment>short</comment>
        <translation>Lợi suất</translation>
    </message>
    <message>
        <source>XIRR a year</source>
        <comment>short</comment>
        <translation>XIRR/năm</translation>
    </message>
    <message>
        <source>Drawdown</source>
        <comment>short</comment>
        <translation>Sụt giảm</translation>
    </message>
    <message>
        <source>Net asset value: holdings, cash and sale proceeds on their way, in the base currency</source>
        <translation>Tổng tài sản ròng: chứng khoán, tiền và tiền bán chờ về, quy ra đồng tiền cơ sở</translation>
    </message>
    <message>
        <source>Time-weighted return of the period, deposits aside</source>
        <translation>Lợi suất theo thời gian của kỳ, không tính tiền nộp và rút</translation>
    </message>
    <message>
        <source>Money-weighted return of the period, a year</source>
        <translation>Lợi suất theo dòng tiền của kỳ, tính theo năm</translation>
    </message>
    <message>
        <source>Deepest fall from a peak in the period</source>
        <translation>Mức giảm sâu nhất từ đỉnh trong kỳ</translation>
    </message>
    <message>
        <source>1 week</source>
        <translation>1 tuần</translation>
    </message>
    <message>
        <source>1 month</source>
        <translation>1 tháng</translation>
    </message>
    <message>
        <source>3 months</source>
        <translation>3 tháng</translation>
    </message>
    <message>
        <source>6 months</source>
        <translation>6 tháng</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 năm</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tất cả</translation>
    </message>
    <message>
        <source>By symbol</source>
        <translation>Theo mã</translation>
    </message>
    <message>
        <source>By sector</source>
        <translation>Theo ngành</translation>
    </message>
    <message>
        <source>By exchange</source>
        <translation>Theo sàn</translation>
    </message>
</context>
<context>
    <name>khop::ui::PositionsModel</name>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Chứng khoán</translation>
    </message>
    <message>
        <source>Quantity</source>
        <comment>short</comment>
        <translation>KL</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Khối lượng</translation>
    </message>
    <message>
        <source>Available</source>
        <comment>short</comment>
        <translation>KL khả dụng</translation>
    </message>
    <message>
        <source>Available to sell</source>
        <translation>KL khả dụng</translation>
    </message>
    <message>
        <source>Blocked</source>
        <comment>short</comment>
        <translation>Tạm giữ</translation>
    </message>
    <message>
        <source>Blocked shares</source>
        <translation>Chứng khoán tạm giữ</translation>
    </message>
    <message>
        <source>Avg. cost</source>
        <comment>short</comment>
        <translation>Giá vốn</translation>
    </message>
    <message>
        <source>Average cost</source>
        <translation>Giá vốn bình quân</translation>
    </message>
    <message>
        <source>Mkt price</source>
        <comment>short</comment>
        <translation>Giá TT</translation>
    </message>
    <message>
        <source>Market price</source>
        <translation>Giá thị trường</translation>
    </message>
    <message>
        <source>Mkt value</source>
        <comment>short</comment>
        <translation>GT thị trường</translation>
    </message>
    <message>
        <source>Market value</source>
        <translation>Giá trị thị trường</translation>
    </message>
    <message>
        <source>Unrealised</source>
        <comment>short</comment>
        <translation>Lãi/lỗ tạm tính</translation>
    </message>
    <message>
        <source>Unrealised P&amp;L</source>
        <translation>Lãi/lỗ chưa thực hiện</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>P&amp;L %</source>
        <translation>% Lãi/lỗ</translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation>Lãi/lỗ đã thực hiện</translation>
    </message>
    <message>
        <source>Shares pending settlement</source>
        <translation>Chứng khoán chờ về</translation>
    </message>
    <message>
        <source>Unsettled</source>
        <comment>short</comment>
        <translation>CK chờ về</translation>
    </message>
</context>
<context>
    <name>khop::ui::RecordingsDialog</name>
    <message>
        <source>Replay a recording</source>
        <translation>Phát lại bản ghi</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Tên</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Ngày</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Từ</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Đến</translation>
    </message>
    <message>
        <source>Trades</source>
        <translation>Số lần khớp</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Dung lượng</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Phát lại</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Xóa</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tốc độ</translation>
    </message>
    <message>
        <source>The clock goes to the recorded time of day on the next trading day. Your orders join the recorded ones.</source>
        <translation>Đồng hồ sẽ chuyển đến đúng giờ đã ghi của ngày giao dịch kế tiếp. Lệnh của bạn được xếp cùng các lệnh đã ghi.</translation>
    </message>
    <message>
        <source>Cannot be played</source>
        <translation>Không phát được</translation>
    </message>
    <message>
        <source>Recording now</source>
        <translation>Đang ghi</translation>
    </message>
</context>
<context>
    <name>khop::ui::SessionBar</name>
    <message>
        <source>Exchange time (Vietnam)</source>
        <translation>Giờ của sàn (Việt Nam)</translation>
    </message>
    <message>
        <source>The calendar&apos;s holidays end before this day: weekdays trade.</source>
        <translation>Lịch nghỉ lễ chưa có đến ngày này: các ngày trong tuần đều giao dịch.</translation>
    </message>
    <message>
        <source>%1: %2 until %3, then %4</source>
        <translation>%1: %2 đến %3, sau đó %4</translation>
    </message>
    <message>
        <source>Go on (Ctrl+P)</source>
        <translation>Chạy tiếp (Ctrl+P)</translation>
    </message>
    <message>
        <source>Pause (Ctrl+P)</source>
        <translation>Tạm dừng (Ctrl+P)</translation>
    </message>
    <message>
        <source>Trading session</source>
        <translation>Phiên giao dịch</translation>
    </message>
    <message>
        <source>PAPER</source>
        <translation>MÔ PHỎNG</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>THẬT</translation>
    </message>
    <message>
        <source>Paper trading</source>
        <translation>Giao dịch mô phỏng</translation>
    </message>
    <message>
        <source>Live trading</source>
        <translation>Giao dịch thật</translation>
    </message>
    <message>
        <source>Practice day</source>
        <translation>Ngày tập dượt</translation>
    </message>
    <message>
        <source>How fast the practice day runs</source>
        <translation>Tốc độ chạy của ngày tập dượt</translation>
    </message>
    <message>
        <source>Next session (Ctrl+N)</source>
        <translation>Phiên tiếp theo (Ctrl+N)</translation>
    </message>
    <message>
        <source>Replay of %1, %2 %</source>
        <translation>Phát lại %1, %2 %</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>đang ghi</translation>
    </message>
    <message>
        <source>One step: the next recorded event, or a second (Ctrl+.)</source>
        <translation>Tiến một bước: sự kiện đã ghi kế tiếp, hoặc một giây (Ctrl+.)</translation>
    </message>
</context>
<context>
    <name>khop::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Phím tắt</translation>
    </message>
    <message>
        <source>On the ticket: next field; in the quantity: send; in the confirmation: confirm</source>
        <translation>Trên phiếu lệnh: sang ô tiếp theo; ở ô khối lượng: gửi lệnh; ở hộp xác nhận: xác nhận</translation>
    </message>
    <message>
        <source>On the ticket: next field, the order type included</source>
        <translation>Trên phiếu lệnh: sang ô tiếp theo, kể cả loại lệnh</translation>
    </message>
    <message>
        <source>In the price: one price step; in the quantity: one lot</source>
        <translation>Ở ô giá: một bước giá; ở ô khối lượng: một lô</translation>
    </message>
    <message>
        <source>Close the confirmation without sending</source>
        <translation>Đóng hộp xác nhận mà không gửi</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Đóng</translation>
    </message>
</context>
<context>
    <name>khop::ui::StatusStrip</name>
    <message>
        <source>off</source>
        <translation>tắt</translation>
    </message>
    <message>
        <source>Engine stopped: %1</source>
        <translation>Máy khớp đã dừng: %1</translation>
    </message>
    <message>
        <source>Engine OK · queue %1 · commit %2 ms</source>
        <translation>Máy khớp tốt · chờ %1 · ghi %2 ms</translation>
    </message>
    <message>
        <source>PAPER</source>
        <translation>MÔ PHỎNG</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>THẬT</translation>
    </message>
    <message>
        <source>Paper trading</source>
        <translation>Giao dịch mô phỏng</translation>
    </message>
    <message>
        <source>Live trading</source>
        <translation>Giao dịch thật</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Máy chủ</translation>
    </message>
    <message>
        <source>REST and WebSocket for programs on this computer</source>
        <translation>REST và WebSocket cho các chương trình trên máy này</translation>
    </message>
    <message>
        <source>Account %1</source>
        <translation>Tài khoản %1</translation>
    </message>
</context>
<context>
    <name>khop::ui::TicketForm</name>
    <message>
        <source>Buy</source>
        <translation>Mua</translation>
    </message>
    <message>
        <source>Buy (Ctrl+B)</source>
        <translation>Mua (Ctrl+B)</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Bán</translation>
    </message>
    <message>
        <source>Sell (Ctrl+E)</source>
        <translation>Bán (Ctrl+E)</translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation>Mã CK</translation>
    </message>
    <message>
        <source>Order type</source>
        <translation>Loại lệnh</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Giá</translation>
    </message>
    <message>
        <source>Quantity</source>
        <comment>short</comment>
        <translation>KL</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>Tối đa</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Giá trị</translation>
    </message>
    <message>
        <source>Fee</source>
        <comment>short</comment>
        <translation>Phí</translation>
    </message>
    <message>
        <source>Tax</source>
        <translation>Thuế</translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation>Tiền phong tỏa</translation>
    </message>
    <message>
        <source>Queue outside the session</source>
        <translation>Chờ khi ngoài phiên</translation>
    </message>
    <message>
        <source>An order given outside its session waits and is released when the session opens.</source>
        <translation>Lệnh đặt ngoài phiên sẽ chờ và được gửi đi khi phiên mở.</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Mã chứng khoán</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Khối lượng</translation>
    </message>
    <message>
        <source>Condition</source>
        <comment>short</comment>
        <translation>Điều kiện</translation>
    </message>
    <message>
        <source>Stop, take-profit, trailing stop, OCO, Bull &amp; Bear</source>
        <translation>Dừng, chốt lời, dừng trượt, OCO, Bull &amp; Bear</translation>
    </message>
</context>
<context>
    <name>khop::ui::Words</name>
    <message>
        <source>Buy</source>
        <translation>Mua</translation>
    </message>
    <message>
        <source>Sell</source>
        <translation>Bán</translation>
    </message>
    <message>
        <source>Limit order (LO)</source>
        <translation>Lệnh giới hạn (LO)</translation>
    </message>
    <message>
        <source>At the open (ATO)</source>
        <translation>Lệnh ATO</translation>
    </message>
    <message>
        <source>At the close (ATC)</source>
        <translation>Lệnh ATC</translation>
    </message>
    <message>
        <source>Market-to-limit (MTL)</source>
        <translation>Lệnh thị trường giới hạn (MTL)</translation>
    </message>
    <message>
        <source>Match or kill (MOK)</source>
        <translation>Lệnh thị trường khớp toàn bộ hoặc hủy (MOK)</translation>
    </message>
    <message>
        <source>Match and kill (MAK)</source>
        <translation>Lệnh thị trường khớp và hủy (MAK)</translation>
    </message>
    <message>
        <source>Post-close order (PLO)</source>
        <translation>Lệnh khớp sau giờ (PLO)</translation>
    </message>
    <message>
        <source>Market order</source>
        <translation>Lệnh thị trường</translation>
    </message>
    <message>
        <source>Limit order</source>
        <translation>Lệnh giới hạn</translation>
    </message>
    <message>
        <source>Partially filled</source>
        <translation>Khớp một phần</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>Khớp hết</translation>
    </message>
    <message>
        <source>Pending cancel</source>
        <translation>Chờ hủy</translation>
    </message>
    <message>
        <source>Pending amend</source>
        <translation>Chờ sửa</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Đã hủy</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Bị từ chối</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Hết hạn</translation>
    </message>
    <message>
        <source>Market closed</source>
        <translation>Đóng cửa thị trường</translation>
    </message>
    <message>
        <source>Opening auction (ATO)</source>
        <translation>Phiên khớp lệnh định kỳ mở cửa (ATO)</translation>
    </message>
    <message>
        <source>Continuous session</source>
        <translation>Phiên khớp lệnh liên tục</translation>
    </message>
    <message>
        <source>Lunch break</source>
        <translation>Nghỉ trưa</translation>
    </message>
    <message>
        <source>Periodic auction</source>
        <translation>Phiên khớp lệnh định kỳ</translation>
    </message>
    <message>
        <source>Closing auction (ATC)</source>
        <translation>Phiên khớp lệnh định kỳ đóng cửa (ATC)</translation>
    </message>
    <message>
        <source>Post-close session</source>
        <translation>Phiên sau giờ (PLO)</translation>
    </message>
    <message>
        <source>Put-through deal</source>
        <translation>Giao dịch thỏa thuận</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Đóng cửa</translation>
    </message>
    <message>
        <source>Continuous</source>
        <translation>Liên tục</translation>
    </message>
    <message>
        <source>Auction</source>
        <translation>Định kỳ</translation>
    </message>
    <message>
        <source>Put-through</source>
        <translation>Thỏa thuận</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Chờ gửi</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Chờ phiên</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Chờ khớp</translation>
    </message>
</context>
<context>
    <name>khop::ui::YearDialog</name>
    <message>
        <source>Yearly statement</source>
        <translation>Sao kê năm</translation>
    </message>
    <message>
        <source>Year</source>
        <translation>Năm</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Ngôn ngữ</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Định dạng</translation>
    </message>
</context>
</TS>
