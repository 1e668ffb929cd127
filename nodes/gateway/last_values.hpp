#pragma once

#include "mesh/event/owned_event.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace nodes {

/// The last event of each topic, and of each topic and key. Bounded: what was renewed longest ago
/// goes first. Any thread.
class LastValues {
public:
    struct Bounds {
        std::size_t values = 65536;
        std::size_t bytes = 64 * 1024 * 1024;
    };

    explicit LastValues(Bounds bounds) : bounds_(bounds) {}

    /// Events of one publisher come in order; of two publishers the later one counts, by their
    /// clocks.
    void note(const mesh::OwnedEvent& event);

    /// Of the topic, whatever its key, or of the topic and key.
    std::optional<mesh::OwnedEvent> find(const std::string& topic,
                                         const std::optional<std::string>& key) const;

private:
    /// Without a key: of the topic.
    using Name = std::pair<std::string, std::optional<std::string>>;

    struct Value {
        mesh::OwnedEvent event;
        std::list<Name>::iterator age;
    };

    void keep(Name name, const mesh::OwnedEvent& event);
    static std::size_t size_of(const Name& name, const mesh::OwnedEvent& event);

    const Bounds bounds_;
    mutable std::mutex mutex_; ///< guards the rest
    std::map<Name, Value> values_;
    std::list<Name> ages_; ///< the one renewed longest ago first
    std::size_t bytes_ = 0;
};

} // namespace nodes
