#include "tests/mesh/flow/group_simulation.hpp"
#include "tests/mesh/flow/truth.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>

using flow_test::GroupSimulation;
using flow_test::Violation;

namespace {

/// DAGMESH_TEST_SEED replays one seed, DAGMESH_TEST_SEEDS tries more of them.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

} // namespace

TEST_CASE("replicas share events: each is handled, in order of its key, by one at a time") {
    const auto only = number_from("DAGMESH_TEST_SEED", 0);
    const auto first = only == 0 ? 1 : only;
    const auto last = only == 0 ? number_from("DAGMESH_TEST_SEEDS", 3'000) : only;
    GroupSimulation::Happened sum;
    for (auto seed = first; seed <= last; ++seed) {
        GroupSimulation simulation(seed);
        try {
            simulation.run();
        } catch (const Violation& violation) {
            FAIL("DAGMESH_TEST_SEED=" << seed << ": " << violation.what());
        }
        const auto& one = simulation.happened();
        sum.published += one.published;
        sum.twice += one.twice;
        sum.joins += one.joins;
        sum.leaves += one.leaves;
        sum.kills += one.kills;
        sum.cuts += one.cuts;
        sum.restarts += one.restarts;
        sum.epochs += one.epochs;
        sum.versions += one.versions;
        sum.parts_max = std::max(sum.parts_max, one.parts_max);
    }
    if (only != 0)
        return;
    // The seeds visit every corner that the checks are for.
    CAPTURE(sum.published, sum.twice, sum.joins, sum.leaves, sum.kills, sum.cuts, sum.restarts,
            sum.epochs, sum.parts_max, sum.versions);
    CHECK(sum.leaves > last / 2);
    CHECK(sum.kills > last / 2);
    CHECK(sum.cuts > last);
    CHECK(sum.restarts > last / 4);
    CHECK(sum.epochs > 5 * last);
    CHECK(sum.twice > last / 10);
    CHECK(sum.versions > last / 4);
    CHECK(sum.parts_max > 5);
    CHECK(sum.parts_max <= 2 * mesh::key_slot_count);
}

TEST_CASE("a rule of sharing that is left out is noticed within 1,000 seeds") {
    for (const auto& [name, fault] : mesh::group_faults) {
        std::string noticed;
        std::uint64_t seed = 0;
        while (noticed.empty() && ++seed <= 1'000) {
            GroupSimulation simulation(seed, fault);
            try {
                simulation.run();
            } catch (const Violation& violation) {
                noticed = violation.what();
            }
        }
        INFO(name);
        CHECK_FALSE(noticed.empty());
        if (number_from("DAGMESH_TEST_SEEDS", 0) != 0)
            WARN(name << ": seed " << seed << ", " << noticed);
    }
}
