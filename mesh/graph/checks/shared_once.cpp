#include "mesh/graph/checks/shared_once.hpp"

#include "mesh/graph/checks/event_levels.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace mesh {

namespace {

class SharedOnce {
public:
    SharedOnce(const GraphInput& input, std::size_t cost_max)
        : input_(input), levels_(input.events, cost_max) {}

    std::vector<Finding> all() {
        std::vector<Finding> findings;
        for (const auto& declared : input_.contracts)
            for (std::size_t h = 0; h < declared.handlers.size(); ++h) {
                if (!declared.handlers[h].is_shared)
                    continue;
                const auto once = once_event(declared.contract.handlers[h]);
                if (levels_.is_exhausted()) {
                    findings.push_back(unjudged(declared, h));
                    return findings;
                }
                if (once)
                    findings.push_back(finding(declared, h, *once));
            }
        return findings;
    }

private:
    std::optional<NamedLevel> once_event(const HandlerContract& handler) {
        for (const auto& pattern : handler.on)
            if (auto strongest = levels_.strongest(pattern); strongest.level == Level::once)
                return strongest;
        return std::nullopt;
    }

    static std::string label(const DeclaredContract& declared, std::size_t handler) {
        return declared.contract.service + "." + declared.contract.handlers[handler].name;
    }

    static Place place(const DeclaredContract& declared, std::size_t handler) {
        const auto& places = declared.places.handlers;
        return handler < places.size() ? places[handler].name : Place{};
    }

    static Finding finding(const DeclaredContract& declared, std::size_t handler,
                           const NamedLevel& once) {
        auto made = make_finding(
            shared_once,
            "replicas share handler " + label(declared, handler) + ", which listens to " +
                once.name + " (once): where another replica goes on, an event can be handled twice",
            place(declared, handler));
        if (once.place)
            made.places = {{"the level of " + once.name + " is once", *once.place}};
        return made;
    }

    static Finding unjudged(const DeclaredContract& declared, std::size_t handler) {
        return make_finding(shared_once,
                            "shared handlers were not judged from " + label(declared, handler) +
                                " on: it takes too long with so many patterns in events",
                            place(declared, handler));
    }

    const GraphInput& input_;
    EventLevels levels_;
};

} // namespace

std::vector<Finding> find_shared_once(const GraphInput& input, std::size_t cost_max) {
    const auto is_once = [](const DeclaredEvent& event) { return event.level == Level::once; };
    if (std::ranges::none_of(input.events, is_once))
        return {};
    return SharedOnce(input, cost_max).all();
}

} // namespace mesh
