#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mesh {

/// A view of read-only bytes. Whoever hands one out says how long it lives.
using Bytes = std::span<const std::byte>;

/// The bytes of a text, without its terminator; valid as long as the text is.
inline Bytes bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// The same bytes seen as text; nothing is checked, so it may not be UTF-8.
inline std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace mesh
