#include "nodes/cli/given.hpp"

#include "mesh/base/suggest.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>

namespace nodes {

namespace po = boost::program_options;

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

po::options_description describe(std::span<const Option> options) {
    po::options_description description;
    for (const auto& option : options) {
        std::string name(option.name);
        if (option.letter != '\0')
            name += std::string{',', option.letter};
        if (option.kind == ValueKind::none)
            description.add_options()(name.c_str(), "");
        else if (option.repeat == Repeat::lists)
            description.add_options()(name.c_str(),
                                      po::value<std::vector<std::string>>()->multitoken(), "");
        else
            description.add_options()(name.c_str(), po::value<std::string>(), "");
    }
    return description;
}

/// `--name=value` -> `--name`
std::string without_value(const std::string& word) {
    return word.substr(0, word.find('='));
}

std::string suggestion(const std::string& typed, std::span<const Option> options) {
    std::vector<std::string> known;
    const bool has_dashes = typed.starts_with("-");
    for (const auto& option : options)
        known.push_back((has_dashes ? "--" : "") + std::string(option.name));
    return mesh::did_you_mean(typed, known);
}

/// Notes what Boost read. An option without a value is a flag.
void note(GivenOptions& given, const po::option& read, const std::string& source) {
    auto& entry = given[read.string_key];
    entry.source = source;
    if (read.value.empty())
        entry.values.emplace_back("true");
    entry.values.insert(entry.values.end(), read.value.begin(), read.value.end());
}

Result<void> refuse_repeats(const GivenOptions& given, std::span<const Option> options) {
    for (const auto& option : options) {
        const auto found = given.find(option.name);
        if (found != given.end() && option.kind != ValueKind::none &&
            option.repeat == Repeat::once && found->second.values.size() > 1)
            return fail(ErrorCode::invalid, found->second.source + " is given more than once");
    }
    return {};
}

} // namespace

Result<GivenArguments> read_arguments(std::span<const std::string> words,
                                      std::span<const Option> options) {
    namespace style = po::command_line_style;
    // Guessing is off: a shortened option would change its meaning when a new option comes.
    constexpr int style_flags = style::unix_style & ~style::allow_guessing;
    try {
        const auto description = describe(options);
        const auto parsed =
            po::command_line_parser(std::vector<std::string>(words.begin(), words.end()))
                .options(description)
                .style(style_flags)
                .run();
        GivenArguments arguments;
        for (const auto& read : parsed.options) {
            if (read.position_key == -1)
                note(arguments.options, read, "--" + read.string_key);
            else
                arguments.positionals.insert(arguments.positionals.end(), read.value.begin(),
                                             read.value.end());
        }
        if (const auto once = refuse_repeats(arguments.options, options); !once)
            return tl::unexpected(once.error());
        return arguments;
    } catch (const po::unknown_option& error) {
        const auto typed = without_value(error.get_option_name());
        return fail(ErrorCode::invalid,
                    "unknown option \"" + typed + "\"" + suggestion(typed, options));
    } catch (const po::error& error) {
        return fail(ErrorCode::invalid, error.what());
    }
}

GivenOptions read_variables(const Environment& environment, std::span<const Option> options) {
    GivenOptions given;
    for (const auto& option : options) {
        const auto name = variable_name(option.name);
        const auto variable = environment.find(name);
        if (variable == environment.end() || variable->second.empty())
            continue;
        auto values = option.repeat == Repeat::once ? std::vector{variable->second}
                                                    : split_at_commas(variable->second);
        if (!values.empty())
            given[std::string(option.name)] = {std::move(values), name};
    }
    return given;
}

Result<GivenOptions> read_configuration(const std::string& file, std::span<const Option> options) {
    std::ifstream stream(file);
    if (!stream)
        return fail(ErrorCode::invalid, "cannot read the configuration file \"" + file + "\"");
    try {
        const auto description = describe(options);
        GivenOptions given;
        for (const auto& read : po::parse_config_file(stream, description).options)
            note(given, read, file + ": " + read.string_key);
        if (stream.bad())
            return fail(ErrorCode::invalid, "cannot read the configuration file \"" + file + "\"");
        if (const auto once = refuse_repeats(given, options); !once)
            return tl::unexpected(once.error());
        return given;
    } catch (const po::unknown_option& error) {
        const auto typed = error.get_option_name();
        return fail(ErrorCode::invalid,
                    file + ": unknown name \"" + typed + "\"" + suggestion(typed, options));
    } catch (const po::error& error) {
        return fail(ErrorCode::invalid, file + ": " + error.what());
    }
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const auto comma = text.find(',');
        if (comma != 0 && !text.empty())
            parts.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos)
            return parts;
        text.remove_prefix(comma + 1);
    }
}

std::string variable_name(std::string_view option_name) {
    std::string name = "DAGMESH_";
    for (const char c : option_name)
        name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

} // namespace nodes
