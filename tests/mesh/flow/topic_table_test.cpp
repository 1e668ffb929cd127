#include "mesh/flow/streams/topic_table.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using mesh::TopicEntry;
using mesh::TopicTable;

TEST_CASE("topics are numbered in the order of their appearance") {
    TopicTable table;
    const auto never = [](std::uint16_t, const TopicEntry&) { FAIL("nothing has to give way"); };
    CHECK_FALSE(table.find("a"));
    CHECK(table.add("a", 1, never)->number == 0);
    CHECK(table.add("b", 1, never)->number == 1);
    CHECK(table.find("b") == 1);
    CHECK(table[1].name == "b");
    CHECK(table.size() == 2);
}

TEST_CASE("when all numbers are taken the most silent topic gives up its own") {
    TopicTable table;
    std::vector<std::string> retired;
    const auto retire = [&](std::uint16_t, const TopicEntry& entry) {
        retired.push_back(entry.name);
    };
    for (std::uint64_t i = 0; i < 65'536; ++i) {
        const auto added = table.add("t" + std::to_string(i), 1, retire);
        REQUIRE(added);
        table[added->number].last_sequence = i == 77 ? 5 : 10 + i;
        table[added->number].trimmed_count = 3;
    }
    CHECK_FALSE(table.add("new", 5, retire)); // its event is held
    CHECK(retired.empty());
    const auto added = table.add("new", 6, retire);
    REQUIRE(added);
    CHECK(added->number == 77);
    CHECK(added->is_reused);
    CHECK(retired == std::vector<std::string>{"t77"});
    CHECK_FALSE(table.find("t77"));
    CHECK(table.find("new") == 77);
    CHECK(table[77].trimmed_count == 0);
    CHECK(table.size() == 65'536);
}
