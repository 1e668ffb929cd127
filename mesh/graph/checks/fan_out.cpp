#include "mesh/graph/checks/fan_out.hpp"

#include "mesh/event/tokens.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Words = std::vector<std::string_view>;

Words words_of(const Pattern& pattern) {
    Words words;
    for (const auto token : Tokens(pattern.text()))
        words.push_back(token);
    return words;
}

/// A subscribed pattern that still may match a topic of which some tokens are chosen.
struct Candidate {
    Index subscribed;
    Words words;
};

/// The topics that begin with the tokens chosen so far.
struct Prefix {
    Words chosen;
    std::vector<std::size_t> open; ///< candidates whose words all fit so far, `>` excepted
    std::vector<std::size_t> done; ///< candidates whose `>` took the rest
    bool is_within = false;        ///< the `>` of `within` took the rest
};

class Search {
public:
    Search(const InnerGraph& graph, const Pattern& within)
        : graph_(graph), within_(words_of(within)) {
        for (Index s = 0; s < graph.subscribed().size(); ++s)
            if (intersects(graph.subscribed()[s], within))
                candidates_.push_back({s, words_of(graph.subscribed()[s])});
    }

    FanOut run() {
        Prefix root;
        for (std::size_t i = 0; i < candidates_.size(); ++i)
            root.open.push_back(i);
        std::vector<Prefix> waiting{std::move(root)};
        while (!waiting.empty()) {
            const auto prefix = std::move(waiting.back());
            waiting.pop_back();
            judge(prefix);
            if (steps_ > fan_out_steps_max) {
                best_.is_widest = false;
                break;
            }
            if (handler_count(prefix.open, prefix.done) > best_.handler_count)
                for (const auto token : next_tokens(prefix))
                    waiting.push_back(extended(prefix, token));
        }
        return best_;
    }

private:
    /// The tokens worth trying next: those that some candidate names, else any token. Pushed in
    /// falling order, so that the smallest is tried first.
    std::set<std::string_view, std::greater<>> next_tokens(const Prefix& prefix) const {
        const auto at = prefix.chosen.size();
        const auto own = at < within_.size() ? within_[at] : std::string_view();
        if (own.empty() && !prefix.is_within)
            return {};
        if (!own.empty() && own != "*" && own != ">")
            return {own};
        std::set<std::string_view, std::greater<>> tokens;
        for (const auto i : prefix.open) {
            const auto& words = candidates_[i].words;
            if (at < words.size() && words[at] != "*" && words[at] != ">")
                tokens.insert(words[at]);
        }
        const auto is_longer = [&](std::size_t i) { return at < candidates_[i].words.size(); };
        const bool is_needed = at < within_.size() || std::ranges::any_of(prefix.open, is_longer);
        if (tokens.empty() && is_needed)
            tokens.insert("*");
        return tokens;
    }

    Prefix extended(const Prefix& prefix, std::string_view token) {
        const auto at = prefix.chosen.size();
        Prefix longer{prefix.chosen, {}, prefix.done, prefix.is_within};
        longer.chosen.push_back(token);
        longer.is_within |= at < within_.size() && within_[at] == ">";
        for (const auto i : prefix.open) {
            ++steps_;
            const auto& words = candidates_[i].words;
            if (at >= words.size())
                continue;
            if (words[at] == ">")
                longer.done.push_back(i);
            else if (words[at] == "*" || words[at] == token)
                longer.open.push_back(i);
        }
        return longer;
    }

    /// Whether the chosen tokens are a whole topic of `within`, and how many listen to it.
    void judge(const Prefix& prefix) {
        const auto length = prefix.chosen.size();
        if (length == 0 || (!prefix.is_within && length != within_.size()))
            return;
        std::vector<std::size_t> ending;
        for (const auto i : prefix.open)
            if (candidates_[i].words.size() == length)
                ending.push_back(i);
        const auto count = handler_count(ending, prefix.done);
        if (count <= best_.handler_count)
            return;
        best_.handler_count = count;
        best_.topic.clear();
        for (const auto token : prefix.chosen)
            best_.topic += (best_.topic.empty() ? "" : ".") + std::string(token);
        best_.subscriptions = subscriptions_of(ending, prefix.done);
    }

    std::vector<Index> subscriptions_of(const std::vector<std::size_t>& some,
                                        const std::vector<std::size_t>& others) {
        std::vector<Index> all;
        for (const auto* list : {&some, &others})
            for (const auto i : *list)
                for (const auto number : graph_.subscriptions_to(candidates_[i].subscribed))
                    all.push_back(number);
        steps_ += all.size();
        std::ranges::sort(all); // subscriptions are numbered in order of handler
        return all;
    }

    std::size_t handler_count(const std::vector<std::size_t>& some,
                              const std::vector<std::size_t>& others) {
        std::size_t count = 0;
        auto last = static_cast<Index>(graph_.handlers().size());
        for (const auto number : subscriptions_of(some, others)) {
            const auto handler = graph_.subscriptions()[number].handler;
            count += handler == last ? 0 : 1;
            last = handler;
        }
        return count;
    }

    const InnerGraph& graph_;
    Words within_;
    std::vector<Candidate> candidates_;
    FanOut best_;
    std::size_t steps_ = 0;
};

} // namespace

FanOut widest_fan_out(const InnerGraph& graph, const Pattern& within) {
    return Search(graph, within).run();
}

} // namespace mesh
