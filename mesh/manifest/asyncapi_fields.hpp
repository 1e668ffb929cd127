#pragma once

#include "mesh/manifest/manifest.hpp"
#include "mesh/manifest/references.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace mesh {

/// The types of each field, in order of name. Several when messages or alternatives differ.
using FieldTypes = std::map<std::string, std::set<std::string>>;

/// Adds the fields of a message's payload, when that is a JSON schema: its `properties` with those
/// of `allOf`, `oneOf` and `anyOf`, through `$ref`. A payload in another language (Avro, Protobuf)
/// is left out.
/// Types are the schema's words: `string`, `integer`, `array<string>`; `any` where it has none.
/// A schema that contains itself is read once.
void read_message_fields(References& references, const Part& message, FieldTypes& into);

/// As a manifest has them: several types are one word, joined by `|`.
std::vector<FieldManifest> fields_of(const FieldTypes& types);

/// Adds what `fields_of` made.
void add_fields(const std::vector<FieldManifest>& fields, FieldTypes& into);

} // namespace mesh
