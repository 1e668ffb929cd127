#include "mesh/event/event.hpp"
#include "mesh/wire/compression.hpp"
#include "mesh/wire/event_record.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"
#include "tests/support/zstd_frame.hpp"

#include <string>
#include <sys/resource.h>
#include <vector>

using namespace mesh;
using tests::compressed_by_hand;
using tests::little_endian;

namespace {

std::string text(std::size_t size) {
    std::string made;
    for (int i = 0; made.size() < size; ++i)
        made += R"({"order": )" + std::to_string(i * 7919) + R"(, "paid": true}, )";
    made.resize(size);
    return made;
}

std::string compressed(const std::string& payload) {
    Compressor compressor;
    const auto made = compressor.compress(bytes_of(payload));
    REQUIRE(made);
    return std::string(text_of(*made));
}

/// Why it cannot be read.
std::string trouble(const std::string& bytes) {
    Decompressor decompressor;
    const auto plain = decompressor.decompress(bytes_of(bytes));
    REQUIRE_FALSE(plain);
    CHECK(plain.error().code == ErrorCode::malformed);
    return plain.error().detail;
}

bool has(const std::string& whole, const std::string& part) {
    CAPTURE(whole);
    return whole.find(part) != std::string::npos;
}

long peak_memory_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

TEST_CASE("a build without zstd compresses nothing, and says why it cannot read") {
    if (has_compression())
        return;
    Compressor compressor;
    CHECK_FALSE(compressor.compress(bytes_of(text(10'000))));
    Decompressor decompressor;
    const auto plain = decompressor.decompress(bytes_of(compressed_by_hand('a', 300, 300)));
    REQUIRE_FALSE(plain);
    CHECK(plain.error().code == ErrorCode::environment);
    CHECK(has(plain.error().detail, "built without zstd"));
}

TEST_CASE("a payload of any size comes back from being compressed") {
    if (!has_compression())
        return;
    Compressor compressor;
    Decompressor decompressor;
    for (const auto size : {std::size_t{100}, std::size_t{255}, std::size_t{256},
                            std::size_t{16'384}, payload_size_bytes_max, std::size_t{1000}}) {
        const auto payload = text(size);
        const auto made = compressor.compress(bytes_of(payload));
        REQUIRE(made);
        CHECK(made->size() < size);
        const auto plain = decompressor.decompress(*made);
        REQUIRE(plain);
        CHECK(text_of(plain->bytes()) == payload);
    }
}

TEST_CASE("what does not become smaller is not compressed") {
    if (!has_compression())
        return;
    Compressor compressor;
    tests::Random random(20'261'121);
    for (const auto size : {0, 1, 8, 9, 30, 255, 256, 65'536}) {
        CAPTURE(size);
        const auto noise = tests::random_bytes(random, static_cast<std::size_t>(size));
        CHECK_FALSE(compressor.compress(bytes_of(noise)));
    }
    CHECK_FALSE(compressor.compress(bytes_of(std::string(12, 'a'))));
    CHECK_FALSE(compressor.compress(bytes_of(std::string(payload_size_bytes_max + 1, 'a'))));
    // With the wide size that it always has, a compressed record has to be smaller.
    for (std::size_t size = 1; size < 400; ++size) {
        const std::string payload(size, 'a');
        EventRecord plain;
        plain.payload = bytes_of(payload);
        if (const auto made = compressor.compress(plain.payload)) {
            auto packed = plain;
            packed.payload = *made;
            packed.is_compressed = true;
            CHECK(encoded_size(packed) < encoded_size(plain));
        }
    }
    // And the next one is compressed again.
    CHECK(compressor.compress(bytes_of(std::string(100, 'a'))));
}

TEST_CASE("a frame that another program made is read") {
    if (!has_compression())
        return;
    Decompressor decompressor;
    for (const std::uint32_t size : {1U, 300U, 131'073U, 1024U * 1024U}) {
        const auto plain = decompressor.decompress(bytes_of(compressed_by_hand('a', size, size)));
        REQUIRE(plain);
        CHECK(text_of(plain->bytes()) == std::string(size, 'a'));
    }
}

TEST_CASE("a claim that is not the size of what comes out is malformed") {
    if (!has_compression())
        return;
    const auto whole = compressed(text(5000));
    for (const std::uint32_t claim : {0U, 4999U, 5001U, 1024U * 1024U})
        CHECK(has(trouble(little_endian(claim, 4) + whole.substr(4)),
                  "claims " + std::to_string(claim) + " bytes, its zstd frame says 5000"));
    CHECK(has(trouble(little_endian(payload_size_bytes_max + 1, 4) + whole.substr(4)),
              "claims 1048577 bytes, at most 1048576 are allowed"));
    // Frame and claim agree, the blocks do not: with more than that, and with less.
    CHECK(has(trouble(compressed_by_hand('a', 301, 300)), "compressed payload: "));
    CHECK(has(trouble(compressed_by_hand('a', 299, 300)), "compressed payload: "));
}

TEST_CASE("a frame that does not say its size, a second one and one to be skipped are malformed") {
    if (!has_compression())
        return;
    // No single segment, no size: a window of 1 KiB, and one block of 300 bytes.
    const std::string unsaid("\x28\xb5\x2f\xfd\x00\x00\x63\x09\x00"
                             "a",
                             10);
    CHECK(has(trouble(little_endian(300, 4) + unsaid), "its zstd frame says nothing of it"));
    const auto frame = tests::frame_of_one_byte('a', 300, 300);
    CHECK(has(trouble(little_endian(600, 4) + frame + frame), "13 bytes behind the zstd frame"));
    const auto skipped = "\x50\x2a\x4d\x18" + little_endian(3, 4) + "abc";
    CHECK(has(trouble(little_endian(300, 4) + frame + skipped), "11 bytes behind"));
    CHECK(has(trouble(little_endian(3, 4) + skipped), "it begins otherwise"));
    const auto of_version_0_7 = "\x27" + frame.substr(1);
    CHECK(has(trouble(little_endian(300, 4) + of_version_0_7), "it begins otherwise"));
}

TEST_CASE("a frame of a gibibyte behind a small claim costs no memory") {
    if (!has_compression())
        return;
    constexpr std::uint64_t huge = 1U << 30U;
    const auto liar = compressed_by_hand('a', huge, 1000);
    const auto honest = little_endian(1000, 4) + tests::frame_of_one_byte('a', huge, huge);
    const auto greedy = compressed_by_hand('a', huge, huge);
    // A window of 3.75 TiB, as large as a frame can ask for.
    const auto window = little_endian(300, 4) + "\x28\xb5\x2f\xfd\x40\xff" +
                        little_endian(300 - 256, 2) + "\x63\x09" + std::string(1, '\0') + "a";
    const auto before = peak_memory_kib();
    CHECK(has(trouble(liar), "compressed payload: "));
    CHECK(has(trouble(honest), "its zstd frame says 1073741824"));
    CHECK(has(trouble(greedy), "claims 1073741824 bytes, at most"));
    Decompressor decompressor;
    static_cast<void>(decompressor.decompress(bytes_of(window)));
    CHECK(peak_memory_kib() - before < 16 * 1024);
}

TEST_CASE("a compressed payload cut off anywhere is malformed") {
    if (!has_compression())
        return;
    tests::with_cuts(compressed(text(2000)), [](const std::string& cut) {
        CAPTURE(cut.size());
        CHECK(has(trouble(cut), "compressed payload: "));
    });
}

TEST_CASE("no flipped bit of a compressed payload makes it another one") {
    if (!has_compression())
        return;
    const auto payload = text(3000);
    const auto whole = compressed(payload);
    Decompressor decompressor;
    std::size_t harmless = 0;
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        auto flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
        const auto plain = decompressor.decompress(bytes_of(flipped));
        if (plain && text_of(plain->bytes()) != payload)
            FAIL("bit " << bit);
        harmless += plain ? 1 : 0;
    }
    CHECK(harmless < 100); // zstd's format has more than one way to say the same
}

TEST_CASE("noise never makes a compressed payload reach beyond its bytes") {
    const std::uint64_t seed = 20'261'121;
    CAPTURE(seed);
    if (!has_compression())
        return;
    Decompressor decompressor;
    std::size_t read = 0;
    tests::with_noise(
        compressed_by_hand('a', 300, 300), seed, 20'000, [&](const std::string& bytes) {
            const std::vector<char> exact(bytes.begin(), bytes.end());
            const auto plain =
                decompressor.decompress(std::as_bytes(std::span(exact.data(), exact.size())));
            read += plain ? 1 : 0;
            if (plain)
                REQUIRE(plain->size_bytes <= payload_size_bytes_max);
        });
    CHECK(read > 10); // some of it still reads
}
