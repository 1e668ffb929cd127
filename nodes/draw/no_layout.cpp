#include "nodes/draw/layout.hpp"

namespace nodes {

bool has_layout() {
    return false;
}

mesh::Result<Layout> lay_out(const LayoutTask&) {
    return mesh::fail(mesh::ErrorCode::environment,
                      "this dagmesh was built without pictures (Graphviz): svg and html are "
                      "missing; dot, mermaid, text and json are there");
}

} // namespace nodes
