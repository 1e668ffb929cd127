#pragma once

#include "mesh/base/place.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/event/delivery.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

enum class Speaks { lines, mesh };
enum class Restart { no, on_failure };

/// A field of an event's data, as far as the manifest tells.
struct FieldManifest {
    std::string name;
    std::string type;
    bool is_redacted = false;
};

/// Who describes an event. Where several do, the first of this order counts.
enum class EventSource {
    manifest, ///< the `events` of a manifest
    sender,   ///< the AsyncAPI document of a service that sends it
    receiver, ///< the AsyncAPI document of a service that receives it: what it expects
};

/// What is known of a topic, or of all topics of a pattern.
struct EventManifest {
    Pattern name;
    Level level = Level::reliable;
    std::vector<FieldManifest> fields;
    std::string key;          ///< dotted path into the data; empty: no key
    bool is_entry = false;    ///< comes from outside the mesh
    bool is_terminal = false; ///< nobody needs to handle it
    std::optional<std::uint64_t> compress_from_bytes = {}; ///< payloads from this size on
    EventSource source = EventSource::manifest;
    Place place;
};

/// How a handler runs, beside its contract.
struct HandlerManifest {
    std::string name; ///< the one of its contract
    std::uint32_t workers = 1;
    LaneOrder order = LaneOrder::fifo;
    Policy policy = Policy::block;
    GroupMode group = GroupMode::share;
    Retry retry;
    std::optional<Duration> every;
    /// What it undoes when a later step fails: HANDLER of the same service, or SERVICE.HANDLER.
    std::vector<std::string> compensates;
    Place place; ///< of the name

    /// One place an entry of the contract's `on`, `emits` and `after`, in the same order.
    std::vector<Place> on_places;
    std::vector<Place> emits_places;
    std::vector<Place> after_places;
    std::vector<Place> compensates_places; ///< one an entry of `compensates`
};

/// An allowed loop edge with its reason; `edge` is the one in the contract at the same index.
struct LoopManifest {
    std::string reason;
    std::string until; ///< YYYY-MM-DD, inclusive, UTC
    Place place;
};

struct ServiceManifest {
    Contract contract;
    std::vector<HandlerManifest> handlers; ///< in the order of the contract's handlers
    std::vector<LoopManifest> loops;       ///< in the order of the contract's loops
    std::vector<Place> publishes_places;

    /// The program: an argv. A string in the manifest becomes {"sh", "-c", string}. Empty: none.
    std::vector<std::string> run;
    Speaks speaks = Speaks::lines;
    bool acknowledges = true; ///< or, speaking lines, an event is done once its program has it
    std::string cwd; ///< as found from the caller's folder: the manifest's folder joined with `cwd`
    std::map<std::string, std::string> environment;
    Restart restart = Restart::no;
    std::uint32_t replicas = 1;
    Place place; ///< of the service's name
};

struct RuleManifest {
    std::optional<Pattern> from;           ///< with must_not_reach
    std::optional<Pattern> must_not_reach; ///<
    std::optional<Pattern> event;          ///< with max_fan_out
    std::optional<std::uint32_t> max_fan_out;
    Place place;
};

/// Something found while reading that is no error.
struct ManifestWarning {
    std::string name; ///< stable, such as `repeated-entry`
    std::string message;
    Place place;
};

/// All files of one realm given in one command: one graph.
struct RealmManifest {
    std::string realm; ///< empty when no file names one
    std::vector<EventManifest> events;
    std::vector<ServiceManifest> services; ///< in order of name
    std::vector<RuleManifest> rules;
    std::vector<ManifestWarning> warnings;
};

/// A manifest that cannot be used: what was expected, what was found, where.
struct ManifestError {
    std::string message;
    Place place;
};

} // namespace mesh
