#pragma once

#include "mesh/graph/graph_input.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Short ways to write graphs in tests.
namespace graph_test {

using Names = std::vector<std::string>;

inline mesh::Pattern pattern(const std::string& text) {
    return mesh::Pattern::parse(text).value();
}

inline std::vector<mesh::Pattern> patterns(const Names& names) {
    std::vector<mesh::Pattern> all;
    for (const auto& name : names)
        all.push_back(pattern(name));
    return all;
}

inline mesh::HandlerContract handler(std::string name, const Names& on,
                                     const std::optional<Names>& emits) {
    mesh::HandlerContract contract{std::move(name), patterns(on), {}, {}};
    if (emits)
        contract.emits = patterns(*emits);
    return contract;
}

inline mesh::Contract contract(std::string service, std::vector<mesh::HandlerContract> handlers,
                               const std::optional<Names>& publishes = {}) {
    mesh::Contract made{std::move(service), {}, std::move(handlers), {}};
    if (publishes)
        made.publishes = patterns(*publishes);
    return made;
}

/// Contracts without places.
inline mesh::GraphInput input(const std::vector<mesh::Contract>& contracts) {
    mesh::GraphInput made;
    for (const auto& one : contracts)
        made.contracts.push_back({one, {}});
    return made;
}

} // namespace graph_test
