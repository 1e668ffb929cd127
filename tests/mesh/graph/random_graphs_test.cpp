#include "mesh/graph/check_graph.hpp"
#include "mesh/graph/start_order.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace graph_test;

namespace {

/// A handler of the graph, seen as naively as possible.
struct Plain {
    std::string label;
    std::vector<mesh::Pattern> on;
    std::vector<mesh::Pattern> emits;
};

std::vector<Plain> plain_handlers(const mesh::GraphInput& graph) {
    std::vector<Plain> all;
    for (const auto& declared : graph.contracts) {
        for (const auto& one : declared.contract.handlers) {
            Plain plain{declared.contract.service + "." + one.name, one.on,
                        mesh::emitted_patterns(declared.contract, one)};
            std::erase_if(plain.emits, [&](const mesh::Pattern& emits) {
                return std::ranges::any_of(declared.contract.loops, [&](const auto& loop) {
                    return loop.handler == one.name && loop.emits == emits;
                });
            });
            all.push_back(std::move(plain));
        }
    }
    return all;
}

bool causes(const Plain& from, const Plain& to) {
    for (const auto& emits : from.emits)
        for (const auto& on : to.on)
            if (mesh::intersects(emits, on))
                return true;
    return false;
}

/// Lengths of the shortest walks between handlers by Floyd and Warshall; 0: none.
std::vector<std::vector<std::size_t>> distances(const std::vector<Plain>& handlers) {
    const auto count = handlers.size();
    std::vector<std::vector<std::size_t>> far(count, std::vector<std::size_t>(count));
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j)
            far[i][j] = causes(handlers[i], handlers[j]) ? 1 : 0;
    for (std::size_t k = 0; k < count; ++k)
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < count; ++j)
                if (far[i][k] != 0 && far[k][j] != 0 &&
                    (far[i][j] == 0 || far[i][j] > far[i][k] + far[k][j]))
                    far[i][j] = far[i][k] + far[k][j];
    return far;
}

/// The shortest cycle of two handlers or more among those that reach `label` and back; 0: none.
std::size_t shortest_around(const std::vector<Plain>& handlers, const std::string& label) {
    const auto far = distances(handlers);
    const auto find = [&](const Plain& one) { return one.label == label; };
    const auto at =
        static_cast<std::size_t>(std::ranges::find_if(handlers, find) - handlers.begin());
    std::size_t best = 0;
    for (std::size_t i = 0; i < handlers.size(); ++i)
        for (std::size_t j = 0; j < handlers.size(); ++j) {
            const bool is_in = (i == at || (far[i][at] != 0 && far[at][i] != 0));
            if (!is_in || i == j || far[i][j] == 0 || far[j][i] == 0)
                continue;
            const auto length = far[i][j] + far[j][i];
            if (best == 0 || length < best)
                best = length;
        }
    return best;
}

bool is_cyclic(const std::vector<Plain>& handlers) {
    const auto far = distances(handlers);
    for (std::size_t i = 0; i < handlers.size(); ++i)
        if (far[i][i] != 0)
            return true;
    return false;
}

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t pick(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

    mesh::GraphInput graph() {
        const bool has_patterns = pick(2) == 0;
        const auto name_count = 2 + pick(8);
        std::vector<mesh::Contract> contracts;
        const auto service_count = 1 + pick(4);
        for (std::size_t s = 0; s < service_count; ++s) {
            auto one = contract("s" + std::to_string(s), {});
            if (pick(4) == 0)
                one.publishes = patterns(names(1 + pick(2), name_count, has_patterns));
            const auto handler_count = pick(4);
            for (std::size_t h = 0; h < handler_count; ++h) {
                auto emits = std::optional(names(pick(3), name_count, has_patterns));
                if (one.publishes && pick(2) == 0)
                    emits.reset();
                one.handlers.push_back(handler(
                    "h" + std::to_string(h), names(1 + pick(2), name_count, has_patterns), emits));
                if (emits && !emits->empty() && pick(8) == 0)
                    one.loops.push_back(
                        {one.handlers.back().name, one.handlers.back().emits->front(), 1});
            }
            contracts.push_back(std::move(one));
        }
        return input(contracts);
    }

    void shuffle(mesh::GraphInput& graph) {
        std::shuffle(graph.contracts.begin(), graph.contracts.end(), random_);
        for (auto& declared : graph.contracts) {
            auto& handlers = declared.contract.handlers;
            std::shuffle(handlers.begin(), handlers.end(), random_);
            for (auto& one : handlers) {
                std::shuffle(one.on.begin(), one.on.end(), random_);
                if (one.emits)
                    std::shuffle(one.emits->begin(), one.emits->end(), random_);
            }
        }
    }

private:
    Names names(std::size_t count, std::size_t name_count, bool has_patterns) {
        std::set<std::string> all;
        while (all.size() < count) {
            auto name = "t" + std::to_string(pick(name_count));
            if (has_patterns) {
                const Names ends{"", ".a", ".b", ".*", ".>", ".a.b", ".*.b"};
                name = pick(12) == 0 ? Names{">", "*", "*.a"}[pick(3)]
                                     : name + ends[pick(ends.size())];
            }
            all.insert(name);
        }
        return {all.begin(), all.end()};
    }

    std::mt19937 random_;
};

/// Everything that a report says, as one text.
std::string text_of(const mesh::GraphReport& report) {
    std::string text = std::to_string(report.is_acyclic) + std::to_string(report.longest_chain) +
                       std::to_string(report.counts.edges);
    for (const auto& row : report.levels)
        for (const auto& name : row)
            text += " " + name;
    for (const auto& finding : report.findings) {
        text += "\n" + finding.code + finding.message;
        for (const auto& step : finding.cycle)
            text += " " + step.event + "-" + step.handler + "-" + step.on;
        for (const auto& edge : finding.cut)
            text += " x " + edge.handler + edge.emits;
    }
    return text;
}

/// A walk of the finding is one of the graph: each handler listens to a pattern that the event
/// meets, and emits the next.
void check_walk(const std::vector<Plain>& handlers, const std::vector<mesh::WalkStep>& walk) {
    std::set<std::string> labels;
    for (std::size_t i = 0; i < walk.size(); ++i) {
        const auto& step = walk[i];
        CHECK(step.emits == walk[(i + 1) % walk.size()].event);
        CHECK(walk.front().event <= step.event);
        CHECK(mesh::intersects(pattern(step.event), pattern(step.on)));
        CHECK(labels.insert(step.handler).second);
        const auto is_it = [&](const Plain& one) {
            return one.label == step.handler &&
                   std::ranges::find(one.on, pattern(step.on)) != one.on.end() &&
                   std::ranges::find(one.emits, pattern(step.emits)) != one.emits.end();
        };
        CHECK(std::ranges::any_of(handlers, is_it));
    }
}

void remove(std::vector<Plain>& handlers, const std::vector<mesh::CutEdge>& cut) {
    for (const auto& edge : cut)
        for (auto& one : handlers)
            if (one.label == edge.handler)
                std::erase(one.emits, pattern(edge.emits));
}

} // namespace

TEST_CASE("random graphs get the verdict, the shortest cycle and the cut of a naive search") {
    const auto seed = 4711U;
    INFO("seed " << seed);
    Generator generator(seed);
    std::size_t cyclic_count = 0;
    for (int round = 0; round < 3'000; ++round) {
        CAPTURE(round);
        const auto graph = generator.graph();
        const auto report = mesh::check_graph(graph);
        const auto handlers = plain_handlers(graph);
        REQUIRE(report.is_acyclic == !is_cyclic(handlers));
        cyclic_count += report.is_acyclic ? 0 : 1;

        std::set<std::string> looping;
        auto rest = handlers;
        for (const auto& finding : report.findings) {
            if (finding.code != "E001" && finding.code != "E002")
                continue;
            check_walk(handlers, finding.cycle);
            remove(rest, finding.cut);
            CHECK_FALSE(finding.cut.empty());
            if (finding.code == "E002") {
                CHECK(finding.cycle.size() == 1);
                looping.insert(finding.cycle[0].handler);
                continue;
            }
            CHECK(finding.cycle.size() == shortest_around(handlers, finding.cycle[0].handler));
            CHECK(finding.is_cut_smallest);
        }
        for (const auto& one : handlers)
            CHECK(looping.contains(one.label) == causes(one, one));
        CHECK_FALSE(is_cyclic(rest));
    }
    CHECK(cyclic_count > 900);
    CHECK(cyclic_count < 2'100);
}

TEST_CASE("a cut is the smallest there is") {
    const auto seed = 99U;
    INFO("seed " << seed);
    Generator generator(seed);
    int tried = 0;
    for (int round = 0; round < 600; ++round) {
        CAPTURE(round);
        const auto graph = generator.graph();
        const auto report = mesh::check_graph(graph);
        std::vector<mesh::Finding> cycles;
        for (const auto& finding : report.findings)
            if (finding.code == "E001")
                cycles.push_back(finding);
        if (cycles.size() != 1 || cycles[0].cut.size() > 3)
            continue;
        // All smaller sets of emissions leave a cycle of two handlers or more.
        const auto handlers = plain_handlers(graph);
        std::vector<mesh::CutEdge> edges;
        for (const auto& one : handlers)
            for (const auto& emits : one.emits)
                edges.push_back({one.label, emits.text(), {}});
        if (edges.size() > 14)
            continue;
        ++tried;
        const auto& witness = cycles[0].cycle[0].handler;
        for (unsigned set = 0; set < (1U << edges.size()); ++set) {
            if (static_cast<std::size_t>(__builtin_popcount(set)) >= cycles[0].cut.size())
                continue;
            std::vector<mesh::CutEdge> chosen;
            for (std::size_t i = 0; i < edges.size(); ++i)
                if ((set >> i & 1U) != 0)
                    chosen.push_back(edges[i]);
            auto rest = handlers;
            remove(rest, chosen);
            bool is_left = false;
            for (const auto& one : rest)
                is_left = is_left || shortest_around(rest, one.label) != 0;
            CHECK(is_left);
        }
        CHECK(shortest_around(handlers, witness) != 0);
    }
    CHECK(tried > 100);
}

TEST_CASE("the order of the input changes no byte of the report") {
    const auto seed = 17U;
    INFO("seed " << seed);
    Generator generator(seed);
    for (int round = 0; round < 1'000; ++round) {
        CAPTURE(round);
        auto graph = generator.graph();
        const auto report = text_of(mesh::check_graph(graph));
        const auto order = mesh::start_order(graph);
        generator.shuffle(graph);
        CHECK(text_of(mesh::check_graph(graph)) == report);
        CHECK(mesh::start_order(graph) == order);
    }
}
