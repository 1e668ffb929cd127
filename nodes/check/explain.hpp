#pragma once

#include "mesh/base/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace nodes {

/// What `check --explain` and docs/findings.md say of one kind of finding.
struct Explanation {
    std::string_view code;
    std::string_view meaning;
    std::string_view reason;  ///< why it is an error, or worth a warning
    std::string_view example; ///< lines of a manifest, or of what else shows it
    std::string_view remedy;

    /// The example is a manifest by itself, and checking it finds the code.
    bool is_manifest = true;
};

/// One for each kind of finding, in order of code.
std::span<const Explanation> explanations();

/// The explanation as text that is also Markdown: a line with code, name and severity, then the
/// parts, the example indented by four.
std::string explanation_text(const Explanation& explanation);

/// The text for a code (`E001`, `e001`) or a name (`event-cycle`).
/// Errors: `invalid` for anything else, with the nearest one suggested.
mesh::Result<std::string> explain(std::string_view code_or_name);

} // namespace nodes
