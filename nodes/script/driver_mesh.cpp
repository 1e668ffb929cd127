// The steps that act on the mesh: events, partitions, checks, and commands beside it.
#include "nodes/ask/survey.hpp"
#include "nodes/check/check.hpp"
#include "nodes/cli/event_json.hpp"
#include "nodes/cli/event_key.hpp"
#include "nodes/live/live_view.hpp"
#include "nodes/script/driver.hpp"
#include "nodes/script/shell_run.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 5s; // as `pub`
constexpr mesh::Duration slice = 20ms;  // after which it looks whether the run stops
constexpr mesh::Duration shell_patience = 10min;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

/// Handlers that want the topic, of services that are ready.
std::size_t Driver::handler_count(const std::string& topic) const {
    const auto view = direction_.view();
    std::size_t count = 0;
    for (const auto& service : setting_.manifest.services) {
        const auto& contract = service.contract;
        const bool is_ready = std::ranges::any_of(view.processes, [&](const auto& process) {
            return process.service == contract.service && !process.is_paused &&
                   process.state == DirectedProcess::State::ready;
        });
        if (is_ready)
            count += static_cast<std::size_t>(
                std::ranges::count_if(contract.handlers, [&](const auto& handler) {
                    return std::ranges::any_of(
                        handler.on, [&](const auto& pattern) { return pattern.matches(topic); });
                }));
    }
    return count;
}

StepResult Driver::play(const Publish& step) {
    auto& node = node_.node();
    const auto own = node_.own_subscriptions(step.topic);
    const auto found = [&] { return std::max(node.subscriber_count(step.topic), own) - own; };
    std::size_t wanted = 0;
    const bool is_wanted = wait_until(mesh::now() + patience, [&] {
        wanted = handler_count(step.topic);
        return node.wait_subscribers(step.topic, wanted + own, slice);
    });
    if (!is_wanted)
        return fail_step("expected " + std::to_string(wanted) + " subscriptions of " + step.topic +
                         " within " + typed_text(patience) + ", found " + std::to_string(found()) +
                         "; nothing was published");
    const auto payload = payload_of_text(step.data);
    mesh::EventOptions options;
    options.key = key_in(setting_.manifest.events, step.topic, payload);
    mesh::Result<void> published;
    const bool has_room = wait_until(mesh::now() + patience, [&] {
        published = node.try_publish(step.topic, payload, options);
        return published || published.error().code != mesh::ErrorCode::would_wait;
    });
    if (!has_room || !published)
        return fail_step("expected to publish within " + typed_text(patience) + ", found that " +
                         published.error().detail);
    // Who has not acknowledged by then is left to the expectations that follow.
    wait_until(mesh::now() + patience, [&] { return node.wait_dry(slice); });
    return {};
}

StepResult Driver::play(const Partition& step) {
    struct Cut {
        mesh::Peer node;
        std::size_t side = 0;
    };

    const auto view = direction_.view();
    std::vector<Cut> cuts;
    for (std::size_t side = 0; side < step.sides.size(); ++side)
        for (const auto& target : step.sides[side]) {
            const auto processes = running(target);
            if (!processes)
                return tl::unexpected(processes.error());
            for (const auto i : *processes) {
                const auto& process = view.processes[i];
                const bool is_seen = wait_until(mesh::now() + patience, [&] {
                    const auto peers = node_.node().peers();
                    const auto* node = node_of(process, peers);
                    if (node != nullptr)
                        cuts.push_back({*node, side});
                    return node != nullptr;
                });
                if (!is_seen)
                    return fail_step("expected the node of " + label(process) + " in view within " +
                                     typed_text(patience) + ", found none");
            }
        }
    std::vector<Survey::Asked> questions;
    for (const auto& one : cuts) {
        mesh::Question question;
        question.kind = mesh::Question::Kind::cut;
        question.time_us = static_cast<std::uint64_t>(
            std::chrono::ceil<std::chrono::microseconds>(step.time).count());
        for (const auto& other : cuts)
            if (other.side != one.side)
                question.nodes.push_back(other.node.id);
        questions.push_back({one.node, std::move(question)});
    }
    const auto asked_at = mesh::now();
    const auto answers = Survey(node_.node(), asked_at + patience).ask(questions);
    // Each side counts from its own answer on.
    heals_at_ = std::max(heals_at_, mesh::now() + step.time);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto name = label(questions[i].node);
        if (!answers[i])
            return fail_step("expected " + name + " to be cut off within " + typed_text(patience) +
                             ", found no answer");
        if (!answers[i]->error.empty())
            return fail_step("expected " + name + " to be cut off, found that " +
                             answers[i]->error);
    }
    return {};
}

StepResult Driver::play(const CheckMesh&) {
    CheckOptions options;
    options.today = std::chrono::floor<std::chrono::days>(mesh::wall_now());
    std::ostringstream told;
    if (check(setting_.files, options, told, told) != 0)
        return fail_step("expected manifests without errors, found some", lines_of(told.str()));
    auto view = live_view(setting_.realm, {});
    wait_until(mesh::now() + patience, [&] {
        view = live_view(setting_.realm, node_.node().peers());
        return view.coverage.is_complete();
    });
    options.live = view.coverage;
    mesh::ManifestSet live;
    live.realms.push_back(std::move(view.realm));
    if (check(live, options, told, told) != 0)
        return fail_step("expected a running mesh without errors, found some",
                         lines_of(told.str()));
    return {};
}

StepResult Driver::play(const RunShell& step) {
    const auto write = [this](std::ostream& stream) {
        return
            [this, &stream](std::string_view text) { direction_.write(stream, std::string(text)); };
    };
    const auto ended = run_shell({.command = step.command,
                                  .folder = setting_.folder,
                                  .environment = setting_.environment,
                                  .deadline = mesh::now() + shell_patience,
                                  .is_stopped = [this] { return is_stopping(); },
                                  .out = write(out_),
                                  .err = write(err_)});
    if (!ended)
        return fail_step("expected to run a shell, found that " + ended.error().detail);
    if (!*ended)
        return fail_step("expected the command to end within " + typed_text(shell_patience) +
                         ", found it running; it was killed");
    if (!(*ended)->is_success())
        return fail_step("expected the command to succeed, found that it " + to_string(**ended));
    return {};
}

} // namespace nodes
