#include "mesh/event/owned_event.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>

using namespace mesh;

namespace {

OwnedEvent made_of_texts_that_go() {
    const std::string texts[] = {"a.b", "service", "key", "text/plain", "headers", "x y", "body"};
    Event event;
    event.topic = texts[0];
    event.service = texts[1];
    event.key = texts[2];
    event.content_type = texts[3];
    event.headers = bytes_of(texts[4]);
    event.cause.emplace();
    event.cause->rank = 3;
    event.cause->path = texts[5];
    event.payload = bytes_of(texts[6]);
    event.id.sequence = 9;
    return OwnedEvent(event);
}

bool is_whole(const OwnedEvent& event) {
    return event->topic == "a.b" && event->service == "service" && event->key == "key" &&
           event->content_type == "text/plain" && text_of(event->headers) == "headers" &&
           event->cause->path == "x y" && event->cause->rank == 3 &&
           text_of(event->payload) == "body" && event->id.sequence == 9;
}

} // namespace

TEST_CASE("an owned event keeps everything that the event viewed, however it is passed on") {
    auto event = made_of_texts_that_go();
    CHECK(is_whole(event));
    auto copy = event;
    CHECK(is_whole(copy));
    const auto moved = std::move(event);
    CHECK(is_whole(moved));
    copy = OwnedEvent(Event{});
    CHECK(is_whole(moved));
    CHECK(copy->topic.empty());
}

TEST_CASE("an event names itself to the outside the same way each time, for each handler") {
    Event event;
    event.id = {{}, 2, 7};
    CHECK(event.idempotency_key("pay") == to_string(event.id) + "/pay");
    CHECK(event.idempotency_key("pay") != event.idempotency_key("ship"));
    auto later = event;
    later.id.sequence = 8;
    CHECK(event.idempotency_key("pay") != later.idempotency_key("pay"));
}
