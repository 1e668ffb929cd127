#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace mesh {

/// How far a parser has come in a text, in bytes.
struct JsonReached {
    std::size_t offset = 0;
};

/// Hands a text to the JSON parser byte by byte and notes how far it came: the parser itself does
/// not tell where a value stands.
class JsonCursor {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    JsonCursor(std::string_view text, std::size_t offset, JsonReached* reached)
        : text_(text), offset_(offset), reached_(reached) {}

    reference operator*() const { return text_[offset_]; }

    JsonCursor& operator++() {
        ++offset_;
        if (reached_ != nullptr)
            reached_->offset = offset_;
        return *this;
    }

    JsonCursor operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }

    bool operator==(const JsonCursor& other) const { return offset_ == other.offset_; }

private:
    std::string_view text_;
    std::size_t offset_;
    JsonReached* reached_;
};

} // namespace mesh
