#include "mesh/event/start_from.hpp"
#include "tests/support/catch.hpp"

using namespace mesh;
using namespace std::chrono_literals;

TEST_CASE("every form of a start is read") {
    const WallTime now{1'000'000s};
    const auto read = [&](std::string_view text) { return parse_start_from(text, now).value(); };
    CHECK(read("now") == StartFrom::now());
    CHECK(read("oldest") == StartFrom::oldest());
    CHECK(read("last") == StartFrom::last_per_key());
    CHECK(read("last:0") == StartFrom::last(0));
    CHECK(read("last:100") == StartFrom::last(100));
    CHECK(read("1") == StartFrom::sequence(1));
    CHECK(read("18446744073709551615") == StartFrom::sequence(UINT64_MAX));
    CHECK(read("10m") == StartFrom::time(now - 10min));
    CHECK(read("1.5s") == StartFrom::time(now - 1500ms));
    CHECK(read("1970-01-02T00:00:01Z") == StartFrom::time(WallTime{24h + 1s}));
    CHECK(read("2026-11-20T12:30:00.25Z").number == 1'795'177'800'250'000);
    // Before 1970 nothing was published.
    CHECK(read("365d") == StartFrom::time(WallTime{}));
}

TEST_CASE("what is no start is refused with the forms that are") {
    for (const auto* text :
         {"", "0", "-1", "first", "last:", "last:x", "last:-1", "1x", "12.5", "2026-11-20",
          "2026-11-20T12:30:00", "2026-11-31T12:30:00Z", "2026-11-20T24:00:00Z",
          "2026-11-20T12:60:00Z", "2026-11-20T12:30:00.Z", "2026-11-20T12:30:00.1234567Z",
          "2026-11-20 12:30:00Z", "99999999999999999999"}) {
        const auto read = parse_start_from(text, WallTime{1h});
        CAPTURE(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::invalid);
        CHECK(read.error().detail.find("last:N") != std::string::npos);
    }
}
