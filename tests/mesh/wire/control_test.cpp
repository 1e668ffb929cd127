#include "mesh/wire/control.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

#include <msgpack.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace mesh;

namespace {

ControlMessage message(ControlBody body) {
    ControlMessage made;
    made.realm = 0xf1f2f3f4f5f6f7f8;
    for (std::size_t i = 0; i < made.sender.bytes.size(); ++i)
        made.sender.bytes[i] = static_cast<std::byte>(0xc0 + i);
    made.incarnation = 3;
    made.body = std::move(body);
    return made;
}

Hello hello() {
    Hello made;
    made.service = "order";
    made.instance = "2";
    made.is_observer = true;
    made.host = "192.0.2.7";
    made.control_port = 20'001;
    made.inbox_port = 20'002;
    made.inbox_name = "dagmesh-inbox";
    made.machine = 0x8877665544332211;
    made.contract_hash = 42;
    made.contract = "not looked at here";
    made.wants_contract = true;
    made.wants_answer = true;
    made.wants_peers = true;
    made.peers = {"192.0.2.8:20001", "[::1]:20003"};
    made.quarantined = {1, 300};
    return made;
}

/// One of each kind, with every field set, and the bare ones.
std::vector<std::pair<std::string, ControlMessage>> every_kind() {
    Hello bare;
    bare.service = "s";
    return {
        {"control_hello", message(hello())},
        {"control_hello_bare", message(bare)},
        {"control_open", message(Open{7})},
        {"control_open_foreign",
         message(Open{7, 8, {{0, 9}, {subscription_index(4095, 1, 2), 10}}})},
        {"control_opened",
         message(Opened{7,
                        UINT64_MAX,
                        {{0, true, Policy::block, 0, {}, 100, 200, 300, true, 4, 5, 6},
                         {subscription_index(4095, 1, 2), false, Policy::drop_oldest, 9,
                          StartFrom::last(7), 1, 2, 3, false, 0, 0, 0, false, true}}})},
        {"control_acknowledge",
         message(Acknowledge{8, {{1, 2, 3, 4, 5, 6}, {2, UINT64_MAX, 0, 0, 0, 0}}})},
        {"control_head", message(Head{9, {{1, 1'000}, {2, 0}}})},
        {"control_rewind", message(Rewind{10, {{1, 2, 3, 4}}})},
        {"control_reopen", message(Reopen{11})},
        {"control_unreachable", message(Unreachable{"192.0.2.7:20002"})},
        {"control_leave", message(Leave{})},
    };
}

std::string packed_message(const std::string& type_and_body) {
    // version, type, realm, sender, incarnation, body
    return "\x96\x01" + type_and_body;
}

const std::string sender_bytes = std::string("\x01\xc4\x10", 3) + std::string(16, 's') + "\x01";

} // namespace

TEST_CASE("every control message comes back as it was written") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        const auto decoded = decode_control(bytes_of(encode(one)));
        REQUIRE(decoded);
        CHECK(*decoded == one);
    }
}

TEST_CASE("every control message has the bytes that the wire format says") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        const auto bytes = encode(one);
        CHECK(tests::to_hex(bytes) == tests::golden_hex(name, bytes));
        const auto decoded = decode_control(bytes_of(tests::golden(name)));
        REQUIRE(decoded);
        CHECK(*decoded == one);
    }
}

TEST_CASE("a control message cut off anywhere, or with something behind it, is malformed") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        tests::with_cuts(encode(one), [](const std::string& cut) {
            const auto decoded = decode_control(bytes_of(cut));
            REQUIRE_FALSE(decoded);
            REQUIRE(decoded.error().code == ErrorCode::malformed);
        });
        CHECK_FALSE(decode_control(bytes_of(encode(one) + "x")));
    }
}

TEST_CASE("noise is either refused or a control message that says the same again") {
    const std::uint64_t seed = 20'261'122;
    CAPTURE(seed);
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        int accepted = 0;
        tests::with_noise(encode(one), seed, 2'000, [&](const std::string& bytes) {
            const auto decoded = decode_control(bytes_of(bytes));
            if (!decoded)
                return;
            ++accepted;
            const auto again = decode_control(bytes_of(encode(*decoded)));
            REQUIRE(again);
            REQUIRE(*again == *decoded);
        });
        CHECK(accepted > 0);
    }
}

TEST_CASE("a control message of another version is told apart from junk") {
    auto bytes = encode(message(Leave{}));
    bytes[1] = 2;
    const auto decoded = decode_control(bytes_of(bytes));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::unsupported_version);
}

TEST_CASE("fields that a later version adds are skipped") {
    const auto bytes =
        packed_message(std::string("\x02", 1) + sender_bytes +
                       std::string("\x82\xa3new\x93\x01\x02\x03\xa7") + "attempt" + "\x05");
    const auto decoded = decode_control(bytes_of(bytes));
    REQUIRE(decoded);
    CHECK(std::get<Open>(decoded->body) == Open{5});
}

TEST_CASE("a field of another type is named in the error") {
    const auto bytes = packed_message(std::string("\x02", 1) + sender_bytes +
                                      std::string("\x81\xa7") + "attempt" + "\xa1x");
    const auto decoded = decode_control(bytes_of(bytes));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().detail.find("attempt") != std::string::npos);
}

TEST_CASE("names in a hello are short text without control characters") {
    const auto refused = [](auto change) {
        auto one = hello();
        change(one);
        return !decode_control(bytes_of(encode(message(one))));
    };
    CHECK(refused([](Hello& one) { one.service = ""; }));
    CHECK(refused([](Hello& one) { one.service = "a\x1b[2J"; }));
    CHECK(refused([](Hello& one) { one.service = std::string(201, 'a'); }));
    CHECK(refused([](Hello& one) { one.service = "not UTF-8: \xff"; }));
    CHECK(refused([](Hello& one) { one.instance = "a\nb"; }));
    CHECK(refused([](Hello& one) { one.instance = "\xc3"; }));
    CHECK(refused([](Hello& one) { one.host = "\x7f"; }));
    CHECK(refused([](Hello& one) { one.inbox_name = std::string(101, 'a'); }));
    CHECK_FALSE(refused([](Hello& one) { one.service = "bestellung-für-東京"; }));
}

TEST_CASE("a message speaks of so many subscriptions and no more") {
    std::vector<Head::Subscription> many(subscription_rows_max, {UINT32_MAX, 1});
    CHECK(decode_control(bytes_of(encode(message(Head{1, many})))));
    many.push_back({});
    CHECK_FALSE(decode_control(bytes_of(encode(message(Head{1, many})))));
}

TEST_CASE("a subscription's index holds its handler, its seat and its turn") {
    const auto index = subscription_index(4095, 127, 8191);
    CHECK(index == UINT32_MAX);
    CHECK(handler_of(index) == 4095);
    CHECK(seat_of(index) == 127);
    CHECK(subscription_index(7, 0, 0) == 7);
    CHECK(place_of(subscription_index(7, 3, 1)) == place_of(subscription_index(7, 3, 2)));
    CHECK(place_of(subscription_index(7, 3, 1)) != place_of(subscription_index(7, 4, 1)));
}

TEST_CASE("msgpack bombs are refused at once as control messages and contracts") {
    std::vector<std::string> bombs;
    bombs.emplace_back("\xdd\xff\xff\xff\xff", 5); // an array of 4 billion
    bombs.emplace_back("\xdf\xff\xff\xff\xff", 5); // a map
    bombs.emplace_back("\xdb\xff\xff\xff\xff", 5); // a string
    bombs.emplace_back("\xc6\xff\xff\xff\xff", 5); // binary
    bombs.emplace_back("\xc9\xff\xff\xff\xff\x01", 6);
    bombs.emplace_back(100'000, '\x91');   // arrays in arrays
    bombs.emplace_back(1'000'000, '\x81'); // maps as keys of maps
    bombs.emplace_back(10 * 1024 * 1024, '\x91');
    std::string promises; // an array of 65,535 whose first item is an array of 65,535 ...
    for (int i = 0; i < 1'000; ++i)
        promises += std::string("\xdc\xff\xff", 3);
    bombs.push_back(promises);
    std::string wide("\x96\x01\x01\x01", 4); // plausible up to the body
    wide += std::string("\xc4\x10", 2) + std::string(16, 's') + "\x01" + promises;
    bombs.push_back(wide);
    for (const auto& bomb : bombs) {
        CAPTURE(tests::to_hex(bomb.substr(0, 6)), bomb.size());
        const auto decoded = decode_control(bytes_of(bomb));
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().code == ErrorCode::malformed);
        CHECK_FALSE(decode_contract(bytes_of(bomb)));
    }
}

TEST_CASE("a control message beyond the bound is refused unread") {
    auto one = hello();
    one.contract = std::string(control_size_bytes_max, 'c');
    const auto decoded = decode_control(bytes_of(encode(message(one))));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::malformed);
    one.contract = std::string(control_size_bytes_max - 2'000, 'c');
    CHECK(decode_control(bytes_of(encode(message(one)))));
}
