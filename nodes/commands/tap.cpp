#include "nodes/commands/tap.hpp"

#include "nodes/cli/event_json.hpp"

namespace nodes {

Tap::Tap(const std::string& endpoint) : mirror_(endpoint) {}

void Tap::show(const mesh::Event& event, const std::string& realm) {
    mirror_.send(event.topic, cloud_event(event, realm));
}

} // namespace nodes
