#include "mesh/net/ports.hpp"
#include "tests/support/catch.hpp"

using mesh::listening_ports;

namespace {

std::pair<int, int> ports(int first, int last) {
    const auto range =
        listening_ports({static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)});
    return {range.first, range.last};
}

} // namespace

TEST_CASE("nodes listen from 20000 to 32767 as far as the kernel leaves it") {
    CHECK(ports(32'768, 60'999) == std::pair{20'000, 32'767}); // Linux's default
    CHECK(ports(30'000, 60'999) == std::pair{20'000, 29'999});
    CHECK(ports(10'000, 25'000) == std::pair{25'001, 32'767});
    CHECK(ports(15'000, 40'000) == std::pair{1'025, 14'999});
    CHECK(ports(1'024, 40'000) == std::pair{40'001, 65'535});
    CHECK(ports(1'024, 65'535) == std::pair{0, 0});
}

TEST_CASE("the listening range never meets the ephemeral one") {
    for (int first = 1; first < 65'536; first += 997)
        for (int last = first; last < 65'536; last += 1'009) {
            const auto [low, high] = ports(first, last);
            if (low == 0)
                continue;
            REQUIRE(low > 1'024);
            REQUIRE(high - low >= 1'000);
            REQUIRE((high < first || low > last));
        }
}

TEST_CASE("the kernel's range can be read") {
    const auto range = mesh::ephemeral_ports();
    CHECK(range.first > 0);
    CHECK(range.first < range.last);
}
