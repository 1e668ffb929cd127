#include "nodes/script/expecting.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace nodes {

namespace {

constexpr std::size_t shown_max = 5;

/// The element that a part of a path leads to; null when there is none.
const nlohmann::json* step_into(const nlohmann::json& value, const std::string& part) {
    if (value.is_object()) {
        const auto found = value.find(part);
        return found == value.end() ? nullptr : &*found;
    }
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool is_index = error == std::errc{} && end == part.data() + part.size();
    return value.is_array() && is_index && index < value.size() ? &value[index] : nullptr;
}

std::string counted(std::uint64_t count, const std::string& what) {
    return std::to_string(count) + (count == 1 ? " event of " : " events of ") + what;
}

} // namespace

bool holds(const Condition& condition, const std::string& data) {
    const auto document = nlohmann::json::parse(data, nullptr, false);
    const auto* value = &document;
    for (const auto& part : condition.path) {
        value = step_into(*value, part);
        if (value == nullptr)
            return false;
    }
    return *value == nlohmann::json::parse(condition.value, nullptr, false);
}

Expecting::Expecting(const Expectation& expectation, std::size_t line, SeenEvents& seen,
                     mesh::TimePoint now)
    : expectation_(expectation),
      line_(line),
      seen_(seen),
      deadline_(now + expectation.within),
      next_(expectation.is_none ? seen.end() : seen.begin()) {}

bool Expecting::fits(const SeenEvent& event) const {
    return event.taken_by == 0 && expectation_.pattern.matches(event.topic) &&
           std::ranges::all_of(expectation_.where, [&](const Condition& condition) {
               return holds(condition, event.data);
           });
}

Expecting::Verdict Expecting::look(mesh::TimePoint now) {
    const auto wanted = expectation_.is_none ? 1 : expectation_.count;
    std::erase_if(found_, [this](std::uint64_t number) { return number < seen_.begin(); });
    for (next_ = std::max(next_, seen_.begin()); next_ < seen_.end() && found_.size() < wanted;
         ++next_)
        if (fits(seen_.at(next_)))
            found_.push_back(next_);
    const bool has_found = found_.size() == wanted;
    if (expectation_.is_none)
        return has_found ? Verdict::failed : now >= deadline_ ? Verdict::met : Verdict::open;
    if (!has_found)
        return now >= deadline_ ? Verdict::failed : Verdict::open;
    for (const auto number : found_)
        seen_.take(number, line_);
    return Verdict::met;
}

std::string Expecting::summary() const {
    const auto what = to_string(expectation_);
    const auto within = " within " + typed_text(expectation_.within);
    if (expectation_.is_none)
        return "expected none of " + what + within + ", found one";
    return "expected " + counted(expectation_.count, what) + within + ", found " +
           std::to_string(found_.size());
}

std::vector<std::string> Expecting::details() const {
    const auto& pattern = expectation_.pattern;
    std::uint64_t count = 0;
    std::uint64_t taken = 0;
    std::vector<std::string> last;
    for (auto number = seen_.end(); number > seen_.begin(); --number) {
        const auto& event = seen_.at(number - 1);
        if (!pattern.matches(event.topic))
            continue;
        ++count;
        taken += event.taken_by == 0 ? 0 : 1;
        if (last.size() < shown_max)
            last.push_back("  " + event.line +
                           (event.taken_by == 0
                                ? ""
                                : " (taken by line " + std::to_string(event.taken_by) + ")"));
    }
    std::ranges::reverse(last);
    std::vector<std::string> lines{
        "seen since the script began: " + counted(count, pattern.text()) +
        (taken == 0 ? "" : ", " + std::to_string(taken) + " of them taken by earlier steps")};
    if (seen_.begin() > 0)
        lines.back() += "; " + std::to_string(seen_.begin()) + " older events are forgotten";
    if (!last.empty())
        lines.push_back("the last " + counted(last.size(), pattern.text()) + ":");
    lines.insert(lines.end(), last.begin(), last.end());
    return lines;
}

} // namespace nodes
