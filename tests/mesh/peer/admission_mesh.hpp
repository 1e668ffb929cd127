#pragma once

#include "mesh/peer/admission.hpp"
#include "tests/mesh/graph/contracts.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace admission_test {

inline mesh::NodeId id(int number) {
    mesh::NodeId made;
    made.bytes[0] = static_cast<std::byte>(number);
    return made;
}

inline std::shared_ptr<const mesh::Contract> shared(mesh::Contract contract) {
    return std::make_shared<const mesh::Contract>(std::move(contract));
}

inline std::shared_ptr<const mesh::Contract>
relay(const std::string& service, const std::string& on, const std::string& emits) {
    return shared(
        graph_test::contract(service, {graph_test::handler("h", {on}, graph_test::Names{emits})}));
}

/// Some nodes and a network that delivers at once, unless a node is cut off.
class Mesh {
public:
    mesh::TimePoint now{std::chrono::hours(1)};
    std::set<int> cut_off; ///< nothing reaches them, or comes from them

    /// Starts a node that does not see anybody yet.
    void start(int number, std::shared_ptr<const mesh::Contract> contract, bool is_strict = false) {
        mesh::AdmissionOptions options;
        options.id = id(number);
        options.incarnation = ++incarnations_[number];
        options.contract = std::move(contract);
        options.is_strict = is_strict;
        contracts_[number] = options.contract;
        nodes_.erase(number);
        nodes_.emplace(number, mesh::Admission(options));
        take(number, at(number).start(now));
    }

    mesh::Admission& at(int number) { return nodes_.at(number); }

    void see(int who, int whom) {
        take(who, at(who).seen(id(whom), incarnations_[whom], contracts_[whom], now));
    }

    void meet(int one, int other) {
        see(one, other);
        see(other, one);
    }

    void lose(int who, int whom) { take(who, at(who).gone(id(whom), incarnations_[whom], now)); }

    void deliver() {
        for (int count = 0; !messages_.empty() && count < 10'000; ++count) {
            const auto [from, message] = messages_.front();
            messages_.pop_front();
            for (const auto& [number, node] : nodes_)
                if (id(number) == message.to && !cut_off.contains(number))
                    receive(number, from, message.body);
        }
    }

    /// Time passes, 50 ms by 50 ms.
    void pass(mesh::Duration time) {
        for (const auto end = now + time; now < end; now += std::chrono::milliseconds(50)) {
            for (auto& [number, node] : nodes_)
                take(number, node.tick(now));
            deliver();
        }
    }

    std::vector<std::string> lines(int number) const {
        const auto found = lines_.find(number);
        return found == lines_.end() ? std::vector<std::string>{} : found->second;
    }

    std::size_t message_count = 0;

private:
    void take(int number, mesh::Admission::Outcome outcome) {
        message_count += outcome.messages.size();
        if (!cut_off.contains(number))
            for (auto& message : outcome.messages)
                messages_.emplace_back(number, std::move(message));
        for (auto& line : outcome.lines)
            lines_[number].push_back(line);
    }

    void receive(int number, int from, const mesh::ControlBody& body) {
        const auto incarnation = incarnations_[from];
        if (const auto* join = std::get_if<mesh::Join>(&body))
            take(number, at(number).received(id(from), incarnation, *join, now));
        if (const auto* answer = std::get_if<mesh::JoinAnswer>(&body))
            take(number, at(number).received(id(from), incarnation, *answer, now));
    }

    std::map<int, mesh::Admission> nodes_;
    std::map<int, std::uint32_t> incarnations_;
    std::map<int, std::shared_ptr<const mesh::Contract>> contracts_;
    std::deque<std::pair<int, mesh::Admission::Outcome::Message>> messages_;
    std::map<int, std::vector<std::string>> lines_;
};

} // namespace admission_test
