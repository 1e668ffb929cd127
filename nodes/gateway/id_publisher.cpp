#include "nodes/gateway/id_publisher.hpp"

namespace nodes {

namespace {

/// What this thread published last: a node's tap sees an event on the thread that publishes it,
/// before `publish` returns.
thread_local mesh::EventId published;

} // namespace

IdPublisher::IdPublisher(mesh::Node& node) : node_(node) {
    node_.tap([](const mesh::Event& event) { published = event.id; });
}

mesh::Result<std::string> IdPublisher::publish(const mesh::NewEvent& event) {
    if (auto done = node_.try_publish(event.topic, event.payload, event.options); !done)
        return tl::unexpected(done.error());
    return to_string(published);
}

} // namespace nodes
