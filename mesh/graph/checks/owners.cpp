#include "mesh/graph/checks/owners.hpp"

#include "mesh/graph/witness.hpp"

#include <map>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// So many services are named in the message; the places name all.
constexpr std::size_t owners_listed_max = 5;

/// Who emits it first: by service, a place with its note.
using Owners = std::map<std::string, NotedPlace>;

void note(Owners& owners, const std::string& service, NotedPlace how) {
    const auto [known, is_new] = owners.try_emplace(service, how);
    if (!is_new && how.place < known->second.place)
        known->second = std::move(how);
}

/// By emitted pattern, whether it comes from more than one service.
std::vector<bool> shared_patterns(const InnerGraph& graph) {
    std::vector<const std::string*> first(graph.emitted().size());
    std::vector<bool> is_shared(graph.emitted().size());
    const auto see = [&](Index pattern, const std::string& service) {
        if (first[pattern] == nullptr)
            first[pattern] = &service;
        else if (*first[pattern] != service)
            is_shared[pattern] = true;
    };
    for (const auto& source : graph.sources())
        if (!source.service.empty())
            see(source.pattern, source.service);
    for (const auto& emission : graph.emissions())
        see(emission.pattern, graph.handlers()[emission.handler].service);
    return is_shared;
}

} // namespace

std::vector<Finding> find_several_owners(const InnerGraph& graph, const DeclaredEvents& declared) {
    auto is_wanted = shared_patterns(graph);
    for (Index pattern = 0; pattern < graph.emitted().size(); ++pattern) {
        const auto& name = graph.emitted()[pattern];
        is_wanted[pattern] = is_wanted[pattern] && name.is_topic() && !declared.is_entry(name);
    }
    std::map<Index, Owners> owners_by_pattern;
    for (const auto& source : graph.sources())
        if (!source.service.empty() && is_wanted[source.pattern])
            note(owners_by_pattern[source.pattern], source.service,
                 {"service " + source.service + " publishes it", source.place});
    for (const auto& emission : graph.emissions()) {
        const auto& handler = graph.handlers()[emission.handler];
        if (is_wanted[emission.pattern])
            note(owners_by_pattern[emission.pattern], handler.service,
                 {"handler " + handler.label() + " emits it", emission.place});
    }
    std::vector<Finding> findings;
    for (const auto& [pattern, owners] : owners_by_pattern) {
        std::string names;
        std::vector<NotedPlace> places;
        for (const auto& [service, how] : owners) {
            if (places.size() < owners_listed_max)
                names += (names.empty() ? "" : ", ") + service;
            places.push_back(how);
        }
        sort_places(places);
        auto finding = make_finding(several_owners,
                                    graph.emitted()[pattern].text() + " comes from " +
                                        counted(owners.size(), "service") + ": " + names +
                                        (owners.size() > owners_listed_max ? ", ..." : ""),
                                    places.front().place);
        finding.places = std::move(places);
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace mesh
