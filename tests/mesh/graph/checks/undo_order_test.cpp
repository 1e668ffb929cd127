#include "mesh/graph/check_graph.hpp"
#include "mesh/graph/checks/undo_order.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace graph_test;

namespace {

/// One handler: name, what it listens to, what it emits, what it undoes.
struct Row {
    std::string name;
    Names on;
    Names emits;
    Names compensates = {};
};

/// A service `s` with these handlers; the entries of `compensates` stand in lines of their own,
/// from line 1 on.
mesh::GraphInput saga(const std::vector<Row>& rows) {
    std::vector<mesh::HandlerContract> handlers;
    handlers.reserve(rows.size());
    for (const auto& row : rows)
        handlers.push_back(handler(row.name, row.on, row.emits));
    auto made = input({contract("s", handlers)});
    std::uint32_t line = 0;
    for (const auto& row : rows) {
        made.contracts[0].handlers.push_back({false, row.compensates});
        auto& places = made.contracts[0].places.handlers.emplace_back();
        for (std::size_t i = 0; i < row.compensates.size(); ++i)
            places.compensates.push_back({"f", ++line, 1});
    }
    return made;
}

std::vector<mesh::Finding> disorder(const mesh::GraphInput& graph) {
    std::vector<mesh::Finding> some;
    std::ranges::copy_if(mesh::check_graph(graph).findings, std::back_inserter(some),
                         [](const mesh::Finding& finding) { return finding.code == "W009"; });
    return some;
}

/// Which steps they are about, in order: `FIRST LATER`.
Names pairs(const mesh::GraphInput& graph) {
    Names all;
    for (const auto& finding : disorder(graph)) {
        const auto& text = finding.message;
        const auto between = [&](const std::string& before, const std::string& after) {
            const auto start = text.find(before) + before.size();
            return text.substr(start, text.find(after, start) - start);
        };
        all.push_back(between(" undoes s.", " and") + " " + between(" later s.", ":"));
    }
    std::ranges::sort(all);
    return all;
}

const Row create{"create", {"start"}, {"created"}};
const Row reserve{"reserve", {"created"}, {"reserved"}};
const Row charge{"charge", {"reserved"}, {"failed"}};
const Row release{"release", {"failed"}, {"released"}, {"reserve"}};
const Row cancel{"cancel", {"released"}, {"cancelled"}, {"create"}};

/// The undo of `create` in the wrong place: beside that of `reserve`.
Row cancel_on(const std::string& event) {
    return {"cancel", {event}, {"cancelled"}, {"create"}};
}

} // namespace

TEST_CASE("steps that are undone last step first are no finding") {
    CHECK(pairs(saga({create, reserve, charge, release, cancel})).empty());
    const Row settle{"settle", {"released"}, {"settled"}};
    CHECK(pairs(saga({create, reserve, charge, release, settle, cancel_on("settled")})).empty());
    CHECK(pairs(saga({create, reserve, charge, release, cancel_on("*")})).empty());
}

TEST_CASE("steps that are undone side by side are told, with the way from one to the other") {
    const auto found = disorder(saga({create, reserve, charge, release, cancel_on("failed")}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == mesh::Severity::warning);
    CHECK(found[0].message == "handler s.cancel undoes s.create and does not come after s.release, "
                              "which undoes the later s.reserve: let s.cancel listen to what "
                              "s.release emits instead");
    CHECK(to_string(found[0].place) == "f:2:1");
    REQUIRE(found[0].path.size() == 1);
    CHECK(found[0].path[0].handler == "s.create");
    CHECK(found[0].path[0].event == "start");
    CHECK(found[0].path[0].emits == "created");
    REQUIRE(found[0].places.size() == 2);
    CHECK(found[0].places[0].note == "handler s.reserve listens to created");
    CHECK(found[0].places[1].note == "handler s.release undoes s.reserve");
    CHECK(to_string(found[0].places[1].place) == "f:1:1");
}

TEST_CASE("steps that are undone in the order in which they were done are told") {
    const Row first{"cancel", {"failed"}, {"cancelled"}, {"create"}};
    const Row second{"release", {"cancelled"}, {"released"}, {"reserve"}};
    CHECK(pairs(saga({create, reserve, charge, first, second})) == Names{"create reserve"});
}

TEST_CASE("a later step may follow over handlers that nobody undoes") {
    const Row pack{"pack", {"created"}, {"packed"}};
    const Row far{"reserve", {"packed"}, {"reserved"}};
    const auto found = disorder(saga({create, pack, far, charge, release, cancel_on("failed")}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].path.size() == 2);
    CHECK(found[0].path[1].handler == "s.pack");
}

TEST_CASE("a step that follows only because another one was undone is not a later one") {
    const Row again{"again", {"released"}, {"renewed"}};
    const Row forget{"forget", {"lost"}, {}, {"again"}};
    CHECK(pairs(saga({create, reserve, charge, release, cancel, again, forget})).empty());
}

TEST_CASE("only the next step is told, and those that follow on different ways all are") {
    const Row bill{"bill", {"reserved"}, {"failed"}};
    const Row unbill{"unbill", {"failed"}, {}, {"bill"}};
    CHECK(pairs(saga({create, reserve, bill, cancel_on("failed"), release, unbill})) ==
          Names{"create reserve", "reserve bill"});
    const Row mail{"mail", {"created"}, {"failed"}};
    const Row unmail{"unmail", {"failed"}, {}, {"mail"}};
    CHECK(pairs(saga({create, reserve, mail, charge, cancel_on("failed"), release, unmail})) ==
          Names{"create mail", "create reserve"});
}

TEST_CASE(
    "one handler that undoes both steps, or one undo of several that is in order, is enough") {
    const Row both{"both", {"failed"}, {}, {"create", "reserve"}};
    CHECK(pairs(saga({create, reserve, charge, both})).empty());
    const Row at_once{"refuse", {"failed"}, {}, {"create"}};
    CHECK(pairs(saga({create, reserve, charge, release, cancel, at_once})).empty());
    const Row tell{"tell", {"failed"}, {}, {"reserve"}};
    CHECK(pairs(saga({create, reserve, charge, release, cancel, tell})).empty());
}

TEST_CASE("steps that cause each other have no order, and what undoes an undo is no step") {
    const Row back{"charge", {"reserved"}, {"failed", "start"}};
    CHECK(pairs(saga({create, reserve, back, release, cancel_on("failed")})).empty());
    const Row redo{"redo", {"released"}, {"redone"}, {"release"}};
    CHECK(pairs(saga({create, reserve, charge, release, redo, cancel})).empty());
}

TEST_CASE("an allowed loop leads from one undo to another one, and from no step to a later one") {
    const Row retry{"retry", {"released"}, {"failed_again"}};
    auto graph = saga({create, reserve, charge, release, retry, cancel_on("failed_again")});
    graph.contracts[0].contract.loops = {{"retry", pattern("failed_again"), 3}};
    CHECK(pairs(graph).empty());
    auto forward = saga({create, reserve, charge, release, cancel_on("failed")});
    forward.contracts[0].contract.loops = {{"create", pattern("created"), 3}};
    CHECK(pairs(forward).empty());
}

TEST_CASE("a first step that the clock calls begins the path with what it emits") {
    const Row clock{"create", {}, {"created"}};
    const auto near = disorder(saga({clock, reserve, charge, release, cancel_on("failed")}));
    REQUIRE(near.size() == 1);
    CHECK(near[0].path.empty());
    REQUIRE(near[0].places.size() == 3);
    CHECK(near[0].places[0].note == "handler s.create emits created");
    const Row pack{"pack", {"created"}, {"packed"}};
    const Row far{"reserve", {"packed"}, {"reserved"}};
    const auto found = disorder(saga({clock, pack, far, charge, release, cancel_on("failed")}));
    REQUIRE(found.size() == 1);
    REQUIRE(found[0].path.size() == 1);
    CHECK(found[0].path[0].event == "created");
    CHECK(found[0].path[0].handler == "s.pack");
}

TEST_CASE("what would take too long to judge is said, from where on") {
    std::vector<Row> rows;
    for (int i = 0; i < 50; ++i) {
        const auto number = std::to_string(i);
        rows.push_back({"do" + number, {"e" + number}, {"e" + std::to_string(i + 1)}});
        rows.push_back({"undo" + number, {"failed"}, {}, {"do" + number}});
    }
    const auto graph = saga(rows);
    const mesh::InnerGraph inner(graph);
    CHECK(mesh::find_undo_disorder(inner, inner, graph).size() == 49);
    const auto some = mesh::find_undo_disorder(inner, inner, graph, 2'000);
    REQUIRE(some.size() > 1);
    CHECK(some.size() < 49);
    const auto& last = some.back();
    CHECK(last.code == "W009");
    CHECK(last.message.starts_with("the order of undoing was not judged for " +
                                   std::to_string(51 - some.size()) + " steps, from s.do"));
}
