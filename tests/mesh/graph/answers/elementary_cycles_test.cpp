#include "mesh/graph/answers/elementary_cycles.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/mesh/graph/naive_graph.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <set>

using namespace graph_test;

namespace {

std::string text_of(const std::vector<mesh::WalkStep>& walk) {
    std::string text;
    for (const auto& step : walk)
        text += step.event + " " + step.handler + " ";
    return text;
}

std::vector<std::string> texts_of(const mesh::ElementaryCycles& found) {
    std::vector<std::string> texts;
    for (const auto& walk : found.cycles)
        texts.push_back(text_of(walk));
    return texts;
}

/// Every cycle without a repeated handler or event, by trying all ways; each with its smallest
/// event first.
struct Naive {
    const std::vector<NaiveHandler>& handlers;
    std::set<std::string> found = {};

    void walk_on(std::vector<std::pair<std::string, std::size_t>>& path) {
        const auto root = path.front().first;
        for (const auto& emitted : handlers[path.back().second].emits) {
            const auto& name = emitted.text();
            if (name == root) {
                std::string text;
                for (const auto& [event, handler] : path)
                    text += event + " " + handlers[handler].label + " ";
                found.insert(text);
            }
            const bool is_used =
                std::ranges::any_of(path, [&](const auto& one) { return one.first == name; });
            if (name <= root || is_used)
                continue;
            step_into(emitted, path);
        }
    }

    void step_into(const mesh::Pattern& event,
                   std::vector<std::pair<std::string, std::size_t>>& path) {
        for (std::size_t h = 0; h < handlers.size(); ++h) {
            const bool is_used =
                std::ranges::any_of(path, [&](const auto& one) { return one.second == h; });
            if (is_used || !meets_any(event, handlers[h].on))
                continue;
            path.emplace_back(event.text(), h);
            walk_on(path);
            path.pop_back();
        }
    }

    void search() {
        std::set<mesh::Pattern> events;
        for (const auto& one : handlers)
            events.insert(one.emits.begin(), one.emits.end());
        for (const auto& event : events) {
            std::vector<std::pair<std::string, std::size_t>> path;
            step_into(event, path);
        }
    }
};

/// Everybody causes everybody: each handler emits an event that all others take.
mesh::GraphInput complete(std::size_t count) {
    std::vector<mesh::HandlerContract> handlers;
    for (std::size_t h = 0; h < count; ++h) {
        Names others;
        for (std::size_t other = 0; other < count; ++other)
            if (other != h)
                others.push_back("t" + std::to_string(100 + other));
        handlers.push_back(
            handler("h" + std::to_string(100 + h), others, Names{"t" + std::to_string(100 + h)}));
    }
    return input({contract("s", handlers)});
}

mesh::GraphInput ring(std::size_t count) {
    std::vector<mesh::HandlerContract> handlers;
    for (std::size_t h = 0; h < count; ++h)
        handlers.push_back(handler("h" + std::to_string(h), {"t" + std::to_string(h)},
                                   Names{"t" + std::to_string((h + 1) % count)}));
    return input({contract("s", handlers)});
}

} // namespace

TEST_CASE("all cycles of random graphs are found, each once, shortest first") {
    const auto seed = 31U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::size_t several = 0;
    for (int round = 0; round < 3'000; ++round) {
        CAPTURE(round);
        const auto given = random_graph(random, false);
        const auto handlers = naive_handlers(given);
        Naive naive{handlers};
        naive.search();
        const auto found = mesh::find_elementary_cycles(mesh::InnerGraph(given), 100'000);
        const auto texts = texts_of(found);
        REQUIRE(found.is_complete);
        REQUIRE(std::set(texts.begin(), texts.end()) == naive.found);
        REQUIRE(texts.size() == naive.found.size());
        REQUIRE(std::ranges::is_sorted(found.cycles, {}, &std::vector<mesh::WalkStep>::size));
        several += texts.size() > 3 ? 1 : 0;
        // A bound takes the first of them, and says so.
        if (texts.size() > 2) {
            const auto two = mesh::find_elementary_cycles(mesh::InnerGraph(given), 2);
            CHECK_FALSE(two.is_complete);
            CHECK(texts_of(two) == std::vector(texts.begin(), texts.begin() + 2));
        }
    }
    CHECK(several > 100);
}

TEST_CASE("a graph with more cycles than anybody can list is cut off") {
    const auto found = mesh::find_elementary_cycles(mesh::InnerGraph(complete(40)), 1'000);
    CHECK_FALSE(found.is_complete);
    REQUIRE(found.cycles.size() == 1'000);
    // All 780 pairs, and then triples.
    CHECK(found.cycles[779].size() == 2);
    CHECK(found.cycles[780].size() == 3);
}

TEST_CASE("exactly as many cycles as asked for are all of them") {
    const auto found = mesh::find_elementary_cycles(mesh::InnerGraph(complete(4)), 20);
    CHECK(found.cycles.size() == 20); // 6 of two, 8 of three, 6 of four
    CHECK(found.is_complete);
}

TEST_CASE("a long ring is one cycle") {
    const auto found = mesh::find_elementary_cycles(mesh::InnerGraph(ring(1'000)), 100);
    CHECK(found.is_complete);
    REQUIRE(found.cycles.size() == 1);
    CHECK(found.cycles[0].size() == 1'000);
    CHECK(found.cycles[0][0].event == "t0");
}

TEST_CASE("out of steps, every group still shows a cycle") {
    auto given = ring(500);
    given.contracts.push_back({contract("one", {handler("h", {"self"}, Names{"self"})}), {}});
    const auto found = mesh::find_elementary_cycles(mesh::InnerGraph(given), 100, 10);
    CHECK_FALSE(found.is_complete);
    REQUIRE(found.cycles.size() == 2);
    CHECK(found.cycles[0].size() == 1);
    CHECK(found.cycles[1].size() == 500);
    CHECK(found.cycles[1][0].event == "t0");
}
