#include "nodes/init/flow_files.hpp"

#include "nodes/init/skeleton.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace nodes {

namespace {

/// As YAML reads it as this name: a few words, and numbers, mean something else to it.
/// Source: https://yaml.org/spec/1.2.2/#103-core-schema, and what YAML 1.1 took for a truth.
std::string yaml_name(const std::string& name) {
    constexpr std::array<std::string_view, 9> words{"null", "true", "false", "yes", "no",
                                                    "on",   "off",  "y",     "n"};
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](unsigned char byte) {
        return static_cast<char>(std::tolower(byte));
    });
    const bool is_other = std::ranges::find(words, lower) != words.end() ||
                          std::isdigit(static_cast<unsigned char>(name.front())) != 0;
    return is_other ? "\"" + name + "\"" : name;
}

std::string yaml_names(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + yaml_name(name);
    return "[" + text + "]";
}

std::string manifest(const FlowPlan& plan, const std::string& realm, Language language) {
    std::string events;
    for (const auto& topic : plan.entries)
        events += "  " + yaml_name(topic) + ": {entry: true} # comes from outside\n";
    for (const auto& topic : plan.ends)
        if (std::ranges::find(plan.entries, topic) == plan.entries.end())
            events += "  " + yaml_name(topic) + ": {terminal: true} # nobody needs to handle it\n";
    std::string text = "dagmesh: 1\nrealm: " + yaml_name(realm) + "\n";
    if (!events.empty()) // in a circle there is neither
        text += "events:\n" + events;
    text += "services:\n";
    for (const auto& service : plan.services) {
        text += fmt::format("  {}:\n    run: {}\n", yaml_name(service.name),
                            skeleton_run(service, language));
        if (language == Language::cpp)
            text += "    speaks: mesh\n";
        text += "    handlers:\n";
        for (const auto& handler : service.handlers)
            text += fmt::format("      {}:\n        on: {}\n        emits: {}\n",
                                yaml_name(handler.name), yaml_names(handler.on),
                                yaml_names({handler.emits}));
    }
    return text;
}

std::string demo(const FlowPlan& plan) {
    auto text =
        fmt::format("# What the services of {} do with one event of each entry. To play it:\n"
                    "#     dagmesh up {} --script {}\n"
                    "wait ready {} within 30s\n",
                    flow_manifest_name, flow_manifest_name, flow_demo_name, plan.services.size());
    for (std::size_t i = 0; i < plan.entries.size(); ++i) {
        const auto id = i + 1;
        text += fmt::format("\npub {} {{\"id\": {}}}\n", plan.entries[i], id);
        for (const auto& outcome : plan.outcomes)
            if (outcome.entry == plan.entries[i]) {
                const auto count = std::min(outcome.count, flow_outcome_max);
                text += fmt::format("expect {} where id=={}{} within 10s\n", outcome.topic, id,
                                    count == 1 ? "" : fmt::format(" count {}", count));
            }
    }
    return text + "\nledger balanced\n";
}

std::string meson_build(const FlowPlan& plan, const std::string& realm) {
    std::string services;
    for (const auto& service : plan.services)
        services += (services.empty() ? "'" : ", '") + service.name + "'";
    return fmt::format("project('{}', 'cpp', default_options: ['cpp_std=c++20'])\n"
                       "dagmesh = dependency('dagmesh')\n"
                       "foreach service : [{}]\n"
                       "  executable(service, service + '.cpp', dependencies: dagmesh)\n"
                       "endforeach\n",
                       realm, services);
}

std::string page(const FlowPlan& plan, const std::string& realm, Language language) {
    std::string services;
    for (const auto& service : plan.services)
        services += fmt::format("- `{}`: the service {}.\n", skeleton_name(service, language),
                                service.name);
    const std::string build = language == Language::cpp
                                  ? "\nFirst build the services, with an installed dagmesh (`./dev "
                                    "install PREFIX` in its\n"
                                    "checkout, and `export PKG_CONFIG_PATH` as that says):\n\n"
                                    "```sh\nmeson setup build\nninja -C build\n```\n"
                                  : "";
    return fmt::format("# {}\n\n"
                       "- `{}`: who emits what because of what.\n{}"
                       "- `{}`: a demo that is a test too.\n{}\n"
                       "```sh\n"
                       "dagmesh check --strict {}\n"
                       "dagmesh up {} --script {}\n"
                       "```\n",
                       realm, flow_manifest_name, services, flow_demo_name, build,
                       flow_manifest_name, flow_manifest_name, flow_demo_name);
}

} // namespace

std::vector<NewFile> flow_files(const FlowPlan& plan, const std::string& realm, Language language) {
    std::vector<NewFile> files{{std::string(flow_manifest_name), manifest(plan, realm, language)}};
    for (const auto& service : plan.services)
        files.push_back({skeleton_name(service, language), skeleton(service, realm, language)});
    files.push_back({std::string(flow_demo_name), demo(plan)});
    if (language == Language::cpp)
        files.push_back({"meson.build", meson_build(plan, realm)});
    files.push_back({"README.md", page(plan, realm, language)});
    return files;
}

} // namespace nodes
