#include "nodes/script/script_node.hpp"

#include "mesh/manifest/event_rules.hpp"
#include "nodes/cli/event_json.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace nodes {

namespace {

std::vector<mesh::Pattern> expected_patterns(const Script& script) {
    std::set<mesh::Pattern> patterns;
    for (const auto& step : script.steps)
        if (const auto* expectation = std::get_if<Expectation>(&step.body))
            patterns.insert(expectation->pattern);
    return {patterns.begin(), patterns.end()};
}

/// The options with what the script publishes, of the level that the manifest gives it.
mesh::NodeOptions with_topics(mesh::NodeOptions options, const Script& script,
                              const mesh::RealmManifest& manifest) {
    mesh::Contract contract;
    contract.publishes.emplace();
    for (const auto& step : script.steps)
        if (const auto* publish = std::get_if<Publish>(&step.body))
            contract.publishes->push_back(*mesh::Pattern::parse(publish->topic));
    for (const auto& topic : *contract.publishes)
        options.publishes.push_back(topic.text());
    options.events = mesh::event_rules(manifest, contract);
    const mesh::EventRules rules(options.events);
    // A journal needs a place that lasts as long as the run.
    options.is_passing = std::ranges::none_of(*contract.publishes, [&](const auto& topic) {
        return rules.level_of(topic.text()) >= mesh::Level::durable;
    });
    options.instance.clear();
    options.drain_patience = mesh::Duration{}; // each step has waited itself, as long as it is to
    return options;
}

} // namespace

ScriptNode::ScriptNode(const Script& script, const mesh::RealmManifest& manifest,
                       mesh::NodeOptions options, const discovery::DiscoveryOptions& discovery)
    : patterns_(expected_patterns(script)),
      node_(with_topics(std::move(options), script, manifest)),
      discovery_(node_, discovery) {
    std::vector<std::string> texts;
    for (const auto& pattern : patterns_)
        texts.push_back(pattern.text());
    if (!texts.empty())
        node_.on(texts, [this](const mesh::Event& event) { see(event); })
            .named("expect")
            .group(mesh::GroupMode::each)
            .emits(std::vector<mesh::Pattern>{})
            .from(mesh::StartFrom::oldest())
            .on_gap([this](const mesh::Gap& gap) {
                const std::lock_guard lock(mutex_);
                lost_ += gap.count;
            });
    node_.start();
}

ScriptNode::~ScriptNode() {
    node_.stop();
}

std::size_t ScriptNode::own_subscriptions(std::string_view topic) const {
    return std::ranges::any_of(patterns_, [&](const auto& one) { return one.matches(topic); }) ? 1
                                                                                               : 0;
}

void ScriptNode::see(const mesh::Event& event) {
    // A journal holds events of earlier runs too.
    if (event.time < started_at_)
        return;
    SeenEvent seen{std::string(event.topic), data_text(event), event_line(event)};
    {
        const std::lock_guard lock(mutex_);
        seen_.add(std::move(seen));
    }
    changed_.notify_all();
}

bool ScriptNode::watch(mesh::TimePoint until, const std::function<bool(SeenEvents&)>& look) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [&] { return look(seen_); });
}

std::uint64_t ScriptNode::lost_count() const {
    const std::lock_guard lock(mutex_);
    return lost_;
}

} // namespace nodes
