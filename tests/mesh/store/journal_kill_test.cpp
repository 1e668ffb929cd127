#include "tests/mesh/store/journal_walk.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <new>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using mesh::Database;
using mesh::Journal;
using tests::JournalEvents;
using tests::StoreFolder;

namespace {

/// What the writing child tells, in memory that outlives it.
struct Told {
    std::atomic<std::uint64_t> appended{0}; ///< the last sequence whose append returned
    std::atomic<std::uint64_t> trying{0};   ///< the last one of the append that may be running
    std::atomic<std::uint64_t> trimmed{0};  ///< up to where trim was asked to go
};

/// Appends and trims until somebody kills it.
[[noreturn]] void write_forever(const std::string& path, mesh::Sync sync, std::uint64_t seed,
                                Told& told) {
    auto database = Database::open(path, sync);
    auto journal = database ? Journal::open(**database, {.kept_size_bytes_max = 0})
                            : tl::unexpected(database.error());
    if (!journal)
        _exit(3);
    JournalEvents::add_topics(**journal);
    JournalEvents events;
    std::mt19937_64 random(seed);
    for (int group = 0; group < 100'000; ++group) {
        const auto count = 1 + random() % 64;
        const auto next = (*journal)->last() + 1;
        told.trying = next + count - 1;
        if (!(*journal)->append(events.make(next, count)))
            _exit(4);
        told.appended = next + count - 1;
        if (random() % 8 == 0) {
            told.trimmed = next - std::min<std::uint64_t>(next, 500);
            if (!(*journal)->trim(0, told.trimmed))
                _exit(5);
        }
    }
    _exit(0);
}

} // namespace

TEST_CASE("after kill -9 at any moment everything that was appended is there, once and in order") {
    const auto sync = GENERATE(mesh::Sync::normal, mesh::Sync::power);
    const StoreFolder folder;
    auto* shared =
        mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    auto& told = *new (shared) Told;
    const std::uint64_t seed = 9;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::uint64_t id = 0;
    for (int kill_number = 0; kill_number < 200; ++kill_number) {
        CAPTURE(kill_number);
        const auto child = fork();
        if (child == 0)
            write_forever(folder.file(), sync, random(), told);
        // Some die while they open the file, and most while they write.
        if (kill_number % 4 != 0)
            REQUIRE(tests::eventually(
                [&, before = told.appended.load()] { return told.appended > before; }));
        usleep(static_cast<useconds_t>(random() % 5000));
        REQUIRE(kill(child, SIGKILL) == 0);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status)); // and did not give up before

        const auto database = Database::open(folder.file(), sync);
        if (!database)
            FAIL(database.error().detail);
        const auto journal = Journal::open(**database, {});
        if (!journal)
            FAIL(journal.error().detail);
        REQUIRE((*journal)->last() >= told.appended);
        REQUIRE((*journal)->last() <= std::max(told.trying, told.appended));
        REQUIRE((*journal)->lost_count() == 0);
        REQUIRE((*journal)->first() <= told.trimmed + 1);
        const auto walk = tests::walk(**journal, (*journal)->first());
        REQUIRE(walk.is_right);
        REQUIRE(walk.missing_count == 0);
        REQUIRE(walk.read_count == (*journal)->last() + 1 - (*journal)->first());
        if (told.appended > 0)
            REQUIRE((id == 0 || (*journal)->id() == id));
        id = (*journal)->id();
        told.appended = (*journal)->last();
    }
    CHECK(told.appended > 1000);
    munmap(shared, sizeof(Told));
}
