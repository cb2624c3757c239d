<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi_VN" sourcelanguage="en">
<context>
    <name>khop::ui::AmendDialog</name>
    <message>
        <source>Amend order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The market takes a new price or a new quantity, not both at once.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::Blotter</name>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::BoardModel</name>
    <message>
        <source>Bid side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ceiling</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ceiling price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Floor</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Floor price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ref.</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reference price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best bid price 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vol. 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best bid volume 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best bid price 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vol. 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best bid volume 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best bid price 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vol. 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best bid volume 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vol.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matched volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>+/-</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best ask price 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best ask volume 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best ask price 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best ask volume 2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best ask price 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best ask volume 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total vol.</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::BoardPanel</name>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buy %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search symbol or name (Ctrl+K)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::CashModel</name>
    <message>
        <source>Currency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cash balance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Available cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cash pending settlement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deposit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::CellTable</name>
    <message>
        <source>Export CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file %1 was not written: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit columns to contents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::ConfirmDialog</name>
    <message>
        <source>Confirm order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Are you sure?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::DepthModel</name>
    <message>
        <source>No.</source>
        <comment>number of orders</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bid vol.</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bid side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bid</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask vol.</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::DepthPanel</name>
    <message>
        <source>Choose a symbol on the board.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expected match %1 × %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>spread %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::DeskActions</name>
    <message>
        <source>Buy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the order on the ticket</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amend order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask before sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Khớp</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::ExecutionsModel</name>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled qty</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matched volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill value</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settlement date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trade no.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order ID</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::MainWindow</name>
    <message>
        <source>All orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished orders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buy and sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amend order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an open order in the order blotter first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not amended: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not cancelled: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no open orders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n open order(s)?</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) cancelled.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Filled</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n execution(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open</source>
        <comment>orders</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>About Khớp</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Khớp is a trading desk and an exchange for the Vietnamese market.
On paper no order leaves this computer.

Licence: GPL-3.0-or-later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Khớp — Paper trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Khớp — Live trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Trade</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Practice day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order ticket</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order blotter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trades / executions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Portfolio</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cash balance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market depth</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::OrderTicket</name>
    <message>
        <source>The price %1 is off the price step: now %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 — not in this session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ceiling</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Floor</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ref.</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bid</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place order: Buy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place order: Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buying power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Available to sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Split %1 + %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two orders: %1 in round lots and %2 as an odd lot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The order will wait until its session opens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: Enter sends, then confirm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a symbol.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No instrument has the symbol %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the price in thousand dong: 25.5 or 25,5 is 25,500 dong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the price.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The price is not finished: a digit must follow the decimal mark.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the quantity.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quantity is not a number of shares.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::OrdersModel</name>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order qty</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled qty</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Matched volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaves</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaves quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled qty</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avg. price</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average fill price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill value</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client order ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order ID</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order ID</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::PositionsModel</name>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Available</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Available to sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked shares</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending settlement (shares)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avg. cost</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average cost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mkt price</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mkt value</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unrealised</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unrealised P&amp;L</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P&amp;L %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Realised P&amp;L</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::SessionBar</name>
    <message>
        <source>Exchange time (Vietnam)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The calendar&apos;s holidays end before this day: weekdays trade.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 until %3, then %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on (Ctrl+P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause (Ctrl+P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trading session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PAPER</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Practice day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How fast the practice day runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next session (Ctrl+N)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the ticket: next field; in the quantity: send; in the confirmation: confirm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the ticket: next field, the order type included</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the price: one price step; in the quantity: one lot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the confirmation without sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::StatusStrip</name>
    <message>
        <source>off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine stopped: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine OK · queue %1 · commit %2 ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PAPER</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Live trading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>REST and WebSocket for programs on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Account %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::TicketForm</name>
    <message>
        <source>Buy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buy (Ctrl+B)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell (Ctrl+E)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fee</source>
        <comment>short</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue outside the session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An order given outside its session waits and is released when the session opens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>khop::ui::Words</name>
    <message>
        <source>Buy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit order (LO)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At the open (ATO)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At the close (ATC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market-to-limit (MTL)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match or kill (MOK)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match and kill (MAK)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Post-close order (PLO)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending (not yet sent)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queued for the session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working (new)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Partially filled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pending amend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Market closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening auction (ATO)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continuous session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lunch break</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Periodic auction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing auction (ATC)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Post-close session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put-through deal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continuous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put-through</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
