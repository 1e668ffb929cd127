#pragma once

#include "mesh/base/result.hpp"
#include "nodes/script/script.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// Reads a whole script, as if it stood in `file`. Pure.
/// Errors: all of them, one a line that is wrong: `FILE:LINE: expected ..., found ...`.
tl::expected<Script, std::vector<std::string>> parse_script(std::string_view text,
                                                            std::string file);

/// The same for steps that name a service which is not among `services`, with a suggestion.
std::vector<std::string> unknown_services(const Script& script,
                                          std::span<const std::string> services);

} // namespace nodes
