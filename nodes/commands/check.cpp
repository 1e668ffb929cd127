#include "nodes/check/check.hpp"

#include "mesh/base/time.hpp"
#include "nodes/check/check_edges.hpp"
#include "nodes/check/explain.hpp"
#include "nodes/check/watch.hpp"
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

int run_check(const Invocation& invocation) {
    const auto& line = invocation.line;
    if (const auto code = line.options.text("explain"))
        return run_explain(*code);
    CheckOptions options;
    options.today = today_of(line);
    options.is_json = line.global.format == Format::json;
    options.is_strict = line.options.has("strict");
    options.use_colour = has_color(line.global.color, 1, invocation.environment);
    options.outputs = or_wrong_use(parse_outputs(line.options.texts("output")));
    options.view = or_wrong_use(parse_view(line.options.text("view").value_or("events")));
    options.against = line.options.text("against");
    options.baseline = line.options.text("baseline");
    options.write_baseline = line.options.text("write-baseline");
    if (const auto edges = line.options.text("edges")) {
        if (!line.positionals.empty())
            throw std::invalid_argument("--edges checks one edge list, and no manifests; found \"" +
                                        line.positionals.front() + "\" beside it");
        StopSignals::exit_on_next();
        return check_edge_list(*edges, options, line.global.is_quiet, std::cout, std::cerr);
    }
    if (line.options.has("watch")) {
        if (options.write_baseline)
            throw std::invalid_argument("--watch and --write-baseline do not go together");
        return check_watch(line.positionals, options, invocation.signals, std::cout, std::cerr);
    }
    StopSignals::exit_on_next();
    return check(line.positionals, options, std::cout, std::cerr);
}

} // namespace nodes
