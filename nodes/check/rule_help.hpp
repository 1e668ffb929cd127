#pragma once

#include <string_view>

namespace nodes {

/// What a kind of finding means and what to do about it, for the rules of SARIF.
struct RuleHelp {
    std::string_view summary; ///< one sentence
    std::string_view advice;
};

/// Of a code that is not known, something that holds for every finding.
RuleHelp rule_help(std::string_view code);

} // namespace nodes
