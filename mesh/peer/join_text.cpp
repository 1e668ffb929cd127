#include "mesh/peer/join_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mesh {

std::string to_text(const JoinCycle& cycle) {
    std::string text =
        fmt::format("event cycle of {} handler{}:\n", cycle.length, cycle.length == 1 ? "" : "s");
    std::size_t width = 0;
    std::vector<std::string> walks;
    for (std::size_t i = 0; i < cycle.steps.size(); ++i) {
        const auto& step = cycle.steps[i];
        const bool is_last = i + 1 == cycle.steps.size();
        const bool is_whole = cycle.length == cycle.steps.size();
        const auto& emits = is_last ? cycle.steps.front().event : cycle.steps[i + 1].event;
        walks.push_back(fmt::format("{} -> {} -> {}{}", step.event, step.handler,
                                    is_last && !is_whole ? "..." : emits,
                                    step.on == step.event ? "" : " (through " + step.on + ")"));
        width = std::max(width, walks.back().size());
    }
    for (std::size_t i = 0; i < walks.size(); ++i)
        text += fmt::format("  {:<{}}   node {}, epoch {}{}\n", walks[i], width,
                            short_text(cycle.steps[i].node), cycle.steps[i].epoch,
                            cycle.steps[i].is_refused ? ", gives way" : "");
    text +=
        "  who runs already stays; of nodes that met while they ran, those with the larger view "
        "when they were admitted, then with the smaller epoch, then with the smaller id";
    return text;
}

bool concerns(const JoinCycle& cycle, const Contract& contract) {
    return std::ranges::any_of(cycle.steps, [&](const JoinStep& step) {
        return std::ranges::any_of(contract.handlers, [&](const HandlerContract& handler) {
            return step.handler == contract.service + "." + handler.name;
        });
    });
}

} // namespace mesh
