#include "mesh/store/database.hpp"
#include "mesh/store/schema.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using mesh::Database;
using mesh::ErrorCode;
using mesh::Result;
using mesh::Sync;
using tests::StoreFolder;

namespace {

std::unique_ptr<Database> open(const std::string& path, Sync sync = Sync::normal) {
    auto database = Database::open(path, sync);
    if (!database)
        FAIL(database.error().detail);
    return std::move(*database);
}

mesh::Error error_of(const std::string& path) {
    auto database = Database::open(path, Sync::normal);
    REQUIRE_FALSE(database);
    CHECK(database.error().detail.find(path) != std::string::npos);
    return database.error();
}

bool says(const mesh::Error& error, std::string_view words) {
    CAPTURE(error.detail);
    const bool is_said = error.detail.find(words) != std::string::npos;
    CHECK(is_said);
    return is_said;
}

Result<void> put(Database& database, std::uint64_t number) {
    return database
        .statement("INSERT INTO dagmesh_topics VALUES(?, ?, 0)", number, std::string_view("name"))
        .run();
}

std::uint64_t count(Database& database) {
    auto rows = database.statement("SELECT count(*) FROM dagmesh_topics");
    REQUIRE(rows.step());
    return rows.number(0);
}

} // namespace

TEST_CASE("what was committed is there when the file is opened again") {
    const StoreFolder folder;
    for (const auto sync : {Sync::normal, Sync::power}) {
        {
            const auto database = open(folder.file(), sync);
            REQUIRE(put(*database, sync == Sync::normal ? 1 : 2));
        }
        CHECK(count(*open(folder.file())) == (sync == Sync::normal ? 1 : 2));
    }
}

TEST_CASE("a transaction that fails or throws leaves nothing") {
    const StoreFolder folder;
    const auto database = open(folder.file());
    const auto failed = database->transaction([&]() -> Result<void> {
        REQUIRE(put(*database, 1));
        CHECK(database->in_transaction());
        return mesh::fail(ErrorCode::invalid, "no");
    });
    REQUIRE_FALSE(failed);
    CHECK(failed.error().detail == "no");
    CHECK_THROWS_AS(database->transaction([&]() -> Result<void> {
        REQUIRE(put(*database, 2));
        throw std::runtime_error("no");
    }),
                    std::runtime_error);
    CHECK_FALSE(database->in_transaction());
    CHECK(count(*database) == 0);
}

TEST_CASE("a transaction within another one can fail alone, and falls with the outer one") {
    const StoreFolder folder;
    const auto database = open(folder.file());
    std::vector<std::string> notes;
    const auto note = [&](const std::string& name) {
        database->at_end(
            [&notes, name](bool is_kept) { notes.push_back(name + (is_kept ? "+" : "-")); });
    };
    const auto inner = [&](std::uint64_t number, bool is_good) {
        return database->transaction([&]() -> Result<void> {
            note(std::to_string(number));
            if (auto done = put(*database, number); !done)
                return done;
            return is_good ? Result<void>() : mesh::fail(ErrorCode::invalid, "no");
        });
    };
    REQUIRE(database->transaction([&]() -> Result<void> {
        CHECK(inner(1, true));
        CHECK_FALSE(inner(2, false));
        CHECK(inner(3, true));
        CHECK(notes == std::vector<std::string>{"2-"});
        return {};
    }));
    CHECK(notes == std::vector<std::string>{"2-", "1+", "3+"});
    CHECK(count(*database) == 2);
    notes.clear();
    CHECK_FALSE(database->transaction([&]() -> Result<void> {
        CHECK(inner(4, true));
        CHECK(inner(5, true));
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(notes == std::vector<std::string>{"5-", "4-"});
    CHECK(count(*database) == 2);
}

TEST_CASE("when SQLite has ended the transaction by itself, nothing more counts as a part of it") {
    const StoreFolder folder;
    const auto database = open(folder.file());
    const auto done = database->transaction([&]() -> Result<void> {
        REQUIRE(put(*database, 1));
        CHECK_FALSE(
            database->statement("INSERT OR ROLLBACK INTO dagmesh_topics VALUES(1, 'name', 0)")
                .run());
        const auto late = put(*database, 2);
        REQUIRE_FALSE(late);
        CHECK(late.error().code == ErrorCode::closed);
        return {};
    });
    CHECK_FALSE(done);
    CHECK(count(*database) == 0);
    CHECK(put(*database, 3));
}

TEST_CASE("a statement whose rows are still read can be used once more") {
    const StoreFolder folder;
    const auto database = open(folder.file());
    REQUIRE(put(*database, 1));
    REQUIRE(put(*database, 2));
    const std::string_view sql = "SELECT number FROM dagmesh_topics ORDER BY number";
    auto outer = database->statement(sql);
    REQUIRE(outer.step());
    auto inner = database->statement(sql);
    REQUIRE(inner.step());
    REQUIRE(inner.step());
    CHECK(inner.integer(0) == 2);
    CHECK(outer.integer(0) == 1);
}

TEST_CASE("a file that is not ours is refused and left as it is") {
    const StoreFolder folder;
    const auto path = folder.file();
    SECTION("no database at all") {
        tests::write_file(path, std::string(5000, 'x'));
        const auto error = error_of(path);
        CHECK(error.code == ErrorCode::malformed);
        says(error, "expected an SQLite database");
        CHECK(tests::bytes_of_file(path) == std::string(5000, 'x'));
    }
    SECTION("another program's database") {
        REQUIRE(open(path)->statement("PRAGMA application_id = 77").run());
        const auto before = tests::bytes_of_file(path);
        const auto error = error_of(path);
        CHECK(error.code == ErrorCode::malformed);
        says(error, "found 77");
        CHECK(tests::bytes_of_file(path) == before);
    }
    SECTION("tables and no application id") {
        {
            const auto database = open(path);
            REQUIRE(database->statement("PRAGMA application_id = 0").run());
            REQUIRE(database->statement("PRAGMA user_version = 0").run());
        }
        CHECK(error_of(path).code == ErrorCode::malformed);
    }
    SECTION("a newer version") {
        REQUIRE(open(path)->statement("PRAGMA user_version = 99").run());
        const auto error = error_of(path);
        CHECK(error.code == ErrorCode::unsupported_version);
        says(error, "found 99: a newer program made it");
    }
}

TEST_CASE("an empty file is made into a database, as one is that was never finished") {
    const StoreFolder folder;
    tests::write_file(folder.file(), "");
    CHECK(count(*open(folder.file())) == 0);
}

TEST_CASE("a file in use by another process is refused with that reason") {
    const StoreFolder folder;
    int opened[2];
    int stop[2];
    REQUIRE(pipe(opened) == 0);
    REQUIRE(pipe(stop) == 0);
    const auto child = fork();
    if (child == 0) {
        close(stop[1]);
        const auto database = Database::open(folder.file(), Sync::normal);
        char byte = database ? 'o' : 'e';
        if (write(opened[1], &byte, 1) != 1)
            _exit(1);
        // Until the parent closes its end.
        _exit(read(stop[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(stop[0]);
    char byte = 0;
    REQUIRE(read(opened[0], &byte, 1) == 1);
    CHECK(byte == 'o');
    const auto error = error_of(folder.file());
    CHECK(error.code == ErrorCode::refused);
    says(error, "in use by another process");
    close(stop[1]);
    int status = 1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(open(folder.file()));
    close(opened[0]);
    close(opened[1]);
}

TEST_CASE("a folder that is none, or not there, is an error that names the path") {
    const StoreFolder folder;
    tests::write_file(folder.file("file"), "");
    CHECK(error_of(folder.file("file/node.db")).code == ErrorCode::environment);
    says(error_of(folder.file("missing/node.db")), "No such file or directory");
    std::filesystem::create_directory(folder.path / "taken");
    CHECK(error_of(folder.file("taken")).code == ErrorCode::environment);
    CHECK_FALSE(Database::open("", Sync::normal));
}
