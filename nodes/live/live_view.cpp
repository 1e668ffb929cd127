#include "nodes/live/live_view.hpp"

#include <algorithm>
#include <utility>

namespace nodes {

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string label(const mesh::Peer& peer) {
    const auto name = peer.service.empty() ? "node " + mesh::short_text(peer.id)
                                           : peer.service + "/" + peer.instance;
    return name + " at " + mesh::to_string(peer.control);
}

/// The contract without the handlers that do not run; those are noted.
mesh::Contract running_part(const mesh::Peer& peer, std::vector<std::string>& quarantined) {
    auto contract = *peer.contract;
    for (auto index = peer.quarantined.rbegin(); index != peer.quarantined.rend(); ++index) {
        if (*index >= contract.handlers.size())
            continue;
        const auto at = contract.handlers.begin() + *index;
        quarantined.push_back(peer.service + "." + at->name);
        std::erase_if(contract.loops,
                      [&](const mesh::LoopContract& loop) { return loop.handler == at->name; });
        contract.handlers.erase(at);
    }
    return contract;
}

} // namespace

LiveView live_view(const std::string& realm, const std::vector<mesh::Peer>& peers) {
    LiveView view;
    view.realm.realm = realm;
    for (const auto& peer : peers) {
        if (peer.is_observer)
            continue;
        ++view.coverage.node_count;
        if (!peer.contract) {
            view.coverage.missing.push_back(label(peer));
            continue;
        }
        mesh::ServiceManifest service;
        service.contract = running_part(peer, view.coverage.quarantined);
        auto& services = view.realm.services;
        if (std::ranges::find(services, service.contract, &mesh::ServiceManifest::contract) ==
            services.end())
            services.push_back(std::move(service));
    }
    std::ranges::stable_sort(view.realm.services, {},
                             [](const mesh::ServiceManifest& one) { return one.contract.service; });
    std::ranges::sort(view.coverage.missing);
    std::ranges::sort(view.coverage.quarantined);
    auto& quarantined = view.coverage.quarantined;
    quarantined.erase(std::unique(quarantined.begin(), quarantined.end()), quarantined.end());
    return view;
}

std::string coverage_text(const LiveView& view) {
    auto text =
        "live: " + std::to_string(view.coverage.node_count) +
        (view.coverage.node_count == 1 ? " node" : " nodes") + " of realm " + view.realm.realm +
        (view.coverage.missing.empty() ? ", all have told their contracts"
                                       : ", no contract yet of " + joined(view.coverage.missing));
    if (view.coverage.node_count == 0)
        text = "live: nobody of realm " + view.realm.realm + " is in view";
    if (view.coverage.is_cut_short)
        text += "; stopped before it had listened its time, there may be more";
    if (!view.coverage.quarantined.empty())
        text += "; quarantined, so left out: " + joined(view.coverage.quarantined);
    return text;
}

} // namespace nodes
