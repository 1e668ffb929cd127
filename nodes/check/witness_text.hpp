#pragma once

#include "mesh/graph/finding.hpp"

#include <string>
#include <vector>

namespace nodes {

/// One place of a witness with what happens there, as a sentence.
struct WitnessStep {
    std::string text;
    mesh::Place place;
};

/// The witness of a finding in order: the steps of its cycle or path, or its places. Empty when
/// the finding's own place says it all.
std::vector<WitnessStep> witness_steps(const mesh::Finding& finding);

/// What to cut, a place each.
std::vector<WitnessStep> cut_steps(const mesh::Finding& finding);

/// The message, and for a cycle or path what it goes through: it tells one from the other.
std::string headline(const mesh::Finding& finding);

/// Message, witness and cut as lines, for forms that know text only. No line end at the end.
std::string finding_lines(const mesh::Finding& finding);

} // namespace nodes
