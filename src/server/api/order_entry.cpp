// SPDX-License-Identifier: GPL-3.0-or-later
// Orders in and out of the desk, for REST and streams alike: read, submitted, and what became of them.
#include "server/api/api.h"
namespace khop::server {

void Api::enterOrder(JsonValue fields, const Caller &caller, const Answerer &to, OrderDone done,
                     Members beside)
{
    std::vector<Error> errors;
    std::optional<Error> refusal;
    std::optional<OrderRequest> request =
        readOrder(fields, caller, errors, refusal, nullptr, beside);
    if (!request) {
        done(to, refusal ? OrderOutcome::refused(std::move(*refusal))
                         : OrderOutcome::misread(std::move(errors)));
        return;
    }
    if (request->fractionalPrice) {
        const Error error = fractionalPriceError(*request);
        done(to, OrderOutcome::refused(error, hintFor(error, *request, to.language)));
        return;
    }
    PlaceOrder order = std::move(request->order);
    submit(std::move(order), to,
           [this, request = std::move(*request), done = std::move(done)](const Answerer &whom,
                                                                         CommandResult result) {
               if (!result.ok() || !result.order) {
                   const Error error = result.ok() ? Error{Code::INTERNAL_ERROR} : result.error;
                   done(whom, OrderOutcome::refused(error, hintFor(error, request, whom.language)));
                   return;
               }
               done(whom, OrderOutcome::done(result.duplicate ? OrderOutcome::Kind::Duplicate
                                                              : OrderOutcome::Kind::Accepted,
                                             std::move(*result.order)));
           });
}

void Api::changeOrder(std::string_view id, std::shared_ptr<const JsonDocument> fields,
                      std::string_view version, std::shared_ptr<const Caller> caller,
                      const Answerer &to, OrderDone done, Members beside)
{
    readAmendment(id, std::move(fields), version, std::move(caller), to, beside, done,
                  [this, done](const Answerer &whom, Amendment change) {
                      submit(change.amend, whom,
                             [this, request = std::move(change.request), order = change.order.id,
                              done](const Answerer &owner, CommandResult result) {
                                 if (result.error.code == Code::NOT_FOUND) {
                                     resolveEnded(owner, order, Code::ORDER_NOT_AMENDABLE, done);
                                 } else if (!result.ok() || !result.order) {
                                     const Error error =
                                         result.ok() ? Error{Code::INTERNAL_ERROR} : result.error;
                                     done(owner,
                                          OrderOutcome::refused(
                                              error, hintFor(error, request, owner.language)));
                                 } else {
                                     done(owner, OrderOutcome::done(OrderOutcome::Kind::Amended,
                                                                    std::move(*result.order)));
                                 }
                             });
                  });
}

Error Api::versionMismatch(const EntityTags &tags, const OrderRecord &order)
{
    Error error{Code::VERSION_MISMATCH, "If-Match"};
    if (tags.versions.size() == 1) {
        error.value = std::to_string(tags.versions.front());
        error.bound = std::to_string(order.version);
    }
    return error;
}

void Api::endOrder(std::string_view id, std::string_view ifMatch,
                   std::shared_ptr<const Caller> caller, const Answerer &to, OrderDone done)
{
    const Result<EntityTags> tags = readIfMatch(ifMatch);
    if (!tags) {
        done(to, OrderOutcome::misread({tags.error()}));
        return;
    }
    findOwnOrder(
        id, std::move(caller), [this, to, tags, done = std::move(done)](Result<OrderRecord> order) {
            if (!order) {
                done(to, OrderOutcome::refused(order.error()));
                return;
            }
            if (!tags->match(order->version)) {
                done(to, OrderOutcome::refused(versionMismatch(*tags, *order)));
                return;
            }
            if (order->status == OrderStatus::Cancelled) {
                done(to,
                     OrderOutcome::done(OrderOutcome::Kind::AlreadyCancelled, std::move(*order)));
                return;
            }
            if (!isOpen(order->status)) {
                done(to, OrderOutcome::refused({Code::ORDER_NOT_CANCELLABLE, "status",
                                                std::string(name(order->status))}));
                return;
            }
            submit(CancelOrder{order->account, order->id}, to,
                   [this, id = order->id, done](const Answerer &whom, CommandResult result) {
                       if (result.error.code == Code::NOT_FOUND)
                           resolveEnded(whom, id, Code::ORDER_NOT_CANCELLABLE, done);
                       else if (!result.ok() || !result.order)
                           done(whom,
                                OrderOutcome::refused(result.ok() ? Error{Code::INTERNAL_ERROR}
                                                                  : result.error));
                       else
                           done(whom, OrderOutcome::done(OrderOutcome::Kind::Cancelled,
                                                         std::move(*result.order)));
                   });
        });
}

void Api::findOwnOrder(std::string_view text, std::shared_ptr<const Caller> caller,
                       std::function<void(Result<OrderRecord>)> done)
{
    const std::optional<Uuid> id = Uuid::parse(text);
    if (!id) {
        done(khop::refuse(Code::NOT_FOUND));
        return;
    }
    m_service.findOrder(*id, here<OrderRecord>([caller = std::move(caller),
                                                done = std::move(done)](Result<OrderRecord> order) {
        if (order && !caller->owns(order->account) && !caller->isAdmin())
            done(khop::refuse(Code::NOT_FOUND));
        else
            done(std::move(order));
    }));
}

// The order was open when it was looked up and had come to its end when the engine took the command.
void Api::resolveEnded(const Answerer &to, const Uuid &id, Code refusal, OrderDone done)
{
    m_service.findOrder(
        id, here<OrderRecord>([to, refusal, done = std::move(done)](Result<OrderRecord> order) {
            if (!order)
                done(to, OrderOutcome::refused(order.error()));
            else if (refusal == Code::ORDER_NOT_CANCELLABLE
                     && order->status == OrderStatus::Cancelled)
                done(to,
                     OrderOutcome::done(OrderOutcome::Kind::AlreadyCancelled, std::move(*order)));
            else
                done(to,
                     OrderOutcome::refused({refusal, "status", std::string(name(order->status))}));
        }));
}

} // namespace khop::server
