#include "nodes/up/up.hpp"

#include "mesh/base/time.hpp"
#include "mesh/graph/start_order.hpp"
#include "mesh/manifest/file_text.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/commands/commands.hpp"
#include "nodes/script/parse_script.hpp"
#include "nodes/script/scripted_up.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <stdexcept>

namespace nodes {

namespace {

int refuse(const std::vector<std::string>& errors) {
    for (const auto& error : errors)
        std::cerr << error << '\n';
    std::cerr << "up: nothing was started\n";
    return to_int(ExitCode::usage);
}

tl::expected<Script, std::vector<std::string>> read_script(const std::string& file) {
    const auto text = mesh::read_file(file, script_size_bytes_max + 1);
    if (!text)
        return tl::unexpected(std::vector{file + ": " + text.error().detail});
    return parse_script(*text, file);
}

/// Those of the script that are not among the services that are started.
std::vector<std::string> unknown_services(const Script& script, std::vector<std::string> started,
                                          const std::vector<std::string>& only) {
    if (!only.empty())
        std::erase_if(started, [&](const std::string& service) {
            return std::ranges::find(only, service) == only.end();
        });
    return unknown_services(script, started);
}

} // namespace

int run_up(const Invocation& invocation) {
    const auto& line = invocation.line;
    const auto file = line.options.text("script");
    for (const auto* other : {"for", "until"})
        if (file && line.options.has(other))
            throw std::invalid_argument("--" + std::string(other) +
                                        " does not go with --script, "
                                        "whose last step is the end");
    const auto script = file ? read_script(*file) : Script{};
    if (!script)
        return refuse(script.error());
    // The graph is proven first; only then does anything run.
    CheckOptions options;
    options.today = std::chrono::floor<std::chrono::days>(mesh::wall_now());
    if (const int verdict = check(line.positionals, options, std::cerr, std::cerr); verdict != 0) {
        std::cerr << "up: nothing was started\n";
        return verdict;
    }
    const auto set = mesh::read_manifests(line.positionals);
    if (set.realms.size() != 1)
        throw std::invalid_argument("up runs one realm at a time, these files hold " +
                                    std::to_string(set.realms.size()));
    const auto& realm = set.realms.front();
    const auto run = up_options(line, invocation.environment, realm.realm);
    const auto order = mesh::start_order(graph_input(realm));
    if (!file)
        return up(run, realm, order, invocation.signals, std::cout, std::cerr);
    if (const auto unknown = unknown_services(*script, order, run.only); !unknown.empty())
        return refuse(unknown);
    return scripted_up(
        {*script, line.positionals, observer_options(line.global, "script"), line.global}, run,
        realm, order, invocation.signals, std::cout, std::cerr);
}

} // namespace nodes
