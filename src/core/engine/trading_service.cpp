// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trading_service.h"

namespace khop {

namespace {

class CallbackSink final : public ResultSink
{
public:
    explicit CallbackSink(std::function<void(CommandResult)> done) : m_done(std::move(done)) {}
    void deliver(std::vector<CommandResult> results) override
    {
        for (CommandResult &result : results)
            m_done(std::move(result));
    }

private:
    std::function<void(CommandResult)> m_done;
};

} // namespace

void TradingService::submit(CommandBody body, std::function<void(CommandResult)> done)
{
    submit(Command{{}, std::move(body)}, std::make_shared<CallbackSink>(std::move(done)), 0);
}

} // namespace khop
