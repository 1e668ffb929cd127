#include "mesh/base/log.hpp"
#include "mesh/node.hpp"
#include "nodes/cli/command_line.hpp"
#include "nodes/cli/help.hpp"
#include "nodes/commands/commands.hpp"

#include <array>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

struct Entry {
    std::string_view name;
    int (*run)(const nodes::Invocation&);
};

constexpr std::array<Entry, 14> entries{{
    {"check", nodes::run_check},
    {"graph", nodes::run_graph},
    {"init", nodes::run_init},
    {"node", nodes::run_node},
    {"up", nodes::run_up},
    {"pub", nodes::run_pub},
    {"sub", nodes::run_sub},
    {"nodes", nodes::run_nodes},
    {"dead", nodes::run_dead},
    {"record", nodes::run_record},
    {"replay", nodes::run_replay},
    {"doctor", nodes::run_doctor},
    {"gateway", nodes::run_gateway},
    {"bench", nodes::run_bench},
}};

int say(std::string_view what, nodes::ExitCode code) {
    std::cerr << "dagmesh: " << what << "\n";
    return nodes::to_int(code);
}

/// The code, unless what it stands for could not be written.
int written(int code) {
    std::cout.flush();
    if (std::cout)
        return code;
    const int failed = say("cannot write to stdout", nodes::ExitCode::environment);
    return code == 0 ? failed : code;
}

int run(const nodes::CommandLine& line, const nodes::Environment& environment) {
    mesh::set_log_level(line.global.is_quiet     ? mesh::LogLevel::error
                        : line.global.is_verbose ? mesh::LogLevel::debug
                                                 : mesh::LogLevel::info);
    nodes::StopSignals signals;
    for (const auto& [name, function] : entries)
        if (name == line.command->name)
            return function({line, environment, signals});
    return say("no such command", nodes::ExitCode::internal);
}

} // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> words(argv + 1, argv + argc);
        const auto environment = nodes::read_environment(environ);
        const auto line = nodes::parse_command_line(words, environment);
        if (!line)
            return say(line.error().detail, nodes::ExitCode::usage);
        if (line->wants_version) {
            std::cout << nodes::version_text();
            return written(0);
        }
        if (line->wants_help) {
            std::cout << nodes::help_text(line->command);
            return written(0);
        }
        return written(run(*line, environment));
    } catch (const std::invalid_argument& error) {
        return say(error.what(), nodes::ExitCode::usage);
    } catch (const mesh::Refused& error) {
        return say(error.what(), nodes::ExitCode::refused);
    } catch (const std::runtime_error& error) {
        return say(error.what(), nodes::ExitCode::environment);
    } catch (const std::exception& error) {
        return say(error.what(), nodes::ExitCode::internal);
    }
}
