#include "tests/mesh/peer/joining_exhaustive.hpp"
#include "tests/mesh/peer/joining_simulation.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>

using joining_test::JoiningSimulation;

namespace {

std::optional<std::string> violation_of(std::uint64_t seed, mesh::AdmissionFault fault,
                                        JoiningSimulation::Happened& happened) {
    JoiningSimulation simulation({seed, fault, nullptr});
    std::optional<std::string> wrong;
    try {
        simulation.run();
    } catch (const joining_test::Violation& violation) {
        wrong = violation.what();
    }
    happened = simulation.happened();
    return wrong;
}

} // namespace

// `./dev prove joining` does the same with a hundred thousand seeds.
TEST_CASE("whatever happens while nodes join, no cycle runs, and all are decided in the end") {
    const std::uint64_t seeds = 2'000;
    JoiningSimulation::Happened sum;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        JoiningSimulation::Happened one;
        if (const auto wrong = violation_of(seed, mesh::AdmissionFault::none, one))
            FAIL(*wrong << "; repeat with: ./dev prove joining --seed " << seed << " --trace");
        sum.steps += one.steps;
        sum.lost += one.lost;
        sum.readmissions += one.readmissions;
        sum.yields += one.yields;
        sum.quarantines += one.quarantines;
        sum.refusals += one.refusals;
        sum.partitions += one.partitions;
        sum.emissions += one.emissions;
    }
    // The seeds visit every corner that the checks are for.
    CAPTURE(sum.steps, sum.lost, sum.readmissions, sum.yields, sum.quarantines, sum.refusals,
            sum.partitions, sum.emissions);
    CHECK(sum.steps > seeds * 100);
    CHECK(sum.lost > seeds);
    CHECK(sum.readmissions > seeds / 30);
    CHECK(sum.yields > seeds / 20);
    CHECK(sum.quarantines > seeds / 3);
    CHECK(sum.refusals > seeds / 20);
    CHECK(sum.partitions > seeds / 4);
    CHECK(sum.emissions > seeds);
}

TEST_CASE("each rule of the joining is needed: without it something is wrong within 1000 seeds") {
    for (const auto& [name, fault] : mesh::admission_faults) {
        CAPTURE(std::string(name));
        bool is_caught = false;
        JoiningSimulation::Happened happened;
        for (std::uint64_t seed = 1; seed <= 1'000 && !is_caught; ++seed)
            is_caught = violation_of(seed, fault, happened).has_value();
        CHECK(is_caught);
    }
}

TEST_CASE("three that join without faults hold in every order of what happens") {
    std::ostringstream out;
    CHECK(joining_test::try_every_order(out, 1) == 0);
    CAPTURE(out.str());
    CHECK(out.str().find("states") != std::string::npos);
}
