#include "mesh/graph/answers/breaking.hpp"

#include "mesh/graph/pattern_index.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Types = std::set<std::string>;
using Fields = std::map<std::string, Types>;

/// What the declarations say of the fields of an event.
class DeclaredFields {
public:
    explicit DeclaredFields(const std::vector<DeclaredEvent>& events)
        : names_(names_of(events)), index_(names_) {
        for (const auto& event : events)
            for (const auto& field : event.fields)
                fields_[event.name][field.name].insert(field.type);
    }

    Fields of(const Pattern& event) const {
        if (std::ranges::binary_search(names_, event))
            return own(event);
        std::vector<Pattern> outer;
        std::vector<Pattern> inner;
        for (const auto number : index_.intersecting(event)) {
            const auto& name = names_[number];
            if (contains(name, event))
                outer.push_back(name);
            else if (contains(event, name))
                inner.push_back(name);
        }
        // A pattern that is spelled out now has the fields of what it stood for.
        Fields fields;
        for (const auto& name : outer.empty() ? inner : outer)
            for (const auto& [field, types] : own(name))
                fields[field].insert(types.begin(), types.end());
        return fields;
    }

    bool is_empty() const { return fields_.empty(); }

private:
    static std::vector<Pattern> names_of(const std::vector<DeclaredEvent>& events) {
        std::vector<Pattern> names;
        names.reserve(events.size());
        for (const auto& event : events)
            names.push_back(event.name);
        std::ranges::sort(names);
        names.erase(std::unique(names.begin(), names.end()), names.end());
        return names;
    }

    Fields own(const Pattern& name) const {
        const auto known = fields_.find(name);
        return known == fields_.end() ? Fields{} : known->second;
    }

    std::vector<Pattern> names_;
    PatternIndex index_;
    std::map<Pattern, Fields> fields_;
};

std::string joined(const Types& types) {
    std::string text;
    for (const auto& type : types)
        text += (text.empty() ? "" : " or ") + type;
    return text;
}

class Collector {
public:
    explicit Collector(const InnerGraph& graph) : graph_(graph), subscribed_(graph.subscribed()) {}

    /// Notes `what` for every handler that receives the event over a subscription that `is_hit`.
    template <class IsHit>
    void add(const Pattern& event, const Break& what, IsHit is_hit) {
        std::set<Index> seen;
        for (const auto pattern : subscribed_.intersecting(event)) {
            if (!is_hit(pattern))
                continue;
            for (const auto number : graph_.subscriptions_to(pattern)) {
                const auto& one = graph_.subscriptions()[number];
                if (!seen.insert(one.handler).second)
                    continue;
                auto made = what;
                made.handler = graph_.handlers()[one.handler].label();
                made.on = graph_.subscribed()[pattern].text();
                made.place = one.place;
                made.event = event.text();
                keep(std::move(made));
            }
        }
    }

    Breaks take() { return {{listed_.begin(), listed_.end()}, count_}; }

private:
    void keep(Break one) {
        ++count_;
        listed_.insert(std::move(one));
        if (listed_.size() > breaks_listed_max)
            listed_.erase(std::prev(listed_.end()));
    }

    const InnerGraph& graph_;
    PatternIndex subscribed_;
    std::set<Break> listed_;
    std::size_t count_ = 0;
};

void find_removed_events(const CausalGraph& before, const CausalGraph& after,
                         Collector& collector) {
    const PatternIndex emitted(after.inner().emitted());
    const auto is_hungry = [&](Index pattern) { return after.inner().feeding(pattern).empty(); };
    for (const auto& event : before.inner().emitted())
        if (emitted.intersecting(event).empty())
            collector.add(event, {Break::Kind::event_removed, {}, {}, {}, {}, {}, {}, {}},
                          is_hungry);
}

void find_changed_fields(const CausalGraph& before, const CausalGraph& after,
                         Collector& collector) {
    const DeclaredFields old_fields(before.declared());
    const DeclaredFields new_fields(after.declared());
    if (old_fields.is_empty())
        return;
    const PatternIndex old_emitted(before.inner().emitted());
    const PatternIndex new_emitted(after.inner().emitted());
    const auto any = [](Index) { return true; };
    // A declared pattern speaks of the events that it covers; alone it counts when there are none.
    auto events = before.events();
    const PatternIndex named(before.events());
    for (const auto& one : before.declared())
        if (!one.name.is_topic() && named.intersecting(one.name).empty())
            events.push_back(one.name);
    for (const auto& event : events) {
        const bool is_gone =
            !old_emitted.intersecting(event).empty() && new_emitted.intersecting(event).empty();
        if (is_gone)
            continue; // that is what there is to say
        const auto now = new_fields.of(event);
        for (const auto& [name, types] : old_fields.of(event)) {
            const auto found = now.find(name);
            const bool is_removed = found == now.end();
            if (!is_removed && found->second == types)
                continue;
            collector.add(event,
                          {is_removed ? Break::Kind::field_removed : Break::Kind::field_retyped,
                           {},
                           {},
                           {},
                           {},
                           name,
                           joined(types),
                           is_removed ? std::string() : joined(found->second)},
                          any);
        }
    }
}

} // namespace

Breaks find_breaks(const CausalGraph& before, const CausalGraph& after) {
    Collector collector(after.inner());
    find_removed_events(before, after, collector);
    find_changed_fields(before, after, collector);
    return collector.take();
}

std::string to_text(const Break& one) {
    const auto who = "handler " + one.handler;
    const auto through = one.on == one.event ? "" : ", through " + one.on;
    switch (one.kind) {
    case Break::Kind::event_removed:
        return who + " waits for " + one.event + through + ", which nobody emits any more";
    case Break::Kind::field_removed:
        return who + " handles " + one.event + through + ", which no longer has the field \"" +
               one.field + "\" (" + one.old_type + ")";
    case Break::Kind::field_retyped:
        return who + " handles " + one.event + through + ", whose field \"" + one.field +
               "\" was " + one.old_type + " and is " + one.new_type;
    }
    return {};
}

} // namespace mesh
