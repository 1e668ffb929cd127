#include "mesh/wire/batch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>

using namespace mesh;

namespace {

BatchHeader example() {
    BatchHeader header;
    for (std::size_t i = 0; i < header.source.bytes.size(); ++i)
        header.source.bytes[i] = static_cast<std::byte>(0xa0 + i);
    header.incarnation = 0x01020304;
    header.session = 0x1112131415161718;
    header.base_sequence = 0x2122232425262728;
    header.base_time_us = 0x3132333435363738;
    header.positions = {{1, 10, 20, 3, 7, 4}, {0x0203, 5, 5, 0, 0, 0}};
    header.topics = {{7, "order.created"}, {0xfffe, "Zürich.東京"}};
    return header;
}

std::string encoded(const BatchHeader& header) {
    std::string bytes(encoded_size(header), '\0');
    encode(header, reinterpret_cast<std::byte*>(bytes.data()));
    return bytes;
}

ErrorCode error_of(const std::string& bytes) {
    const auto decoded = decode_batch(bytes_of(bytes));
    REQUIRE_FALSE(decoded);
    CHECK_FALSE(decoded.error().detail.empty());
    return decoded.error().code;
}

} // namespace

TEST_CASE("a batch comes back as it was written, and the rest is its body") {
    for (const auto& header : {example(), BatchHeader{}}) {
        const auto bytes = encoded(header) + "records";
        const auto decoded = decode_batch(bytes_of(bytes));
        REQUIRE(decoded);
        CHECK(decoded->header == header);
        CHECK(text_of(decoded->body) == "records");
    }
}

TEST_CASE("a batch has the bytes that the wire format says") {
    const auto bytes = encoded(example());
    CHECK(tests::to_hex(bytes) == tests::golden_hex("batch_header", bytes));
}

TEST_CASE("a batch cut off anywhere in its header is malformed") {
    tests::with_cuts(encoded(example()), [](const std::string& cut) {
        CAPTURE(cut.size());
        CHECK(error_of(cut) == ErrorCode::malformed);
    });
}

TEST_CASE("a batch of another version is told apart from junk") {
    auto bytes = encoded(example());
    bytes[2] = 9;
    CHECK(error_of(bytes) == ErrorCode::unsupported_version);
    CHECK(error_of("junk, and no batch at all") == ErrorCode::malformed);
}

TEST_CASE("a batch with flags, or with a topic that is none, is malformed") {
    auto flagged = encoded(example());
    flagged[3] = 1;
    CHECK(error_of(flagged) == ErrorCode::malformed);
    for (const auto* topic : {"", "a..b", "a b", "*", "a.>", "a\xff", "a\n"}) {
        auto header = example();
        header.topics = {{1, topic}};
        CAPTURE(topic);
        CHECK(error_of(encoded(header)) == ErrorCode::malformed);
    }
}

TEST_CASE("positions that lie are malformed") {
    const auto lie = [](BatchPosition position) {
        auto header = example();
        header.positions = {position};
        return error_of(encoded(header));
    };
    CHECK(lie({0, 10, 9, 0, 0, 0}) == ErrorCode::malformed);  // back
    CHECK(lie({0, 10, 15, 6, 0, 0}) == ErrorCode::malformed); // more lost than there are
    CHECK(lie({0, 10, 15, 3, 3, 0}) == ErrorCode::malformed); // more events
    CHECK(lie({0, 0, UINT64_MAX, UINT64_MAX, 1, 0}) == ErrorCode::malformed);
    CHECK(lie({0, 10, 15, 0, 1, 1'000'000}) == ErrorCode::malformed); // more bytes than came
}

TEST_CASE("a batch that only promises positions and topics costs nothing") {
    auto bytes = encoded(BatchHeader{});
    for (std::size_t i = bytes.size() - 4; i < bytes.size(); ++i)
        bytes[i] = '\xff'; // 65,535 of each
    CHECK(error_of(bytes) == ErrorCode::malformed);
}

TEST_CASE("noise is either refused or a batch that says the same again") {
    const std::uint64_t seed = 20'261'121;
    CAPTURE(seed);
    int accepted = 0;
    tests::with_noise(encoded(example()) + "body", seed, 20'000, [&](const std::string& bytes) {
        const auto decoded = decode_batch(bytes_of(bytes));
        if (!decoded)
            return;
        ++accepted;
        REQUIRE(encoded(decoded->header) + std::string(text_of(decoded->body)) == bytes);
    });
    CHECK(accepted > 100);
}
