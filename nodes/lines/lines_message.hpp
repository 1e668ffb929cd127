#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/event.hpp"
#include "mesh/node/handling/handler.hpp"

#include <string>
#include <string_view>

namespace nodes {

/// What a program says in a line: docs/lines.md.
struct LinesMessage {
    enum class Kind {
        emit,    ///< because of an event that it has
        publish, ///< for no reason inside the mesh
        done,    ///< with an event
        failed,  ///< on an event
    };

    Kind kind = Kind::done;
    std::string topic;     ///< of what it emits or publishes
    mesh::Payload payload; ///< the same; msgpack, or the bytes that were given
    std::string key;       ///< the same; empty: none is given
    std::string id;        ///< of the event that it is about; empty: the one that it has
    std::string handler;   ///< which has that; empty: the only one
    std::string error;     ///< why it failed
};

/// Reads a line. Errors: `malformed`, saying what was expected instead.
mesh::Result<LinesMessage> parse_lines_message(std::string_view line);

/// An event as a line for the program, its end included.
std::string lines_event(const mesh::Event& event, std::string_view realm, std::string_view handler);

/// A beat of a timed handler as such a line: an event of the type `beat`, whose data says what the
/// handler remembers. `source`: /REALM/SERVICE of the service itself.
std::string lines_beat(const mesh::Beat& beat, std::string_view id, std::string_view source,
                       std::string_view realm, std::string_view handler);

} // namespace nodes
