#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mesh {

/// A file name out of any text: what is no letter, digit, `-`, `_` or `.` becomes %XX, and so does
/// a `.` in front.
std::string file_name(std::string_view text);

/// The text of such a name; nothing for a name that is none.
std::optional<std::string> text_of_file_name(std::string_view name);

} // namespace mesh
