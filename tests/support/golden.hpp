#pragma once

#include "mesh/base/bytes.hpp"

#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tests {

/// Bytes as text, sixteen a line.
inline std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
        text += i % 16 == 15 || i + 1 == bytes.size() ? '\n' : ' ';
    }
    return text;
}

/// The bytes of tests/golden/NAME.hex: hexadecimal digits, `#` begins a comment. Tests run in the
/// repository's root.
inline std::string golden(const std::string& name) {
    const auto path = "tests/golden/" + name + ".hex";
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot read " + path + "; tests run in the repository's root");
    std::string digits;
    for (std::string line; std::getline(file, line);)
        for (const char c : line.substr(0, line.find('#')))
            if (std::isxdigit(static_cast<unsigned char>(c)) != 0)
                digits += c;
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

/// What a test compares with the golden bytes, as text that shows where they differ. With
/// DAGMESH_WRITE_GOLDEN set it writes them instead: for a new format, and then read them well.
inline std::string golden_hex(const std::string& name, std::string_view actual) {
    if (std::getenv("DAGMESH_WRITE_GOLDEN") != nullptr)
        std::ofstream("tests/golden/" + name + ".hex") << to_hex(actual);
    return to_hex(golden(name));
}

} // namespace tests
