#include "mesh/graph/handler_graph.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

std::vector<Pattern> distinct(std::vector<Pattern> patterns) {
    std::ranges::sort(patterns);
    patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
    return patterns;
}

std::vector<Pattern> causes(const HandlerContract& handler) {
    auto all = handler.on;
    all.insert(all.end(), handler.after.begin(), handler.after.end());
    return distinct(std::move(all));
}

/// What it emits, less what a loop allows.
std::vector<Pattern> effects(const Contract& contract, const HandlerContract& handler) {
    auto all = distinct(emitted_patterns(contract, handler));
    std::erase_if(all, [&](const Pattern& emits) {
        return std::ranges::any_of(contract.loops, [&](const LoopContract& loop) {
            return loop.handler == handler.name && loop.emits == emits;
        });
    });
    return all;
}

} // namespace

bool relays(const Contract& contract, const HandlerContract& handler) {
    return !(handler.on.empty() && handler.after.empty()) && !effects(contract, handler).empty();
}

HandlerGraph::Index HandlerGraph::take(Role& role, Role& other, const Pattern& pattern) {
    if (const auto known = role.by_text.find(pattern.text()); known != role.by_text.end()) {
        ++role.places[known->second].use_count;
        return known->second;
    }
    auto index = static_cast<Index>(role.places.size());
    if (role.free.empty()) {
        role.places.push_back({pattern, 1, 0, {}, {}});
    } else {
        index = role.free.back();
        role.free.pop_back();
        role.places[index] = {pattern, 1, 0, {}, {}};
    }
    role.by_text.emplace(pattern.text(), index);
    for (const auto& [text, one] : other.by_text) {
        if (!intersects(pattern, other.places[one].pattern))
            continue;
        role.places[index].meets.push_back(one);
        other.places[one].meets.push_back(index);
    }
    return index;
}

void HandlerGraph::drop(Role& role, Role& other, Index index) {
    auto& place = role.places[index];
    if (--place.use_count > 0)
        return;
    for (const auto met : place.meets)
        std::erase(other.places[met].meets, index);
    role.by_text.erase(place.pattern.text());
    role.free.push_back(index);
}

HandlerGraph::Slot HandlerGraph::add(const std::shared_ptr<const Contract>& contract) {
    auto slot = static_cast<Slot>(slots_.size());
    for (Slot i = 0; i < slots_.size(); ++i) {
        if (slots_[i].contract == nullptr) {
            slot = i;
        } else if (slots_[i].contract == contract || *slots_[i].contract == *contract) {
            ++slots_[i].use_count;
            return i;
        }
    }
    if (slot == slots_.size())
        slots_.emplace_back();
    auto& entry = slots_[slot];
    entry = {contract, 1, std::vector<Handler>(contract->handlers.size())};
    for (std::uint32_t h = 0; h < entry.handlers.size(); ++h) {
        const auto& declared = contract->handlers[h];
        if (!relays(*contract, declared))
            continue;
        for (const auto& pattern : causes(declared)) {
            const auto index = take(subscribed_, emitted_, pattern);
            subscribed_.places[index].listeners.push_back({slot, h});
            entry.handlers[h].on.push_back(index);
        }
        for (const auto& pattern : effects(*contract, declared))
            entry.handlers[h].emits.push_back(take(emitted_, subscribed_, pattern));
    }
    return slot;
}

void HandlerGraph::release(Slot slot) {
    auto& entry = slots_[slot];
    if (--entry.use_count > 0)
        return;
    for (std::uint32_t h = 0; h < entry.handlers.size(); ++h) {
        for (const auto index : entry.handlers[h].on) {
            std::erase(subscribed_.places[index].listeners, Vertex{slot, h});
            drop(subscribed_, emitted_, index);
        }
        for (const auto index : entry.handlers[h].emits)
            drop(emitted_, subscribed_, index);
    }
    entry = {};
}

std::vector<HandlerGraph::Vertex>
HandlerGraph::cycle_through(Vertex start, const std::function<bool(Vertex)>& may_pass) {
    ++search_;
    std::vector<Vertex> queue{start};
    for (std::size_t next = 0; next < queue.size(); ++next) {
        const auto at = queue[next];
        for (const auto emission : handler(at).emits) {
            auto& emitted = emitted_.places[emission];
            if (std::exchange(emitted.mark, search_) == search_)
                continue;
            for (const auto met : emitted.meets) {
                auto& subscribed = subscribed_.places[met];
                if (std::exchange(subscribed.mark, search_) == search_)
                    continue;
                for (const auto listener : subscribed.listeners) {
                    if (listener == start) {
                        std::vector<Vertex> cycle{at};
                        while (cycle.back() != start)
                            cycle.push_back(handler(cycle.back()).from);
                        std::ranges::reverse(cycle);
                        return cycle;
                    }
                    auto& reached = handler(listener);
                    if (reached.mark == search_ || !may_pass(listener))
                        continue;
                    reached.mark = search_;
                    reached.from = at;
                    queue.push_back(listener);
                }
            }
        }
    }
    return {};
}

std::vector<HandlerGraph::Step> HandlerGraph::walk(const std::vector<Vertex>& cycle) const {
    std::vector<Step> steps;
    for (std::size_t i = 0; i < cycle.size(); ++i) {
        // The first pair of patterns that meet, in order of their texts.
        std::optional<std::pair<std::string, std::string>> first;
        const auto before = cycle[(i + cycle.size() - 1) % cycle.size()];
        for (const auto emission : handler(before).emits) {
            const auto& emitted = emitted_.places[emission].pattern;
            for (const auto on : handler(cycle[i]).on) {
                const auto& subscribed = subscribed_.places[on].pattern;
                if (!intersects(emitted, subscribed))
                    continue;
                const std::pair pair{emitted.text(), subscribed.text()};
                first = first ? std::min(*first, pair) : pair;
            }
        }
        if (first)
            steps.push_back({cycle[i], first->first, first->second, {}});
    }
    for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i].emits = steps[(i + 1) % steps.size()].event;
    const auto label = [&](const Step& step) {
        const auto& declared = contract(step.vertex.slot);
        return std::tie(step.event, declared.service, declared.handlers[step.vertex.handler].name);
    };
    if (!steps.empty())
        std::rotate(steps.begin(), std::ranges::min_element(steps, {}, label), steps.end());
    return steps;
}

} // namespace mesh
