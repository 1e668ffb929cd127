#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"
#include "tests/support/zstd_frame.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace mesh;

namespace {

std::string encoded(const EventRecord& record) {
    std::string bytes(encoded_size(record), '\0');
    encode(record, reinterpret_cast<std::byte*>(bytes.data()));
    return bytes;
}

std::string encoded(const SkipRecord& skip) {
    std::string bytes(skip_record_size_bytes, '\0');
    encode(skip, reinterpret_cast<std::byte*>(bytes.data()));
    return bytes;
}

NodeId node(unsigned char first) {
    NodeId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::byte>(first + i);
    return id;
}

EventRecord plain_record() {
    return {0x0102, 0x0304, {}, {}, {}, std::nullopt, bytes_of("hello")};
}

EventRecord full_record() {
    Cause cause;
    cause.event = {node(0x10), 0x21222324, 0x3132333435363738};
    cause.trace = node(0x40).bytes;
    cause.rank = 0x0506;
    cause.chain = 7;
    cause.rounds = 8;
    cause.path = "a.b c";
    return {9, 70'000, "key", "text/plain", bytes_of("\x81\xa1k\xa1v"), cause, bytes_of("payload")};
}

const std::string packed = tests::compressed_by_hand('a', 300, 300);

EventRecord compressed_record() {
    auto record = plain_record();
    record.key = "key";
    record.payload = bytes_of(packed);
    record.is_compressed = true;
    return record;
}

void check_equal(const EventRecord& a, const EventRecord& b) {
    CHECK(a.topic == b.topic);
    CHECK(a.time_delta_us == b.time_delta_us);
    CHECK(a.key == b.key);
    CHECK(a.slot == b.slot);
    CHECK(a.is_once == b.is_once);
    CHECK(a.is_compressed == b.is_compressed);
    CHECK(a.content_type == b.content_type);
    CHECK(text_of(a.headers) == text_of(b.headers));
    CHECK(a.cause == b.cause);
    CHECK(text_of(a.payload) == text_of(b.payload));
}

/// Reads to the end. Everything that comes must lie within its bounds.
std::size_t read_all(const std::string& body) {
    RecordReader reader(bytes_of(body), 0, 0);
    std::size_t count = 0;
    for (auto record = reader.next(); record && *record; record = reader.next(), ++count) {
        const auto& one = **record;
        const auto size = one.key.size() + one.content_type.size() + one.headers.size() +
                          (one.cause ? one.cause->path.size() : 0) + one.payload.size();
        REQUIRE(size <= body.size());
        REQUIRE(reader.record_size_bytes() <= body.size());
        REQUIRE(reader.record_size_bytes() > size);
    }
    return count;
}

} // namespace

TEST_CASE("an event record comes back as it was written") {
    const std::string large(payload_size_bytes_max, 'p');
    const std::string key(key_size_bytes_max, 'k');
    const std::string type(content_type_size_bytes_max, 't');
    const std::string headers(headers_size_bytes_max, 'h');
    std::vector<EventRecord> records{plain_record(), full_record()};
    records.push_back({65535, 65535, {}, {}, {}, std::nullopt, bytes_of(large).first(255)});
    records.push_back({0, 65536, {}, {}, {}, std::nullopt, bytes_of(large).first(256)});
    records.push_back({1, UINT32_MAX, key, type, bytes_of(headers), Cause{}, bytes_of(large)});
    records.push_back({2, 0, {}, {}, {}, std::nullopt, {}});
    records.push_back({3, 0, {}, {}, {}, std::nullopt, {}, false, std::uint8_t{63}});
    records.push_back(compressed_record());
    records.push_back(full_record());
    records.back().is_once = true;
    records.back().is_compressed = true;
    std::string body;
    for (const auto& record : records)
        body += encoded(record);

    RecordReader reader(bytes_of(body), 41, 1'000);
    std::uint64_t time_us = 1'000;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto record = reader.next();
        REQUIRE(record);
        REQUIRE(*record);
        check_equal(**record, records[i]);
        time_us += records[i].time_delta_us;
        CHECK(reader.sequence() == 42 + i);
        CHECK(reader.time_us() == time_us);
        CHECK(reader.record_size_bytes() == encoded_size(records[i]));
        const auto bytes = encoded(records[i]);
        CHECK(time_delta_us(bytes_of(bytes)) == records[i].time_delta_us);
        CHECK(key_of(bytes_of(bytes)) == records[i].key);
        CHECK(chosen_slot(bytes_of(bytes)) == records[i].slot);
    }
    const auto end = reader.next();
    REQUIRE(end);
    CHECK_FALSE(*end);
}

TEST_CASE("a slot may be chosen for an event without a key, and only for such") {
    auto record = plain_record();
    CHECK_FALSE(chosen_slot(bytes_of(encoded(record))));
    for (const auto slot : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{63}}) {
        record.slot = slot;
        const auto bytes = encoded(record);
        CHECK(chosen_slot(bytes_of(bytes)) == slot);
        CHECK(key_of(bytes_of(bytes)).empty());
    }
    record.key = "key";
    CHECK_FALSE(chosen_slot(bytes_of(encoded(record))));
    CHECK(key_of(bytes_of(encoded(record))) == "key");
    // The field of the key's size lies behind flags, topic, time and payload size.
    auto both = encoded(record);
    both[7] = static_cast<char>(both[7] | 0x04);
    RecordReader reader(bytes_of(both), 0, 0);
    CHECK_FALSE(reader.next());
}

TEST_CASE("the envelope of an event without a cause takes six bytes") {
    CHECK(encoded_size(plain_record()) == 6 + 5);
    auto emitted = plain_record();
    emitted.cause = Cause{};
    CHECK(encoded_size(emitted) == 6 + 5 + 48);
}

TEST_CASE("a compressed record always has the wide size, and is no skip") {
    auto record = plain_record();
    record.is_compressed = true;
    CHECK(encoded_size(record) == 9 + 5);
    CHECK(static_cast<unsigned char>(encoded(record)[0]) == 0x81);
}

TEST_CASE("skips move sequence and time and are no events") {
    const auto body = encoded(SkipRecord{6, 500}) + encoded(plain_record()) +
                      encoded(SkipRecord{1, 0}) + encoded(SkipRecord{2, 9});
    RecordReader reader(bytes_of(body), 10, 1'000);
    const auto record = reader.next();
    REQUIRE(record);
    REQUIRE(*record);
    CHECK(reader.sequence() == 17);
    CHECK(reader.time_us() == 1'500 + 0x0304);
    const auto end = reader.next();
    REQUIRE(end);
    CHECK_FALSE(*end);
}

TEST_CASE("event records have the bytes that the wire format says") {
    const auto plain = encoded(plain_record());
    CHECK(tests::to_hex(plain) == tests::golden_hex("event_record_plain", plain));
    const auto full = encoded(full_record());
    CHECK(tests::to_hex(full) == tests::golden_hex("event_record_full", full));
    const auto compressed = encoded(compressed_record());
    CHECK(tests::to_hex(compressed) == tests::golden_hex("event_record_compressed", compressed));
    const auto skip = encoded(SkipRecord{0x01020304, 0x05060708});
    CHECK(tests::to_hex(skip) == tests::golden_hex("skip_record", skip));
}

TEST_CASE("an event record cut off anywhere is malformed") {
    for (const auto& whole : {encoded(plain_record()), encoded(full_record()),
                              encoded(compressed_record()), encoded(SkipRecord{3, 4})})
        tests::with_cuts(whole, [&](const std::string& cut) {
            RecordReader reader(bytes_of(cut), 0, 0);
            const auto record = reader.next();
            CAPTURE(cut.size());
            if (cut.empty()) {
                REQUIRE(record);
                return;
            }
            REQUIRE_FALSE(record);
            CHECK(record.error().code == ErrorCode::malformed);
            // Nothing after it can be read.
            const auto after = reader.next();
            CHECK((after && !*after));
        });
}

TEST_CASE("unknown flags and exceeded bounds make an event record malformed") {
    auto unknown = encoded(plain_record());
    unknown[0] = static_cast<char>(0xc0);
    auto half_skip = encoded(plain_record());
    half_skip[0] = static_cast<char>(0x84);
    const std::string key(key_size_bytes_max + 1, 'k');
    auto long_key = plain_record();
    long_key.key = key;
    const std::string large(payload_size_bytes_max + 1, 'p');
    auto long_payload = plain_record();
    long_payload.payload = bytes_of(large);
    auto long_headers = plain_record();
    long_headers.headers = bytes_of(large).first(headers_size_bytes_max + 1);
    for (const auto& bad :
         {unknown, half_skip, encoded(long_key), encoded(long_payload), encoded(long_headers)}) {
        RecordReader reader(bytes_of(bad), 0, 0);
        const auto record = reader.next();
        REQUIRE_FALSE(record);
        CHECK(record.error().code == ErrorCode::malformed);
    }
}

TEST_CASE("noise never makes an event record reach beyond its bytes") {
    const std::uint64_t seed = 20'261'120;
    CAPTURE(seed);
    const auto body = encoded(plain_record()) + encoded(SkipRecord{3, 4}) + encoded(full_record()) +
                      encoded(compressed_record());
    std::size_t count = 0;
    tests::with_noise(body, seed, 20'000, [&](const std::string& bytes) {
        const std::string exact(bytes.begin(), bytes.end());
        count += read_all(exact);
    });
    CHECK(count > 1'000); // some of it still reads as events
}

TEST_CASE("a plain record has the bytes of the record that it is") {
    const std::uint64_t seed = 4'713;
    CAPTURE(seed);
    tests::Random random(seed);
    for (int turn = 0; turn < 1'000; ++turn) {
        const auto payload = tests::random_bytes(random, random() % 256);
        const auto type = tests::random_bytes(random, random() % 3 == 0 ? random() % 256 : 0);
        EventRecord record;
        record.topic = static_cast<std::uint16_t>(random());
        record.time_delta_us = static_cast<std::uint32_t>(random() % 65'536);
        record.content_type = type;
        record.payload = bytes_of(payload);
        if (random() % 2 == 0) {
            record.cause.emplace();
            std::ranges::generate(record.cause->event.source.bytes,
                                  [&] { return static_cast<std::byte>(random()); });
            std::ranges::generate(record.cause->trace,
                                  [&] { return static_cast<std::byte>(random()); });
            record.cause->event.incarnation = static_cast<std::uint32_t>(random());
            record.cause->event.sequence = random();
            record.cause->rank = static_cast<std::uint16_t>(random());
            record.cause->chain = static_cast<std::uint8_t>(random());
        }
        const PlainRecord plain{record.topic, static_cast<std::uint16_t>(record.time_delta_us),
                                type, record.cause ? &*record.cause : nullptr, record.payload};
        REQUIRE(plain.size_bytes() == encoded_size(record));
        std::vector<std::byte> expected(encoded_size(record));
        encode(record, expected.data());
        std::vector<std::byte> bytes(plain.size_bytes());
        plain.encode(bytes.data());
        REQUIRE(bytes == expected);
    }
}
