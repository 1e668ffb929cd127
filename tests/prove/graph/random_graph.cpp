#include "tests/prove/graph/random_graph.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace prove_graph {

namespace {

using mesh::Pattern;
using mesh::Place;

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed), has_patterns_(pick(2) == 0) {
        token_count_ = 1 + pick(3);
    }

    RandomGraph graph() {
        mesh::GraphInput input;
        const auto service_count = 1 + pick(4);
        std::size_t handler_room = 3 + pick(5);
        for (std::size_t s = 0; s < service_count; ++s) {
            const auto count = std::min(handler_room, pick(4));
            handler_room -= count;
            input.contracts.push_back(service("s" + std::to_string(s), count));
        }
        for (auto& declared : input.contracts)
            compensate(input, declared, 8);
        add_events(input);
        for (auto count = pick(3); count > 0; --count)
            input.reach_rules.push_back({name(), name(), place()});
        for (auto count = pick(2); count > 0; --count)
            input.fan_out_rules.push_back({name(), static_cast<std::uint32_t>(pick(4)), place()});
        add_levels(input);
        if (pick(4) == 0)
            for (auto& declared : input.contracts)
                compensate(input, declared, 3);
        return {std::move(input), has_patterns_};
    }

private:
    std::size_t pick(std::size_t count) { return random_() % count; }

    Place place() { return {"f", ++line_, 1}; }

    /// One to `token_count_` tokens of `a` and `b`; with patterns, some of them wildcards.
    Pattern name() {
        std::string text;
        const auto length = 1 + pick(token_count_);
        for (std::size_t i = 0; i < length; ++i) {
            const auto kind = has_patterns_ ? pick(8) : pick(6);
            const bool is_last = i + 1 == length;
            text += text.empty() ? "" : ".";
            text += kind == 6 ? "*" : kind == 7 ? (is_last ? ">" : "*") : kind % 2 == 0 ? "a" : "b";
        }
        return Pattern::parse(text).value();
    }

    std::vector<Pattern> names(std::size_t count, std::vector<Place>& places) {
        std::vector<Pattern> all;
        for (; count > 0; --count) {
            auto one = name();
            if (std::ranges::find(all, one) != all.end())
                continue;
            all.push_back(std::move(one));
            places.push_back(place());
        }
        return all;
    }

    mesh::DeclaredContract service(const std::string& name, std::size_t handler_count) {
        mesh::DeclaredContract made;
        made.contract.service = name;
        made.places.service = place();
        if (pick(4) == 0)
            made.contract.publishes = names(1 + pick(2), made.places.publishes);
        for (std::size_t h = 0; h < handler_count; ++h) {
            mesh::HandlerContract handler;
            mesh::HandlerPlaces places;
            handler.name = "h" + std::to_string(h);
            places.name = place();
            const bool is_timer = pick(16) == 0;
            (is_timer ? handler.after : handler.on) =
                names(is_timer ? pick(2) : 1 + pick(2), is_timer ? places.after : places.on);
            if (!made.contract.publishes || pick(2) == 0)
                handler.emits = names(pick(3), places.emits);
            const auto& emits = handler.emits ? *handler.emits : *made.contract.publishes;
            if (!emits.empty() && pick(6) == 0) {
                made.contract.loops.push_back({handler.name, emits[pick(emits.size())], 3});
                made.places.loops.push_back(place());
                made.loops_until.emplace_back(); // by day 10 half of them are past
                if (pick(4) > 0)
                    made.loops_until.back() = mesh::Date(std::chrono::days(pick(20)));
            }
            made.contract.handlers.push_back(std::move(handler));
            made.places.handlers.push_back(std::move(places));
            made.handlers.push_back({pick(2) == 0, {}});
        }
        return made;
    }

    /// Names one or two handlers in one handler of `rarity`.
    void compensate(const mesh::GraphInput& input, mesh::DeclaredContract& declared,
                    std::size_t rarity) {
        for (std::size_t h = 0; h < declared.handlers.size(); ++h) {
            if (pick(rarity) != 0)
                continue;
            for (auto count = 1 + pick(2); count > 0; --count) {
                const auto& contract = input.contracts[pick(input.contracts.size())].contract;
                if (contract.handlers.empty())
                    continue;
                const auto& handler = contract.handlers[pick(contract.handlers.size())];
                declared.handlers[h].compensates.push_back(contract.service + "." + handler.name);
                declared.places.handlers[h].compensates.push_back(place());
            }
        }
    }

    void add_events(mesh::GraphInput& input) {
        std::vector<Place> places;
        if (pick(4) == 0)
            for (auto& pattern : names(1 + pick(2), places))
                input.events.push_back({std::move(pattern), pick(2) == 0, pick(2) == 0, place()});
    }

    /// In half of the graphs: some more events, and a level for each.
    void add_levels(mesh::GraphInput& input) {
        if (pick(2) == 0)
            return;
        for (auto count = pick(4); count > 0; --count) {
            auto fresh = name();
            if (std::ranges::find(input.events, fresh, &mesh::DeclaredEvent::name) ==
                input.events.end())
                input.events.push_back({std::move(fresh), pick(4) == 0, pick(4) == 0, place()});
        }
        for (auto& event : input.events)
            event.level = static_cast<mesh::Level>(pick(4));
    }

    std::mt19937_64 random_;
    bool has_patterns_;
    std::size_t token_count_ = 1;
    std::uint32_t line_ = 0;
};

/// Puts two lists of the same length into the same new order.
template <class A, class B>
void shuffle_both(std::vector<A>& a, std::vector<B>& b, std::mt19937_64& random) {
    for (std::size_t i = a.size(); i > 1; --i) {
        const auto other = random() % i;
        std::swap(a[i - 1], a[other]);
        std::swap(b[i - 1], b[other]);
    }
}

void shuffle_handlers(mesh::DeclaredContract& declared, std::mt19937_64& random) {
    auto& handlers = declared.contract.handlers;
    for (std::size_t i = handlers.size(); i > 1; --i) {
        const auto other = random() % i;
        std::swap(handlers[i - 1], handlers[other]);
        std::swap(declared.places.handlers[i - 1], declared.places.handlers[other]);
        std::swap(declared.handlers[i - 1], declared.handlers[other]);
    }
    for (std::size_t i = 0; i < handlers.size(); ++i) {
        auto& places = declared.places.handlers[i];
        shuffle_both(handlers[i].on, places.on, random);
        shuffle_both(handlers[i].after, places.after, random);
        if (handlers[i].emits)
            shuffle_both(*handlers[i].emits, places.emits, random);
        shuffle_both(declared.handlers[i].compensates, places.compensates, random);
    }
}

} // namespace

RandomGraph random_graph(std::uint64_t seed) {
    return Maker(seed).graph();
}

mesh::GraphInput shuffled(mesh::GraphInput input, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::shuffle(input.contracts.begin(), input.contracts.end(), random);
    std::shuffle(input.events.begin(), input.events.end(), random);
    std::shuffle(input.reach_rules.begin(), input.reach_rules.end(), random);
    std::shuffle(input.fan_out_rules.begin(), input.fan_out_rules.end(), random);
    for (auto& declared : input.contracts) {
        if (declared.contract.publishes)
            shuffle_both(*declared.contract.publishes, declared.places.publishes, random);
        // Loops with their places and dates: turn the three lists alike.
        const auto turn = static_cast<std::ptrdiff_t>(
            declared.contract.loops.empty() ? 0 : random() % declared.contract.loops.size());
        std::rotate(declared.contract.loops.begin(), declared.contract.loops.begin() + turn,
                    declared.contract.loops.end());
        std::rotate(declared.places.loops.begin(), declared.places.loops.begin() + turn,
                    declared.places.loops.end());
        std::rotate(declared.loops_until.begin(), declared.loops_until.begin() + turn,
                    declared.loops_until.end());
        shuffle_handlers(declared, random);
    }
    return input;
}

} // namespace prove_graph
