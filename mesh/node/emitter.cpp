#include "mesh/node/emitter.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

thread_local Emitter* current_emitter = nullptr;

} // namespace

void Emitter::operator()(std::string_view topic, Payload payload, EventOptions options) {
    if (const auto checked = check_topic(topic); !checked)
        throw std::invalid_argument(checked.error().detail);
    const bool is_declared = std::ranges::any_of(
        allowed_, [&](const Pattern& pattern) { return pattern.matches(topic); });
    if (!is_declared)
        throw Undeclared("handler \"" + std::string(handler_) + "\" emits \"" + std::string(topic) +
                         "\", which its `emits` does not declare");
    said_.push_back({std::string(topic), std::move(payload), std::move(options)});
}

Emitter* Emitter::current() {
    return current_emitter;
}

Emitter::Scope::Scope(Emitter& emitter) : before_(std::exchange(current_emitter, &emitter)) {}

Emitter::Scope::~Scope() {
    current_emitter = before_;
}

} // namespace mesh
