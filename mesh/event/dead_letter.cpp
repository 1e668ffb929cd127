#include "mesh/event/dead_letter.hpp"

namespace mesh {

std::string_view to_text(DeadReason reason) {
    switch (reason) {
    case DeadReason::failed:
        return "failed";
    case DeadReason::undeclared:
        return "undeclared";
    case DeadReason::expired:
        return "expired";
    case DeadReason::rounds:
        return "rounds";
    case DeadReason::rank:
        return "rank";
    case DeadReason::unreadable:
        return "unreadable";
    }
    return "unknown";
}

} // namespace mesh
