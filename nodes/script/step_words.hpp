#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nodes {

/// The words of one step, read from left to right. What does not fit is said as
/// `expected WHAT, found "WORD"`. Pure; the text must outlive it.
class StepWords {
public:
    explicit StepWords(std::string_view text) : rest_(text) { skip_blanks(); }

    /// Whether no word is left. A word that begins with `#` begins a comment.
    bool is_over() const { return rest_.empty() || rest_.front() == '#'; }

    /// The next word without taking it; empty when none is left.
    std::string_view peek() const;

    std::string_view take();

    /// Takes the next word if it is this one.
    bool take_if(std::string_view word);

    /// All that is left, a `#` included, without blanks at its end.
    std::string_view take_rest();

    /// From here on, without taking it.
    std::string_view rest() const { return rest_; }

    /// Takes so many bytes, and the blanks behind them.
    void take_bytes(std::size_t size);

    /// Each takes what it names. Errors: `invalid`, when something else stands there.
    mesh::Result<void> expect(std::string_view word);
    mesh::Result<std::uint64_t> number(std::string_view what, std::uint64_t max);
    mesh::Result<mesh::Duration> duration(std::string_view before);
    mesh::Result<void> end() const;

    /// `expected WHAT, found "WORD"`, or `found nothing`.
    tl::unexpected<mesh::Error> refuse(std::string_view what) const;

private:
    void skip_blanks();

    std::string_view rest_;
};

} // namespace nodes
