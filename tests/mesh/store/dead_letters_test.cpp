#include "mesh/store/dead_letters.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

using mesh::Database;
using mesh::DeadLetters;
using mesh::ErrorCode;
using mesh::Result;
using mesh::StoredLetter;
using tests::StoreFolder;

namespace {

struct File {
    StoreFolder folder;
    std::unique_ptr<Database> database;
    std::unique_ptr<DeadLetters> letters;
    mesh::DeadLettersOptions options;

    explicit File(mesh::DeadLettersOptions with = {}) : options(with) { open(); }

    void open() {
        letters.reset();
        database.reset();
        database = Database::open(folder.file(), mesh::Sync::normal).value();
        letters = DeadLetters::open(*database, options).value();
    }

    std::uint64_t add(const std::string& handler, const std::string& topic,
                      const std::string& reason) const {
        StoredLetter letter;
        letter.handler = handler;
        letter.topic = topic;
        letter.reason = reason;
        return letters->add(letter).value();
    }

    std::vector<std::uint64_t> numbers(const mesh::DeadLetterFilter& filter,
                                       std::size_t limit = 100, std::uint64_t after = 0) const {
        std::vector<std::uint64_t> numbers;
        const auto listed = letters->list(filter, limit, after).value();
        for (const auto& letter : listed)
            numbers.push_back(letter.number);
        return numbers;
    }
};

using Numbers = std::vector<std::uint64_t>;

mesh::Pattern pattern(std::string_view text) {
    return mesh::Pattern::parse(text).value();
}

} // namespace

TEST_CASE("a dead letter holds the whole event, and gives it back after a restart") {
    File file;
    const std::string headers("\x81\xa1\x61\xa1\x00", 5);
    const std::string payload("\x00\xff pay\x00load", 11);
    const auto id = mesh::NodeId::random();
    mesh::Event event{.topic = "order.created",
                      .id = {id, 3, 0xfffffffffffU},
                      .service = "order",
                      .time = mesh::WallTime(std::chrono::microseconds(1'700'000'000'000'001)),
                      .key = std::string_view("k\0ey", 4),
                      .content_type = "text/plain",
                      .headers = mesh::bytes_of(headers),
                      .cause = mesh::Cause{.event = {mesh::NodeId::random(), 9, 10},
                                           .trace = {std::byte{7}},
                                           .rank = 500,
                                           .chain = 2,
                                           .rounds = 4,
                                           .path = "user.registered order.created"},
                      .payload = mesh::bytes_of(payload)};
    const bool has_cause = GENERATE(true, false);
    if (!has_cause)
        event.cause.reset();
    auto letter = StoredLetter::of(event);
    letter.handler = "create";
    letter.reason = "attempts";
    letter.error = "no stock";
    letter.attempts = 5;
    letter.died_us = 77;
    const auto number = file.letters->add(letter).value();
    file.open();
    const auto found = file.letters->find(number).value();
    REQUIRE(found);
    CHECK_FALSE(found->is_damaged);
    CHECK(found->number == number);
    CHECK(found->handler == "create");
    CHECK(found->reason == "attempts");
    CHECK(found->error == "no stock");
    CHECK(found->attempts == 5);
    CHECK(found->died_us == 77);
    const auto again = found->event();
    CHECK(again.topic == event.topic);
    CHECK(again.id == event.id);
    CHECK(again.service == event.service);
    CHECK(again.time == event.time);
    CHECK(again.key == event.key);
    CHECK(again.content_type == event.content_type);
    CHECK(mesh::text_of(again.headers) == headers);
    CHECK(mesh::text_of(again.payload) == payload);
    CHECK(again.cause == event.cause);
    CHECK(again.trace() == event.trace());
}

TEST_CASE("letters are listed by handler, topic and reason, page by page") {
    const File file;
    file.add("create", "order.created", "attempts"); // 1
    file.add("create", "order.paid", "deadline");    // 2
    file.add("mail", "order.created", "attempts");   // 3
    file.add("mail", "user.registered", "attempts"); // 4
    CHECK(file.numbers({}) == Numbers{1, 2, 3, 4});
    CHECK(file.numbers({}, 2) == Numbers{1, 2});
    CHECK(file.numbers({}, 2, 2) == Numbers{3, 4});
    CHECK(file.numbers({.handler = "mail", .topic = {}, .reason = {}}) == Numbers{3, 4});
    CHECK(file.numbers({.handler = {}, .topic = pattern("order.*"), .reason = "attempts"}) ==
          Numbers{1, 3});
    CHECK(file.numbers({.handler = {}, .topic = {}, .reason = "deadline"}) == Numbers{2});
    CHECK(file.numbers({.handler = "nobody", .topic = {}, .reason = {}}).empty());
}

TEST_CASE("a list is bounded in bytes, and holds one letter at least") {
    const File file;
    StoredLetter large;
    large.topic = "a";
    large.payload = std::string(3 * 1024 * 1024, 'x');
    for (int i = 0; i < 3; ++i)
        REQUIRE(file.letters->add(large));
    CHECK(file.numbers({}) == Numbers{1});
    CHECK(file.numbers({}, 100, 1) == Numbers{2});
}

TEST_CASE("a letter is dropped once, and its number is not used again") {
    File file;
    const auto number = file.add("create", "a", "attempts");
    CHECK(file.letters->count() == 1);
    CHECK(file.letters->drop(number).value());
    CHECK_FALSE(file.letters->drop(number).value());
    CHECK(file.letters->count() == 0);
    CHECK(file.letters->size_bytes() == 0);
    CHECK_FALSE(file.letters->find(number).value());
    file.open();
    CHECK(file.add("create", "a", "attempts") == number + 1);
}

TEST_CASE("a letter taken for a retry that fails is back") {
    const File file;
    const auto number = file.add("create", "a", "attempts");
    CHECK_FALSE(file.database->transaction([&]() -> Result<void> {
        CHECK(file.letters->take_for_retry(number).value()->topic == "a");
        CHECK(file.letters->count() == 0);
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(file.letters->count() == 1);
    CHECK(file.letters->take_for_retry(number).value()->topic == "a");
    CHECK_FALSE(file.letters->take_for_retry(number).value());
    CHECK(file.letters->count() == 0);
}

TEST_CASE("beyond the bounds the oldest letters go and are counted") {
    mesh::DeadLettersOptions options;
    SECTION("by count") {
        options.count_max = 3;
        File file(options);
        for (int i = 0; i < 5; ++i)
            file.add("create", "a", "attempts");
        CHECK(file.numbers({}) == Numbers{3, 4, 5});
        CHECK(file.letters->lost_count() == 2);
        file.open();
        CHECK(file.letters->lost_count() == 2);
        CHECK(file.letters->count() == 3);
    }
    SECTION("by size") {
        options.size_bytes_max = 3000;
        File file(options);
        StoredLetter letter;
        letter.payload = std::string(1000, 'x');
        for (int i = 0; i < 4; ++i)
            REQUIRE(file.letters->add(letter));
        CHECK(file.numbers({}) == Numbers{3, 4});
        CHECK(file.letters->size_bytes() <= 3000);
        const auto size = file.letters->size_bytes();
        file.open();
        CHECK(file.letters->size_bytes() == size);
        letter.payload = std::string(5000, 'x');
        REQUIRE(file.letters->add(letter));
        CHECK(file.numbers({}) == Numbers{5});
        CHECK(file.letters->lost_count() == 4);
    }
}

TEST_CASE("a damaged letter is shown as damaged and never retried") {
    const File file;
    const auto number = file.add("create", "a", "attempts");
    REQUIRE(file.database->statement("UPDATE dagmesh_dead_letters SET payload = x'00'").run());
    CHECK(file.letters->list({}, 10).value()[0].is_damaged);
    const auto taken = file.letters->take_for_retry(number);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == ErrorCode::malformed);
    CHECK(file.letters->count() == 1);
}

TEST_CASE("a long error text is cut between characters") {
    const File file;
    StoredLetter letter;
    letter.error = "x";
    while (letter.error.size() < 5000)
        letter.error += "ß";
    const auto number = file.letters->add(letter).value();
    CHECK(file.letters->find(number).value()->error == letter.error.substr(0, 4095));
}

TEST_CASE("a letter that died again takes its old place, and is there when it had gone") {
    const File file;
    const auto first = file.add("h", "a", "failed");
    const auto second = file.add("h", "b", "failed");
    const auto before = file.letters->size_bytes();
    auto letter = file.letters->find(first).value().value();
    letter.error = "once more";
    letter.attempts = 9;
    REQUIRE(file.letters->replace(letter));
    CHECK(file.numbers({}) == Numbers{first, second});
    CHECK(file.letters->count() == 2);
    CHECK(file.letters->size_bytes() == before + letter.error.size());
    CHECK(file.letters->find(first).value()->attempts == 9);
    CHECK_FALSE(file.letters->find(first).value()->is_damaged);
    REQUIRE(file.letters->drop(first).value());
    REQUIRE(file.letters->replace(letter));
    CHECK(file.numbers({}) == Numbers{first, second});
    CHECK_FALSE(file.database->transaction([&]() -> mesh::Result<void> {
        letter.attempts = 10;
        REQUIRE(file.letters->replace(letter));
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(file.letters->find(first).value()->attempts == 9);
    CHECK(file.letters->count() == 2);
}
