// Node, the part that declares handlers.

#include "mesh/node.hpp"
#include "mesh/node/core.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace mesh {

namespace {

std::vector<Pattern> parse_all(const auto& texts) {
    std::vector<Pattern> patterns;
    for (const auto& text : texts) {
        auto pattern = Pattern::parse(text);
        if (!pattern)
            throw std::invalid_argument(pattern.error().detail);
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

} // namespace

Node::Declaration Node::declare(const std::vector<std::string>& patterns,
                                HandlerFunction function) {
    HandlerContract contract;
    contract.on = parse_all(patterns);
    if (contract.on.empty())
        throw std::invalid_argument("a handler listens to at least one topic");
    contract.name = contract.on.front().text();
    return on(std::move(contract), std::move(function));
}

Node::Declaration Node::on(HandlerContract contract, HandlerFunction function) {
    HandlerSpec spec;
    spec.contract = std::move(contract);
    spec.function = std::move(function);
    core_->add_handler(std::move(spec));
    return {*core_, core_->handler_count() - 1};
}

Node::Declaration Node::on(std::string_view pattern, EventQueue& queue) {
    return on(std::vector<std::string>{std::string(pattern)}, queue);
}

Node::Declaration Node::on(const std::vector<std::string>& patterns, EventQueue& queue) {
    auto declaration = declare(patterns, {});
    queue.serve(core_->handler(declaration.index_));
    return declaration;
}

Node::Declaration Node::every(HandlerContract contract, Duration interval, BeatFunction function) {
    if (interval <= Duration{})
        throw std::invalid_argument("handler \"" + contract.name +
                                    "\": expected a time between beats that is positive");
    HandlerSpec spec;
    spec.contract = std::move(contract);
    spec.every = interval;
    spec.beat = std::move(function);
    core_->add_handler(std::move(spec));
    return {*core_, core_->handler_count() - 1};
}

Node::Declaration& Node::Declaration::emits(std::initializer_list<std::string_view> patterns) {
    core_.handler(index_).contract.emits = parse_all(patterns);
    return *this;
}

Node::Declaration& Node::Declaration::emits(const std::vector<Pattern>& patterns) {
    core_.handler(index_).contract.emits = patterns;
    return *this;
}

Node::Declaration& Node::Declaration::allows_loop(std::string_view emitted,
                                                  std::uint32_t rounds_max) {
    core_.handler(index_).loops.emplace_back(parse_all(std::array{emitted}).front(), rounds_max);
    return *this;
}

Node::Declaration& Node::Declaration::named(std::string_view name) {
    core_.handler(index_).contract.name = name;
    return *this;
}

Node::Declaration& Node::Declaration::credit(std::uint64_t events) {
    core_.handler(index_).room.events = events;
    return *this;
}

Node::Declaration& Node::Declaration::policy(Policy policy) {
    core_.handler(index_).policy = policy;
    return *this;
}

Node::Declaration& Node::Declaration::from(StartFrom start) {
    core_.handler(index_).from = start;
    return *this;
}

Node::Declaration& Node::Declaration::on_gap(std::function<void(const Gap&)> function) {
    core_.handler(index_).on_gap = std::move(function);
    return *this;
}

Node::Declaration& Node::Declaration::with_store() {
    core_.handler(index_).takes_store = true;
    return *this;
}

Node::Declaration& Node::Declaration::inlined() {
    core_.handler(index_).is_inline = true;
    return *this;
}

Node::Declaration& Node::Declaration::workers(std::uint32_t count) {
    core_.handler(index_).lane.workers = count;
    return *this;
}

Node::Declaration& Node::Declaration::order(LaneOrder order) {
    core_.handler(index_).lane.order = order;
    return *this;
}

Node::Declaration& Node::Declaration::retry(const Retry& retry) {
    core_.handler(index_).lane.retry = retry;
    return *this;
}

Node::Declaration& Node::Declaration::deadline(Duration deadline) {
    core_.handler(index_).deadline = deadline;
    return *this;
}

Node::Declaration& Node::Declaration::after(std::initializer_list<std::string_view> patterns) {
    core_.handler(index_).contract.after = parse_all(patterns);
    return *this;
}

Node::Declaration& Node::Declaration::remembers(SeenKeys seen) {
    core_.handler(index_).seen = std::move(seen);
    return *this;
}

} // namespace mesh
