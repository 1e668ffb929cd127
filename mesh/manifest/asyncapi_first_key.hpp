#pragma once

#include <string_view>

namespace mesh {

/// Whether the first key of a YAML or JSON text is `asyncapi`. Looks at the first words only, so
/// the beginning of a file is enough.
bool begins_with_asyncapi(std::string_view text);

} // namespace mesh
