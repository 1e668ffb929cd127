// NodeCore, the part that gives handlers what they need of their node.

#include "mesh/node/core.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

using namespace std::chrono_literals;

void NodeCore::make_handlers() {
    for (auto& spec : specs_) {
        auto allowed = emitted_patterns(identity_.contract, spec.contract);
        HandlerRunner::Hooks hooks;
        hooks.calls.emit = [this, handler = spec.contract](const Emitter::Said& said,
                                                           const Event* because,
                                                           CommonCause& common) {
            return emit(handler, said, said.is_entry ? nullptr : because, common);
        };
        hooks.calls.dead_letters = [this](const DeadLetter& letter) { bury(letter); };
        hooks.calls.unpack = [this](Bytes compressed) { return packing_.unpack(compressed); };
        hooks.calls.reply = [this](const Event& request, Reply answer) {
            reply(request, std::move(answer));
        };
        hooks.calls.has_key = [this, name = spec.contract.name](std::string_view key) {
            return has_key(name, key);
        };
        hooks.calls.keep_key = [this, name = spec.contract.name](std::string_view key) {
            return keep_key(name, key);
        };
        hooks.calls.disk = [this] { return disk(); };
        hooks.calls.is_durable = [this](const Emitter::Said& said) {
            return said.options.level.value_or(topics_.facts_of(said.topic).level) >=
                   Level::durable;
        };
        hooks.calls.wait_for_room = [this](const Emitter::Said& said) {
            return outgoing_->wait_for_room(draft_of(said.topic, said.payload, said.options, {}));
        };
        hooks.progressed = [this] {
            incoming_->note_progress();
            answering_->note_progress();
        };
        handlers_.push_back(
            std::make_unique<HandlerRunner>(spec, std::move(allowed), std::move(hooks), this));
        handlers_.back()->with_ledger(
            [this](HandlerLedger& ledger) { ledger.plant(options_.ledger_fault); });
    }
}

void NodeCore::start_clocks() {
    for (const auto& handler : handlers_) {
        if (const auto interval = handler->spec().every; interval > Duration{})
            reactor_.every(interval, [this, one = handler.get()] {
                if (!is_stopping_)
                    one->beat();
            });
        // Looked at often enough to be told while it still matters.
        if (const auto deadline = handler->spec().deadline; deadline > Duration{})
            reactor_.every(std::clamp<Duration>(deadline / 4, 1ms, 100ms),
                           [one = handler.get()] { one->look_at_deadlines(now()); });
    }
}

} // namespace mesh
