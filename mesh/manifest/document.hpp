#pragma once

#include "mesh/manifest/document_reading.hpp"
#include "mesh/manifest/manifest.hpp"
#include "mesh/manifest/yaml_tree.hpp"

#include <string>
#include <vector>

namespace mesh {

/// One document of a manifest file, as written: `cwd` of its services is not resolved yet, events,
/// services and rules stand in their order in the file.
struct ManifestDocument {
    std::string realm; ///< empty when it names none
    std::vector<EventManifest> events;
    std::vector<ServiceManifest> services;
    std::vector<RuleManifest> rules;
    std::vector<ManifestWarning> warnings;
};

/// Reads one document; what is wrong goes to the errors of `reading`.
ManifestDocument read_document(DocumentReading& reading, const YamlNode& root);

/// The parts of a document, each in its own file.
void read_events(DocumentReading& reading, const YamlNode& node, std::vector<EventManifest>& into);
void read_services(DocumentReading& reading, const YamlNode& node,
                   std::vector<ServiceManifest>& into);
void read_rules(DocumentReading& reading, const YamlNode& node, std::vector<RuleManifest>& into);

/// The handlers and the allowed loops of one service, into both sides: contract and manifest.
void read_handlers(DocumentReading& reading, const YamlNode& node, ServiceManifest& into);
void read_loops(DocumentReading& reading, const YamlNode& node, ServiceManifest& into);

} // namespace mesh
