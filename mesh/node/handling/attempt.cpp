#include "mesh/node/handling/attempt.hpp"

#include "mesh/base/log.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/base/time.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

Attempt::Attempt(HandlerCalls& calls, const ArrivedEvent& event, const ReservedHeaders& reserved,
                 std::uint32_t number)
    : calls_(calls),
      event_(event),
      key_(reserved.idempotency_key),
      request_(reserved.request),
      number_(number),
      emitter_(calls.emitter()) {
    emitter_.set_because(&event);
    if (reserved.time_to_live && wall_now() - event.time > *reserved.time_to_live) {
        dead_ = DeadReason::expired;
        error_ = "older than its time to live of " + to_text(*reserved.time_to_live);
        return;
    }
    if (key_.empty())
        return;
    const auto claim = calls_.claim(key_);
    has_claimed_ = claim == HandlerCalls::Claim::fresh;
    const auto& has_key = calls_.hooks().has_key;
    is_ignored_ = claim == HandlerCalls::Claim::seen ||
                  (has_claimed_ && has_key && is_lasting() && has_key(key_));
    if (claim == HandlerCalls::Claim::taken)
        state_ = Outcome::postponed;
}

Attempt::Attempt(HandlerCalls& calls, const ArrivedEvent& event, const ReservedHeaders& reserved,
                 Emitter&& emitter, HandlerCalls::Called called, std::string error)
    : calls_(calls),
      event_(event),
      key_(reserved.idempotency_key),
      request_(reserved.request),
      number_(1),
      emitter_(std::move(emitter)),
      has_called_(true),
      error_(std::move(error)) {
    note(called);
}

Attempt::~Attempt() {
    if (has_claimed_)
        calls_.release(key_, false);
}

void Attempt::call(Store* store) {
    if (dead_ || is_ignored_ || state_ != Outcome::done)
        return;
    if (!event_.is_compressed)
        return call(event_, store);
    const auto plain = calls_.hooks().unpack(event_.payload);
    if (!plain) {
        dead_ = DeadReason::unreadable;
        error_ = plain.error().detail;
        state_ = Outcome::failed;
        return;
    }
    Event event = event_;
    event.payload = plain->bytes();
    call(event, store);
}

void Attempt::call(const Event& event, Store* store) {
    has_called_ = true;
    emitter_.give(store);
    note(calls_.invoke(
        emitter_, &event, event.topic, [&] { calls_.spec().function(event, emitter_); }, error_));
}

void Attempt::note(HandlerCalls::Called called) {
    switch (called) {
    case HandlerCalls::Called::returned:
        break;
    case HandlerCalls::Called::undeclared:
        dead_ = DeadReason::undeclared;
        state_ = Outcome::failed;
        break;
    case HandlerCalls::Called::failed:
        state_ = Outcome::failed;
        break;
    case HandlerCalls::Called::abandoned:
        state_ = Outcome::abandoned;
        break;
    }
}

Result<void> Attempt::publish(const Which& which) {
    if (!has_returned())
        return {};
    auto emitted = emit(which);
    if (!emitted) {
        error_ = emitted.error().detail;
        state_ = emitted.error().code == ErrorCode::closed ? Outcome::abandoned : Outcome::failed;
    }
    return emitted;
}

void Attempt::publish_late(const Which& which) {
    if (!has_returned())
        return;
    if (const auto emitted = emit(which); !emitted)
        log(LogLevel::error, "handler " + calls_.spec().contract.name + ": " +
                                 emitted.error().detail + "; what else it did is kept");
}

Result<void> Attempt::emit(const Which& which) {
    CommonCause common;
    for (const auto& said : emitter_.said()) {
        if (!which(said))
            continue;
        const auto emitted = calls_.emit(said, event_, common);
        if (!emitted)
            return fail(emitted.error().code,
                        "cannot emit " + said.topic + ": " + emitted.error().detail);
        stopped_count_ += *emitted == Emitted::stopped ? 1 : 0;
    }
    return {};
}

void Attempt::bury_if_dead(bool is_last) {
    const bool has_failed = state_ == Outcome::failed;
    if (!dead_ && !(has_failed && is_last))
        return;
    is_buried_ = true;
    if (!dead_)
        dead_ = DeadReason::failed;
    calls_.give_up(event_, *dead_, has_called_ ? number_ : number_ - 1, error_);
    state_ = Outcome::done;
}

Result<void> Attempt::keep_key() {
    const auto& keep = calls_.hooks().keep_key;
    const bool is_dealt_with = state_ == Outcome::done && !is_buried_;
    if (!keep || !has_claimed_ || !is_lasting() || !is_dealt_with)
        return {};
    return keep(key_);
}

bool Attempt::is_lasting() const {
    return event_.id.incarnation == 0 && !calls_.spec().seen.has;
}

Outcome Attempt::finish() {
    const bool is_dealt_with = state_ == Outcome::done && !is_buried_;
    if (std::exchange(has_claimed_, false))
        calls_.release(key_, is_dealt_with);
    if (state_ == Outcome::abandoned || state_ == Outcome::postponed)
        return state_;
    if (request_ != 0 && is_dealt_with && emitter_.replied())
        calls_.hooks().reply(event_, {request_, calls_.spec().contract.name, false,
                                      emitter_.replied()->content_type, emitter_.replied()->bytes});
    const auto settled = is_ignored_     ? Settled::ignored
                         : is_buried_    ? Settled::dead
                         : is_dealt_with ? Settled::handled
                                         : Settled::not_yet;
    calls_.counts().change(event_, settled, [&](TopicCounts& counts) {
        counts.ignored += is_ignored_ ? 1 : 0;
        counts.stopped += stopped_count_;
        if (is_buried_) {
            ++counts.dead;
            counts.expired += dead_ == DeadReason::expired ? 1 : 0;
        }
        if (!has_called_)
            return;
        counts.retried += number_ > 1 ? 1 : 0;
        ++(is_dealt_with ? counts.handled : counts.failed);
        const auto done = wall_now();
        counts.note_done(done);
        counts.latency.add(
            static_cast<std::uint64_t>(std::max<WallTime::rep>(0, (done - event_.time).count())));
    });
    return state_;
}

} // namespace mesh
