#include "nodes/bench/bench_report.hpp"
#include "nodes/bench/match_row.hpp"
#include "nodes/bench/plot.hpp"
#include "nodes/bench/run_bench.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <sstream>
#include <string>

namespace {

using Form = nodes::BenchReport::Form;

const std::vector<nodes::BenchRow> two_rows{
    {{"case", "1:1"}, {"rate_max", 1'234'567.0}, {"ratio", 4.5678}, {"note", {}, true}},
    {{"case", "topics:100"}, {"rate_max", 12.0}, {"ratio", {}}, {"note", "a,\"b\"", true}}};

std::string printed(Form form) {
    std::ostringstream out;
    nodes::BenchReport report(form, out);
    report.rows("rates", two_rows);
    return out.str();
}

nodes::MatchResult a_result() {
    nodes::MatchResult result;
    result.bench = "throughput";
    result.rounds = {{.rate = 4e6, .arrived = 9, .lost = 1}, {.rate = 2e6}, {.rate = 3e6}};
    result.reference_transport = nodes::Transport::tcp;
    result.reference_rounds = {{.rate = 1e6}, {.rate = 1e6}, {.rate = 2e6}};
    return result;
}

const nodes::BenchValue& value_of(const nodes::BenchRow& row, const std::string& name) {
    const auto found = std::ranges::find(row, name, &nodes::BenchField::name);
    REQUIRE(found != row.end());
    return found->value;
}

} // namespace

TEST_CASE("a table is aligned, words below each other in its heading") {
    CHECK(printed(Form::text) == "rates\n"
                                 "                rate\n"
                                 "case             max    ratio\n"
                                 "1:1          1234567    4.568\n"
                                 "topics:100        12        -\n");
}

TEST_CASE("a row is one JSON object, and what was not measured is null") {
    std::istringstream lines(printed(Form::json));
    std::string line;
    REQUIRE(std::getline(lines, line));
    CHECK(line == R"({"case":"1:1","rate_max":1234567,"ratio":4.5678,"note":null})");
    REQUIRE(std::getline(lines, line));
    CHECK(nlohmann::json::parse(line)["ratio"].is_null());
}

TEST_CASE("CSV has one heading, and quotes what needs it") {
    CHECK(printed(Form::csv) == "case,rate_max,ratio,note\n"
                                "1:1,1234567,4.568,\n"
                                "topics:100,12,,\"a,\"\"b\"\"\"\n");
}

TEST_CASE("a row tells the median of the rounds and of the ratios of each round") {
    const auto row = nodes::row_of(a_result());
    CHECK(std::get<double>(value_of(row, "rate")) == 3e6);
    CHECK(std::get<double>(value_of(row, "rate_min")) == 2e6);
    CHECK(std::get<double>(value_of(row, "ratio")) == 2);
    CHECK(std::get<std::vector<double>>(value_of(row, "ratios")) == std::vector<double>{4, 2, 1.5});
    CHECK(std::get<double>(value_of(row, "lost")) == 1);
    CHECK(std::get<std::string>(value_of(row, "reference_transport")) == "tcp");
}

TEST_CASE("without a reference there is no ratio") {
    auto result = a_result();
    result.reference_transport.reset();
    result.reference_rounds.clear();
    const auto row = nodes::row_of(result);
    for (const auto* name : {"ratio", "ratios", "reference_rate", "cpu_ratio"})
        CHECK(std::holds_alternative<std::monostate>(value_of(row, name)));
}

TEST_CASE("an outcome tells of loss, and of disorder before that") {
    nodes::BenchOutcome outcome;
    nodes::MatchResult fine;
    fine.rounds = {{.rate = 1}};
    outcome.add({fine});
    CHECK(outcome.code == nodes::ExitCode::done);
    outcome.add({a_result(), fine});
    CHECK(outcome.code == nodes::ExitCode::loss);
    auto disordered = fine;
    disordered.rounds[0].disordered = 1;
    outcome.add({disordered});
    outcome.add({a_result()});
    CHECK(outcome.code == nodes::ExitCode::finding);
    CHECK(outcome.results.size() == 5);
}

TEST_CASE("a plot has a bar for each contender and says what it shows") {
    auto latency = a_result();
    latency.load.rate = 10'000;
    const auto svg = nodes::plot_svg({a_result(), latency});
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>\n"));
    for (const auto* text : {"throughput: events a second", "latency at 10000 events a second",
                             "1:1, 64 B, ipc, reliable, inline", "3 M / 1 M = 2x"})
        CHECK_THAT(svg, Catch::Contains(text));
    CHECK(svg == nodes::plot_svg({a_result(), latency}));
}
