#include "nodes/gateway/resume_point.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <cstddef>
#include <string>

using nodes::parse_resume_point;
using nodes::Positions;
using nodes::ResumePoint;

namespace {

mesh::EventId id(unsigned source, std::uint32_t incarnation, std::uint64_t sequence) {
    mesh::EventId made{{}, incarnation, sequence};
    made.source.bytes[7] = static_cast<std::byte>(source);
    return made;
}

ResumePoint point() {
    return {0xf00d, 26, mesh::WallTime(std::chrono::microseconds(255)), {{1, 3, 255}, {2, 0, 7}}};
}

} // namespace

TEST_CASE("a resume point comes back from its text") {
    CHECK(to_text(point()) == "f00d-1a-ff~1.3.ff~2.0.7");
    CHECK(parse_resume_point(to_text(point())) == point());
    CHECK(parse_resume_point("1-2-3") ==
          ResumePoint{1, 2, mesh::WallTime(std::chrono::microseconds(3)), {}});
}

TEST_CASE("other text is no resume point") {
    for (const std::string text :
         {"", "7", "1-2", "1-2-3~", "1-2-3~1.2", "1-2-3~1.2.3x", "1-2-3 ", "1-2-x", "-1-2-3",
          "1-2-3~1.ffffffffff.3", "11111111111111111-2-3"}) {
        INFO(text);
        CHECK_FALSE(parse_resume_point(text));
    }
    auto many = std::string("1-2-3");
    for (std::size_t i = 0; i <= nodes::positions_max; ++i)
        many += "~1.2.3";
    CHECK_FALSE(parse_resume_point(many));
}

TEST_CASE("any text is a resume point that says the same again, or none") {
    const std::uint64_t seed = 20'261'201;
    CAPTURE(seed);
    tests::with_noise(to_text(point()), seed, 2'000, [](const std::string& text) {
        if (const auto read = parse_resume_point(text))
            REQUIRE(parse_resume_point(to_text(*read)) == read);
    });
}

TEST_CASE("a publisher's position rises, and a new run takes the place of the one before") {
    Positions positions;
    positions.note(id(1, 1, 5));
    positions.note(id(1, 1, 4)); // a repetition
    REQUIRE(positions.find(id(1, 1, 0)) != nullptr);
    CHECK(positions.find(id(1, 1, 0))->sequence == 5);
    positions.note(id(1, 0, 9)); // its journal
    positions.note(id(1, 2, 1));
    CHECK(positions.find(id(1, 1, 0)) == nullptr);
    CHECK(positions.find(id(1, 2, 0))->sequence == 1);
    CHECK(positions.find(id(1, 0, 0))->sequence == 9);
    positions.forget_runs(id(1, 0, 0).source);
    CHECK(positions.find(id(1, 2, 0)) == nullptr);
    CHECK(positions.find(id(1, 0, 0)) != nullptr);
}

TEST_CASE("of too many publishers those silent longest are left out") {
    Positions positions;
    for (unsigned i = 0; i < nodes::positions_max; ++i)
        positions.note(id(i, 1, 1));
    positions.note(id(0, 1, 2));
    positions.note(id(200, 1, 1));
    CHECK(positions.all().size() == nodes::positions_max);
    CHECK(positions.find(id(0, 1, 0)) != nullptr);
    CHECK(positions.find(id(1, 1, 0)) == nullptr);
}
