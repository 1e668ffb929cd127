#include "nodes/up/up.hpp"

#include "mesh/base/time.hpp"
#include "mesh/graph/start_order.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/commands/commands.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>

namespace nodes {

int run_up(const Invocation& invocation) {
    const auto& line = invocation.line;
    // The graph is proven first; only then does anything run.
    CheckOptions options;
    options.today = std::chrono::floor<std::chrono::days>(mesh::wall_now());
    if (const int verdict = check(line.positionals, options, std::cerr, std::cerr); verdict != 0) {
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

} // namespace nodes
