#include "mesh/graph/checks/near_misses.hpp"

#include "mesh/graph/checks/name_distance.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// What may be spent on comparing names, in quick looks at a pair. A graph with so many names that
/// lead nowhere has other troubles; the first ones of it are told.
constexpr std::size_t looks_max = 5'000'000;

/// A pair with a wildcard takes as long as so many quick looks.
constexpr std::size_t looks_at_pattern = 8;

/// A name that may be what was meant.
struct Known {
    std::string text;
    Place place;
    bool is_idle = false; ///< nobody else uses it, so it waits for just this one
    std::uint64_t letters = 0;
    bool is_wild = false;
};

/// A bit a letter: two edits change few of them.
std::uint64_t letters_of(const std::string& text) {
    std::uint64_t letters = 0;
    for (const char c : text)
        letters |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 31U);
    return letters;
}

bool is_wildcard(const std::string& text) {
    return text.find_first_of("*>") != std::string::npos;
}

class Names {
public:
    void add(const std::string& text, const Place& place, bool is_idle) {
        known_.push_back({text, place, is_idle, letters_of(text), is_wildcard(text)});
    }

    /// The one that `text` most likely is: the nearest, then one that waits for it, then the
    /// first.
    const Known* nearest(const std::string& text, std::size_t& looks) const {
        const Known* best = nullptr;
        std::size_t best_distance = 0;
        const auto letters = letters_of(text);
        const bool is_pattern = is_wildcard(text);
        for (const auto& one : known_) {
            const bool is_wild = is_pattern || one.is_wild;
            looks += is_wild ? looks_at_pattern : 1;
            if (looks > looks_max)
                return nullptr;
            if (!is_wild && !may_be_near(text, letters, one))
                continue;
            const auto distance = misspelling_distance(text, one.text);
            if (!distance || (!one.is_idle && differs_in_plural(text, one.text)))
                continue;
            if (best == nullptr || *distance < best_distance ||
                (*distance == best_distance && one.is_idle && !best->is_idle)) {
                best = &one;
                best_distance = *distance;
            }
        }
        return best;
    }

private:
    static bool may_be_near(const std::string& text, std::uint64_t letters, const Known& one) {
        const auto [shorter, longer] = std::minmax({text.size(), one.text.size()});
        return longer - shorter <= 2 && std::popcount(letters ^ one.letters) <= 4;
    }

    std::vector<Known> known_;
};

/// The first place of every pattern, in the order of the graph.
template <class List>
void note_places(const List& list, std::vector<std::optional<Place>>& places) {
    for (const auto& one : list)
        if (auto& place = places[one.pattern]; !place || one.place < *place)
            place = one.place;
}

class Search {
public:
    Search(const InnerGraph& graph, const GraphInput& input, const DeclaredEvents& declared)
        : graph_(graph),
          input_(input),
          declared_(declared),
          emitted_places_(graph.emitted().size()),
          subscribed_places_(graph.subscribed().size()) {
        note_places(graph.emissions(), emitted_places_);
        note_places(graph.sources(), emitted_places_);
        note_places(graph.subscriptions(), subscribed_places_);
        for (const auto& event : input.events)
            exact_.insert(event.name.text());
    }

    std::vector<Finding> run() {
        unfed();
        unhandled();
        undeclared();
        return std::move(findings_);
    }

private:
    bool is_unfed(Index subscribed) const {
        const auto& name = graph_.subscribed()[subscribed];
        return graph_.feeding(subscribed).empty() && !declared_.is_entry(name);
    }

    bool is_unhandled(Index emitted) const {
        return graph_.met_by(emitted).empty() && !declared_.is_terminal(graph_.emitted()[emitted]);
    }

    void tell(const std::string& text, const Place& place, const std::string& what,
              const Known& meant) {
        if (!told_.insert(std::minmax(text, meant.text)).second)
            return;
        auto finding = make_finding(
            near_miss_name, what + " " + text + "; did you mean " + meant.text + "?", place);
        finding.places = {{meant.text + " stands here", meant.place}};
        findings_.push_back(std::move(finding));
    }

    void unfed() {
        Names names;
        for (Index e = 0; e < graph_.emitted().size(); ++e)
            names.add(graph_.emitted()[e].text(), *emitted_places_[e], graph_.met_by(e).empty());
        add_declared(names);
        for (Index s = 0; s < graph_.subscribed().size(); ++s) {
            const auto& text = graph_.subscribed()[s].text();
            if (!is_unfed(s) || exact_.contains(text))
                continue;
            if (const auto* meant = names.nearest(text, looks_))
                tell(text, *subscribed_places_[s], "nobody emits", *meant);
        }
    }

    void unhandled() {
        Names names;
        for (Index s = 0; s < graph_.subscribed().size(); ++s)
            names.add(graph_.subscribed()[s].text(), *subscribed_places_[s],
                      graph_.feeding(s).empty());
        add_declared(names);
        for (Index e = 0; e < graph_.emitted().size(); ++e) {
            const auto& text = graph_.emitted()[e].text();
            if (!is_unhandled(e) || exact_.contains(text))
                continue;
            if (const auto* meant = names.nearest(text, looks_))
                tell(text, *emitted_places_[e], "nobody handles", *meant);
        }
    }

    /// Whether a handler or a service uses a name that stands in `events`.
    bool is_used(const Pattern& name) const {
        return std::ranges::binary_search(graph_.emitted(), name) ||
               std::ranges::binary_search(graph_.subscribed(), name);
    }

    void add_declared(Names& names) const {
        std::set<std::pair<std::string, Place>> unused;
        for (const auto& event : input_.events)
            if (event.name.is_topic() && !is_used(event.name))
                unused.emplace(event.name.text(), event.place);
        for (const auto& [text, place] : unused)
            names.add(text, place, true);
    }

    /// What is both emitted and handled, under a name that `events` does not have.
    void undeclared() {
        Names names;
        add_declared(names);
        for (Index e = 0; e < graph_.emitted().size(); ++e) {
            const auto& name = graph_.emitted()[e];
            if (!name.is_topic() || is_unhandled(e) || declared_.knows(name))
                continue;
            if (const auto* meant = names.nearest(name.text(), looks_))
                tell(name.text(), *emitted_places_[e], "the events do not name", *meant);
        }
    }

    const InnerGraph& graph_;
    const GraphInput& input_;
    const DeclaredEvents& declared_;
    std::vector<std::optional<Place>> emitted_places_;
    std::vector<std::optional<Place>> subscribed_places_;
    std::set<std::string, std::less<>> exact_;
    std::set<std::pair<std::string, std::string>> told_;
    std::size_t looks_ = 0;
    std::vector<Finding> findings_;
};

} // namespace

std::vector<Finding> find_near_misses(const InnerGraph& graph, const GraphInput& input,
                                      const DeclaredEvents& declared) {
    return Search(graph, input, declared).run();
}

} // namespace mesh
