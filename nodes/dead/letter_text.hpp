#pragma once

#include "nodes/dead/letter_source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// Letters for people, a line each below a heading; nothing for none.
std::string letters_table(const std::vector<FoundLetter>& letters);

/// One letter as one JSON object on one line: what the table has, and more.
std::string letter_json(const FoundLetter& letter);

/// A whole letter for people, with its payload as JSON when that can be.
std::string letter_text(const FoundLetter& letter);

/// A whole letter as one JSON object on one line: letter_json with `headers`, `cause`, and the
/// `event` as CloudEvents object.
std::string whole_letter_json(const FoundLetter& letter, std::string_view realm);

} // namespace nodes
