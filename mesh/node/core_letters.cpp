// NodeCore, the part for what went wrong: dead letters, and what tools ask.

#include "mesh/base/log.hpp"
#include "mesh/node/core.hpp"

#include <utility>

namespace mesh {

namespace {

std::string name_of(const DeadLetter& letter) {
    const auto& event = *letter.event;
    return "handler " + letter.handler + ", " + std::string(to_text(letter.reason)) +
           (letter.attempts > 0 ? " in attempt " + std::to_string(letter.attempts)
                                : std::string()) +
           ", " + std::string(event.topic) + " " + to_string(event.id);
}

} // namespace

void NodeCore::bury(const DeadLetter& letter) {
    log(LogLevel::error, "dead letter: " + name_of(letter) + ": " + letter.error);
    // The loop does not wait for disks: of an inline handler, the letter is kept a moment later.
    const bool is_left_to_others =
        reactor_.is_inside() && answering_->post([this, letter] { keep(letter); });
    if (!is_left_to_others)
        keep(letter);
    if (!on_dead_letter)
        return;
    try {
        on_dead_letter(letter);
    } catch (const std::exception& error) {
        log(LogLevel::error, std::string("whoever takes dead letters failed: ") + error.what());
    }
}

void NodeCore::keep(const DeadLetter& letter) {
    const auto kept = letters_.add(letter);
    if (kept)
        return;
    const auto& event = *letter.event;
    log(LogLevel::error, "this dead letter is not kept: " + name_of(letter) + ", of service " +
                             std::string(event.service) + ", key \"" + std::string(event.key) +
                             "\", " + std::to_string(event.payload.size()) + " bytes of " +
                             std::string(event.content_type) + ": " + kept.error().detail);
}

void NodeCore::prepare_answering() {
    asking_.emplace([this](const NodeId& to, const Question& question) {
        neighbours_->send(to, question, true);
    });
    answering_.emplace(reactor_, handlers_, letters_,
                       Answering::Hooks{[this](const NodeId& to, const Answer& answer) {
                                            neighbours_->send(to, answer, true);
                                        },
                                        [](Answer&) {}});
}

void NodeCore::ask(const NodeId& node, const Question& question, Asking::Answered answered) {
    reactor_.post([this, node, question, answered = std::move(answered)]() mutable {
        asking_->ask(node, question, std::move(answered));
    });
}

} // namespace mesh
