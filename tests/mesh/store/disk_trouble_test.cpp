#include "tests/mesh/store/journal_walk.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <csignal>
#include <cstdio>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using mesh::Database;
using mesh::ErrorCode;
using mesh::Journal;
using tests::JournalEvents;
using tests::StoreFolder;

namespace {

/// While this lives no file grows beyond `size`: writing there fails.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t size) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{size, before_.rlim_max};
        REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }

    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    FileSizeLimit(FileSizeLimit&&) = delete;
    FileSizeLimit& operator=(FileSizeLimit&&) = delete;

    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_);
    }

private:
    rlimit before_{};
    void (*signal_)(int);
};

/// Appends until it fails. Returns the error; nothing when it never does.
std::optional<mesh::Error> fill(Journal& journal) {
    JournalEvents events;
    for (int group = 0; group < 20'000; ++group) {
        const auto before = journal.last();
        if (auto done = journal.append(events.make(before + 1, 16)); !done) {
            if (journal.last() != before)
                return std::nullopt;
            return done.error();
        }
    }
    return std::nullopt;
}

bool is_whole(Journal& journal) {
    const auto walk = tests::walk(journal, 1);
    return walk.is_right && walk.missing_count == 0 && walk.read_count == journal.last();
}

constexpr int skipped = 77;

/// In a file system of 1 MiB that only this process has. Returns 0, the number of what went wrong,
/// or `skipped` when it may not make one.
int with_a_small_disk(const std::string& folder) {
    if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("dagmesh", folder.c_str(), "tmpfs", 0, "size=1m") != 0)
        return skipped;
    const auto path = folder + "/node.db";
    {
        auto database = Database::open(path, mesh::Sync::normal);
        auto journal = Journal::open(**database, {}).value();
        JournalEvents::add_topics(*journal);
        const auto error = fill(*journal);
        if (!error || error->code != ErrorCode::environment ||
            error->detail.find(path + ": the disk is full") == std::string::npos)
            return 1;
        if (!is_whole(*journal))
            return 2;
        // A log of its full size has no room here, and says so.
        journal.reset();
        database->reset();
        const auto power = Database::open(path, mesh::Sync::power);
        if (power || power.error().detail.find("No space left") == std::string::npos)
            return 3;
    }
    {
        const auto database = Database::open(path, mesh::Sync::normal);
        const auto journal = Journal::open(**database, {}).value();
        if (journal->last() == 0 || !is_whole(*journal))
            return 4;
    }
    if (mount("dagmesh", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
        return skipped;
    for (const auto& name : {path, folder + "/new.db"}) {
        const auto database = Database::open(name, mesh::Sync::normal);
        if (database || database.error().code != ErrorCode::environment)
            return 5;
        if (database.error().detail.find("it cannot be ") == std::string::npos)
            return 6;
    }
    return 0;
}

} // namespace

TEST_CASE("what cannot be written is an error, is not stored, and the journal goes on later") {
    const StoreFolder folder;
    const auto database = Database::open(folder.file(), mesh::Sync::normal).value();
    auto journal = Journal::open(*database, {}).value();
    JournalEvents::add_topics(*journal);
    for (const rlim_t size : {500'000U, 1'000'003U}) {
        {
            const FileSizeLimit limit(size);
            const auto error = fill(*journal);
            REQUIRE(error);
            CAPTURE(error->detail);
            CHECK(error->code == ErrorCode::environment);
            CHECK(error->detail.find(folder.file()) != std::string::npos);
            CHECK(error->detail.find("File too large") != std::string::npos);
            CHECK(is_whole(*journal));
            CHECK(database->is_failing());
            CHECK(database->transaction([] { return mesh::Result<void>{}; }));
            CHECK(database->is_failing()); // nothing was written
        }
        JournalEvents events;
        CHECK(journal->append(events.make(journal->last() + 1, 16)));
        CHECK_FALSE(database->is_failing());
        CHECK(is_whole(*journal));
    }
    const auto last = journal->last();
    journal = Journal::open(*database, {}).value();
    CHECK(journal->last() == last);
    CHECK(is_whole(*journal));
}

TEST_CASE("a full disk and a read-only folder are errors that say so") {
    const StoreFolder folder;
    const auto child = fork();
    if (child == 0)
        _exit(with_a_small_disk(folder.path.string()));
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == skipped)
        std::fprintf(stderr, "SKIPPED: no right to mount a small file system\n");
    else
        CHECK(WEXITSTATUS(status) == 0);
}
