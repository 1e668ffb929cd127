#include "mesh/base/quantity.hpp"
#include "tests/support/catch.hpp"

using namespace mesh;
using namespace std::chrono_literals;

TEST_CASE("durations are a number and a unit") {
    CHECK(parse_duration("0s") == Duration{});
    CHECK(parse_duration("7ns") == 7ns);
    CHECK(parse_duration("7us") == 7us);
    CHECK(parse_duration("100ms") == 100ms);
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration("2m") == 2min);
    CHECK(parse_duration("24h") == 24h);
    CHECK(parse_duration("3d") == 72h);
    for (const auto* text : {"", "s", "5", "-1s", "5 s", " 5s", "5S", "1e3s", "infs", "nans", "5ss",
                             "300y", "999999d", "0x5s", "+5s", "5s5s"}) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_duration(text));
        CHECK(parse_duration(text).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("sizes are a whole number and a unit") {
    CHECK(parse_size("0B") == 0);
    CHECK(parse_size("5B") == 5);
    CHECK(parse_size("2KiB") == 2'048);
    CHECK(parse_size("64MiB") == 64U * 1024 * 1024);
    CHECK(parse_size("3GiB") == std::uint64_t{3} * 1024 * 1024 * 1024);
    for (const auto* text : {"", "B", "5", "-1B", "1.5KiB", "5kib", "5KB", "5 MiB",
                             "99999999999GiB", "infB", "nanB"}) {
        CAPTURE(text);
        REQUIRE_FALSE(parse_size(text));
        CHECK(parse_size(text).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("a duration prints with three digits and the fitting unit") {
    CHECK(to_text(0ns) == "0ns");
    CHECK(to_text(999ns) == "999ns");
    CHECK(to_text(1us) == "1.00us");
    CHECK(to_text(12'345us) == "12.3ms");
    CHECK(to_text(250ms) == "250ms");
    CHECK(to_text(1s) == "1.00s");
    CHECK(to_text(90s) == "90.0s");
    CHECK(to_text(3600s) == "3600s");
    CHECK(to_text(-5ms) == "-5.00ms");
    CHECK(to_text(-250ms) == "-250ms");
}

TEST_CASE("a duration that rounds up to the next unit or digit prints as that") {
    CHECK(to_text(999'600ns) == "1.00ms");
    CHECK(to_text(9'999us) == "10.0ms");
    CHECK(to_text(99'990us) == "100ms");
}
