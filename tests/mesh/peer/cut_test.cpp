#include "mesh/peer/cut.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <chrono>

using namespace std::chrono_literals;

TEST_CASE("a cut holds for its nodes until its end, and the later end wins") {
    const mesh::TimePoint start{};
    mesh::NodeId cut_off;
    cut_off.bytes[0] = std::byte{1};
    const mesh::NodeId other;
    mesh::Cut cut;
    CHECK(cut.is_empty());
    cut.begin(std::array{cut_off}, start + 2s);
    cut.begin(std::array{cut_off}, start + 1s);
    CHECK_FALSE(cut.is_empty());
    CHECK(cut.holds(cut_off, start + 2s - 1ns));
    CHECK_FALSE(cut.holds(cut_off, start + 2s));
    CHECK_FALSE(cut.holds(other, start));
    cut.heal(start + 2s - 1ns);
    CHECK_FALSE(cut.is_empty());
    cut.heal(start + 2s);
    CHECK(cut.is_empty());
}
