#pragma once

#include "mesh/graph/check_graph.hpp"
#include "tests/prove/graph/plain_graph.hpp"

#include <string>
#include <vector>

namespace prove_graph {

/// The day on which the proof judges loops: those of a random graph are allowed until some day of
/// the twenty around it.
constexpr mesh::Date judged_day{std::chrono::days(10)};

/// One question: what was asked, what the product answered, and what the pencil says.
struct Case {
    const mesh::GraphInput& input;
    const PlainGraph& plain;
    const mesh::GraphReport& report;

    std::vector<mesh::Finding> of(const std::string& code) const;
};

/// Each compares one part of the report with the plain graph. Empty, or what does not agree.
std::string judge_cycles(const Case& one);
std::string judge_cuts(const Case& one);
std::string judge_loops(const Case& one);
std::string judge_rules(const Case& one);
std::string judge_compensations(const Case& one);
std::string judge_services(const Case& one);
std::string judge_warnings(const Case& one);
std::string judge_levels(const Case& one);
std::string judge_undo_order(const Case& one);

/// Compares the report of a check that judges services.
std::string judge_service_view(const Case& one);

/// Whether each step is an edge of the graph and leads to the next one; empty, or what is wrong.
std::string walk_fault(const PlainGraph& graph, const std::vector<mesh::WalkStep>& walk,
                       Loops loops, bool is_cycle);

/// All that a report says, as one text.
std::string text_of(const mesh::GraphReport& report);

/// Adds to `fault` when the two differ: `WHAT: expected A, found B`.
void expect_equal(std::string& fault, const std::string& what, std::size_t expected,
                  std::size_t found);
void expect_equal(std::string& fault, const std::string& what,
                  const std::vector<std::string>& expected, const std::vector<std::string>& found);

} // namespace prove_graph
