#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/dead_letter.hpp"
#include "mesh/flow/causality.hpp"
#include "mesh/flow/receiving/recent_keys.hpp"
#include "mesh/node/handling/deadline_watch.hpp"
#include "mesh/node/handling/feed.hpp"
#include "mesh/node/handling/handler_counts.hpp"
#include "mesh/node/handling/handler_spec.hpp"
#include "mesh/wire/compression.hpp"
#include "mesh/wire/question.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

struct Disk;

/// What became of an event that the handler was to be called for.
enum class Outcome : std::uint8_t {
    done,      ///< handled, ignored, or a dead letter: its place may move on
    failed,    ///< the attempt failed; try again, or `bury` it
    postponed, ///< another worker handles an event of the same idempotency key
    abandoned, ///< what it emitted cannot leave, as the node is over: it counts as not handled
    unkept,    ///< the disk did not take it: it is to be handled again
};

/// What became of something that a handler said.
enum class Emitted : std::uint8_t {
    published,
    stopped, ///< only a loop can have led to it: it became a dead letter
};

/// What those things have in common that a handler says of one topic because of one event.
struct CommonCause {
    std::string_view topic;
    std::optional<OwnedCause> cause;
};

/// What the calls of a handler need of their node.
struct HandlerHooks {
    /// Publishes what the handler said because of an event; null at a beat of the clock. `common`
    /// is of what was said before because of that, or empty.
    /// Errors: `closed` when the node is over; others for what cannot be published.
    std::function<Result<Emitted>(const Emitter::Said&, const Event* because, CommonCause& common)>
        emit;
    DeadLetterSink dead_letters;

    /// The payload of an event that is compressed. Errors: as Decompressor::decompress.
    std::function<Result<PlainPayload>(Bytes compressed)> unpack = {};

    /// Answers a request; the reply names the handler only.
    std::function<void(const Event& request, Reply)> reply;

    // For what is kept on disk.

    std::function<Disk*()> disk; ///< null where there is none; not asked on the loop's thread
    std::function<bool(const Emitter::Said&)> is_durable;

    /// Whether an idempotency key is on disk, and puts one there; empty without a place on disk.
    /// Errors of the second: those of the database.
    std::function<bool(std::string_view key)> has_key;
    std::function<Result<void>(std::string_view key)> keep_key;

    /// Waits until there is room for what is going to be published. Errors: `closed`.
    std::function<Result<void>(const Emitter::Said&)> wait_for_room;
};

/// One handler as it is called, by any number of workers: what it may emit, its deadline, the
/// idempotency keys that it has dealt with, and its counts.
class HandlerCalls {
public:
    /// `allowed`: what the handler may emit. `owner`: its node, see Emitter.
    HandlerCalls(const HandlerSpec& spec, std::vector<Pattern> allowed, HandlerHooks hooks,
                 const void* owner);

    enum class Called : std::uint8_t { returned, failed, undeclared, abandoned };

    /// Calls `function`, the handler, under its deadline, and says in `error` why it failed.
    Called invoke(Emitter& emitter, const Event* because, std::string_view topic,
                  const std::function<void()>& function, std::string& error);

    bool has_deadline() const { return watch_.deadline() > Duration{}; }

    /// Calls the handler for an event, without a deadline.
    Called call(Emitter& emitter, const Event& event, std::string& error) const {
        return guarded(
            emitter, [&] { spec_.function(event, emitter); }, error);
    }

    /// For what it says.
    Emitter emitter() const { return {allowed_, spec_.contract.name, owner_}; }

    Result<Emitted> emit(const Emitter::Said& said, const Event& because, CommonCause& common) {
        return hooks_.emit(said, &because, common);
    }

    /// A beat of a timed handler; `because`: the newest event that it remembers, or null.
    void beat(const Beat& beat, const Event* because);

    /// The event becomes a dead letter, with its payload as handlers get it; of one that nobody
    /// can read, the letter has what came, as `application/zstd`. `bury` also counts that.
    void give_up(const ArrivedEvent& event, DeadReason reason, std::uint32_t attempts,
                 const std::string& error);
    void bury(const ArrivedEvent& event, DeadReason reason, std::uint32_t attempts,
              const std::string& error);

    enum class Claim : std::uint8_t {
        fresh, ///< to be released
        seen,  ///< dealt with
        taken, ///< another worker has it
    };

    Claim claim(const std::string& key);
    void release(const std::string& key, bool is_dealt_with);

    /// Whether an event is handled in a transaction of the node's disk, by an AtomicStretch.
    /// `journal`: which one of its publisher's it is in.
    bool is_atomic(bool is_once, std::uint64_t journal) const {
        return (spec_.takes_store || (is_once && journal != 0)) && hooks_.disk() != nullptr;
    }

    /// The durable topics that a handler which takes a store has said lately; at most 64.
    std::vector<std::string> durable_topics() const;
    void note_durable_topics(std::span<const Emitter::Said> said);

    /// To be called now and then when the handler has a deadline.
    void look_at_deadlines(TimePoint now) { watch_.look(now); }

    HandlerCounts& counts() { return counts_; }

    const HandlerSpec& spec() const { return spec_; }

    const HandlerHooks& hooks() const { return hooks_; }

private:
    template <class Function>
    static Called guarded(Emitter& emitter, const Function& function, std::string& error) {
        try {
            const Emitter::Scope scope(emitter);
            function();
            return Called::returned;
        } catch (const Undeclared& thrown) {
            error = thrown.what();
            return Called::undeclared;
        } catch (const std::exception& thrown) {
            error = thrown.what();
        } catch (const Abandoned&) {
            return Called::abandoned;
        } catch (...) {
            error = "it threw something that is no std::exception";
        }
        return Called::failed;
    }

    const HandlerSpec& spec_;
    std::vector<Pattern> allowed_;
    HandlerHooks hooks_;
    const void* owner_; ///< the node, for telling its emitters from those of others
    HandlerCounts counts_;
    DeadlineWatch watch_;

    mutable std::mutex mutex_; ///< guards the rest
    RecentKeys recent_keys_;
    std::set<std::string> keys_in_hand_;
    std::set<std::string> durable_topics_;
};

} // namespace mesh
