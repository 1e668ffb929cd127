#pragma once

#include "mesh/manifest/read.hpp"

#include <iosfwd>
#include <string>

namespace nodes {

struct GraphShowOptions {
    std::string view = "events"; ///< events, handlers or services
    std::string as = "text";     ///< text, dot, mermaid, svg, html or json
    std::string output_file;     ///< empty: `out`
    bool use_colour = false;     ///< of text on `out`
    bool use_unicode = false;    ///< arrows of text on `out` as one character
};

/// `dagmesh graph show`: the graph of every realm of the set, in one view and one form. Text and
/// JSON hold all of it; pictures of more than 200 nodes show the groups with a cycle and one step
/// around them or, without a cycle, fold names by prefix.
/// Returns the exit code: 0 done, cycles or not; 2 for a set with errors, an unknown view or an
/// unknown form; 5 when the file cannot be written, or this build cannot lay out pictures.
int graph_show(const mesh::ManifestSet& set, const GraphShowOptions& options, std::ostream& out,
               std::ostream& err);

} // namespace nodes
