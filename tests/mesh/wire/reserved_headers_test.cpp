#include "mesh/wire/payload.hpp"
#include "mesh/wire/reserved_headers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>

using namespace mesh;
using namespace std::chrono_literals;

namespace {

ReservedHeaders read(const std::string& encoded) {
    return reserved_headers(bytes_of(encoded));
}

} // namespace

TEST_CASE("what the mesh says in headers comes back, beside the headers of the program") {
    EventOptions options;
    options.headers = {{"name", "value"}};
    options.time_to_live = 1'500us;
    options.priority = -7;
    options.idempotency_key = "order 4711";
    const auto encoded = encode_event_headers(options);
    REQUIRE(encoded);
    const auto reserved = read(*encoded);
    CHECK(reserved.time_to_live == 2ms); // rounded up
    CHECK(reserved.priority == -7);
    CHECK(reserved.idempotency_key == "order 4711");

    Event event;
    event.headers = bytes_of(*encoded);
    CHECK(headers_of(event) == options.headers);
}

TEST_CASE("an event without such headers has none") {
    CHECK(encode_event_headers(EventOptions{}).value().empty());
    const auto encoded = encode_event_headers({.headers = {{"a", "b"}}}).value();
    CHECK(encoded == encode_headers(std::vector<std::pair<std::string, std::string>>{{"a", "b"}}));
    CHECK_FALSE(read(encoded).time_to_live);
    CHECK(read(encoded).priority == 0);
    CHECK(read("").idempotency_key.empty());
}

TEST_CASE("reserved names, negative times and long keys are refused") {
    CHECK(encode_event_headers({.headers = {{"dagmesh-x", ""}}}).error().code ==
          ErrorCode::invalid);
    CHECK(encode_event_headers({.time_to_live = -1ms}).error().code == ErrorCode::invalid);
    CHECK(encode_event_headers({.idempotency_key = std::string(257, 'k')}).error().code ==
          ErrorCode::invalid);
    CHECK(encode_event_headers({.idempotency_key = std::string(256, 'k')}));
    CHECK(encode_event_headers({.headers = {{"dagmesh", ""}, {"x-dagmesh-", ""}}}));
    CHECK(read(*encode_event_headers({.time_to_live = Duration::max()})).time_to_live >
          24h * 365 * 99);
}

TEST_CASE("malformed values of strangers count as not there") {
    const auto with = [](const std::string& name, const std::string& value) {
        return read(
            encode_headers(std::vector<std::pair<std::string, std::string>>{{name, value}}));
    };
    for (const auto* value : {"", "-1", "1x", "99999999999999999999", "0x1", " 1"})
        CHECK_FALSE(with("dagmesh-ttl-ms", value).time_to_live);
    CHECK(with("dagmesh-ttl-ms", "0").time_to_live == 0ms);
    CHECK(with("dagmesh-priority", "4000000000").priority == 0);
    CHECK(with("dagmesh-idempotency-key", std::string(257, 'k')).idempotency_key.empty());

    const auto encoded =
        encode_event_headers({.headers = {{"a", "b"}}, .time_to_live = 5ms, .priority = 3}).value();
    tests::with_noise(encoded, 7, 2'000, [](const std::string& bytes) {
        CHECK(read(bytes).idempotency_key.size() <= key_size_bytes_max);
    });
    tests::with_cuts(encoded,
                     [](const std::string& bytes) { CHECK_FALSE(read(bytes).time_to_live); });
}

TEST_CASE("headers without their time to live have everything else, in order") {
    EventOptions options;
    options.headers = {{"a", "1"}, {"b", "2"}};
    options.time_to_live = 5s;
    options.idempotency_key = "k";
    const auto encoded = encode_event_headers(options, 17).value();
    CHECK(read(encoded).request == 17);
    const auto without = without_time_to_live(bytes_of(encoded));
    CHECK_FALSE(read(without).time_to_live);
    CHECK(read(without).idempotency_key == "k");
    CHECK(read(without).request == 17);
    Event event;
    event.headers = bytes_of(without);
    CHECK(headers_of(event) == options.headers);
    for (const std::string other : {"", "no msgpack: dagmesh-ttl-ms"})
        CHECK(without_time_to_live(bytes_of(other)) == other);
}
