#pragma once

#include "mesh/base/result.hpp"
#include "nodes/dead/letter_source.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// How somebody names a dead letter: by its number, or by service, instance and number.
struct LetterName {
    std::string text;    ///< as it was typed
    std::string service; ///< empty: any
    std::string instance;
    std::uint64_t number = 0;
};

/// Reads `NUMBER` or `SERVICE/INSTANCE/NUMBER`. Errors: `invalid`, naming the two forms.
mesh::Result<LetterName> parse_letter_name(std::string_view text);

/// The one of `letters`, all of its number, that is meant. Errors: `invalid` when there is none, or
/// more than one, naming them.
mesh::Result<FoundLetter> the_one_named(const LetterName& name,
                                        const std::vector<FoundLetter>& letters);

} // namespace nodes
