#pragma once

#include "mesh/base/result.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/cli/option.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// The values that an option was given, still as text, and where: `--realm`, `DAGMESH_REALM`,
/// `mesh.conf: realm`. A flag has the values `true` or `false`.
struct Given {
    std::vector<std::string> values;
    std::string source;
};

/// By the option's name.
using GivenOptions = std::map<std::string, Given, std::less<>>;

struct GivenArguments {
    GivenOptions options;
    std::vector<std::string> positionals;
};

/// Reads the words behind the program's name, without the command. Boost.Program_options does the
/// reading; nothing else knows of it.
/// Errors: `invalid` for an unknown option, with a suggestion, for a missing or surplus value, and
/// for an option given twice that takes one value.
mesh::Result<GivenArguments> read_arguments(std::span<const std::string> words,
                                            std::span<const Option> options);

/// The options among the variables `DAGMESH_<NAME>`; others are left alone, an empty one counts
/// as absent. Values of a repeatable option are separated by commas.
GivenOptions read_variables(const Environment& environment, std::span<const Option> options);

/// Reads `name = value` lines; `#` begins a comment, a repeatable option may stand on several.
/// Errors: `invalid` for a file that cannot be read and for an unknown name, with a suggestion.
mesh::Result<GivenOptions> read_configuration(const std::string& file,
                                              std::span<const Option> options);

/// `a,b` -> `a`, `b`; empty parts are left out.
std::vector<std::string> split_at_commas(std::string_view text);

/// `beacon-port` -> `DAGMESH_BEACON_PORT`.
std::string variable_name(std::string_view option_name);

} // namespace nodes
