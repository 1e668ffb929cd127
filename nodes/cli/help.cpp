#include "nodes/cli/help.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#ifndef DAGMESH_VERSION
#define DAGMESH_VERSION "0.1.0"
#endif

namespace nodes {

namespace {

using Rows = std::vector<std::pair<std::string, std::string_view>>;

/// `  left   right`, the right side aligned over all rows.
std::string two_columns(const Rows& rows) {
    std::size_t width = 0;
    for (const auto& [left, right] : rows)
        width = std::max(width, left.size());
    std::string text;
    for (const auto& [left, right] : rows) {
        text += "  " + left;
        text.append(width + 2 - left.size(), ' ');
        text += std::string(right) + '\n';
    }
    return text;
}

Rows rows_of(std::span<const Option> options) {
    const bool has_letters = std::ranges::any_of(options, &Option::letter);
    Rows rows;
    for (const auto& option : options) {
        std::string left = option.letter != '\0' ? std::string{'-', option.letter, ',', ' '}
                           : has_letters         ? "    "
                                                 : "";
        left += "--" + std::string(option.name);
        if (!option.value_name.empty())
            left += " " + std::string(option.value_name);
        rows.emplace_back(std::move(left), option.description);
    }
    return rows;
}

std::string program_help() {
    Rows names;
    for (const auto& command : commands())
        names.emplace_back(std::string(command.name) + " " + std::string(command.usage),
                           command.summary);
    return "dagmesh - a brokerless event mesh whose graph of events has no cycle\n"
           "Usage: dagmesh [OPTION]... COMMAND [OPTION]... [ARGUMENT]..., where COMMAND is:\n" +
           two_columns(names) + "\nOptions of every command, also as DAGMESH_<NAME>:\n" +
           two_columns(rows_of(global_options())) +
           "\nExample: dagmesh sub 'user.>' & dagmesh pub user.registered '{\"user_id\": 1}'\n";
}

std::string command_help(const Command& command) {
    std::string text = "Usage: dagmesh " + std::string(command.name);
    if (!command.usage.empty())
        text += " " + std::string(command.usage);
    text += " [OPTION]...\n\n";
    for (const auto note : command.notes)
        text += std::string(note) + '\n';
    text += "\nOptions:\n" + two_columns(rows_of(command.options)) + "\nExamples:\n";
    for (const auto example : command.examples)
        text += "  " + std::string(example) + '\n';
    return text + "\n`dagmesh --help` lists the options of every command.\n";
}

} // namespace

std::string help_text(const Command* command) {
    return command == nullptr ? program_help() : command_help(*command);
}

std::string version_text() {
    return "dagmesh " DAGMESH_VERSION "\n";
}

} // namespace nodes
