#include "mesh/store/journal_options.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace mesh;

TEST_CASE("bounds of a journal are read by name, what is not named stays as it is") {
    using namespace std::chrono_literals;
    const auto read = parse_journal_options("size=64MiB,age=36h,count=1000,full=trim,keep=1KiB");
    REQUIRE(read);
    CHECK(*read == JournalOptions{64U * 1024 * 1024, 1000, 36h, WhenFull::trim, 1024});
    CHECK(*parse_journal_options("") == JournalOptions{});
    CHECK(parse_journal_options("full=refuse")->full == WhenFull::refuse);
}

TEST_CASE("bounds that cannot be read are refused, and the entry is named") {
    for (const std::string text :
         {"size", "size=", "size=7", "count=0", "count=-1", "count=7x", "age=7", "full=maybe",
          "rows=7", "keep=much", "size=1GiB,,", ",", "full=trim,size", "age=0s", "age=1ns",
          "size=0B", "count=7,count=8", "full=trim,age=1h,full=trim"}) {
        const auto read = parse_journal_options(text);
        INFO(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::invalid);
        CHECK(read.error().detail.find(text.substr(text.rfind(',') + 1, 3)) != std::string::npos);
    }
}

TEST_CASE("what a commit survives is normal or power") {
    CHECK(*parse_sync("normal") == Sync::normal);
    CHECK(*parse_sync("power") == Sync::power);
    CHECK(parse_sync("full").error().detail == "expected normal or power, got \"full\"");
}
