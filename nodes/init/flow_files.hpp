#pragma once

#include "nodes/init/flow_plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

enum class Language { python, shell, cpp };

/// Nothing for what is none of `python`, `shell` and `cpp`.
std::optional<Language> parse_language(std::string_view text);

/// A file to be written.
struct NewFile {
    std::string name; ///< within the folder
    std::string text;
};

/// All that a flow becomes, for the realm: manifest, services, demo and a page that says how to go
/// on. Pure.
std::vector<NewFile> flow_files(const FlowPlan& plan, const std::string& realm, Language language);

inline constexpr std::string_view flow_manifest_name = "flow.mesh.yaml";
inline constexpr std::string_view flow_demo_name = "flow.demo";

} // namespace nodes
