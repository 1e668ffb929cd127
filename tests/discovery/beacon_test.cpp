#include "discovery/beacon.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

using namespace discovery;
using mesh::ErrorCode;

namespace {

Beacon example() {
    Beacon beacon;
    beacon.is_leaving = true;
    for (std::size_t i = 0; i < beacon.id.bytes.size(); ++i)
        beacon.id.bytes[i] = static_cast<std::byte>(0xa0 + i);
    beacon.incarnation = 0x01020304;
    beacon.number = 0x1112131415161718;
    beacon.realm = 0x2122232425262728;
    beacon.contract = 0x3132333435363738;
    beacon.control_port = 0x4142;
    return beacon;
}

std::string datagram(const Beacon& beacon) {
    const auto bytes = encode(beacon);
    return std::string(mesh::text_of(bytes));
}

ErrorCode error_of(const std::string& bytes) {
    const auto decoded = decode_beacon(mesh::bytes_of(bytes));
    REQUIRE_FALSE(decoded);
    return decoded.error().code;
}

} // namespace

TEST_CASE("a beacon comes back as it was written") {
    for (const bool is_leaving : {false, true})
        for (const bool is_observer : {false, true}) {
            auto beacon = example();
            beacon.is_leaving = is_leaving;
            beacon.is_observer = is_observer;
            const auto decoded = decode_beacon(mesh::bytes_of(datagram(beacon)));
            REQUIRE(decoded);
            CHECK(*decoded == beacon);
        }
}

TEST_CASE("a beacon has the bytes that the wire format says") {
    const auto bytes = datagram(example());
    CHECK(tests::to_hex(bytes) == tests::golden_hex("beacon", bytes));
}

TEST_CASE("a beacon of any other length is malformed") {
    tests::with_cuts(datagram(example()),
                     [](const std::string& cut) { CHECK(error_of(cut) == ErrorCode::malformed); });
    CHECK(error_of(datagram(example()) + "x") == ErrorCode::malformed);
    CHECK(error_of(std::string(65'000, 'D')) == ErrorCode::malformed);
}

TEST_CASE("a beacon of another version, with unknown flags or without a port is dropped") {
    auto version = datagram(example());
    version[2] = 2;
    CHECK(error_of(version) == ErrorCode::unsupported_version);
    auto flags = datagram(example());
    flags[3] = 4;
    CHECK(error_of(flags) == ErrorCode::malformed);
    auto portless = example();
    portless.control_port = 0;
    CHECK(error_of(datagram(portless)) == ErrorCode::malformed);
}

TEST_CASE("noise is either refused or a beacon that says the same again") {
    const std::uint64_t seed = 20'261'126;
    CAPTURE(seed);
    int accepted = 0;
    tests::with_noise(datagram(example()), seed, 20'000, [&](const std::string& bytes) {
        const auto decoded = decode_beacon(mesh::bytes_of(bytes));
        if (!decoded)
            return;
        ++accepted;
        REQUIRE(datagram(*decoded) == bytes);
    });
    CHECK(accepted > 1'000);
}
