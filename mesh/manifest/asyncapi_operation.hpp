#pragma once

#include "mesh/event/pattern.hpp"
#include "mesh/manifest/document.hpp"
#include "mesh/manifest/references.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// A topic of an operation: where the document names it, and the messages that travel there.
struct AsyncApiChannel {
    Pattern topic;
    Place place;
    std::vector<Part> messages; ///< not followed yet
};

/// What an AsyncAPI document says of one channel that the service uses, in one form for the
/// versions 2 and 3.
struct AsyncApiOperation {
    std::string name;  ///< as the document calls it
    std::string alias; ///< another name by which `x-dagmesh-emits` may call it, or empty
    Part key;          ///< where `name` stands
    Part value;        ///< the operation, followed
    bool is_receive = false;
    AsyncApiChannel channel;
    std::optional<AsyncApiChannel> reply; ///< of a receive
};

/// The operations of a document, in its order. What is wrong goes to the errors.
/// In version 2 the words are those of the other side: `publish` is what the service receives.
std::vector<AsyncApiOperation> read_operations_2(References& references);
std::vector<AsyncApiOperation> read_operations_3(References& references);

/// Makes the service's contract of its operations, and events of their channels.
void read_operations(References& references, const std::vector<AsyncApiOperation>& operations,
                     ManifestDocument& document, ServiceManifest& service);

/// Notes an error for every key that begins as ours do and is none of `known`: a misspelt one
/// would be ignored otherwise, as all that AsyncAPI does not know.
void check_own_keys(const Part& map, const std::vector<std::string>& known);

} // namespace mesh
