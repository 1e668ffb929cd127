#include "tests/prove/simulator/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace simulator {

namespace {

/// The others are for the simulation of one publisher alone, tests/mesh/flow/flow_simulation_test.
constexpr std::array flow_faults{
    mesh::FlowFault::miscounts_gaps,     mesh::FlowFault::leaks_credit,
    mesh::FlowFault::skips_one,          mesh::FlowFault::forgets_refused,
    mesh::FlowFault::keeps_definitions,  mesh::FlowFault::never_waits,
    mesh::FlowFault::acknowledges_early, mesh::FlowFault::ignores_credit,
};

constexpr std::array shell_faults{
    std::pair{std::string_view("hands-on-early"), ShellFault::hands_on_early},
    std::pair{std::string_view("place-apart"), ShellFault::place_apart},
    std::pair{std::string_view("place-forgotten"), ShellFault::place_forgotten},
    std::pair{std::string_view("emits-apart"), ShellFault::emits_apart},
    std::pair{std::string_view("no-fence"), ShellFault::no_fence},
    std::pair{std::string_view("torn-kept"), ShellFault::torn_kept},
    std::pair{std::string_view("skips-lease"), ShellFault::skips_lease},
};

} // namespace

std::vector<Faults> all_faults() {
    std::vector<Faults> all;
    for (const auto& [name, fault] : mesh::flow_faults)
        if (std::ranges::find(flow_faults, fault) != flow_faults.end())
            all.push_back({name, fault, mesh::JournalFault::none, ShellFault::none});
    for (const auto& [name, fault] : mesh::journal_faults)
        all.push_back({name, mesh::FlowFault::none, fault, ShellFault::none});
    for (const auto& [name, fault] : shell_faults)
        all.push_back({name, mesh::FlowFault::none, mesh::JournalFault::none, fault});
    // Two fences, of which one would do.
    all.push_back({"old-batches-taken", mesh::FlowFault::takes_old_sessions,
                   mesh::JournalFault::none, ShellFault::old_batches_taken});
    return all;
}

} // namespace simulator
