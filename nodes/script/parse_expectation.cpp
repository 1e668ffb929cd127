// The part of a step behind `expect`.
#include "mesh/base/suggest.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/script/parse_step.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

constexpr std::uint64_t count_max = 1'000'000;
constexpr std::size_t conditions_max = 16;

/// How many bytes of the text are one value: a string, array or object of JSON up to its end, else
/// up to the next blank. Nothing when it does not end.
std::optional<std::size_t> value_size(std::string_view text) {
    std::size_t depth = 0;
    bool is_in_string = false;
    const bool is_structured =
        !text.empty() && (text.front() == '"' || text.front() == '{' || text.front() == '[');
    if (!is_structured)
        return std::min(text.find_first_of(" \t"), text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char byte = text[i];
        if (is_in_string) {
            i += byte == '\\' ? 1 : 0;
            is_in_string = byte != '"';
        } else if (byte == '"') {
            is_in_string = true;
        } else if (byte == '{' || byte == '[') {
            ++depth;
        } else if ((byte == '}' || byte == ']') && depth > 0) {
            --depth;
        }
        if (!is_in_string && depth == 0)
            return i + 1;
    }
    return std::nullopt;
}

Result<Condition> parse_condition(StepWords& words) {
    const auto text = words.rest();
    const auto equals = text.find("==");
    const auto blank = std::min(text.find_first_of(" \t"), text.size());
    if (equals == std::string_view::npos || equals == 0 || equals > blank)
        return words.refuse("PATH==VALUE without blanks around \"==\"");
    Condition condition;
    for (auto path = text.substr(0, equals);;) {
        const auto dot = std::min(path.find('.'), path.size());
        if (dot == 0)
            return words.refuse("a dotted path before \"==\"");
        condition.path.emplace_back(path.substr(0, dot));
        if (dot == path.size())
            break;
        path.remove_prefix(dot + 1);
    }
    const auto behind = text.substr(equals + 2);
    const auto size = value_size(behind);
    if (!size || *size == 0)
        return words.refuse("a value behind \"==\", JSON or a word");
    const auto value = behind.substr(0, *size);
    const bool is_structured = value.front() == '"' || value.front() == '{' || value.front() == '[';
    const auto json = compact_json(value);
    if (!json && is_structured)
        return words.refuse("JSON or a word behind \"==\"");
    condition.value = json ? *json : json_string(value);
    words.take_bytes(equals + 2 + *size);
    return condition;
}

Result<void> parse_where(StepWords& words, std::vector<Condition>& into) {
    do {
        if (into.size() == conditions_max)
            return fail(ErrorCode::limit, "expected at most " + std::to_string(conditions_max) +
                                              " conditions of one expectation");
        auto condition = parse_condition(words);
        if (!condition)
            return tl::unexpected(condition.error());
        into.push_back(std::move(*condition));
    } while (words.peek().find("==") != std::string_view::npos);
    return {};
}

tl::unexpected<mesh::Error> refuse_word(const StepWords& words, bool is_none) {
    std::vector<std::string> known{"where", "within"};
    if (!is_none)
        known.emplace_back("count");
    auto error = words.refuse(is_none ? "where or within" : "where, count or within").value();
    error.detail += mesh::did_you_mean(words.peek(), known);
    return tl::unexpected(std::move(error));
}

} // namespace

Result<Expectation> parse_expectation(StepWords& words) {
    const bool is_none = words.take_if("none");
    if (is_none)
        if (const auto of = words.expect("of"); !of)
            return tl::unexpected(of.error());
    if (words.is_over())
        return words.refuse("a topic or pattern");
    if (is_quoted(words.peek()))
        return words.refuse("a topic or pattern without quotes: a script is no shell");
    auto pattern = mesh::Pattern::parse(words.peek());
    if (!pattern)
        return tl::unexpected(pattern.error());
    words.take();
    Expectation expectation{std::move(*pattern), {}, 1, is_none, {}};
    while (!words.is_over() && words.peek() != "within") {
        if (words.take_if("where")) {
            if (const auto where = parse_where(words, expectation.where); !where)
                return tl::unexpected(where.error());
        } else if (!is_none && words.take_if("count")) {
            const auto count = words.number("a number of events", count_max);
            if (!count)
                return tl::unexpected(count.error());
            if (*count == 0)
                return fail(ErrorCode::invalid,
                            "expected a count from 1 on, found 0; `expect none of` waits for none");
            expectation.count = *count;
        } else {
            return refuse_word(words, is_none);
        }
    }
    const auto within = words.duration("within");
    if (!within)
        return tl::unexpected(within.error());
    expectation.within = *within;
    return expectation;
}

} // namespace nodes
