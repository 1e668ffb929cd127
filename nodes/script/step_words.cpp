#include "nodes/script/step_words.hpp"

#include "mesh/base/quantity.hpp"
#include "nodes/cli/value.hpp"
#include "nodes/text/escape.hpp"

#include <algorithm>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

constexpr std::string_view blanks = " \t";

} // namespace

std::string_view StepWords::peek() const {
    return is_over() ? std::string_view() : rest_.substr(0, rest_.find_first_of(blanks));
}

std::string_view StepWords::take() {
    const auto word = peek();
    take_bytes(word.size());
    return word;
}

bool StepWords::take_if(std::string_view word) {
    if (peek() != word)
        return false;
    take();
    return true;
}

std::string_view StepWords::take_rest() {
    auto text = rest_;
    rest_ = {};
    text.remove_suffix(text.size() - (text.find_last_not_of(blanks) + 1));
    return text;
}

void StepWords::take_bytes(std::size_t size) {
    rest_.remove_prefix(size);
    skip_blanks();
}

void StepWords::skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
}

Result<void> StepWords::expect(std::string_view word) {
    if (take_if(word))
        return {};
    return refuse("\"" + std::string(word) + "\"");
}

Result<std::uint64_t> StepWords::number(std::string_view what, std::uint64_t max) {
    const auto number = parse_number(peek());
    if (!number || *number > max)
        return refuse(std::string(what) + " of at most " + std::to_string(max));
    take();
    return *number;
}

Result<mesh::Duration> StepWords::duration(std::string_view before) {
    if (!take_if(before))
        return refuse("\"" + std::string(before) + "\" and a time, such as `" +
                      std::string(before) + " 5s`");
    const auto time = mesh::parse_duration(peek());
    if (!time)
        return refuse("a time behind \"" + std::string(before) + "\", such as 5s or 200ms");
    take();
    return *time;
}

Result<void> StepWords::end() const {
    if (is_over())
        return {};
    return refuse("the end of the step");
}

tl::unexpected<mesh::Error> StepWords::refuse(std::string_view what) const {
    const auto word = peek();
    return fail(ErrorCode::invalid,
                "expected " + std::string(what) + ", found " +
                    (word.empty() ? "nothing" : "\"" + escape_terminal(word) + "\""));
}

} // namespace nodes
