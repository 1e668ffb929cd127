#include "tests/mesh/peer/joining_exhaustive.hpp"

#include "mesh/peer/admission.hpp"
#include "tests/mesh/peer/joining_contracts.hpp"
#include "tests/mesh/peer/joining_watch.hpp"
#include "tests/mesh/peer/naive_graph.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace joining_test {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t count = 3;
constexpr mesh::TimePoint now{1h};
constexpr mesh::Duration listening = 150ms;
constexpr std::size_t states_max = 4'000'000;

using Id = std::uint32_t;

/// A message by its sender, its receiver and its bytes: equal ones are one.
struct Sent {
    std::size_t from = 0;
    std::size_t to = 0;
    std::string bytes;

    auto operator<=>(const Sent&) const = default;
};

/// What one node can be in, and what it can get into: each state is computed once, whatever the
/// others do meanwhile.
struct Local {
    mesh::Admission admission;
    std::array<bool, count> sees{};
    bool has_asked = false;

    bool sees_all(std::size_t self) const {
        for (std::size_t i = 0; i < count; ++i)
            if (i != self && !sees[i])
                return false;
        return true;
    }

    std::string text() const {
        auto made = admission.snapshot();
        for (const bool flag : sees)
            made += flag ? '1' : '0';
        return made + (has_asked ? '1' : '0');
    }
};

/// All nodes, and the messages under way, in order of their numbers.
struct State {
    std::array<Id, count> nodes{};
    std::vector<Id> messages;

    bool operator==(const State&) const = default;
};

struct StateHash {
    std::size_t operator()(const State& state) const {
        std::uint64_t made = 0;
        const auto mix = [&made](Id id) { made = (made ^ id) * 0x9e3779b97f4a7c15 ^ made >> 29U; };
        std::ranges::for_each(state.nodes, mix);
        std::ranges::for_each(state.messages, mix);
        return made;
    }
};

class Search {
public:
    explicit Search(const NamedContracts& graph) : graph_(graph), naive_(graph.contracts) {}

    /// Visits every state that can be reached. Returns how many there are.
    std::size_t run() {
        State first;
        for (std::size_t i = 0; i < count; ++i) {
            mesh::AdmissionOptions options;
            options.id = id_of(i);
            options.contract = graph_.contracts[i];
            options.listening = listening;
            Local local{mesh::Admission(options), {}, false};
            local.admission.start(now);
            first.nodes[i] = number(i, std::move(local));
        }
        reach(std::move(first));
        while (!waiting_.empty()) {
            const auto state = std::move(waiting_.back());
            waiting_.pop_back();
            visit(state);
            if (known_.size() > states_max)
                throw Violation("more states than can be looked at");
        }
        return known_.size();
    }

private:
    struct Step {
        Id state;
        std::vector<Id> sent;
    };

    mesh::Admission::Outcome see(Local& local, std::size_t whom) const {
        local.sees[whom] = true;
        return local.admission.seen(id_of(whom), 1, graph_.contracts[whom], now);
    }

    static mesh::Admission::Outcome hear(Local& local, const Sent& message) {
        const auto decoded = mesh::decode_control(mesh::bytes_of(message.bytes));
        const auto from = id_of(message.from);
        if (const auto* join = std::get_if<mesh::Join>(&decoded->body))
            return local.admission.received(from, 1, *join, now);
        return local.admission.received(from, 1, std::get<mesh::JoinAnswer>(decoded->body), now);
    }

    Id number(std::size_t node, Local local) {
        auto& numbers = numbers_[node];
        const auto [known, is_new] =
            numbers.emplace(local.text(), static_cast<Id>(locals_[node].size()));
        if (is_new)
            locals_[node].push_back(std::move(local));
        return known->second;
    }

    Id number(Sent message) {
        const auto [known, is_new] =
            message_numbers_.emplace(message, static_cast<Id>(messages_.size()));
        if (is_new)
            messages_.push_back(std::move(message));
        return known->second;
    }

    /// What becomes of a node, computed once for each of its states and each thing that happens.
    template <class Happen>
    const Step& step(std::size_t node, Id state, Id what, Happen happen) {
        const auto key = std::uint64_t{state} << 32U | what;
        const auto known = steps_[node].find(key);
        if (known != steps_[node].end())
            return known->second;
        auto local = locals_[node][state];
        const mesh::Admission::Outcome outcome = happen(local);
        Step made{number(node, std::move(local)), {}};
        for (const auto& message : outcome.messages)
            for (std::size_t to = 0; to < count; ++to)
                if (id_of(to) == message.to)
                    made.sent.push_back(
                        number(Sent{node, to, mesh::encode({0, id_of(node), 1, message.body})}));
        return steps_[node].emplace(key, std::move(made)).first->second;
    }

    void reach(State state) {
        const auto [known, is_new] = known_.insert(std::move(state));
        if (is_new)
            waiting_.push_back(*known);
    }

    void follow(const State& state, std::size_t node, const Step& step) {
        auto next = state;
        next.nodes[node] = step.state;
        for (const auto message : step.sent)
            next.messages.insert(std::ranges::upper_bound(next.messages, message), message);
        reach(std::move(next));
    }

    void visit(const State& state) {
        check(state);
        bool is_last = true;
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = state.nodes[i];
            for (std::size_t j = 0; j < count; ++j) {
                if (i == j || locals_[i][at].sees[j])
                    continue;
                is_last = false;
                follow(state, i, step(i, at, see_first + static_cast<Id>(j), [&](Local& local) {
                           return see(local, j);
                       }));
            }
            if (!locals_[i][at].has_asked && locals_[i][at].sees_all(i)) {
                is_last = false;
                follow(state, i, step(i, at, ask, [](Local& local) {
                           local.has_asked = true;
                           return local.admission.tick(now + listening);
                       }));
            }
        }
        for (std::size_t m = 0; m < state.messages.size(); ++m) {
            const auto message = state.messages[m];
            if (m > 0 && state.messages[m - 1] == message)
                continue;
            const auto to = messages_[message].to;
            if (!locals_[to][state.nodes[to]].sees[messages_[message].from])
                continue; // it is dropped and sent again until then
            is_last = false;
            auto rest = state;
            rest.messages.erase(rest.messages.begin() + static_cast<std::ptrdiff_t>(m));
            follow(rest, to, step(to, state.nodes[to], message, [&](Local& local) {
                       return hear(local, Sent(messages_[message]));
                   }));
        }
        if (is_last)
            check_end(state);
    }

    std::uint32_t running(const State& state) const {
        std::uint32_t handlers = 0;
        for (std::size_t v = 0; v < naive_.vertices().size(); ++v) {
            const auto& vertex = naive_.vertices()[v];
            if (locals_[vertex.node][state.nodes[vertex.node]].admission.runs(vertex.handler))
                handlers |= 1U << v;
        }
        return handlers;
    }

    void check(const State& state) const {
        if (naive_.is_cyclic(running(state)))
            throw Violation("a cycle runs");
    }

    void check_end(const State& state) const {
        const auto handlers = running(state);
        for (std::size_t v = 0; v < naive_.vertices().size(); ++v)
            if ((handlers >> v & 1U) == 0 && !naive_.is_cyclic(handlers | 1U << v))
                throw Violation("a handler that fits does not run");
        for (std::size_t i = 0; i < count; ++i) {
            const auto& node = locals_[i][state.nodes[i]].admission;
            if (!node.is_decided() || !node.is_told() ||
                node.standing().state == mesh::JoinState::pending)
                throw Violation("a node waits forever");
        }
    }

    /// Numbers of what happens to a node, beside those of messages.
    static constexpr Id see_first = 0xfffffff0;
    static constexpr Id ask = 0xffffffff;

    const NamedContracts& graph_;
    NaiveGraph naive_;
    std::array<std::vector<Local>, count> locals_;
    std::array<std::map<std::string, Id>, count> numbers_;
    std::array<std::unordered_map<std::uint64_t, Step>, count> steps_;
    std::vector<Sent> messages_;
    std::map<Sent, Id> message_numbers_;
    std::vector<State> waiting_;
    std::unordered_set<State, StateHash> known_;
};

} // namespace

std::uint64_t try_every_order(std::ostream& out, std::size_t graphs_max) {
    out << "every order of three that join without faults\n";
    std::uint64_t violations = 0;
    auto all = contracts_of_three();
    all.resize(std::min(graphs_max, all.size()));
    for (const auto& graph : all) {
        out << "  " << graph.name << ": ";
        try {
            out << Search(graph).run() << " states" << std::endl;
        } catch (const Violation& violation) {
            ++violations;
            out << violation.what() << '\n';
        }
    }
    return violations;
}

} // namespace joining_test
