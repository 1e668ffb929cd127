#include "mesh/peer/admission.hpp"
#include "tests/mesh/peer/admission_mesh.hpp"
#include "tests/support/catch.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace admission_test;
using namespace graph_test;
using namespace std::chrono_literals;
using mesh::Admission;
using mesh::JoinState;

TEST_CASE("a node alone runs its handlers when it has listened") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.pass(150ms);
    CHECK_FALSE(mesh.at(1).is_decided());
    CHECK(mesh.at(1).is_waiting(0));
    mesh.pass(50ms);
    CHECK(mesh.at(1).is_decided());
    CHECK(mesh.at(1).runs(0));
    CHECK(mesh.at(1).standing().state == JoinState::active);
}

TEST_CASE("a contract without a handler that both receives and emits joins at once") {
    Mesh mesh;
    mesh.start(1, shared(contract("a", {handler("sink", {"x"}, Names{})}, Names{"y"})));
    CHECK(mesh.at(1).is_decided());
    CHECK(mesh.at(1).runs(0));
    CHECK(mesh.message_count == 0);
}

TEST_CASE("the last of three that would close a cycle is quarantined, and all print the same") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "z"));
    mesh.meet(1, 2);
    mesh.pass(300ms);
    mesh.start(3, relay("c", "z", "x"));
    mesh.meet(1, 3);
    mesh.meet(2, 3);
    mesh.pass(300ms);

    CHECK(mesh.at(1).runs(0));
    CHECK(mesh.at(2).runs(0));
    REQUIRE(mesh.at(3).is_decided());
    CHECK_FALSE(mesh.at(3).runs(0));
    CHECK(mesh.at(3).standing().state == JoinState::quarantined);
    REQUIRE(mesh.lines(3).size() == 1);
    CHECK(mesh.lines(1) == mesh.lines(3));
    CHECK(mesh.lines(2) == mesh.lines(3));
    CHECK(mesh.lines(3)[0] ==
          "event cycle of 3 handlers:\n"
          "  x -> a.h -> y   node 01000000, epoch 1\n"
          "  y -> b.h -> z   node 02000000, epoch 1\n"
          "  z -> c.h -> x   node 03000000, epoch 2, gives way\n"
          "  who runs already stays; of nodes that met while they ran, those with the larger view "
          "when they were admitted, then with the smaller epoch, then with the smaller id");

    SECTION("and admitted when one of the others leaves, with a new epoch") {
        mesh.lose(3, 2);
        mesh.lose(1, 2);
        mesh.pass(100ms);
        CHECK(mesh.at(3).runs(0));
        CHECK(mesh.at(3).standing().epoch == 3);
        CHECK(mesh.at(3).cycles().empty());
    }
}

TEST_CASE("a strict node that would close a cycle is refused as a whole") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.pass(300ms);
    mesh.start(2,
               shared(contract(
                   "b", {handler("good", {"k"}, Names{"l"}), handler("bad", {"y"}, Names{"x"})})),
               true);
    mesh.meet(1, 2);
    mesh.pass(300ms);
    CHECK(mesh.at(2).is_decided());
    CHECK(mesh.at(2).is_refused());
    CHECK_FALSE(mesh.at(2).runs(0));
    CHECK(mesh.at(2).cycles().size() == 1);
    CHECK(mesh.at(2).is_told());
    CHECK(mesh.lines(1) == mesh.lines(2));
}

TEST_CASE("only the handlers that close a cycle are quarantined") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.pass(300ms);
    mesh.start(2, shared(contract("b", {handler("good", {"k"}, Names{"l"}),
                                        handler("bad", {"y"}, Names{"x"}),
                                        handler("sink", {"x"}, Names{})})));
    mesh.meet(1, 2);
    mesh.pass(300ms);
    CHECK(mesh.at(2).runs(0));
    CHECK_FALSE(mesh.at(2).runs(1));
    CHECK(mesh.at(2).runs(2));
    CHECK(mesh.at(2).standing().idle == std::vector<std::uint16_t>{1});
}

TEST_CASE("three that start together are decided one after the other") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "z"));
    mesh.start(3, relay("c", "z", "x"));
    for (const auto& [one, other] : {std::pair{1, 2}, std::pair{1, 3}, std::pair{2, 3}})
        mesh.meet(one, other);
    mesh.pass(300ms);
    CHECK(mesh.at(1).runs(0));
    CHECK(mesh.at(2).runs(0));
    CHECK_FALSE(mesh.at(3).runs(0)); // the greatest key
    CHECK(mesh.at(3).is_decided());
}

TEST_CASE("after a partition the smaller view gives way, on both sides alike") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.pass(300ms);
    mesh.start(2, relay("b", "y", "x"));
    mesh.start(3, shared(contract("c", {handler("sink", {"x"}, Names{})})));
    mesh.meet(2, 3);
    mesh.pass(300ms);
    CHECK(mesh.at(1).runs(0));
    CHECK(mesh.at(2).runs(0));

    mesh.meet(1, 2);
    mesh.deliver();
    CHECK_FALSE(mesh.at(1).runs(0)); // it saw nobody when it was admitted
    CHECK(mesh.at(2).runs(0));
    CHECK(mesh.lines(1) == mesh.lines(2));

    mesh.lose(1, 2);
    mesh.pass(100ms);
    CHECK(mesh.at(1).runs(0));
}

TEST_CASE("replicas of one contract are one handler; another version is a second one") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("a", "x", "y"));
    mesh.start(3, relay("a", "y", "x")); // a rolling update that turns it around
    for (const auto& [one, other] : {std::pair{1, 2}, std::pair{1, 3}, std::pair{2, 3}})
        mesh.meet(one, other);
    mesh.pass(300ms);
    CHECK(mesh.at(1).runs(0));
    CHECK(mesh.at(2).runs(0));
    CHECK_FALSE(mesh.at(3).runs(0));

    mesh.lose(3, 1);
    mesh.lose(2, 1);
    mesh.pass(100ms);
    CHECK_FALSE(mesh.at(3).runs(0)); // the other replica still runs it
    mesh.lose(3, 2);
    mesh.pass(100ms);
    CHECK(mesh.at(3).runs(0));
}

TEST_CASE("the view is bounded") {
    mesh::AdmissionOptions options;
    options.id = id(1);
    options.contract = relay("a", "x", "y");
    options.peers_max = 2;
    Admission admission(options);
    const mesh::TimePoint now{1h};
    admission.start(now);
    for (int i = 2; i < 10; ++i)
        admission.seen(id(i), 1, relay("b", "y", "z"), now);
    CHECK(admission.tick(now + 1s).messages.size() == 2);
}
