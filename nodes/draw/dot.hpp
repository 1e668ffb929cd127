#pragma once

#include "nodes/draw/picture.hpp"

#include <span>
#include <string>

namespace nodes {

/// Pictures in Graphviz's language, one graph each. Source: https://graphviz.org/doc/info/lang.html
std::string dot_document(std::span<const Picture> pictures);

} // namespace nodes
