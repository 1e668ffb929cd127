#pragma once

#include <cstddef>

namespace bench {

/// Uses this much memory once. A virtual machine gives back what nobody used for some seconds, and
/// gets it again slowly: whoever runs first would pay for all.
void touch_memory(std::size_t mib);

} // namespace bench
