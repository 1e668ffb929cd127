#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace nodes {

/// What the value of an option must be. Checked while the command line is read, so that whoever
/// uses the value later need not.
enum class ValueKind {
    none,
    text,
    name,
    number,
    rate,
    port,
    duration,
    date,
    endpoint,
    format,
    color
};

/// How often an option may be given.
enum class Repeat {
    once,  ///< flags may still be repeated
    often, ///< one value each time
    lists, ///< one or more values each time, up to the next option
};

/// One option: how it is written, and what the help says about it.
struct Option {
    std::string_view name = {};       ///< without the dashes
    char letter = '\0';               ///< of the short form, if there is one
    std::string_view value_name = {}; ///< empty for a flag
    std::string_view description = {};
    ValueKind kind = ValueKind::text;
    Repeat repeat = Repeat::once;
    bool is_required = false;
};

/// One command with everything that the parser and the help need to know.
struct Command {
    std::string_view name;
    std::string_view usage; ///< what follows the name
    std::string_view summary;
    std::span<const Option> options;
    std::size_t positionals_min = 0;
    std::size_t positionals_max = 0;
    std::span<const std::string_view> notes;
    std::span<const std::string_view> examples;
    bool has_csv = false;       ///< --format csv goes with it too
    bool takes_program = false; ///< behind `--`, with its own words
};

/// The options that every command takes, before or after its name.
std::span<const Option> global_options();

/// In the order in which the help lists them.
std::span<const Command> commands();

/// Null when there is none of that name.
const Command* find_command(std::string_view name);

/// Null when there is none of that name.
const Option* find_option(std::span<const Option> options, std::string_view name);

} // namespace nodes
