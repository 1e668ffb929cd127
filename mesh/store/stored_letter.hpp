#pragma once

#include "mesh/event/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mesh {

/// An event that a handler gave up, and why. Owns everything, unlike Event.
struct StoredLetter {
    std::uint64_t number = 0; ///< its name here, given by DeadLetters; never used twice
    std::string handler;
    std::string reason; ///< one word, as DeadReason has them
    std::string error;  ///< what the handler said last
    std::uint32_t attempts = 0;
    std::uint64_t died_us = 0; ///< Unix epoch

    std::string topic;
    EventId id;
    std::string service;       ///< of the event's source
    std::uint64_t time_us = 0; ///< Unix epoch; when it was published
    std::string key;
    std::string content_type;
    std::string headers; ///< encoded, as in Event
    std::string payload;
    std::optional<Cause> cause; ///< its path is empty: the text is in `path`
    std::string path;           ///< the topics on the way here, with a blank between

    /// What was read does not fit its checksum: not to be believed, and never retried.
    bool is_damaged = false;

    /// The letter of an event that a handler was given.
    static StoredLetter of(const Event& event);

    /// The event again. It views this letter.
    Event event() const;

    /// What it counts towards the bound on bytes.
    std::size_t size_bytes() const;
};

} // namespace mesh
