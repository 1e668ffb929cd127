#include "mesh/manifest/read.hpp"
#include "nodes/gateway/allowance.hpp"
#include "nodes/gateway/origin.hpp"
#include "nodes/gateway/route.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using nodes::Allowance;

namespace {

int refused(const std::string& host, const std::string& origin, const mesh::Endpoint& listen) {
    nodes::HttpRequest request;
    if (!host.empty())
        request.headers.emplace_back("Host", host);
    if (!origin.empty())
        request.headers.emplace_back("ORIGIN", origin);
    const auto checked = nodes::check_origin(request, listen);
    return checked ? 0 : checked.error().status;
}

std::vector<mesh::Pattern> patterns(const std::vector<std::string>& texts) {
    std::vector<mesh::Pattern> made;
    for (const auto& text : texts)
        made.push_back(*mesh::Pattern::parse(text));
    return made;
}

} // namespace

TEST_CASE("programs and the gateway's own pages may ask, pages of others may not") {
    const mesh::Endpoint listen{"127.0.0.1", 8080};
    for (const std::string host :
         {"", "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "localhost", "127.0.0.1:9999"})
        CHECK(refused(host, "", listen) == 0);
    for (const std::string origin :
         {"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"})
        CHECK(refused("localhost:8080", origin, listen) == 0);
    for (const std::string origin :
         {"http://evil.example", "http://evil.example:8080", "https://127.0.0.1:8080",
          "http://127.0.0.1:8081", "http://127.0.0.1", "null", "http://127.0.0.1:8080.evil.example",
          "http://127.0.0.1.evil.example:8080", "http://"}) {
        INFO(origin);
        CHECK(refused("127.0.0.1:8080", origin, listen) == 403);
    }
}

TEST_CASE("a name that was pointed at this machine is refused on loopback") {
    CHECK(refused("evil.example:8080", "", {"127.0.0.1", 8080}) == 403);
    CHECK(refused("evil.example", "", {"::1", 8080}) == 403);
    CHECK(refused("", "", {"127.0.0.1", 8080}) == 0);
    // Elsewhere the names of this machine are not known.
    CHECK(refused("shop.example:8080", "", {"192.0.2.1", 8080}) == 0);
    CHECK(refused("shop.example:8080", "http://evil.example", {"192.0.2.1", 8080}) == 403);
    CHECK(refused("", "http://localhost", {"127.0.0.1", 80}) == 0);
}

TEST_CASE("without restrictions every well-formed topic is known") {
    const Allowance all;
    CHECK(all.check_topic("order.created").has_value());
    CHECK(all.check_topic("a..b").error().status == 400);
    CHECK(all.check_topic("a.>").error().status == 400);
    CHECK(all.check_topic("").error().status == 400);
    CHECK(all.check_pattern("order.>").has_value());
    CHECK(all.check_pattern("order.>.x").error().status == 400);
    CHECK(all.declared() == std::vector<std::string>{">"});
}

TEST_CASE("a topic has to be known by the manifest and by what is allowed") {
    const Allowance some(patterns({"order.*", "user.created"}), patterns({"order.created", "x.>"}));
    CHECK(some.check_topic("order.created").has_value());
    CHECK(some.check_topic("order.paid").error().status == 404);
    CHECK(some.check_topic("x.y").error().status == 404);
    CHECK(some.check_pattern(">").has_value());
    CHECK(some.check_pattern("user.*").error().status == 404);
    CHECK(some.declared() == std::vector<std::string>{"order.created", "x.>"});
    CHECK(Allowance(patterns({"a"}), {}).declared() == std::vector<std::string>{"a"});
}

TEST_CASE("a manifest names what is said and the topics that are heard, not what listens to all") {
    const auto set = mesh::read_manifest_text(R"(dagmesh: 1
events: {a.known: {}}
services:
  s:
    publishes: [b.said, "c.*"]
    handlers:
      one: {on: d.heard, emits: [b.said]}
      all: {on: ">", emits: []}
)",
                                              "test.mesh.yaml");
    REQUIRE(set.errors.empty());
    CHECK(nodes::named_patterns(set.realms.front()) ==
          patterns({"a.known", "b.said", "c.*", "d.heard"}));
}

TEST_CASE("a route is a method, a path and a topic") {
    const auto route = nodes::parse_route("POST /shop/register%2F=user.registered");
    REQUIRE(route.has_value());
    CHECK(route->method == "POST");
    CHECK(route->path == std::vector<std::string>{"shop", "register/"});
    CHECK(route->topic == "user.registered");
    for (const std::string text :
         {"", "POST", "POST /a", "/a=b", "GET /a=b", "POST a=b", "POST /=b", "POST /a=b..c",
          "POST /events/x=b", "POST /health=b", "POST /a?b=c", "POST /%zz=b"}) {
        INFO(text);
        CHECK_FALSE(nodes::parse_route(text).has_value());
    }
}
