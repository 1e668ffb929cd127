#include "tests/mesh/graph/edges/edge_texts.hpp"

#include <string>

using namespace edge_test;

namespace {

/// `CODE: a@f:1:1 b@f:2:1 | cut a>b@f:1:1` of every finding.
std::vector<std::string> findings(const mesh::GraphReport& report) {
    std::vector<std::string> all;
    for (const auto& finding : report.findings) {
        auto line = finding.code + ":";
        for (const auto& step : finding.cycle)
            line += " " + step.event + "@" + mesh::to_string(step.emits_place);
        line += " | cut";
        for (const auto& edge : finding.cut)
            line += " " + edge.handler + ">" + edge.emits + "@" + mesh::to_string(edge.place);
        all.push_back(line);
    }
    return all;
}

using Lines = std::vector<std::string>;
using Rows = std::vector<Lines>;

} // namespace

TEST_CASE("an edge list without a cycle has levels, a longest chain and no finding") {
    const auto report = check("a b\nb c\na c\nx c\n");
    CHECK(report.is_acyclic);
    CHECK(report.findings.empty());
    CHECK(report.longest_chain == 3);
    CHECK(report.levels == Rows{{"a", "x"}, {"b"}, {"c"}});
    CHECK(report.counts.events == 4);
    CHECK(report.counts.edges == 4);
}

TEST_CASE("a cycle of an edge list begins with the smallest name and has the line of each edge") {
    const auto report = check("z y\ny x\n\n  x z\n");
    CHECK_FALSE(report.is_acyclic);
    CHECK(findings(report) == Lines{"E001: x@f:4:3 z@f:1:1 y@f:2:1 | cut z>y@f:1:1"});
    CHECK(report.findings[0].message == "event cycle of 3; the shortest in a group of 3");
    CHECK(report.findings[0].is_cut_smallest);
    CHECK(report.findings[0].place == report.findings[0].cycle[0].emits_place);
}

TEST_CASE("a name that leads to itself is an error of its own, once for all its lines") {
    CHECK(findings(check("a b a a b c a a")) == Lines{"E002: a@f:1:5 | cut a>a@f:1:5 a>a@f:1:13"});
    CHECK_FALSE(check("a a").is_acyclic);
    CHECK(check("a a").longest_chain == 1);
}

TEST_CASE("every group is found, the shortest cycle of each") {
    CHECK(findings(check("a b b a  m n n m  c d d e e c  e d  b c")) ==
          Lines{"E001: a@f:1:1 b@f:1:5 | cut a>b@f:1:1", "E001: m@f:1:10 n@f:1:14 | cut m>n@f:1:10",
                "E001: d@f:1:23 e@f:1:32 | cut d>e@f:1:23"});
}

TEST_CASE("of equal cuts the one on the fewest lines is proposed, with every line of it") {
    CHECK(findings(check("a b a b b c b c c a c a c a")) ==
          Lines{"E001: a@f:1:1 b@f:1:9 c@f:1:17 | cut a>b@f:1:1 a>b@f:1:5"});
    CHECK(findings(check("a b a b b a")) == Lines{"E001: a@f:1:1 b@f:1:9 | cut b>a@f:1:9"});
}

TEST_CASE("with cycles the longest chain is that of what the cut leaves") {
    const auto report = check("a b b c c a c d d e");
    CHECK(report.longest_chain == 4);
    CHECK(report.levels == Rows{{"b"}, {"c"}, {"a", "d"}, {"e"}});
}

TEST_CASE("levels of many names are left out") {
    constexpr auto count = mesh::edge_levels_names_max;
    const auto chain = [](std::size_t i) { return Pair{i, i + 1}; };
    CHECK(check(text_of(count - 1, chain)).levels.size() == count);
    const auto report = check(text_of(count, chain));
    CHECK(report.levels.empty());
    CHECK(report.longest_chain == count + 1);
    // With a cycle it is what stands before all cycles that is told.
    CHECK(check(text_of(count, chain) + "x y y x y n5").longest_chain == 5);
}
