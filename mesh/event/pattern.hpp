#pragma once

#include "mesh/base/result.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace mesh {

/// A topic, or several: `*` stands for exactly one token, a final `>` for one or more.
/// `order.*` matches `order.created` and not `order.a.b`; `order.>` matches both and not `order`.
class Pattern {
public:
    /// Checks and keeps a pattern. A parameter is read as a wildcard: `order.{id}.paid` becomes
    /// `order.*.paid`. Errors: `invalid`, saying what is wrong with it.
    static Result<Pattern> parse(std::string_view text);

    /// The checked form, parameters replaced.
    const std::string& text() const { return text_; }

    /// Whether it is one topic only.
    bool is_topic() const { return is_topic_; }

    bool matches(std::string_view topic) const;

    auto operator<=>(const Pattern& other) const { return text_ <=> other.text_; }

    bool operator==(const Pattern& other) const { return text_ == other.text_; }

private:
    explicit Pattern(std::string text);

    std::string text_;
    bool is_topic_;
};

/// Whether some topic is matched by both. This, not equality, makes an edge of the event graph.
bool intersects(const Pattern& a, const Pattern& b);

/// Whether every topic that `inner` matches is matched by `outer` too.
bool contains(const Pattern& outer, const Pattern& inner);

} // namespace mesh
