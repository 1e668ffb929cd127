#pragma once

#include "mesh/base/date.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/cli/given.hpp"
#include "nodes/cli/global_options.hpp"
#include "nodes/cli/option.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// The options of one command. Every value was checked while reading, so asking cannot fail.
class CommandOptions {
public:
    CommandOptions() = default;

    explicit CommandOptions(GivenOptions given) : given_(std::move(given)) {}

    bool has(std::string_view name) const { return given_.contains(name); }

    std::optional<std::string> text(std::string_view name) const;
    /// Every value of a repeatable option, in order.
    std::vector<std::string> texts(std::string_view name) const;
    /// The parts of a value that lists them with commas.
    std::vector<std::string> listed(std::string_view name) const;
    std::optional<std::uint64_t> number(std::string_view name) const;
    std::optional<double> rate(std::string_view name) const;
    std::optional<mesh::Duration> duration(std::string_view name) const;
    std::optional<mesh::Date> date(std::string_view name) const;

private:
    GivenOptions given_;
};

/// What somebody typed, read and checked.
struct CommandLine {
    const Command* command = nullptr; ///< null only with --help or --version alone
    GlobalOptions global;
    CommandOptions options;
    std::vector<std::string> positionals;
    std::vector<std::string> program; ///< behind `--`, for commands that run one
    bool wants_help = false;          ///< then nothing else was checked for completeness
    bool wants_version = false;
};

/// Reads the words behind the program's name.
/// Errors: `invalid`, with a suggestion where one is near: exit with ExitCode::usage.
mesh::Result<CommandLine> parse_command_line(std::span<const std::string> words,
                                             const Environment& environment);

} // namespace nodes
