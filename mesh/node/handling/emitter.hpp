#pragma once

#include "mesh/event/contract.hpp"
#include "mesh/event/event.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

class Store;

/// A handler said something that it did not declare. Its event counts as failed.
class Undeclared : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// What a handler says because of one event. Nothing leaves before the handler has returned
/// without an error. Lives on the handler's thread.
class Emitter {
public:
    /// `allowed`: what the handler declared; it outlives the emitter.
    /// `owner` tells the node whose handler it is.
    Emitter(const std::vector<Pattern>& allowed, std::string_view handler, const void* owner)
        : allowed_(&allowed), handler_(handler), owner_(owner) {}

    /// Throws Undeclared for a topic that the handler's `emits` does not allow, and
    /// std::invalid_argument for something that is no topic, for a header that is the mesh's own,
    /// and for a payload, key or content type that is too long: better here than when part of what
    /// the handler said has left.
    void operator()(std::string_view topic, const Payload& payload,
                    const EventOptions& options = {});

    /// Notes an event from outside the mesh that the handler publishes: nobody's emit, and checked
    /// already. It leaves with what is said.
    void say_entry(std::string_view topic, const Payload& payload, const EventOptions& options);

    /// Answers a request (Node::request): travels straight to who asked once the handler has
    /// returned. Of several the last one counts; for an event that is no request, none does. It is
    /// no emit, so it need not be declared. Throws std::invalid_argument for one that is too long.
    void reply(Payload payload);

    struct Said {
        std::string topic;
        Payload payload;
        EventOptions options;
        bool is_entry = false; ///< it has no cause
    };

    std::span<const Said> said() const { return {said_.data(), said_count_}; }

    const std::optional<Payload>& replied() const { return reply_; }

    bool allows(std::string_view topic) const;

    std::string_view handler() const { return handler_; }

    /// The event that is handled; null at a beat of the clock.
    const Event* because() const { return because_; }

    void set_because(const Event* event) { because_ = event; }

    /// For the next event: nothing is said yet.
    void begin(const Event* event) {
        because_ = event;
        forget_said();
        reply_.reset();
    }

    const void* owner() const { return owner_; }

    /// What a handler that takes a Store writes through; while it is given, nothing leaves.
    /// `store` throws std::logic_error when there is none.
    void give(Store* store) { store_ = store; }

    bool has_store() const { return store_ != nullptr; }

    Store& store() const;

    /// The emitter of the handler that runs on this thread, if one does: what it publishes is said
    /// because of its event.
    static Emitter* current() { return running; }

    /// Makes an emitter the current one while a handler runs.
    class Scope {
    public:
        explicit Scope(Emitter& emitter) : before_(running) { running = &emitter; }

        ~Scope() { running = before_; }

        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Emitter* before_;
    };

private:
    void say(std::string_view topic, const Payload& payload, const EventOptions& options,
             bool is_entry);
    void forget_said();

    inline static constinit thread_local Emitter* running = nullptr;

    const std::vector<Pattern>* allowed_;
    std::string_view handler_;
    const void* owner_;
    Store* store_ = nullptr;
    const Event* because_ = nullptr;
    std::optional<Payload> reply_;
    std::vector<Said> said_; ///< their memory is used again
    std::size_t said_count_ = 0;
    std::size_t said_size_bytes_ = 0;
};

} // namespace mesh
