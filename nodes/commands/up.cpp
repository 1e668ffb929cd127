#include "nodes/up/up.hpp"

#include "mesh/base/time.hpp"
#include "mesh/graph/start_order.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/explain.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/check/write_outputs.hpp"
#include "nodes/commands/commands.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace nodes {

namespace {

template <class T>
T or_wrong_use(mesh::Result<T> result) {
    if (!result)
        throw std::invalid_argument(result.error().detail);
    return std::move(*result);
}

mesh::Date today_of(const CommandLine& line) {
    const auto typed = line.options.date("today");
    return typed ? *typed : std::chrono::floor<std::chrono::days>(mesh::wall_now());
}

int run_explain(const std::string& code) {
    const auto text = explain(code);
    if (!text)
        throw std::invalid_argument(text.error().detail);
    std::cout << *text;
    return to_int(ExitCode::done);
}

} // namespace

int run_up(const Invocation& invocation) {
    const auto& line = invocation.line;
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
    return up(up_options(line, invocation.environment, realm.realm), realm,
              mesh::start_order(graph_input(realm)), invocation.signals, std::cout, std::cerr);
}

int run_check(const Invocation& invocation) {
    const auto& line = invocation.line;
    if (const auto code = line.options.text("explain"))
        return run_explain(*code);
    CheckOptions options;
    options.view = or_wrong_use(parse_view(line.options.text("view").value_or("events")));
    options.today = today_of(line);
    options.is_json = line.global.format == Format::json;
    options.is_strict = line.options.has("strict");
    options.use_colour = has_color(line.global.color, 1, invocation.environment);
    options.outputs = or_wrong_use(parse_outputs(line.options.texts("output")));
    return check(line.positionals, options, std::cout, std::cerr);
}

} // namespace nodes
