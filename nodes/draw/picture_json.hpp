#pragma once

#include "nodes/draw/picture.hpp"

#include <nlohmann/json.hpp>

#include <span>

namespace nodes {

/// Pictures as JSON, version 1; `docs/outputs.md` describes it. One picture is the object itself,
/// several are in its `graphs`.
nlohmann::ordered_json picture_json(std::span<const Picture> pictures);

} // namespace nodes
