#include "mesh/node/requests.hpp"

#include <utility>
#include <vector>

namespace mesh {

namespace {

constexpr std::size_t waiting_max = 16384;

Result<Payload> no_reply(const std::string& topic, std::size_t handler_count,
                         const std::string& error) {
    return fail(ErrorCode::timed_out, topic + ": no reply in time from " +
                                          std::to_string(handler_count) +
                                          (handler_count == 1 ? " handler" : " handlers") +
                                          (error.empty() ? "" : "; " + error));
}

} // namespace

Result<Requests::Open> Requests::begin(std::string topic, TimePoint deadline) {
    const std::lock_guard lock(mutex_);
    if (is_closed_)
        return fail(ErrorCode::closed, "the node is stopping");
    if (waiting_.size() >= waiting_max)
        return fail(ErrorCode::limit,
                    topic + ": more than " + std::to_string(waiting_max) + " requests are open");
    auto number = numbers_();
    while (number == 0 || waiting_.contains(number))
        number = numbers_();
    auto& one = waiting_[number];
    one.topic = std::move(topic);
    one.deadline = deadline;
    return Open{number, one.reply.get_future()};
}

void Requests::forget(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(number);
}

/// Takes it out when everybody who got it has failed.
Requests::Waitings::node_type Requests::take_failed(Waitings::iterator one) {
    const auto& waiting = one->second;
    const bool has_failed =
        waiting.handler_count > 0 && waiting.failed.size() >= waiting.handler_count;
    return has_failed ? waiting_.extract(one) : Waitings::node_type{};
}

void Requests::expect(std::uint64_t number, std::size_t handler_count) {
    Waitings::node_type ended;
    {
        const std::lock_guard lock(mutex_);
        const auto found = waiting_.find(number);
        if (found == waiting_.end())
            return; // answered already
        found->second.handler_count = handler_count;
        ended = take_failed(found);
    }
    if (ended)
        ended.mapped().reply.set_value(fail(ErrorCode::refused, ended.mapped().error));
}

bool Requests::is_repeated(const NodeId& from, const Reply& reply) {
    const auto key = std::to_string(reply.request) + (reply.is_failure ? " failure " : " ") +
                     to_string(from) + " " + reply.handler;
    const bool is_repeated = heard_.has(key);
    heard_.add(key);
    return is_repeated;
}

void Requests::receive(const NodeId& from, const Reply& reply) {
    Waitings::node_type ended;
    {
        const std::lock_guard lock(mutex_);
        if (is_repeated(from, reply))
            return;
        const auto found = waiting_.find(reply.request);
        if (found == waiting_.end())
            return late_("from " + reply.handler);
        if (!reply.is_failure) {
            ended = waiting_.extract(found);
        } else {
            found->second.failed.emplace(from, reply.handler);
            found->second.error = reply.handler + " failed: " + reply.payload;
            ended = take_failed(found);
        }
    }
    if (!ended)
        return;
    auto& promise = ended.mapped().reply;
    if (reply.is_failure)
        promise.set_value(fail(ErrorCode::refused, ended.mapped().error));
    else
        promise.set_value(Payload{reply.payload, reply.content_type.empty()
                                                     ? std::string(default_content_type)
                                                     : reply.content_type});
}

void Requests::time_out(std::uint64_t number) {
    Waitings::node_type ended;
    {
        const std::lock_guard lock(mutex_);
        ended = waiting_.extract(number);
    }
    if (ended)
        ended.mapped().reply.set_value(
            no_reply(ended.mapped().topic, ended.mapped().handler_count, ended.mapped().error));
}

void Requests::tick(TimePoint now) {
    std::vector<std::uint64_t> late;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, one] : waiting_)
            if (now >= one.deadline)
                late.push_back(number);
    }
    for (const auto number : late)
        time_out(number);
}

void Requests::close() {
    Waitings ended;
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        ended.swap(waiting_);
    }
    for (auto& [number, one] : ended)
        one.reply.set_value(fail(ErrorCode::closed, "the node is stopping"));
}

} // namespace mesh
