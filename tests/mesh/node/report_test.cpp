#include "mesh/node/report.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

TEST_CASE("a report is one line of JSON with the counts of each topic and handler") {
    mesh::TopicCounts counts;
    counts.handled = 3;
    counts.failed = 1;
    counts.retried = 4;
    counts.overdue = 5;
    counts.dead = 6;
    counts.expired = 7;
    counts.ignored = 8;
    counts.stopped = 9;
    counts.lost = 2;
    counts.first_us = 10;
    counts.last_us = 30;
    for (const std::uint64_t us : {5U, 6U, 7U})
        counts.latency.add(us);
    const auto line =
        mesh::report_line("us\"er", "1", {{"a.b", 4}}, {{"create", {{"a.b", counts}}}});

    REQUIRE(line.back() == '\n');
    CHECK(nlohmann::json::parse(line) == nlohmann::json::parse(R"({
        "service": "us\"er", "instance": "1", "published": {"a.b": 4},
        "handlers": [{"name": "create", "topics": {"a.b": {
            "handled": 3, "failed": 1, "retried": 4, "overdue": 5, "dead": 6, "expired": 7,
            "ignored": 8, "stopped": 9, "lost": 2, "first_us": 10, "last_us": 30,
            "latency_us": {"p50": 6, "p99": 7}}}}]})"));
}
