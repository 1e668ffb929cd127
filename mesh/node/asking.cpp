#include "mesh/node/asking.hpp"

namespace mesh {

namespace {

constexpr Duration asking_interval = std::chrono::milliseconds(500);
constexpr std::size_t open_max = 16384;

} // namespace

void Asking::ask(const NodeId& to, Question question, Answered answered) {
    question.number = ++last_number_;
    send_(to, question);
    open_.emplace(question.number, Open{to, question, std::move(answered), now()});
    if (open_.size() > open_max)
        open_.erase(open_.begin()); // whoever asked for it has long given up
}

void Asking::receive(const NodeId& from, const Answer& answer) {
    const auto found = open_.find(answer.number);
    if (found == open_.end() || found->second.to != from)
        return;
    const auto answered = std::move(found->second.answered);
    open_.erase(found);
    answered(answer);
}

void Asking::tick(TimePoint now) {
    for (auto& [number, one] : open_) {
        if (now - one.asked_at < asking_interval)
            continue;
        one.asked_at = now;
        send_(one.to, one.question);
    }
}

} // namespace mesh
