#pragma once

// Private to this room: the programs of a flow's services. Pure.

#include "nodes/init/flow_files.hpp"

#include <string>

namespace nodes {

/// `order.py`.
std::string skeleton_name(const FlowService& service, Language language);

/// What stands in it.
std::string skeleton(const FlowService& service, const std::string& realm, Language language);

/// What `run` of the manifest says.
std::string skeleton_run(const FlowService& service, Language language);

/// `created` -> `on_created`: a name that is none of the language's own.
std::string function_name(const FlowHandler& handler);

/// `user.registered, user.updated`.
std::string listed(const std::vector<std::string>& names);

std::string python_skeleton(const FlowService& service);
std::string shell_skeleton(const FlowService& service);
std::string cpp_skeleton(const FlowService& service, const std::string& realm);

} // namespace nodes
