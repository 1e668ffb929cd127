#pragma once

#include "nodes/draw/picture.hpp"

#include <span>
#include <string>

namespace nodes {

/// Pictures as one Mermaid flowchart, which forges show inside Markdown; several pictures are
/// subgraphs of it. Source: https://mermaid.js.org/syntax/flowchart.html
std::string mermaid_document(std::span<const Picture> pictures);

} // namespace nodes
