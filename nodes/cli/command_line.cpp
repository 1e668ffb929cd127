#include "nodes/cli/command_line.hpp"

#include "mesh/base/quantity.hpp"
#include "mesh/base/suggest.hpp"
#include "nodes/cli/value.hpp"

#include <algorithm>
#include <cassert>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

/// Where the command stands: the first word that is neither an option nor the value of one. Only
/// global options stand before it, so what an unknown option would take needs no guess.
std::size_t command_index(std::span<const std::string> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--" || !word.starts_with("-"))
            return i;
        if (!word.starts_with("--"))
            continue; // every global letter is a flag
        const auto* option = find_option(global_options(), word.substr(2));
        if (option != nullptr && option->kind != ValueKind::none)
            ++i;
    }
    return words.size();
}

Result<const Command*> command_named(const std::string& name) {
    if (const auto* command = find_command(name))
        return command;
    std::vector<std::string> known;
    for (const auto& command : commands())
        known.emplace_back(command.name);
    const auto suggestion = mesh::did_you_mean(name, known);
    return fail(ErrorCode::invalid, "unknown command \"" + name + "\"" +
                                        (suggestion.empty() ? "; see dagmesh --help" : suggestion));
}

/// Takes the options of the command out of `given`; the global ones stay.
GivenOptions take_own(GivenOptions& given, const Command& command) {
    GivenOptions own;
    for (const auto& option : command.options)
        if (auto node = given.extract(std::string(option.name)))
            own.insert(std::move(node));
    return own;
}

Result<void> check_own(const Command& command, const GivenOptions& own) {
    for (const auto& option : command.options) {
        const auto found = own.find(option.name);
        if (found == own.end()) {
            if (option.is_required)
                return fail(ErrorCode::invalid, std::string(command.name) + " needs --" +
                                                    std::string(option.name) + " " +
                                                    std::string(option.value_name));
            continue;
        }
        for (const auto& value : found->second.values)
            if (const auto checked = check_value(option.kind, value); !checked)
                return fail(checked.error().code,
                            found->second.source + ": " + checked.error().detail);
    }
    return {};
}

Result<void> check_positionals(const Command& command, std::span<const std::string> positionals) {
    const auto usage = "; usage: dagmesh " + std::string(command.name) +
                       (command.usage.empty() ? "" : " ") + std::string(command.usage);
    if (positionals.size() < command.positionals_min)
        return fail(ErrorCode::invalid, std::string(command.name) + " needs an argument" + usage);
    if (positionals.size() > command.positionals_max)
        return fail(ErrorCode::invalid,
                    "unexpected argument \"" + positionals[command.positionals_max] + "\"" + usage);
    return {};
}

Result<GlobalOptions> read_global(GivenOptions arguments, const Environment& environment) {
    // What asks for something once has no place in an environment or a file.
    std::vector<Option> lasting;
    std::ranges::copy_if(global_options(), std::back_inserter(lasting), [](const Option& option) {
        return option.name != "help" && option.name != "version";
    });
    GivenSources sources{std::move(arguments), read_variables(environment, lasting), {}};
    const auto config_name = [](const GivenOptions& given) {
        const auto found = given.find("config");
        return found == given.end() ? std::optional<std::string>() : found->second.values.front();
    };
    auto file = config_name(sources.arguments);
    if (!file)
        file = config_name(sources.variables);
    if (file) {
        std::erase_if(lasting, [](const Option& option) { return option.name == "config"; });
        auto configuration = read_configuration(*file, lasting);
        if (!configuration)
            return tl::unexpected(configuration.error());
        sources.configuration = std::move(*configuration);
    }
    return merge_global_options(sources);
}

} // namespace

Result<CommandLine> parse_command_line(std::span<const std::string> words,
                                       const Environment& environment) {
    CommandLine line;
    std::vector<std::string> rest(words.begin(), words.end());
    std::vector<Option> options(global_options().begin(), global_options().end());
    const auto index = command_index(words);
    if (index < words.size() && words[index] != "--") {
        // An unknown option before the command makes the first word after it look like one.
        if (const auto before = read_arguments(words.first(index), global_options()); !before)
            return tl::unexpected(before.error());
        const auto command = command_named(words[index]);
        if (!command)
            return tl::unexpected(command.error());
        line.command = *command;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
        options.insert(options.end(), line.command->options.begin(), line.command->options.end());
    }
    if (line.command != nullptr && line.command->takes_program)
        if (const auto dashes = std::ranges::find(rest, "--"); dashes != rest.end()) {
            line.program.assign(dashes + 1, rest.end());
            rest.erase(dashes, rest.end());
        }
    auto arguments = read_arguments(rest, options);
    if (!arguments)
        return tl::unexpected(arguments.error());
    line.wants_help = arguments->options.contains("help");
    line.wants_version = arguments->options.contains("version");
    if (line.wants_help || line.wants_version)
        return line;
    if (line.command == nullptr)
        return fail(ErrorCode::invalid, "expected a command; see dagmesh --help");

    auto own = take_own(arguments->options, *line.command);
    if (const auto checked = check_own(*line.command, own); !checked)
        return tl::unexpected(checked.error());
    if (const auto checked = check_positionals(*line.command, arguments->positionals); !checked)
        return tl::unexpected(checked.error());
    auto global = read_global(std::move(arguments->options), environment);
    if (!global)
        return tl::unexpected(global.error());
    if (global->format == Format::csv && !line.command->has_csv)
        return fail(ErrorCode::invalid, "--format: " + std::string(line.command->name) +
                                            " prints text or json, not csv");
    line.global = std::move(*global);
    line.options = CommandOptions(std::move(own));
    line.positionals = std::move(arguments->positionals);
    return line;
}

std::vector<std::string> CommandOptions::texts(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? std::vector<std::string>{} : found->second.values;
}

std::optional<std::string> CommandOptions::text(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? std::nullopt : std::optional(found->second.values.front());
}

std::vector<std::string> CommandOptions::listed(std::string_view name) const {
    return split_at_commas(text(name).value_or(""));
}

std::optional<std::uint64_t> CommandOptions::number(std::string_view name) const {
    const auto value = text(name);
    return value ? std::optional(parse_number(*value).value()) : std::nullopt;
}

std::optional<double> CommandOptions::rate(std::string_view name) const {
    const auto value = text(name);
    return value ? std::optional(parse_rate(*value).value()) : std::nullopt;
}

std::optional<mesh::Duration> CommandOptions::duration(std::string_view name) const {
    const auto value = text(name);
    return value ? std::optional(mesh::parse_duration(*value).value()) : std::nullopt;
}

std::optional<mesh::Date> CommandOptions::date(std::string_view name) const {
    const auto value = text(name);
    return value ? mesh::parse_date(*value) : std::nullopt;
}

} // namespace nodes
