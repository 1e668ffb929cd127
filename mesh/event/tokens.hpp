#pragma once

#include "mesh/base/result.hpp"

#include <cstddef>
#include <iterator>
#include <string_view>

namespace mesh {

/// The tokens of a topic or pattern, in order: a range over the parts between the dots.
class Tokens {
public:
    explicit Tokens(std::string_view text) : text_(text) {}

    class Iterator {
    public:
        Iterator(std::string_view text, std::size_t start) : text_(text), start_(start) {}

        std::string_view operator*() const {
            const auto dot = text_.find('.', start_);
            return text_.substr(start_, dot == std::string_view::npos ? dot : dot - start_);
        }

        Iterator& operator++() {
            const auto dot = text_.find('.', start_);
            start_ = dot == std::string_view::npos ? dot : dot + 1;
            return *this;
        }

        bool operator==(const Iterator& other) const { return start_ == other.start_; }

    private:
        std::string_view text_;
        std::size_t start_;
    };

    Iterator begin() const { return {text_, 0}; }

    Iterator end() const { return {text_, std::string_view::npos}; }

private:
    std::string_view text_;
};

/// What topics and patterns have in common: 1 to 200 bytes of UTF-8, no empty token, no blank, no
/// control character, `*` and `>` only as whole tokens. `kind` names the thing in the error.
Result<void> check_tokens(std::string_view text, std::string_view kind);

} // namespace mesh
