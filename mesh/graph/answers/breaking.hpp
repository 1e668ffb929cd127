#pragma once

#include "mesh/graph/answers/causal_graph.hpp"
#include "mesh/graph/finding.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mesh {

/// A change that takes something away from a handler.
struct Break {
    enum class Kind { event_removed, field_removed, field_retyped };

    Kind kind;
    std::string handler; ///< SERVICE.HANDLER, of the graph after the change
    std::string on;      ///< its subscription
    Place place;
    std::string event;
    std::string field;    ///< empty for a removed event
    std::string old_type; ///< of the field
    std::string new_type; ///< of a retyped field

    auto operator<=>(const Break&) const = default;
};

inline constexpr std::size_t breaks_listed_max = 1'000;

struct Breaks {
    std::vector<Break> listed; ///< the first, in order
    std::size_t count = 0;
};

/// What a change breaks. A removed or retyped field breaks every handler whose pattern matches the
/// event; an added one breaks none. An event that nobody emits any more breaks the handlers whose
/// subscription is left with nothing. Of an event the entry of exactly its name counts, else those
/// of all patterns that cover it together.
Breaks find_breaks(const CausalGraph& before, const CausalGraph& after);

/// A sentence that says what is broken, without the place.
std::string to_text(const Break& one);

} // namespace mesh
