#pragma once

#include <cstddef>
#include <cstdint>

/// What a fuzz target is: libFuzzer calls it with any bytes, and the test `fuzz-corpus` with those
/// of the corpus. It returns 0, or ends the program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
