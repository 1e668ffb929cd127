#include "mesh/manifest/join_realms.hpp"

#include "mesh/manifest/asyncapi_fields.hpp"
#include "mesh/manifest/check_assumed.hpp"
#include "mesh/manifest/check_compensates.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <span>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

auto content(const FieldManifest& field) {
    return std::tie(field.name, field.type, field.is_redacted);
}

auto content(const Retry& retry) {
    return std::tie(retry.attempts, retry.backoff_min, retry.backoff_max);
}

auto content(const HandlerManifest& handler) {
    return std::tuple(std::tie(handler.name, handler.workers, handler.order, handler.policy,
                               handler.group, handler.every, handler.compensates),
                      content(handler.retry));
}

auto content(const LoopManifest& loop) {
    return std::tie(loop.reason, loop.until);
}

/// Two lists with the same content, wherever it was written.
template <class Item>
bool is_same_list(const std::vector<Item>& a, const std::vector<Item>& b) {
    return std::ranges::equal(
        a, b, [](const Item& x, const Item& y) { return content(x) == content(y); });
}

bool is_same(const EventManifest& a, const EventManifest& b) {
    return std::tie(a.level, a.key, a.is_entry, a.is_terminal, a.compress_from_bytes) ==
               std::tie(b.level, b.key, b.is_entry, b.is_terminal, b.compress_from_bytes) &&
           is_same_list(a.fields, b.fields);
}

bool is_same(const ServiceManifest& a, const ServiceManifest& b) {
    return std::tie(a.contract, a.run, a.speaks, a.acknowledges, a.cwd, a.environment, a.restart,
                    a.replicas) == std::tie(b.contract, b.run, b.speaks, b.acknowledges, b.cwd,
                                            b.environment, b.restart, b.replicas) &&
           is_same_list(a.handlers, b.handlers) && is_same_list(a.loops, b.loops);
}

/// AsyncAPI documents each describe a channel as they see it: what senders say counts, and where
/// nobody sends what receivers expect. All that is said at that level is joined.
EventManifest joined(std::span<EventManifest> same) {
    FieldTypes types;
    bool is_terminal = false;
    for (const auto& event : same) {
        if (event.source == same.front().source)
            add_fields(event.fields, types);
        is_terminal = is_terminal || event.is_terminal;
    }
    auto event = std::move(same.front());
    event.fields = fields_of(types);
    event.is_terminal = is_terminal;
    return event;
}

/// What manifests say counts, and has to agree.
EventManifest agreed(std::span<EventManifest> same, std::vector<ManifestError>& errors) {
    for (const auto& event : same.subspan(1))
        if (event.source == EventSource::manifest && !is_same(same.front(), event))
            errors.push_back({"event " + in_quotes(event.name.text()) +
                                  " is described differently at " + to_string(same.front().place),
                              event.place});
    return std::move(same.front());
}

void join_events(std::vector<EventManifest>& events, std::vector<ManifestError>& errors) {
    std::ranges::sort(events, {}, [](const auto& event) {
        return std::tie(event.name, event.source, event.place);
    });
    std::vector<EventManifest> all;
    for (std::size_t start = 0; start < events.size();) {
        std::size_t end = start + 1;
        while (end < events.size() && events[end].name == events[start].name)
            ++end;
        const auto same = std::span(events).subspan(start, end - start);
        all.push_back(same.front().source == EventSource::manifest ? agreed(same, errors)
                                                                   : joined(same));
        start = end;
    }
    events = std::move(all);
}

void join_services(std::vector<ServiceManifest>& services, std::vector<ManifestError>& errors) {
    std::ranges::sort(services, {}, [](const auto& service) {
        return std::tie(service.contract.service, service.place);
    });
    std::vector<ServiceManifest> joined;
    std::uint32_t replicas_each = 0;
    for (auto& service : services) {
        if (joined.empty() || joined.back().contract.service != service.contract.service) {
            replicas_each = service.replicas;
            joined.push_back(std::move(service));
            continue;
        }
        auto& first = joined.back();
        const auto replicas = std::exchange(first.replicas, replicas_each);
        const bool is_replica = is_same(first, service);
        first.replicas = replicas + (is_replica ? service.replicas : 0);
        if (!is_replica)
            errors.push_back({"service " + in_quotes(service.contract.service) +
                                  " is described differently at " + to_string(first.place) +
                                  "; equal descriptions are replicas",
                              service.place});
    }
    services = std::move(joined);
}

/// `cwd` counts from the folder of the manifest.
std::string resolved(const Place& place, const std::string& cwd) {
    const auto folder = std::filesystem::path(place.file).parent_path();
    auto path = (folder / cwd).lexically_normal();
    if (!path.has_filename() && path.has_relative_path())
        path = path.parent_path(); // a trailing slash
    return path.empty() ? "." : path.string();
}

template <class Item>
void append(std::vector<Item>& into, std::vector<Item>& from) {
    into.insert(into.end(), std::make_move_iterator(from.begin()),
                std::make_move_iterator(from.end()));
}

} // namespace

std::vector<RealmManifest> join_realms(std::vector<ManifestDocument> documents,
                                       std::vector<ManifestError>& errors) {
    std::map<std::string, RealmManifest> realms;
    // Without a name a realm is called `default`, so a document that says so means the same.
    const bool has_default =
        std::ranges::find(documents, "default", &ManifestDocument::realm) != documents.end();
    for (auto& document : documents) {
        const auto name = document.realm.empty() && has_default ? "default" : document.realm;
        auto& realm = realms[name];
        realm.realm = name;
        append(realm.events, document.events);
        append(realm.services, document.services);
        append(realm.rules, document.rules);
        append(realm.warnings, document.warnings);
    }
    std::vector<RealmManifest> joined;
    for (auto& [name, realm] : realms) {
        join_events(realm.events, errors);
        join_services(realm.services, errors);
        check_assumed(realm.services, errors);
        check_compensates(realm.services, errors);
        for (auto& service : realm.services)
            service.cwd = resolved(service.place, service.cwd);
        std::ranges::stable_sort(realm.rules, {}, &RuleManifest::place);
        std::ranges::stable_sort(realm.warnings, {}, &ManifestWarning::place);
        joined.push_back(std::move(realm));
    }
    return joined;
}

} // namespace mesh
