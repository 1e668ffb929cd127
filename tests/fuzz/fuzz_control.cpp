// Any bytes as a control message: refused, or read as one that says the same again.

#include "mesh/wire/control.hpp"
#include "tests/fuzz/entry.hpp"

#include <cstdlib>
#include <string_view>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto message = mesh::decode_control(mesh::bytes_of(bytes));
    if (!message)
        return 0;
    const auto again = mesh::decode_control(mesh::bytes_of(mesh::encode(*message)));
    if (!again || *again != *message)
        std::abort();
    return 0;
}
