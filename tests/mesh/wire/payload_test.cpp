#include "mesh/wire/payload.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

#include <map>
#include <string>
#include <vector>

using namespace mesh;

namespace {

struct Order {
    int id = 0;
    std::string name;
    std::vector<std::string> items;
    MSGPACK_DEFINE_MAP(id, name, items)

    bool operator==(const Order&) const = default;
};

/// An event that views the bytes.
Event event_with(std::string_view payload) {
    Event event;
    event.topic = "order.created";
    event.payload = bytes_of(payload);
    return event;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

Headers headers_in(std::string_view bytes) {
    Event event;
    event.headers = bytes_of(bytes);
    return headers_of(event);
}

} // namespace

TEST_CASE("a packed struct is unpacked to the same") {
    const Order order{7, "Zoë", {"a", "b"}};
    const auto payload = pack(order);
    CHECK(payload.content_type == default_content_type);
    CHECK(tests::to_hex(payload.bytes) == tests::golden_hex("payload_order", payload.bytes));
    const auto unpacked = unpack<Order>(event_with(payload.bytes));
    REQUIRE(unpacked);
    CHECK(*unpacked == order);
}

TEST_CASE("a payload that is none, or of another type, is an error that names the event") {
    const auto payload = pack(Order{1, "n", {}});
    tests::with_cuts(payload.bytes,
                     [](const std::string& cut) { CHECK_FALSE(unpack<Order>(event_with(cut))); });
    const auto number = unpack<int>(event_with(payload.bytes));
    REQUIRE_FALSE(number);
    CHECK(number.error().code == ErrorCode::malformed);
    CHECK(number.error().detail.find("order.created") != std::string::npos);
    auto text = event_with(payload.bytes);
    text.content_type = "text/plain";
    CHECK_FALSE(unpack<Order>(text));
}

TEST_CASE("noise in a payload is an error and never a crash") {
    const std::uint64_t seed = 20'261'124;
    CAPTURE(seed);
    int refused = 0;
    tests::with_noise(pack(Order{1, "some name", {"a", "b"}}).bytes, seed, 10'000,
                      [&](const std::string& bytes) {
                          refused += unpack<Order>(event_with(bytes)) ? 0 : 1;
                          unpack<std::map<std::string, std::string>>(event_with(bytes));
                      });
    CHECK(refused > 1'000);
}

TEST_CASE("msgpack bombs as a payload are refused at once") {
    std::string promises;
    for (int i = 0; i < 1'000; ++i)
        promises += std::string("\xdc\xff\xff", 3);
    for (const auto& bomb :
         {std::string("\xdd\xff\xff\xff\xff"), std::string("\xdf\xff\xff\xff\xff"),
          std::string("\xdb\xff\xff\xff\xff"), std::string(10 * 1024 * 1024, '\x91'), promises}) {
        CHECK_FALSE(unpack<Order>(event_with(bomb)));
        CHECK_FALSE(unpack<std::vector<int>>(event_with(bomb)));
        CHECK(headers_in(bomb).empty());
    }
}

TEST_CASE("headers come back as they were written, in order") {
    const Headers headers{{"traceparent", "00-1"}, {"", ""}, {"größe", "东京"}};
    const auto bytes = encode_headers(headers);
    CHECK(headers_in(bytes) == headers);
    CHECK(tests::to_hex(bytes) == tests::golden_hex("headers", bytes));
    CHECK(encode_headers({}).empty());
    CHECK(headers_in({}).empty());
}

TEST_CASE("as many headers as fit come back") {
    const Headers headers(2'000, {"", ""});
    const auto bytes = encode_headers(headers);
    REQUIRE(bytes.size() <= headers_size_bytes_max);
    CHECK(headers_in(bytes) == headers);
}

TEST_CASE("headers that are none give none") {
    const auto bytes = encode_headers({{"name", "value"}, {"more", "of it"}});
    tests::with_cuts(bytes, [](const std::string& cut) { CHECK(headers_in(cut).empty()); });
    CHECK(headers_in("\x93\x01\x02\x03").empty());
    CHECK(headers_in("\x82\x01\x02\xa1k\xa1v") == Headers{{"k", "v"}});
    const std::uint64_t seed = 20'261'125;
    CAPTURE(seed);
    std::size_t found = 0;
    tests::with_noise(bytes, seed, 10'000,
                      [&](const std::string& noise) { found += headers_in(noise).size(); });
    CHECK(found > 100);
}
