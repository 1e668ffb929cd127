#pragma once

#include "mesh/event/pattern.hpp"
#include "mesh/manifest/manifest.hpp"
#include "nodes/gateway/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// Which topics the gateway knows: every well-formed one, or those that a manifest names, or those
/// that patterns allow; with both, those that both know.
class Allowance {
public:
    Allowance() = default;

    /// Empty lists restrict nothing.
    Allowance(std::vector<mesh::Pattern> named, std::vector<mesh::Pattern> allowed)
        : named_(std::move(named)), allowed_(std::move(allowed)) {}

    /// What the gateway's contract declares: nothing else can be known.
    std::vector<std::string> declared() const;

    /// Errors: 400 for what is no topic, 404 for one that is not known.
    OrRefusal<void> check_topic(std::string_view topic) const;

    /// Errors: 400 for what is no pattern, 404 for one that matches nothing that is known.
    OrRefusal<mesh::Pattern> check_pattern(std::string_view text) const;

    bool knows(std::string_view topic) const;

private:
    std::vector<mesh::Pattern> named_;
    std::vector<mesh::Pattern> allowed_;
};

/// What the realm's manifest names: its events, what its services publish and emit, and the topics
/// that they handle. Each once.
std::vector<mesh::Pattern> named_patterns(const mesh::RealmManifest& realm);

} // namespace nodes
