#pragma once

#include <cstddef>
#include <streambuf>
#include <string>
#include <string_view>

namespace mesh {

/// Ends the reading of a text: what is wrong, and at which byte.
struct YamlStop {
    std::size_t offset;
    std::string message;
};

/// Hands a text to the parser piece by piece, and throws `YamlStop` when the parser looks further
/// ahead of what it reported than `ahead_size_bytes_max`: yaml-cpp 0.7 keeps 240 bytes a token of
/// an open flow list, so 16 MiB of `[` would cost 4 GiB (measured).
class YamlInput : public std::streambuf {
public:
    static constexpr std::size_t ahead_size_bytes_max = std::size_t{256} << 10U;

    explicit YamlInput(std::string_view text) : text_(text) {}

    /// The parser has come this far.
    void reached(std::size_t offset) { reached_ = offset; }

protected:
    int_type underflow() override;

private:
    static constexpr std::size_t piece_size_bytes = 4096;

    std::string_view text_;
    std::size_t handed_out_ = 0;
    std::size_t reached_ = 0;
    std::string piece_;
};

} // namespace mesh
