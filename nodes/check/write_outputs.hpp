#pragma once

#include "nodes/check/check.hpp"
#include "nodes/check/output_request.hpp"
#include "nodes/draw/view.hpp"

#include <iosfwd>
#include <vector>

namespace nodes {

/// What the outputs are made of: the reports, and for pictures the graphs, realm by realm.
struct OutputSource {
    const std::vector<RealmReport>& reports;
    const std::vector<mesh::GraphInput>& inputs;
    View view = View::events;
};

/// The source in one form. Errors: `environment` for a picture that this build cannot lay out.
mesh::Result<std::string> render(const OutputSource& source, Form form);

/// Writes every output; `-` goes to `out`. A file appears whole or not at all. What cannot be
/// written is said on `err`, and the others are written all the same; then false comes back, for
/// the exit code `environment`.
bool write_outputs(const std::vector<OutputRequest>& outputs, const OutputSource& source,
                   std::ostream& out, std::ostream& err);

/// The view with this name, which an option has checked; events when there is none.
/// Errors: `invalid`, with a suggestion.
mesh::Result<View> parse_view(std::string_view text);

} // namespace nodes
