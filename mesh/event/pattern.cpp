#include "mesh/event/pattern.hpp"

#include "mesh/event/tokens.hpp"

#include <utility>

namespace mesh {

namespace {

/// Walks two patterns token by token; `meet` says whether a pair of tokens agrees. A final `>`
/// takes one or more tokens of the other side.
template <class Meet>
bool walk(std::string_view a, std::string_view b, Meet meet) {
    const Tokens left(a);
    const Tokens right(b);
    auto l = left.begin();
    auto r = right.begin();
    while (l != left.end() && r != right.end()) {
        const auto verdict = meet(*l, *r);
        if (verdict.second)
            return verdict.first;
        if (!verdict.first)
            return false;
        ++l;
        ++r;
    }
    return l == left.end() && r == right.end();
}

/// {agrees, the walk is over}
using Verdict = std::pair<bool, bool>;

} // namespace

Pattern::Pattern(std::string text)
    : text_(std::move(text)), is_topic_(text_.find_first_of("*>") == std::string::npos) {}

Result<Pattern> Pattern::parse(std::string_view text) {
    std::string plain;
    for (const auto token : Tokens(text)) {
        if (!plain.empty() || token.data() != text.data())
            plain += '.';
        const bool is_parameter = token.size() > 2 && token.front() == '{' && token.back() == '}';
        plain += is_parameter ? "*" : token;
    }
    if (auto checked = check_tokens(plain, "topic or pattern"); !checked)
        return tl::unexpected(checked.error());
    const auto wide = plain.find('>');
    if (wide != std::string::npos && wide + 1 != plain.size())
        return fail(ErrorCode::invalid, "expected a pattern, got \"" + std::string(text) +
                                            "\": `>` may only be the last token");
    return Pattern(std::move(plain));
}

bool Pattern::matches(std::string_view topic) const {
    if (is_topic_)
        return text_ == topic;
    return walk(text_, topic, [](std::string_view mine, std::string_view token) -> Verdict {
        if (mine == ">")
            return {true, true};
        return {mine == "*" || mine == token, false};
    });
}

bool intersects(const Pattern& a, const Pattern& b) {
    if (a.is_topic() && b.is_topic())
        return a == b;
    return walk(a.text(), b.text(), [](std::string_view x, std::string_view y) -> Verdict {
        if (x == ">" || y == ">")
            return {true, true};
        return {x == "*" || y == "*" || x == y, false};
    });
}

bool contains(const Pattern& outer, const Pattern& inner) {
    return walk(outer.text(), inner.text(), [](std::string_view x, std::string_view y) -> Verdict {
        if (x == ">")
            return {true, true};
        if (y == ">")
            return {false, true};
        return {x == "*" || x == y, false};
    });
}

} // namespace mesh
