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
using mesh::JoinState;

TEST_CASE("a lost request is repeated until it is answered") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.pass(300ms);
    mesh.start(2, relay("b", "y", "z"));
    mesh.meet(1, 2);
    mesh.cut_off = {1};
    mesh.pass(2s);
    CHECK_FALSE(mesh.at(2).is_decided());
    mesh.cut_off.clear();
    mesh.pass(1s);
    CHECK(mesh.at(2).is_decided());
}

TEST_CASE("who never answers is counted as if all its handlers ran, until it says otherwise") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "x"));
    mesh.meet(1, 2);
    mesh.cut_off = {1};
    mesh.pass(9s);
    CHECK_FALSE(mesh.at(2).is_decided());
    mesh.pass(2s);
    CHECK(mesh.at(2).standing().state == JoinState::quarantined);
    REQUIRE_FALSE(mesh.lines(2).empty());
    CHECK(mesh.lines(2)[0] == "service \"a\" (node 01000000) does not answer: joining as if all "
                              "its handlers ran");

    mesh.cut_off.clear();
    mesh.pass(8s);
    CHECK((mesh.at(1).runs(0) != mesh.at(2).runs(0)));
}

TEST_CASE("a peer that is not introduced yet holds a request up for 3 s at most") {
    Mesh mesh;
    mesh.start(2, relay("b", "y", "x"));
    mesh.at(2).seen(id(9), 1, nullptr, mesh.now);
    mesh.pass(3s);
    CHECK_FALSE(mesh.at(2).is_decided());
    mesh.pass(300ms);
    CHECK(mesh.at(2).is_decided());
}

TEST_CASE("a member that only others see is waited for, and met when it comes into view") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "z"));
    mesh.meet(1, 2);
    mesh.pass(300ms);
    mesh.start(3, relay("c", "y", "x"));
    mesh.meet(2, 3); // and 2 tells of 1, with whom 3 would close a cycle
    mesh.pass(1s);
    CHECK_FALSE(mesh.at(3).is_decided());

    SECTION("it comes") {
        mesh.meet(1, 3);
        mesh.pass(100ms);
        CHECK(mesh.at(3).standing().state == JoinState::quarantined);
    }
    SECTION("it never comes: 3 s are enough") {
        mesh.pass(2500ms);
        CHECK(mesh.at(3).standing().state == JoinState::active);
    }
    SECTION("it is gone for the others too") {
        mesh.lose(2, 1);
        mesh.pass(1100ms);
        CHECK(mesh.at(3).standing().state == JoinState::active);
    }
}

TEST_CASE("an answer to an earlier run or request does not count") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "z"));
    mesh.see(2, 1);
    mesh.cut_off = {1, 2};
    mesh.pass(300ms);
    REQUIRE_FALSE(mesh.at(2).is_decided());
    auto answer = mesh::JoinAnswer{{1, 1, JoinState::pending, 1}, false, {}, {}};
    answer.to.incarnation = 0;
    mesh.at(2).received(id(1), 1, answer, mesh.now);
    answer.to = {1, 0, JoinState::pending, 1};
    mesh.at(2).received(id(1), 1, answer, mesh.now);
    answer.to = {1, 1, JoinState::pending, 1};
    mesh.at(2).received(id(1), 7, answer, mesh.now); // from a run that is not in view
    CHECK_FALSE(mesh.at(2).is_decided());
    mesh.at(2).received(id(1), 1, answer, mesh.now);
    CHECK(mesh.at(2).is_decided());
}

TEST_CASE("who is told of a member by a node that goes still waits for it") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.pass(300ms);
    mesh.start(2, relay("b", "y", "x"), true);
    mesh.meet(1, 2);
    mesh.cut_off = {1};
    mesh.pass(300ms);
    mesh.start(3, relay("c", "y", "x"));
    mesh.meet(2, 3);
    mesh.pass(300ms); // its answer is held back
    mesh.cut_off.clear();
    mesh.pass(1s);
    CHECK(mesh.at(2).is_refused());
    CHECK_FALSE(mesh.at(3).is_decided());
    mesh.meet(1, 3);
    mesh.pass(100ms);
    CHECK(mesh.at(3).standing().state == JoinState::quarantined);
}

TEST_CASE("a node that leaves lets those go that wait for its answer") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "x"));
    mesh.meet(1, 2);
    mesh.at(1).seen(id(9), 1, nullptr, mesh.now); // so it waits itself
    mesh.pass(300ms);
    CHECK_FALSE(mesh.at(2).is_decided());
    const auto outcome = mesh.at(1).leave(mesh.now);
    REQUIRE(outcome.messages.size() == 1);
    CHECK(outcome.messages[0].to == id(2));
    mesh.at(2).received(id(1), 1, std::get<mesh::JoinAnswer>(outcome.messages[0].body), mesh.now);
    CHECK(mesh.at(2).runs(0));
}

TEST_CASE("a held-up node does not take its own delay for the others' silence") {
    Mesh mesh;
    mesh.start(1, relay("a", "x", "y"));
    mesh.start(2, relay("b", "y", "x"));
    mesh.see(2, 1);
    mesh.cut_off = {1};
    mesh.pass(300ms);
    mesh.at(2).tick(mesh.now + 11s, 5s);
    CHECK_FALSE(mesh.at(2).is_decided());
    mesh.at(2).tick(mesh.now + 11s, 0s);
    CHECK(mesh.at(2).is_decided());
}
