#pragma once

#include "mesh/event/delivery.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/pattern_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// A level, and what has it: of a pattern perhaps only some of its events.
struct NamedLevel {
    Level level;
    std::string name;
    std::optional<Place> place; ///< of the entry that says so; missing: no entry, the default
};

/// Of which levels the events of a pattern are, by the `events` of the input. For a topic its own
/// entry counts, else the narrowest pattern that matches it, of two that do not hold each other the
/// stronger one, else it is `reliable`: as `EventRules` says it to a node. The events have to
/// outlive it.
class EventLevels {
public:
    /// At most `cost_max` topics and entries are looked at, or few more.
    EventLevels(const std::vector<DeclaredEvent>& events, std::size_t cost_max);

    /// The strongest level among all topics of the pattern, whether or not somebody emits them.
    NamedLevel strongest(const Pattern& pattern);

    /// The weakest level among those topics of the pattern that are not `terminal`; nothing when
    /// all are.
    std::optional<NamedLevel> weakest(const Pattern& pattern);

    /// That was too much: the last answer was given without looking at all of it.
    bool is_exhausted() const { return cost_ > cost_max_; }

private:
    using Number = std::uint32_t;

    /// What one topic is.
    struct Answer {
        Level level = Level::reliable;
        std::optional<Number> entry; ///< the one that says so
        bool is_terminal = false;
    };

    Answer answer(const Pattern& topic);
    bool is_narrowest(Number entry, const std::vector<Number>& matching);
    NamedLevel named(const std::string& name, const Answer& answer) const;

    /// Calls `visit` for topics of the pattern, among which are all levels that it has; each with
    /// the pattern of the topics that it stands for.
    template <class Visit>
    void visit_topics(const Pattern& pattern, Visit visit);
    template <class Visit>
    void visit_lengths(const std::string& pattern, Visit visit);

    const std::vector<DeclaredEvent>& events_;
    PatternIndex index_;              ///< of their names
    std::string fresh_token_;         ///< no entry has it
    std::size_t token_count_max_ = 0; ///< of an entry
    std::size_t cost_max_;
    std::size_t cost_ = 0;
};

} // namespace mesh
