#pragma once

#include "mesh/event/pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace flow_test {

/// What must hold does not. Cheaper than an assertion of Catch2 for what is checked millions of
/// times; the test turns it into a failure that names the seed.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void expect(bool holds, const char* what) {
    if (!holds)
        throw Violation(what);
}

/// An event as it was published; its sequence is its place.
struct Published {
    std::string topic;
    std::string key;
    bool is_fast = false;
    std::uint64_t time_us = 0;
    std::size_t record_size_bytes = 0;
    std::size_t payload_size_bytes = 0;
};

/// How many of the first n events a subscription wants, for each n: what its counts are held
/// against.
class WantedCounts {
public:
    void note(bool is_wanted) { counts_.push_back(counts_.back() + (is_wanted ? 1 : 0)); }

    /// Events after `before` up to `up_to`.
    std::uint64_t between(std::uint64_t before, std::uint64_t up_to) const {
        return counts_.at(up_to) - counts_.at(before);
    }

    bool is_wanted(std::uint64_t sequence) const { return between(sequence - 1, sequence) == 1; }

    /// Other patterns hold from here on.
    void rewrite_after(std::uint64_t position, const std::vector<mesh::Pattern>& patterns,
                       const std::vector<Published>& events) {
        counts_.resize(position + 1);
        for (auto i = position; i < events.size(); ++i)
            note(matches(patterns, events[i].topic));
    }

    /// Of the events so far only these are wanted, in order of sequence.
    void pick(const std::vector<std::uint64_t>& sequences) {
        const auto size = counts_.size();
        counts_.assign(1, 0);
        auto next = sequences.begin();
        for (std::uint64_t sequence = 1; sequence < size; ++sequence) {
            const bool is_picked = next != sequences.end() && *next == sequence;
            note(is_picked);
            next += is_picked ? 1 : 0;
        }
    }

    static bool matches(const std::vector<mesh::Pattern>& patterns, std::string_view topic) {
        for (const auto& pattern : patterns)
            if (pattern.matches(topic))
                return true;
        return false;
    }

private:
    std::vector<std::uint64_t> counts_{0};
};

} // namespace flow_test
