#pragma once

#include <optional>
#include <string>

namespace nodes {

/// Tells on stderr how far something is: on a terminal one line that changes, with a bar when the
/// `share` of it is known, from 0 to 1; elsewhere only the last one, when it `is_over`.
void tell_progress_line(const std::string& what, std::optional<double> share, bool is_over);

/// `[#####.....]`
std::string progress_bar(double share);

} // namespace nodes
