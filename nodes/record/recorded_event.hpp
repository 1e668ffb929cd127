#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// An event as it lies in a recording: one CloudEvents object in JSON a line, as `sub` prints it.
struct RecordedEvent {
    std::string topic;
    std::string id;
    mesh::WallTime time{};
    std::string key;
    mesh::Payload payload;
};

/// Reads a line. Errors: `malformed`, saying what was expected.
mesh::Result<RecordedEvent> parse_recorded(std::string_view line);

/// `OLD=NEW`: events of the topic OLD, or whose topic begins with `OLD.`, get the topic that begins
/// with NEW instead.
struct TopicChange {
    std::string from;
    std::string to;
};

/// Errors: `invalid` for what is no such pair of topics.
mesh::Result<TopicChange> parse_topic_change(std::string_view text);

/// The topic after the first change that fits it.
std::string changed_topic(const std::string& topic, const std::vector<TopicChange>& changes);

} // namespace nodes
