#include "tests/bench/graph/memory.hpp"

#include <memory>

namespace bench {

void touch_memory(std::size_t mib) {
    constexpr std::size_t page_size_bytes = 4096;
    const auto size_bytes = mib * 1024 * 1024;
    const auto memory = std::make_unique_for_overwrite<char[]>(size_bytes);
    volatile char* const at = memory.get();
    for (std::size_t i = 0; i < size_bytes; i += page_size_bytes)
        at[i] = 1;
}

} // namespace bench
