#include "nodes/check/check.hpp"

#include "mesh/base/time.hpp"
#include "nodes/check/check_edges.hpp"
#include "nodes/check/explain.hpp"
#include "nodes/check/watch.hpp"
#include "nodes/check/write_outputs.hpp"
#include "nodes/commands/look.hpp"
#include "nodes/text/slow_notice.hpp"

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

/// Adds what FILE declares to what runs; an equal contract of the same service is one.
bool add_supposed(const std::string& file, mesh::ManifestSet& live) {
    const auto supposed = mesh::read_manifests({file});
    print_errors(supposed.errors, std::cerr);
    auto& realm = live.realms.front();
    for (const auto& other : supposed.realms) {
        if (!other.realm.empty() && other.realm != realm.realm)
            throw std::invalid_argument("--what-if " + file + ": realm \"" + other.realm +
                                        "\" is not the one that is looked at, \"" + realm.realm +
                                        "\"; see --realm");
        for (const auto& service : other.services) {
            std::erase_if(realm.services, [&](const mesh::ServiceManifest& running) {
                return running.contract == service.contract;
            });
            realm.services.push_back(service);
        }
        realm.events.insert(realm.events.end(), other.events.begin(), other.events.end());
        realm.rules.insert(realm.rules.end(), other.rules.begin(), other.rules.end());
    }
    return supposed.errors.empty();
}

int run_live(const Invocation& invocation, CheckOptions options) {
    const auto& line = invocation.line;
    if (!line.positionals.empty())
        throw std::invalid_argument("--live looks at the running mesh, not at files; found \"" +
                                    line.positionals.front() + "\"; --what-if FILE tries one");
    auto view = look(invocation);
    options.live = view.coverage;
    mesh::ManifestSet set;
    set.realms.push_back(std::move(view.realm));
    const auto supposed = line.options.text("what-if");
    if (supposed && !add_supposed(*supposed, set))
        return to_int(ExitCode::usage);
    return check(set, options, std::cout, std::cerr);
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
        for (const auto* other : {"output", "view", "against", "baseline", "write-baseline", "live",
                                  "what-if", "watch"})
            if (line.options.has(other))
                throw std::invalid_argument("--" + std::string(other) +
                                            " does not go with --edges: names without services "
                                            "are only looked at for cycles");
        StopSignals::exit_on_next();
        return check_edge_list(*edges, options, line.global.is_quiet, std::cout, std::cerr);
    }
    if (line.options.has("live"))
        return run_live(invocation, options);
    if (line.options.has("what-if"))
        throw std::invalid_argument(
            "--what-if needs --live: it tries FILE against the running mesh");
    if (line.options.has("watch")) {
        if (options.write_baseline)
            throw std::invalid_argument("--watch and --write-baseline do not go together");
        return check_watch(line.positionals, options, invocation.signals, std::cout, std::cerr);
    }
    StopSignals::exit_on_next();
    const SlowNotice notice("checking manifests", SlowNotice::to_stderr(line.global.is_quiet));
    return check(line.positionals, options, std::cout, std::cerr);
}

} // namespace nodes
