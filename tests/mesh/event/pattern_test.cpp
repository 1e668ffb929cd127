#include "mesh/event/pattern.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using mesh::Pattern;

namespace {

Pattern pattern(std::string_view text) {
    return *Pattern::parse(text);
}

/// All token sequences over `tokens` of 1 to `depth_max` tokens.
std::vector<std::string> all_over(const std::vector<std::string>& tokens, int depth_max) {
    std::vector<std::string> all;
    std::vector<std::string> last{""};
    for (int depth = 1; depth <= depth_max; ++depth) {
        std::vector<std::string> next;
        for (const auto& start : last)
            for (const auto& token : tokens)
                next.push_back(start.empty() ? token : start + "." + token);
        all.insert(all.end(), next.begin(), next.end());
        last = std::move(next);
    }
    return all;
}

/// Matching as the documentation words it, by recursion.
bool matches_naively(std::string_view pattern, std::string_view topic) {
    const auto head = pattern.substr(0, pattern.find('.'));
    const auto token = topic.substr(0, topic.find('.'));
    if (head == ">")
        return !topic.empty();
    if (head != "*" && head != token)
        return false;
    const bool ends = head.size() == pattern.size();
    if (ends || token.size() == topic.size())
        return ends && token.size() == topic.size();
    return matches_naively(pattern.substr(head.size() + 1), topic.substr(token.size() + 1));
}

} // namespace

TEST_CASE("patterns match, intersect and contain as all topics of a small world say") {
    // `c` stands for every token that no pattern names; one level more than the deepest pattern
    // stands for all deeper topics.
    const auto topics = all_over({"a", "b", "c"}, 4);
    std::vector<Pattern> patterns;
    for (const auto& text : all_over({"a", "b", "*", ">"}, 3))
        if (auto parsed = Pattern::parse(text))
            patterns.push_back(*parsed);
    REQUIRE(patterns.size() == 4 + 3 * 4 + 9 * 4); // `>` only at the end
    std::vector<std::vector<bool>> matched;
    for (const auto& one : patterns) {
        auto& row = matched.emplace_back();
        for (const auto& topic : topics) {
            row.push_back(one.matches(topic));
            if (row.back() != matches_naively(one.text(), topic))
                FAIL(one.text() << " and " << topic);
        }
    }
    for (std::size_t i = 0; i < patterns.size(); ++i)
        for (std::size_t k = 0; k < patterns.size(); ++k) {
            bool is_shared = false;
            bool is_within = true;
            for (std::size_t t = 0; t < topics.size(); ++t) {
                is_shared = is_shared || (matched[i][t] && matched[k][t]);
                is_within = is_within && (matched[i][t] || !matched[k][t]);
            }
            if (intersects(patterns[i], patterns[k]) != is_shared)
                FAIL(patterns[i].text() << " intersects " << patterns[k].text());
            if (contains(patterns[i], patterns[k]) != is_within)
                FAIL(patterns[i].text() << " contains " << patterns[k].text());
        }
}

TEST_CASE("a final > takes one or more tokens, and never none") {
    CHECK(pattern("order.>").matches("order.created"));
    CHECK(pattern("order.>").matches("order.a.b"));
    CHECK_FALSE(pattern("order.>").matches("order"));
    CHECK_FALSE(pattern("order.>").matches("orders.a"));
    CHECK_FALSE(pattern("order.*").matches("order.a.b"));
}

TEST_CASE("a parameter is a wildcard") {
    CHECK(pattern("order.{id}.paid").text() == "order.*.paid");
    CHECK(pattern("{a}").text() == "*");
    CHECK(pattern("{größe}.{b}").text() == "*.*");
    CHECK(pattern("{}").text() == "{}");
    CHECK(pattern("a{b}").is_topic());
    // The bound is that of the checked form.
    CHECK(Pattern::parse("{" + std::string(300, 'x') + "}"));
}

TEST_CASE("what is no pattern is refused") {
    for (const auto* text : {"", ".", "a.", ".a", "a..b", ">.a", "a.>.b", "a>", "a*", "*a", "**",
                             ">>", "a b", "a\xff", "{a}.", "{a b}..x"}) {
        CAPTURE(text);
        const auto parsed = Pattern::parse(text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == mesh::ErrorCode::invalid);
    }
    CHECK_FALSE(Pattern::parse(std::string(201, 'a')));
    CHECK_FALSE(Pattern::parse(std::string(1'000'000, '.')));
}

TEST_CASE("a pattern knows whether it is one topic") {
    CHECK(pattern("a.b").is_topic());
    CHECK_FALSE(pattern("a.*").is_topic());
    CHECK_FALSE(pattern(">").is_topic());
    CHECK(pattern("a") < pattern("b"));
    CHECK(pattern("{x}.b") == pattern("*.b"));
}
