#include "nodes/up/up.hpp"

#include "mesh/graph/start_order.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/check_edges.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/commands/commands.hpp"

#include <iostream>
#include <stdexcept>

namespace nodes {

int run_up(const Invocation& invocation) {
    const auto& line = invocation.line;
    // The graph is proven first; only then does anything run.
    if (const int verdict = check(line.positionals, {}, std::cerr, std::cerr); verdict != 0) {
        std::cerr << "up: nothing was started\n";
        return verdict;
    }
    const auto set = mesh::read_manifests(line.positionals);
    if (set.realms.size() != 1)
        throw std::invalid_argument("up runs one realm at a time, these files hold " +
                                    std::to_string(set.realms.size()));
    const auto& realm = set.realms.front();
    return up(up_options(line, invocation.environment, realm.realm), realm,
              mesh::start_order(graph_input(realm)), invocation.signals, std::cout, std::cerr);
}

int run_check(const Invocation& invocation) {
    const auto& line = invocation.line;
    CheckOptions options;
    options.is_json = line.global.format == Format::json;
    options.is_strict = line.options.has("strict");
    options.use_colour = has_color(line.global.color, 1, invocation.environment);
    if (const auto edges = line.options.text("edges")) {
        if (!line.positionals.empty())
            throw std::invalid_argument("--edges checks one edge list, and no manifests; found \"" +
                                        line.positionals.front() + "\" beside it");
        return check_edge_list(*edges, options, line.global.is_quiet, std::cout, std::cerr);
    }
    return check(line.positionals, options, std::cout, std::cerr);
}

} // namespace nodes
