#include "tests/fuzz/entry.hpp"
#include "tests/fuzz/sound_reading.hpp"

#include <string>

/// The bytes are one file.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    tests::check_reading(text, "f.mesh.yaml", {});
    return 0;
}
