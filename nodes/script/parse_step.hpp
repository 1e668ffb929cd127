#pragma once

#include "nodes/script/script.hpp"
#include "nodes/script/step_words.hpp"

#include <string_view>

namespace nodes {

/// Whether somebody wrote a word as a shell wants it.
inline bool is_quoted(std::string_view word) {
    return word.starts_with('\'') || word.starts_with('"');
}

/// Reads one step. Pure.
/// Errors: `invalid`: what was expected and what was found, with a suggestion for a near miss.
mesh::Result<StepBody> parse_step(std::string_view text);

/// The part of it behind `expect`.
mesh::Result<Expectation> parse_expectation(StepWords& words);

} // namespace nodes
