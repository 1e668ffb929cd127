#include "nodes/commands/left_over.hpp"

#include <utility>

namespace nodes {

LeftOver::LeftOver(std::vector<mesh::Unacknowledged> all) {
    for (auto& one : all)
        (one.is_owed ? owed : one.is_away ? gone : behind).push_back(std::move(one));
}

std::string to_text(std::span<const mesh::Unacknowledged> all) {
    std::string text;
    for (const auto& one : all) {
        text += (text.empty() ? "" : ", ") + one.subscription;
        if (!one.events)
            text += " (more than memory holds)";
        else if (*one.events == 1)
            text += " (1 event)";
        else
            text += " (" + std::to_string(*one.events) + " events)";
    }
    return text;
}

} // namespace nodes
