// What an event costs in this program's own code, without sockets and without threads: published
// into the log and copied into batches, or taken out of batches up to a handler that returns at
// once. Does the same each time, so that its instructions can be counted: event_path_test.py does.
//
// Words: publish|receive EVENTS.

#include "mesh/flow/receiving/reception.hpp"
#include "mesh/flow/streams/publication.hpp"
#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/wire/batch.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace mesh;

constexpr LinkNumber link = 1;
constexpr std::uint64_t session = 7;
constexpr WallTime start{std::chrono::hours(400'000)};
constexpr Volume window{1'000'000, std::uint64_t{64} * 1024 * 1024};

class Publisher {
public:
    Publisher() {
        SubscriptionRequest request;
        request.key = "s";
        request.patterns = {*Pattern::parse("load.>")};
        request.policy = Policy::block;
        request.window = window;
        publication_.attach(link, session, {request}, start, Duration{});
    }

    /// Publishes events until they fill a batch, and gives it; what was sent before is
    /// acknowledged.
    std::vector<std::byte> next_batch(std::uint64_t& events_left) {
        constexpr std::size_t events_a_batch = 1'500;
        const std::string payload(64, 'x');
        for (std::size_t i = 0; i < events_a_batch && events_left > 0; ++i, --events_left) {
            Draft draft{"load.0", {}, "text/plain", {}, std::nullopt, bytes_of(payload)};
            draft.is_usual = true;
            if (publication_.append_usual(draft.topic, draft.content_type, draft.payload, nullptr,
                                          start) != 0)
                continue;
            if (publication_.waits_for(draft.topic, draft.payload.size()) != nullptr ||
                !publication_.append(draft, start))
                std::abort();
        }
        const auto* plan = publication_.plan(link);
        if (plan == nullptr)
            return {};
        std::vector<std::byte> batch(plan->size_bytes());
        plan->write(batch.data());
        const auto& position = plan->header.positions.front();
        done_.position = position.after;
        done_.volume = done_.volume + Volume{position.events, position.bytes};
        publication_.sent(link);
        publication_.acknowledge(link, 0, done_, window);
        return batch;
    }

private:
    Publication publication_{NodeId{}, 1, std::size_t{1024} * 1024};
    Progress done_;
};

class Subscriber {
public:
    Subscriber() : runner_(spec(), {}, hooks(), this) {
        reception_.open(session, TimePoint{});
        reception_.grant(0, window);
    }

    void take(std::vector<std::byte> message) {
        auto owner = std::make_shared<const std::vector<std::byte>>(std::move(message));
        auto batch = decode_batch(*owner);
        if (!batch)
            std::abort();
        const auto received =
            std::make_shared<const ReceivedBatch>(ReceivedBatch{owner, std::move(*batch)});
        for (const auto& taken : reception_.take(received->batch.header)) {
            runner_.push(feed_, received, taken);
            reception_.processed(taken.number, feed_->progress());
        }
    }

    std::uint64_t handled() const { return handled_; }

private:
    HandlerSpec spec() {
        HandlerSpec spec;
        spec.contract.name = "h";
        spec.contract.on = {*Pattern::parse("load.>")};
        spec.function = [this](const Event& event, Emitter&) {
            handled_ += event.payload.size() == 64 ? 1 : 0;
        };
        spec.is_inline = true;
        return spec;
    }

    static HandlerRunner::Hooks hooks() {
        HandlerRunner::Hooks hooks;
        hooks.progressed = [] {};
        return hooks;
    }

    std::uint64_t handled_ = 0;
    Reception reception_{1};
    std::shared_ptr<Feed> feed_ = std::make_shared<Feed>(NodeId{}, 1, "publisher");
    HandlerRunner runner_;
};

/// With what it costs to publish them, which whoever counts takes away.
std::uint64_t receive(std::uint64_t event_count) {
    Publisher publisher;
    Subscriber subscriber;
    while (event_count > 0)
        subscriber.take(publisher.next_batch(event_count));
    return subscriber.handled();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    const std::uint64_t event_count = std::strtoull(argv[2], nullptr, 10);
    if (std::string(argv[1]) == "receive")
        return receive(event_count) == event_count ? 0 : 1;
    Publisher publisher;
    std::uint64_t left = event_count;
    std::size_t size = 0;
    while (left > 0)
        size += publisher.next_batch(left).size();
    return size > 64 * event_count ? 0 : 1;
}
