#pragma once

#include "nodes/ask/survey.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nodes {

/// How one node says that it is; without figures it did not answer.
struct NodeHealth {
    mesh::Peer node;
    std::map<std::string, std::uint64_t> figures;

    std::uint64_t figure(const std::string& name) const {
        const auto found = figures.find(name);
        return found == figures.end() ? 0 : found->second;
    }

    bool has_answered() const { return !figures.empty(); }

    /// What is wrong with it, a line each.
    std::vector<std::string> complaints() const;
};

/// Asks every node in view.
std::vector<NodeHealth> look_at_health(Survey& survey);

std::string health_table(const std::vector<NodeHealth>& all);

/// One JSON object a line.
std::string health_json(const std::vector<NodeHealth>& all);

} // namespace nodes
