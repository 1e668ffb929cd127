#include "mesh/graph/start_order.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

using namespace graph_test;

TEST_CASE("consumers start before producers") {
    const auto order = mesh::start_order(
        input({contract("user", {}, Names{"user.registered"}),
               contract("order", {handler("create", {"user.*"}, Names{"order.created"})}),
               contract("audit", {handler("log", {">"}, Names{})}),
               contract("mail", {handler("send", {"order.created"}, Names{"mail.sent"})})}));
    CHECK(order == Names{"audit", "mail", "order", "user"});
}

TEST_CASE("services that do not care start in order of name, the deepest first") {
    const auto order = mesh::start_order(
        input({contract("c", {}), contract("a", {}, Names{"x"}),
               contract("d", {handler("h", {"x"}, Names{})}), contract("b", {})}));
    CHECK(order == Names{"d", "a", "b", "c"});
}

TEST_CASE("services that feed each other start together, in order of name") {
    const auto order = mesh::start_order(
        input({contract("z", {handler("h", {"x"}, Names{"y"})}),
               contract("b", {handler("h", {"y"}, Names{"x", "end"})}),
               contract("a", {handler("h", {"end"}, Names{})}), contract("s", {}, Names{"x"})}));
    CHECK(order == Names{"a", "b", "z", "s"});
}

TEST_CASE("an allowed loop edge does not count for the order") {
    auto b = contract("b", {handler("h", {"y"}, Names{"x"})}, Names{"x"});
    b.loops = {{"h", pattern("x"), 3}};
    const auto order =
        mesh::start_order(input({contract("a", {handler("h", {"x"}, Names{"y"})}), b}));
    CHECK(order == Names{"b", "a"});
}
