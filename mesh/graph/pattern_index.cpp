#include "mesh/graph/pattern_index.hpp"

#include "mesh/event/tokens.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mesh {

namespace {

void append(std::vector<std::uint32_t>& into, const std::vector<std::uint32_t>& from) {
    into.insert(into.end(), from.begin(), from.end());
}

} // namespace

PatternIndex::PatternIndex(std::span<const Pattern> patterns) : branches_(1) {
    for (std::uint32_t number = 0; number < patterns.size(); ++number) {
        std::uint32_t branch = 0;
        bool is_wide = false;
        for (const auto token : Tokens(patterns[number].text())) {
            is_wide = token == ">";
            if (!is_wide)
                branch = step(branch, token);
        }
        (is_wide ? branches_[branch].wide : branches_[branch].ending).push_back(number);
    }
}

std::uint32_t PatternIndex::step(std::uint32_t branch, std::string_view token) {
    const auto known = branches_[branch].next.find(token);
    if (known != branches_[branch].next.end())
        return known->second;
    const auto fresh = static_cast<std::uint32_t>(branches_.size());
    branches_[branch].next.emplace(token, fresh);
    branches_.emplace_back();
    return fresh;
}

void PatternIndex::collect_below(std::uint32_t branch, std::vector<std::uint32_t>& found) const {
    std::vector<std::uint32_t> waiting{branch};
    while (!waiting.empty()) {
        const auto& here = branches_[waiting.back()];
        waiting.pop_back();
        append(found, here.wide);
        for (const auto& [token, next] : here.next) {
            append(found, branches_[next].ending);
            waiting.push_back(next);
        }
    }
}

std::vector<std::uint32_t> PatternIndex::intersecting(const Pattern& pattern) const {
    const Tokens tokens(pattern.text());
    std::vector<std::uint32_t> found;
    // The branches that the tokens so far may lead to. Each is reached on one way only.
    std::vector<std::uint32_t> here{0};
    std::vector<std::uint32_t> next;
    for (const auto token : tokens) {
        next.clear();
        for (const auto number : here) {
            const auto& branch = branches_[number];
            if (token == ">") {
                collect_below(number, found);
                continue;
            }
            append(found, branch.wide);
            if (token == "*") {
                for (const auto& [own, one] : branch.next)
                    next.push_back(one);
                continue;
            }
            for (const std::string_view own : {token, std::string_view("*")})
                if (const auto one = branch.next.find(own); one != branch.next.end())
                    next.push_back(one->second);
        }
        std::swap(here, next);
    }
    if (!pattern.text().ends_with('>'))
        for (const auto number : here)
            append(found, branches_[number].ending);
    std::ranges::sort(found);
    return found;
}

} // namespace mesh
