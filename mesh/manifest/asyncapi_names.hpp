#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/pattern.hpp"

#include <string>
#include <string_view>

namespace mesh {

/// The pattern of a channel's address: `/` becomes `.`, and a token with a `{parameter}` becomes
/// `*`, also where the parameter is only a part of it. Slashes at both ends are left out.
/// Errors: `invalid` for what is no pattern then.
Result<Pattern> pattern_of_address(std::string_view address);

/// A text of AsyncAPI as a name of ours: what a name may not hold becomes `-`, once for several in
/// a row, and not at the ends. `Streetlights API` becomes `Streetlights-API`. Empty for a text
/// without anything else.
std::string name_of_text(std::string_view text);

} // namespace mesh
