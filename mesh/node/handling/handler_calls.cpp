#include "mesh/node/handling/handler_calls.hpp"

#include "mesh/base/log.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <utility>

namespace mesh {

namespace {

// Of one handler; at most 256 bytes each.
constexpr std::size_t recent_keys_max = 65'536;

constexpr std::size_t durable_topics_max = 64;

// RFC 8878.
constexpr std::string_view compressed_content_type = "application/zstd";

// Where the report counts beats, which have no topic; no topic is called so.
constexpr std::string_view beats = "(beats)";

std::string path_of(const Event& event) {
    const auto before = event.cause ? event.cause->path : std::string_view{};
    return std::string(before) + (before.empty() ? "" : " ") + std::string(event.topic);
}

} // namespace

HandlerCalls::HandlerCalls(const HandlerSpec& spec, std::vector<Pattern> allowed,
                           HandlerHooks hooks, const void* owner)
    : spec_(spec),
      allowed_(std::move(allowed)),
      hooks_(std::move(hooks)),
      owner_(owner),
      watch_(spec.contract.name, spec.deadline),
      recent_keys_(recent_keys_max) {}

void HandlerCalls::give_up(const ArrivedEvent& event, DeadReason reason, std::uint32_t attempts,
                           const std::string& error) {
    Event kept = event;
    std::string what = error;
    std::optional<PlainPayload> plain;
    if (event.is_compressed) {
        if (auto unpacked = hooks_.unpack(event.payload)) {
            plain = std::move(*unpacked);
            kept.payload = plain->bytes();
        } else {
            what += (reason == DeadReason::unreadable ? "" : "; " + unpacked.error().detail) +
                    "; it was " + std::string(event.content_type);
            reason = DeadReason::unreadable;
            kept.content_type = compressed_content_type;
            kept.payload = frame_of(event.payload);
        }
    }
    if (const auto request = reserved_headers(event.headers).request; request != 0)
        hooks_.reply(event, {request, spec_.contract.name, true, "text/plain",
                             what.substr(0, letter_error_size_bytes_max)});
    hooks_.dead_letters({spec_.contract.name, reason, attempts, what, wall_now(), OwnedEvent(kept),
                         path_of(event)});
}

void HandlerCalls::bury(const ArrivedEvent& event, DeadReason reason, std::uint32_t attempts,
                        const std::string& error) {
    counts_.change(event, Settled::dead, [](TopicCounts& counts) { ++counts.dead; });
    give_up(event, reason, attempts, error);
}

HandlerCalls::Claim HandlerCalls::claim(const std::string& key) {
    const std::lock_guard lock(mutex_);
    if (spec_.seen.has ? spec_.seen.has(key) : recent_keys_.has(key))
        return Claim::seen;
    return keys_in_hand_.insert(key).second ? Claim::fresh : Claim::taken;
}

void HandlerCalls::release(const std::string& key, bool is_dealt_with) {
    const std::lock_guard lock(mutex_);
    keys_in_hand_.erase(key);
    if (!is_dealt_with)
        return;
    if (spec_.seen.add)
        spec_.seen.add(key);
    else
        recent_keys_.add(key);
}

std::vector<std::string> HandlerCalls::durable_topics() const {
    const std::lock_guard lock(mutex_);
    return {durable_topics_.begin(), durable_topics_.end()};
}

void HandlerCalls::note_durable_topics(std::span<const Emitter::Said> said) {
    const std::lock_guard lock(mutex_);
    for (const auto& one : said)
        if (durable_topics_.size() < durable_topics_max && hooks_.is_durable(one))
            durable_topics_.insert(one.topic);
}

HandlerCalls::Called HandlerCalls::invoke(Emitter& emitter, const Event* because,
                                          std::string_view topic,
                                          const std::function<void()>& function,
                                          std::string& error) {
    DeadlineWatch::Ticket ticket = 0;
    if (has_deadline())
        ticket = watch_.begin(
            std::string(topic) + (because != nullptr ? " " + to_string(because->id) : ""), now());
    auto result = guarded(emitter, function, error);
    if (has_deadline() && watch_.end(ticket, now())) {
        counts_.change(topic, [](TopicCounts& counts) { ++counts.overdue; });
        if (result == Called::returned) {
            error = "it took longer than its deadline of " + to_text(watch_.deadline());
            result = Called::failed;
        }
    }
    return result;
}

void HandlerCalls::beat(const Beat& beat, const Event* because) {
    auto said = emitter();
    std::string error;
    auto result = invoke(
        said, because, beats, [&] { spec_.beat(beat, said); }, error);
    if (result == Called::abandoned)
        return;
    std::uint64_t stopped = 0;
    CommonCause common;
    for (const auto& one : said.said()) {
        if (result != Called::returned)
            break;
        const auto emitted = hooks_.emit(one, because, common);
        if (!emitted && emitted.error().code == ErrorCode::closed)
            return;
        if (!emitted) {
            result = Called::failed;
            error = "cannot emit " + one.topic + ": " + emitted.error().detail;
        }
        stopped += emitted && *emitted == Emitted::stopped ? 1 : 0;
    }
    if (result != Called::returned)
        log(LogLevel::error, "handler " + spec_.contract.name + " failed at a beat: " + error);
    counts_.change(beats, [&](TopicCounts& counts) {
        ++(result == Called::returned ? counts.handled : counts.failed);
        counts.stopped += stopped;
        counts.note_done(wall_now());
    });
}

} // namespace mesh
