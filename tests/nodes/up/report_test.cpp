#include "nodes/up/report.hpp"
#include "tests/support/catch.hpp"

namespace {

constexpr const char* user_report =
    R"({"service":"user","instance":"1","published":{"user.registered":1000},"handlers":[]})";
constexpr const char* order_report =
    R"({"service":"order","instance":"1","published":{"order.created":600},"handlers":[
        {"name":"create","topics":{"user.registered":{"handled":600,"failed":1,"lost":2,
         "first_us":1000000,"last_us":1100000,"latency_us":{"p50":123,"p99":4560}}}}]})";
constexpr const char* other_order_report =
    R"({"service":"order","instance":"2","published":{"order.created":400},"handlers":[
        {"name":"create","topics":{"user.registered":{"handled":400,"failed":0,"lost":0,
         "first_us":900000,"last_us":1000000,"latency_us":{"p50":150,"p99":400}}}}]})";

} // namespace

TEST_CASE("reports of all processes make one table") {
    nodes::RunReport report;
    CHECK(report.is_empty());
    REQUIRE(report.add(user_report).has_value());
    REQUIRE(report.add(order_report).has_value());
    CHECK_FALSE(report.is_empty());
    CHECK(report.table() ==
          "topic / handler  published  handled  failed  lost  events/s    p50     p99\n"
          "order.created          600\n"
          "user.registered      1,000\n"
          "  order.create                  600       1     2     6,000  123us  4.56ms\n");
}

TEST_CASE("replicas add up, over the interval of both, with the worse latency") {
    nodes::RunReport report;
    REQUIRE(report.add(order_report).has_value());
    REQUIRE(report.add(other_order_report).has_value());
    CHECK(report.table() ==
          "topic / handler  published  handled  failed  lost  events/s    p50     p99\n"
          "order.created        1,000\n"
          "user.registered          0\n"
          "  order.create                1,000       1     2     5,000  150us  4.56ms\n");
}

TEST_CASE("a handler without events has no rate and no latency") {
    nodes::RunReport report;
    REQUIRE(report
                .add(R"({"service":"a","published":{},"handlers":[{"name":"h","topics":
        {"t":{"handled":0,"failed":0,"lost":3}}}]})")
                .has_value());
    CHECK_THAT(report.table(), Catch::EndsWith("  a.h                             0       0     3"
                                               "         -    -    -\n"));
}

TEST_CASE("names too long for 100 columns get a line of their own") {
    nodes::RunReport report;
    const std::string topic(200, 't');
    REQUIRE(report.add(R"({"service":"a","published":{")" + topic + R"(":1},"handlers":[]})")
                .has_value());
    CHECK_THAT(report.table(), Catch::Contains("\n" + topic + "\n   "));
}

TEST_CASE("a line that is no report is refused and changes nothing") {
    nodes::RunReport report;
    for (const auto* line :
         {"", "{", "[]", "null", R"({"service":1})", R"({"service":"a","published":{"t":"x"}})",
          R"({"service":"a","published":{"t":1},"handlers":[{}]})",
          R"({"service":"a","published":{"t":1},"handlers":[{"name":"h","topics":{"t":{}}}]})"}) {
        const auto added = report.add(line);
        REQUIRE_FALSE(added.has_value());
        CHECK(added.error().code == mesh::ErrorCode::malformed);
    }
    CHECK(report.is_empty());
}
