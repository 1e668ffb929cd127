#include "mesh/node/handler_calls.hpp"

#include "mesh/base/log.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/flow/causality.hpp"

#include <utility>

namespace mesh {

namespace {

// Of one handler; at most 256 bytes each.
constexpr std::size_t recent_keys_max = 65'536;

// Where the report counts beats, which have no topic; no topic is called so.
constexpr std::string_view beats = "(beats)";

std::uint64_t to_us(WallTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

std::string path_of(const Event& event) {
    const auto before = event.cause ? event.cause->path : std::string_view{};
    return std::string(before) + (before.empty() ? "" : " ") + std::string(event.topic);
}

} // namespace

HandlerCalls::HandlerCalls(const HandlerSpec& spec, std::vector<Pattern> allowed, Emit emit,
                           DeadLetterSink dead_letters, const void* owner)
    : spec_(spec),
      allowed_(std::move(allowed)),
      emit_(std::move(emit)),
      dead_letters_(std::move(dead_letters)),
      owner_(owner),
      watch_(spec.contract.name, spec.deadline),
      recent_keys_(recent_keys_max) {}

void HandlerCalls::bury(const Event& event, DeadReason reason, std::uint32_t attempts,
                        const std::string& error) {
    counts_.change(event.topic, [&](TopicCounts& counts) {
        ++counts.dead;
        counts.expired += reason == DeadReason::expired ? 1 : 0;
    });
    dead_letters_({spec_.contract.name, reason, attempts, error, wall_now(), OwnedEvent(event),
                   path_of(event)});
}

HandlerCalls::Claim HandlerCalls::claim(const std::string& key) {
    const std::lock_guard lock(keys_mutex_);
    if (spec_.seen.has ? spec_.seen.has(key) : recent_keys_.has(key))
        return Claim::seen;
    return keys_in_hand_.insert(key).second ? Claim::fresh : Claim::taken;
}

void HandlerCalls::release(const std::string& key, bool is_dealt_with) {
    const std::lock_guard lock(keys_mutex_);
    keys_in_hand_.erase(key);
    if (!is_dealt_with)
        return;
    if (spec_.seen.add)
        spec_.seen.add(key);
    else
        recent_keys_.add(key);
}

Outcome Stretch::handle(const Event& event, const ReservedHeaders& reserved,
                        std::uint32_t attempt) {
    if (reserved.time_to_live && wall_now() - event.time > *reserved.time_to_live) {
        calls_.bury(event, DeadReason::expired, attempt - 1,
                    "older than its time to live of " + to_text(*reserved.time_to_live));
        return Outcome::done;
    }
    const auto& key = reserved.idempotency_key;
    if (!key.empty())
        switch (calls_.claim(key)) {
        case HandlerCalls::Claim::seen:
            calls_.counts_.change(event.topic, [](TopicCounts& counts) { ++counts.ignored; });
            return Outcome::done;
        case HandlerCalls::Claim::taken:
            return Outcome::postponed;
        case HandlerCalls::Claim::fresh:
            break;
        }

    const auto result =
        call(&event, event.topic, [&](Emitter& emitter) { calls_.spec_.function(event, emitter); });

    if (!key.empty())
        calls_.release(key, result == Call::returned);
    if (result == Call::abandoned)
        return Outcome::abandoned;
    const auto done_us = to_us(wall_now());
    calls_.counts_.change(event.topic, [&](TopicCounts& counts) {
        counts.retried += attempt > 1 ? 1 : 0;
        if (counts.first_us == 0)
            counts.first_us = done_us;
        counts.last_us = done_us;
        ++(result == Call::returned ? counts.handled : counts.failed);
        const auto published_us = to_us(event.time);
        counts.latency.add(done_us > published_us ? done_us - published_us : 0);
    });
    if (result == Call::undeclared) {
        calls_.bury(event, DeadReason::undeclared, attempt, error_);
        return Outcome::done;
    }
    return result == Call::returned ? Outcome::done : Outcome::failed;
}

void Stretch::beat(const Beat& beat, const Event* because) {
    const auto result =
        call(because, beats, [&](Emitter& emitter) { calls_.spec_.beat(beat, emitter); });
    if (result == Call::abandoned)
        return;
    if (result != Call::returned)
        log(LogLevel::error,
            "handler " + calls_.spec_.contract.name + " failed at a beat: " + error_);
    const auto done_us = to_us(wall_now());
    calls_.counts_.change(beats, [&](TopicCounts& counts) {
        ++(result == Call::returned ? counts.handled : counts.failed);
        if (counts.first_us == 0)
            counts.first_us = done_us;
        counts.last_us = done_us;
    });
}

template <class Function>
Stretch::Call Stretch::call(const Event* because, std::string_view topic, Function function) {
    Emitter emitter(calls_.allowed_, calls_.spec_.contract.name, calls_.owner_);
    const bool has_deadline = calls_.watch_.deadline() > Duration{};
    DeadlineWatch::Ticket ticket = 0;
    if (has_deadline)
        ticket = calls_.watch_.begin(
            std::string(topic) + (because != nullptr ? " " + to_string(because->id) : ""), now());
    auto result = Call::failed;
    try {
        const Emitter::Scope scope(emitter);
        function(emitter);
        result = Call::returned;
    } catch (const Undeclared& error) {
        error_ = error.what();
        result = Call::undeclared;
    } catch (const std::exception& error) {
        error_ = error.what();
    } catch (const Abandoned&) {
        result = Call::abandoned;
    } catch (...) {
        error_ = "it threw something that is no std::exception";
    }
    if (has_deadline && calls_.watch_.end(ticket, now())) {
        calls_.counts_.change(topic, [](TopicCounts& counts) { ++counts.overdue; });
        if (result == Call::returned) {
            error_ = "it took longer than its deadline of " + to_text(calls_.watch_.deadline());
            result = Call::failed;
        }
    }
    return result == Call::returned ? publish(emitter, because, topic) : result;
}

Stretch::Call Stretch::publish(const Emitter& emitter, const Event* because,
                               std::string_view topic) {
    for (const auto& said : emitter.said()) {
        const auto emitted = calls_.emit_(said, because);
        if (!emitted) {
            error_ = "cannot emit " + said.topic + ": " + emitted.error().detail;
            return emitted.error().code == ErrorCode::closed ? Call::abandoned : Call::failed;
        }
        if (*emitted == Emitted::stopped)
            calls_.counts_.change(topic, [](TopicCounts& counts) { ++counts.stopped; });
    }
    return Call::returned;
}

} // namespace mesh
