#include "mesh/manifest/document.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

constexpr std::uint32_t replicas_max = 1'000;

/// A service that needs more would take seconds to read.
constexpr std::size_t comparisons_max = 20'000'000;

/// A string goes to a shell, a list is an argv.
std::vector<std::string> read_run(Reading& reading, const YamlNode& node) {
    if (node.kind != YamlNode::Kind::list) {
        auto command = reading.text("run", node);
        return command ? std::vector<std::string>{"sh", "-c", std::move(*command)}
                       : std::vector<std::string>{};
    }
    if (node.items.empty())
        reading.error_in("run", node, "expected a program and its arguments, got an empty list");
    std::vector<std::string> arguments;
    for (const auto* item : reading.one_or_more("run", node)) {
        // The program needs a name; a quoted empty argument is an argument.
        const bool is_empty = item->kind == YamlNode::Kind::text && item->text.empty();
        if (is_empty && !arguments.empty())
            arguments.emplace_back();
        else if (auto argument = reading.text("run", *item))
            arguments.push_back(std::move(*argument));
    }
    return arguments;
}

void read_environment(Reading& reading, const YamlNode& node, ServiceManifest& service) {
    reading.named(node, "environment variables", [&](const YamlNode& key, const YamlNode& value) {
        if (key.text.empty() || key.text.find('=') != std::string::npos)
            reading.error_in("env", key,
                             "expected the name of a variable, got " + in_quotes(key.text));
        else if (value.kind != YamlNode::Kind::text)
            reading.error_in("env", value, "expected a text for " + in_quotes(key.text));
        else
            service.environment[key.text] = value.text;
    });
}

void read_publishes(Reading& reading, const YamlNode& node, ServiceManifest& service) {
    auto list = reading.patterns("publishes", node);
    service.contract.publishes = std::move(list.patterns);
    service.publishes_places = std::move(list.places);
}

/// Which of its patterns hold what a handler emits. Topics, which are most of them, are looked up.
class Published {
public:
    explicit Published(const std::vector<Pattern>& patterns) {
        for (const auto& pattern : patterns) {
            exact_.insert(pattern.text());
            if (!pattern.is_topic())
                wild_.push_back(&pattern);
        }
    }

    bool holds(const Pattern& emitted) const {
        return exact_.contains(emitted.text()) ||
               std::ranges::any_of(wild_,
                                   [&](const Pattern* one) { return contains(*one, emitted); });
    }

    std::size_t wild_count() const { return wild_.size(); }

private:
    std::unordered_set<std::string_view> exact_;
    std::vector<const Pattern*> wild_;
};

/// `publishes` binds the whole process, so what a handler emits has to lie inside it.
void check_emits(Reading& reading, const ServiceManifest& service) {
    const auto& contract = service.contract;
    if (!contract.publishes)
        return;
    const Published published(*contract.publishes);
    std::size_t emitted_count = 0;
    for (const auto& handler : contract.handlers)
        emitted_count += handler.emits ? handler.emits->size() : 0;
    if (emitted_count * published.wild_count() > comparisons_max) {
        reading.error(service.place, "expected at most " + std::to_string(comparisons_max) +
                                         " pairs of an emission and a pattern in \"publishes\"");
        return;
    }
    for (std::size_t h = 0; h < contract.handlers.size(); ++h) {
        const auto& emits = contract.handlers[h].emits;
        for (std::size_t e = 0; emits && e < emits->size(); ++e)
            if (!published.holds((*emits)[e]))
                reading.error(service.handlers[h].emits_places[e],
                              "handler " + in_quotes(contract.handlers[h].name) + " emits " +
                                  in_quotes((*emits)[e].text()) +
                                  ", which lies outside of the \"publishes\" of " +
                                  in_quotes(contract.service));
    }
}

/// The keys that say how the program of the service runs.
void read_process(Reading& reading, const YamlNode& key, const YamlNode& value,
                  ServiceManifest& service) {
    if (key.text == "run")
        service.run = read_run(reading, value);
    else if (key.text == "speaks")
        service.speaks =
            reading
                .choice<Speaks>("speaks", value, {{"lines", Speaks::lines}, {"mesh", Speaks::mesh}})
                .value_or(Speaks::lines);
    else if (key.text == "acknowledges")
        service.acknowledges = reading.boolean("acknowledges", value).value_or(true);
    else if (key.text == "cwd")
        service.cwd = reading.text("cwd", value).value_or("");
    else if (key.text == "env")
        read_environment(reading, value, service);
    else if (key.text == "restart")
        service.restart =
            reading
                .choice<Restart>("restart", value,
                                 {{"no", Restart::no}, {"on-failure", Restart::on_failure}})
                .value_or(Restart::no);
    else
        service.replicas = reading.number("replicas", value, 1, replicas_max).value_or(1);
}

void read_service(Reading& reading, const YamlNode& node, ServiceManifest& service) {
    const YamlNode* handlers = nullptr;
    const YamlNode* loops = nullptr;
    const auto process = [&](const YamlNode& key, const YamlNode& value) {
        read_process(reading, key, value, service);
    };
    reading.fields(
        node, "a service",
        {{"publishes",
          [&](const YamlNode&, const YamlNode& value) { read_publishes(reading, value, service); }},
         {"run", process},
         {"speaks", process},
         {"acknowledges", process},
         {"cwd", process},
         {"env", process},
         {"restart", process},
         {"replicas", process},
         {"handlers", [&](const YamlNode&, const YamlNode& value) { handlers = &value; }},
         {"loops", [&](const YamlNode&, const YamlNode& value) { loops = &value; }}});
    if (handlers != nullptr)
        read_handlers(reading, *handlers, service);
    check_emits(reading, service);
    // After the handlers, whose edges they name.
    if (loops != nullptr)
        read_loops(reading, *loops, service);
}

} // namespace

void read_services(Reading& reading, const YamlNode& node, std::vector<ServiceManifest>& into) {
    reading.named(node, "services", [&](const YamlNode& key, const YamlNode& value) {
        ServiceManifest service;
        service.contract.service = reading.name("services", key).value_or("");
        service.place = reading.place(key);
        read_service(reading, value, service);
        if (!service.contract.service.empty())
            into.push_back(std::move(service));
    });
}

} // namespace mesh
