#include "tests/mesh/flow/flow_simulation.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>

using flow_test::FlowSimulation;
using flow_test::Violation;

namespace {

/// DAGMESH_TEST_SEED replays one seed, DAGMESH_TEST_SEEDS tries more of them.
std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

} // namespace

TEST_CASE("each subscription gets exactly what it wants, in order, or an exact gap") {
    const auto only = number_from("DAGMESH_TEST_SEED", 0);
    const auto first = only == 0 ? 1 : only;
    const auto last = only == 0 ? number_from("DAGMESH_TEST_SEEDS", 5'000) : only;
    FlowSimulation::Happened sum;
    for (auto seed = first; seed <= last; ++seed) {
        FlowSimulation simulation(seed);
        try {
            simulation.run();
        } catch (const Violation& violation) {
            FAIL("DAGMESH_TEST_SEED=" << seed << ": " << violation.what());
        }
        const auto& one = simulation.happened();
        sum.published += one.published;
        sum.waited += one.waited;
        sum.delivered += one.delivered;
        sum.lost += one.lost;
        sum.lost_fast += one.lost_fast;
        sum.lost_oldest += one.lost_oldest;
        sum.lost_newest += one.lost_newest;
        sum.lost_older_values += one.lost_older_values;
        sum.overflowed += one.overflowed;
        sum.spilled += one.spilled;
        sum.picked += one.picked;
        sum.sessions += one.sessions;
        sum.restarts += one.restarts;
        sum.rewinds += one.rewinds;
        sum.reopened += one.reopened;
        sum.appended_in_few_steps += one.appended_in_few_steps;
    }
    if (only != 0)
        return;
    // The seeds visit every corner that the checks are for.
    CAPTURE(sum.published, sum.delivered, sum.lost, sum.overflowed, sum.waited, sum.sessions,
            sum.restarts, sum.rewinds, sum.reopened);
    CHECK(sum.waited > last);
    CHECK(sum.lost > last / 10);
    CAPTURE(sum.lost_fast, sum.lost_oldest, sum.lost_newest, sum.lost_older_values, sum.spilled,
            sum.picked);
    CHECK(sum.lost_fast > last);
    CHECK(sum.lost_oldest > last / 10);
    CHECK(sum.lost_newest > last / 10);
    CHECK(sum.lost_older_values > last / 10);
    CHECK(sum.spilled > last / 10);
    CHECK(sum.picked > last / 10);
    CHECK(sum.overflowed > last / 10);
    CHECK(sum.restarts > last);
    CHECK(sum.rewinds > last / 30);
    CHECK(sum.reopened > last / 10);
    CHECK(sum.appended_in_few_steps > last);
}

TEST_CASE("each planted bug is caught within 1,000 seeds") {
    for (const auto& [name, fault] : mesh::flow_faults) {
        bool is_caught = false;
        for (std::uint64_t seed = 1; seed <= 1'000 && !is_caught; ++seed) {
            FlowSimulation simulation(seed, fault);
            try {
                simulation.run();
            } catch (const Violation&) {
                is_caught = true;
            }
        }
        CAPTURE(name);
        CHECK(is_caught);
    }
}
