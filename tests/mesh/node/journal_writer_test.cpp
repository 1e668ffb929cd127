#include "mesh/node/publishing/journal_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using tests::Home;

namespace {

/// A writer on a disk of its own, and what it hands on.
struct Written {
    Home home;
    std::unique_ptr<mesh::Disk> disk =
        std::move(*mesh::Disk::open(home.path() + "/node.db", mesh::Sync::normal, {}));
    std::vector<std::uint64_t> handed_on; ///< once the writer is idle
    mesh::JournalWriter writer{*disk, [this](auto events, const auto&) {
                                   for (const auto& event : events)
                                       handed_on.push_back(event.sequence);
                               }};
};

mesh::Draft draft(const std::string& payload) {
    return {"a", {}, {}, {}, std::nullopt, mesh::bytes_of(payload), mesh::Level::durable};
}

} // namespace

TEST_CASE("so many events may be on their way to the disk, and no more") {
    Written written;
    std::atomic<int> stored{0};
    std::atomic<int> would_wait{0};
    const auto note = [&](const mesh::Result<std::uint64_t>& first) {
        if (first)
            ++stored;
        else if (first.error().code == mesh::ErrorCode::would_wait)
            ++would_wait;
    };
    std::string payload = "x";
    int room = 4096;
    SECTION("by count") {}
    SECTION("by size") {
        payload.assign(1024 * 1024, 'x');
        room = 8;
    }
    {
        const mesh::DiskHold hold(*written.disk); // nothing can be stored
        for (int i = 0; i < room + 10; ++i)
            written.writer.commit_later(draft(payload), false, note);
        CHECK(would_wait == 10);
        CHECK(stored == 0);
        CHECK_FALSE(written.writer.is_idle());
    }
    CHECK(written.writer.wait_idle(mesh::now() + 20s));
    CHECK(stored == room);
    REQUIRE(written.handed_on.size() == static_cast<std::size_t>(room));
    CHECK(written.handed_on.back() == static_cast<std::uint64_t>(room));
}

TEST_CASE("what does not fit fails alone, and what was with it is stored") {
    Written written;
    std::vector<std::optional<std::uint64_t>> results;
    const auto note = [&](const mesh::Result<std::uint64_t>& first) {
        results.push_back(first ? std::optional(*first) : std::nullopt);
    };
    {
        const mesh::DiskHold hold(*written.disk);
        written.writer.commit_later(draft("1"), false, note);
        written.writer.commit_later(draft(std::string(mesh::payload_size_bytes_max + 1, 'x')),
                                    false, note);
        written.writer.commit_later(draft("2"), false, note);
    }
    CHECK(written.writer.wait_idle(mesh::now() + 20s));
    // What is too large is told at once.
    CHECK(results == std::vector<std::optional<std::uint64_t>>{std::nullopt, 1, 2});
    CHECK(written.writer.commit({}).value_or(0) == 3);
}
