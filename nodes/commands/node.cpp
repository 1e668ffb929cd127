#include "mesh/base/log.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/manifest/event_rules.hpp"
#include "mesh/manifest/read.hpp"
#include "nodes/check/check.hpp"
#include "nodes/commands/tap.hpp"
#include "nodes/commands/tool.hpp"
#include "nodes/lines/lines_service.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nodes {

namespace {

/// The service of this name in the files, and the realm that they name.
struct Found {
    mesh::ServiceManifest service;
    std::string realm;
    std::vector<mesh::EventRule> rules;      ///< what the files say of those that it publishes
    std::vector<mesh::EventManifest> events; ///< the same, in full
};

std::optional<Found> find_service(const std::vector<std::string>& files, const std::string& name) {
    const auto set = mesh::read_manifests(files);
    if (!set.errors.empty()) {
        print_errors(set.errors, std::cerr);
        return std::nullopt;
    }
    std::vector<std::string> known;
    for (const auto& realm : set.realms)
        for (const auto& service : realm.services) {
            if (service.contract.service == name)
                return Found{service, realm.realm, mesh::event_rules(realm, service.contract),
                             realm.events};
            known.push_back(service.contract.service);
        }
    throw std::invalid_argument("no service \"" + name + "\" in the manifest" +
                                mesh::did_you_mean(name, known));
}

/// What the command line says of journal and payloads, as the library reads it from the
/// environment.
std::map<std::string, std::string> node_settings(const CommandLine& line) {
    std::map<std::string, std::string> settings;
    if (const auto folder = line.options.text("journal"))
        settings["DAGMESH_JOURNAL"] = std::filesystem::absolute(*folder).string();
    if (const auto sync = line.options.text("sync")) {
        if (const auto known = mesh::parse_sync(*sync); !known)
            throw std::invalid_argument("--sync: " + known.error().detail);
        settings["DAGMESH_SYNC"] = *sync;
    }
    if (const auto bounds = line.options.text("journal-bounds")) {
        if (const auto known = mesh::parse_journal_options(*bounds); !known)
            throw std::invalid_argument("--journal-bounds: " + known.error().detail);
        settings["DAGMESH_JOURNAL_BOUNDS"] = *bounds;
    }
    if (const auto size = compress_from_bytes(line))
        settings["DAGMESH_COMPRESS"] = std::to_string(*size) + "B";
    return settings;
}

/// What the program of the service finds in its environment beside that of this process.
Environment told(const Found& found, const CommandLine& line) {
    const auto& service = found.service;
    auto variables = line.global.for_children();
    if (!service.place.file.empty())
        variables["DAGMESH_MANIFEST"] = std::filesystem::absolute(service.place.file).string();
    variables["DAGMESH_SERVICE"] = service.contract.service;
    variables["DAGMESH_REALM"] = line.global.realm_beside(found.realm);
    for (const auto& [name, value] : service.environment)
        variables[name] = value;
    return variables;
}

/// Becomes the service's own program: it is the node.
[[noreturn]] void become(const Found& found, const CommandLine& line) {
    const auto& service = found.service;
    const auto set = [](const std::string& name, const std::string& value) {
        setenv(name.c_str(), value.c_str(), 1);
    };
    set("DAGMESH_EVENTS", mesh::to_text(found.rules));
    if (const auto fd = line.options.number("ready-fd"))
        set("DAGMESH_READY_FD", std::to_string(*fd));
    if (line.options.has("no-strict-join"))
        set("DAGMESH_NO_STRICT_JOIN", "1");
    for (const auto& [name, value] : told(found, line))
        set(name, value);
    if (!service.cwd.empty() && chdir(service.cwd.c_str()) != 0)
        throw std::runtime_error(service.cwd + ": " + std::strerror(errno));
    std::vector<char*> words;
    for (const auto& word : service.run)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    execvp(words.front(), words.data());
    throw std::runtime_error(service.run.front() + ": " + std::strerror(errno));
}

mesh::ServiceManifest typed_service(const CommandLine& line, const std::string& name) {
    mesh::ServiceManifest service;
    service.contract.service = name;
    const auto parse = [](const std::string& text) {
        auto pattern = mesh::Pattern::parse(text);
        if (!pattern)
            throw std::invalid_argument(pattern.error().detail);
        return *pattern;
    };
    mesh::HandlerContract handler;
    handler.name = "main";
    handler.emits.emplace();
    for (const auto& text : line.options.texts("on"))
        handler.on.push_back(parse(text));
    for (const auto& text : line.options.texts("emits"))
        handler.emits->push_back(parse(text));
    if (!handler.on.empty())
        service.contract.handlers.push_back(handler);
    else
        service.contract.publishes = *handler.emits;
    return service;
}

/// How a handler runs; as the defaults say where no manifest does.
mesh::HandlerManifest running(const mesh::ServiceManifest& service, std::size_t handler) {
    return handler < service.handlers.size() ? service.handlers[handler] : mesh::HandlerManifest{};
}

/// A handler that does `function` with an event, or `beat` when it is a timed one.
mesh::Node::Declaration declare(mesh::Node& node, const mesh::HandlerContract& contract,
                                const mesh::HandlerManifest& manifest,
                                mesh::HandlerFunction function, mesh::BeatFunction beat) {
    if (manifest.every)
        return node.every(contract, *manifest.every, std::move(beat));
    return node.on(contract, std::move(function))
        .policy(manifest.policy)
        .workers(manifest.workers)
        .order(manifest.order)
        .retry(manifest.retry)
        .group(manifest.group);
}

/// However the node ends, its handlers do not wait for the program beyond that.
struct Finishing {
    LinesService* program;

    ~Finishing() {
        if (program != nullptr)
            program->finish();
    }
};

/// A node that declares the contract, and whose events go to the service's program; without one it
/// discards them after counting.
int serve(const Invocation& invocation, const Found& found) {
    const auto& line = invocation.line;
    const auto& service = found.service;
    const auto realm = line.global.realm_beside(found.realm);
    auto options = node_options(line.global, service.contract.service, realm);
    options.events = found.rules;
    options.is_strict = !line.options.has("no-strict-join");
    if (const auto fd = line.options.number("ready-fd"))
        options.ready_fd = static_cast<int>(*fd);
    if (service.contract.publishes)
        for (const auto& pattern : *service.contract.publishes)
            options.publishes.push_back(pattern.text());
    const auto endpoint = line.options.text("tap");
    const auto tap = endpoint ? std::make_unique<Tap>(*endpoint) : nullptr;
    std::unique_ptr<LinesService> program; // what handlers use outlives them
    Tool tool(invocation, options);
    if (!service.run.empty()) {
        auto environment = invocation.environment;
        for (auto& [name, value] : told(found, line))
            environment[name] = value;
        program = std::make_unique<LinesService>(
            service, LinesSetting{realm, std::move(environment), found.rules, found.events},
            tool.node(), [&](const ExitStatus& status) {
                if (!status.is_success())
                    std::cerr << "the program " << to_string(status) << std::endl;
                tool.finish(status.is_success() ? ExitCode::done : ExitCode::service_failed);
            });
    }
    for (std::size_t i = 0; i < service.contract.handlers.size(); ++i) {
        const auto& handler = service.contract.handlers[i];
        const auto& name = handler.name;
        auto declaration = declare(
            tool.node(), handler, running(service, i),
            [&program, name](const mesh::Event& event, mesh::Emitter& emit) {
                if (program)
                    program->handle(name, event, emit);
            },
            [&program, name](const mesh::Beat& beat, mesh::Emitter& emit) {
                if (program)
                    program->beat(name, beat, emit);
            });
        for (const auto& loop : service.contract.loops)
            if (loop.handler == handler.name)
                declaration.allows_loop(loop.emits.text(), loop.rounds_max);
    }
    if (tap)
        tool.node().tap([&](const mesh::Event& event) { tap->show(event, realm); });
    tool.node().on_refused([&] {
        std::cerr << "refused: \"" << service.contract.service << "\" would close a cycle of events"
                  << std::endl;
        tool.finish(ExitCode::refused);
    });
    tool.node().on_ready([] { std::cerr << "ready" << std::endl; });
    const Finishing finishing{program.get()};
    const int code = tool.run(line.global.timeout, ExitCode::done, [&] {
        if (!program)
            return;
        if (const auto started = program->start(); !started) {
            std::cerr << "dagmesh: " << started.error().detail << std::endl;
            program->finish();
            tool.finish(ExitCode::environment);
        }
    });
    return code;
}

/// By the words alone, without a manifest.
Found typed(const CommandLine& line, const std::string& name) {
    Found found{typed_service(line, name), "", {}, {}};
    found.service.run = line.program;
    found.service.restart = mesh::Restart::on_failure;
    return found;
}

} // namespace

int run_node(const Invocation& invocation) {
    const auto& line = invocation.line;
    for (const auto& [variable, value] : node_settings(line))
        setenv(variable.c_str(), value.c_str(), 1);
    const auto name = line.options.text("service").value_or("");
    const bool is_typed = line.options.has("on") || line.options.has("emits");
    if (line.positionals.empty() || is_typed) {
        if (!line.positionals.empty())
            throw std::invalid_argument("node takes a FILE, or --on and --emits, not both");
        return serve(invocation, typed(line, name));
    }
    if (!line.program.empty())
        throw std::invalid_argument("node takes a FILE, which names the program, or -- CMD...");
    const auto found = find_service(line.positionals, name);
    if (!found)
        return to_int(ExitCode::usage);
    if (!found->service.run.empty() && found->service.speaks == mesh::Speaks::mesh)
        become(*found, line);
    return serve(invocation, *found);
}

} // namespace nodes
