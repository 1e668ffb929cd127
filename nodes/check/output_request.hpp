#pragma once

#include "mesh/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// Every form in which the checker speaks.
enum class Form { text, json, sarif, junit, github, dot, mermaid, svg, html };

std::string_view to_text(Form form);

/// Whether the form is a picture, and whether it needs a layout.
bool is_picture(Form form);
bool needs_layout(Form form);

/// `FORMAT=FILE`: one thing to write, beside what is printed anyway.
struct OutputRequest {
    Form form;
    std::string file; ///< `-`: stdout, then nothing else is printed there
};

/// The form of that name. Errors: `invalid`, with a suggestion.
mesh::Result<Form> parse_form(std::string_view text);

/// What somebody asked for with `--output`, in order. Errors: `invalid` for an unknown form, with
/// a suggestion, for a missing file, and for two outputs to one file.
mesh::Result<std::vector<OutputRequest>> parse_outputs(const std::vector<std::string>& texts);

} // namespace nodes
