#include "mesh/base/paged_array.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdint>

TEST_CASE("a paged array is zero at first, small or large") {
    for (const std::size_t size : {0UL, 1UL, 1000UL, 3'000'000UL}) {
        const mesh::PagedArray<std::uint32_t> array(size);
        CHECK(array.size() == size);
        const auto values = array.first(size);
        CHECK(std::ranges::all_of(values, [](auto value) { return value == 0; }));
    }
}

TEST_CASE("growing keeps the values that count, and what is new is zero") {
    mesh::PagedArray<std::uint32_t> array;
    std::size_t count = 0;
    for (const std::size_t size : {10UL, 1000UL, 2'000'000UL, 5'000'000UL}) {
        array.grow(size, count);
        REQUIRE(array.size() == size);
        CHECK(array[count] == 0);
        for (; count < size - 1; ++count)
            array[count] = static_cast<std::uint32_t>(count);
    }
    bool is_kept = true;
    for (std::size_t i = 0; i < count; ++i)
        is_kept = is_kept && array[i] == i;
    CHECK(is_kept);
    CHECK(array[count] == 0);
}

TEST_CASE("moving leaves an empty array behind") {
    mesh::PagedArray<std::uint32_t> array(4);
    array[3] = 7;
    mesh::PagedArray<std::uint32_t> other(std::move(array));
    CHECK(other[3] == 7);
    CHECK(array.size() == 0); // NOLINT(bugprone-use-after-move): that is the question
    mesh::PagedArray<std::uint32_t> third;
    third = std::move(other);
    CHECK(third.size() == 4);
    CHECK(third[3] == 7);
}
