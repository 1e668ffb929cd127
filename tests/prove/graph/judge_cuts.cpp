#include "tests/prove/graph/judge.hpp"

#include <algorithm>

namespace prove_graph {

namespace {

/// An emission by its handler and its place in the handler's list.
using Emission = std::pair<std::size_t, std::size_t>;

bool has_group(const PlainGraph& graph) {
    return !groups_of(graph.handlers_matrix(Loops::left_out).closure()).empty();
}

/// Only the handlers of a group, with what they may emit.
PlainGraph part_of(const PlainGraph& graph, Members group) {
    auto part = graph;
    for (std::size_t h = 0; h < part.handlers.size(); ++h)
        if ((group >> h & 1U) == 0) {
            part.handlers[h].emits.clear();
            part.handlers[h].on.clear();
        }
    return part;
}

void remove(PlainGraph& graph, const std::vector<Emission>& some) {
    for (const auto& [handler, number] : some)
        graph.handlers[handler].emits[number].topics = 0; // reaches nobody any more
}

/// Tries every set of `count` emissions.
bool is_cut_by(const PlainGraph& part, const std::vector<Emission>& emissions, std::size_t count) {
    std::vector<bool> is_chosen(emissions.size());
    std::fill(is_chosen.begin(), is_chosen.begin() + static_cast<std::ptrdiff_t>(count), true);
    do {
        std::vector<Emission> chosen;
        for (std::size_t i = 0; i < emissions.size(); ++i)
            if (is_chosen[i])
                chosen.push_back(emissions[i]);
        auto rest = part;
        remove(rest, chosen);
        if (!has_group(rest))
            return true;
    } while (std::prev_permutation(is_chosen.begin(), is_chosen.end()));
    return false;
}

/// The emissions that a finding wants to remove.
std::vector<Emission> named_in(const PlainGraph& graph, const mesh::Finding& finding,
                               std::string& fault) {
    std::vector<Emission> all;
    for (const auto& edge : finding.cut) {
        const auto handler = graph.find(edge.handler);
        std::size_t number = 0;
        if (handler != graph.handlers.size()) {
            const auto& emits = graph.handlers[handler].emits;
            while (number < emits.size() &&
                   (emits[number].text != edge.emits || emits[number].is_allowed))
                ++number;
        }
        if (handler == graph.handlers.size() || number == graph.handlers[handler].emits.size())
            fault = "the cut " + edge.handler + " -x- " + edge.emits +
                    " is no emission, or an allowed one";
        else
            all.emplace_back(handler, number);
    }
    return all;
}

std::vector<Emission> emissions_of(const PlainGraph& part) {
    std::vector<Emission> all;
    for (std::size_t h = 0; h < part.handlers.size(); ++h)
        for (std::size_t e = 0; e < part.handlers[h].emits.size(); ++e)
            if (!part.handlers[h].emits[e].is_allowed)
                all.emplace_back(h, e);
    return all;
}

} // namespace

std::string judge_cuts(const Case& one) {
    std::string fault;
    auto rest = one.plain;
    const auto groups = groups_of(one.plain.handlers_matrix(Loops::left_out).closure());
    for (const auto* code : {"E001", "E002"}) {
        for (const auto& finding : one.of(code)) {
            const auto cut = named_in(one.plain, finding, fault);
            if (!fault.empty())
                return fault;
            remove(rest, cut);
            expect_equal(fault, "cuts that are the smallest", 1, finding.is_cut_smallest ? 1 : 0);
            if (finding.code == "E002") {
                expect_equal(fault, "emissions of a self-loop's cut", 1, cut.size());
                continue;
            }
            const auto start = one.plain.find(finding.cycle.front().handler);
            for (const auto group : groups) {
                if ((group >> start & 1U) == 0)
                    continue;
                auto part = part_of(one.plain, group);
                const auto emissions = emissions_of(part);
                if (cut.empty() || is_cut_by(part, emissions, cut.size() - 1))
                    fault = "fewer than " + std::to_string(cut.size()) + " emissions are enough";
                remove(part, cut);
                if (fault.empty() && has_group(part))
                    fault = "the cut leaves a cycle";
            }
        }
    }
    if (fault.empty() && is_cyclic_over_handlers(rest))
        fault = "all cuts together leave a cycle";
    return fault;
}

} // namespace prove_graph
