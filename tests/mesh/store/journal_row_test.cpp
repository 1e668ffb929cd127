#include "mesh/store/journal_row.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>
#include <string>
#include <vector>

using mesh::StoredEvent;

namespace {

constexpr std::uint64_t journal = 0x0123456789abcdefU;

const std::vector<StoredEvent> events = {
    {7, 1'700'000'000'000'000, 0, mesh::bytes_of("tea")},
    {8, 1'700'000'000'000'250, 513, mesh::bytes_of("")},
    {9, 1'700'000'000'000'250, 0, mesh::bytes_of("a longer record")},
};

struct Row {
    std::string head;
    std::string events;
};

Row encoded() {
    const auto row = mesh::encode_row(events, 4096, journal);
    return {std::string(mesh::text_of(row.head)), std::string(mesh::text_of(row.events))};
}

/// The events view the row.
std::vector<StoredEvent> decoded(const Row& row, std::uint64_t id = journal) {
    return mesh::intact_events(mesh::bytes_of(row.head), mesh::bytes_of(row.events), id);
}

bool is_one_of_ours(const StoredEvent& event) {
    return std::ranges::any_of(events, [&](const StoredEvent& own) {
        return own.sequence == event.sequence && own.time_us == event.time_us &&
               own.topic == event.topic && mesh::text_of(own.record) == mesh::text_of(event.record);
    });
}

} // namespace

TEST_CASE("a row comes back as it was") {
    const auto row = encoded();
    const auto back = decoded(row);
    REQUIRE(back.size() == events.size());
    for (const auto& event : back)
        CHECK(is_one_of_ours(event));
    const auto head = mesh::decode_head(mesh::bytes_of(row.head), journal);
    REQUIRE(head);
    CHECK(head->first == 7);
    CHECK(head->last() == 9);
    CHECK(head->first_time_us == 1'700'000'000'000'000);
    CHECK(head->last_time_us == 1'700'000'000'000'250);
    CHECK(head->size_before_bytes == 4096);
    CHECK(head->size_bytes == row.head.size() + row.events.size() + mesh::row_overhead_bytes);
}

TEST_CASE("the bytes of a row are those of docs/journal.md") {
    const auto row = encoded();
    CHECK(tests::to_hex(row.head) == tests::golden_hex("journal_row_head", row.head));
    CHECK(tests::to_hex(row.events) == tests::golden_hex("journal_row_events", row.events));
}

TEST_CASE("a row of another journal holds nothing for this one") {
    CHECK(decoded(encoded(), journal + 1).empty());
    CHECK_FALSE(mesh::decode_head(mesh::bytes_of(encoded().head), journal + 1));
}

TEST_CASE("a row that is cut anywhere gives its first events and no other") {
    const auto row = encoded();
    tests::with_cuts(row.events, [&](const std::string& cut) {
        const Row short_row{row.head, cut};
        const auto back = decoded(short_row);
        CHECK(back.size() < events.size());
        for (std::size_t i = 0; i < back.size(); ++i)
            CHECK((back[i].sequence == 7 + i && is_one_of_ours(back[i])));
    });
    // Without its head the events still lead from one to the next.
    tests::with_cuts(row.head, [&](const std::string& cut) {
        CHECK(decoded({cut, row.events}).size() == events.size());
    });
}

TEST_CASE("each flipped bit of a row costs at most the event it lies in") {
    const auto row = encoded();
    for (std::size_t bit = 0; bit < row.events.size() * 8; ++bit) {
        auto damaged = row;
        damaged.events[bit / 8] = static_cast<char>(damaged.events[bit / 8] ^ (1 << bit % 8));
        const auto back = decoded(damaged);
        CHECK(back.size() == events.size() - 1);
        for (const auto& event : back)
            CHECK(is_one_of_ours(event));
    }
    for (std::size_t bit = 0; bit < row.head.size() * 8; ++bit) {
        auto damaged = row;
        damaged.head[bit / 8] = static_cast<char>(damaged.head[bit / 8] ^ (1 << bit % 8));
        CHECK_FALSE(mesh::decode_head(mesh::bytes_of(damaged.head), journal));
        CHECK(decoded(damaged).size() == events.size());
    }
}

TEST_CASE("noise is no row, and damaged rows give no wrong event") {
    const auto row = encoded();
    tests::with_noise(row.events, 4, 20'000, [&](const std::string& noise) {
        for (const auto& head : {row.head, noise}) {
            const Row noisy{head, noise};
            for (const auto& event : decoded(noisy))
                REQUIRE(is_one_of_ours(event));
        }
    });
    tests::with_noise(row.head, 5, 20'000, [&](const std::string& noise) {
        const Row noisy{noise, row.events};
        for (const auto& event : decoded(noisy))
            REQUIRE(is_one_of_ours(event));
    });
}
