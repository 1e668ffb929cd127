#include "mesh/node/handling/emitter.hpp"

#include "mesh/base/quick_hash.hpp"
#include "mesh/event/topic.hpp"
#include "mesh/wire/question.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

// What stays in memory of what was said, for what will be.
constexpr std::size_t kept_size_bytes_max = 256 * 1024;
constexpr std::size_t kept_said_max = 4096;
constexpr std::size_t kept_payload_size_bytes_max = 1024;

void check_size(std::string_view what, std::size_t size_bytes, std::size_t size_bytes_max) {
    if (size_bytes > size_bytes_max)
        throw std::invalid_argument("expected a " + std::string(what) + " of at most " +
                                    std::to_string(size_bytes_max) + " bytes, got " +
                                    std::to_string(size_bytes));
}

void check_sizes(const Payload& payload, const EventOptions& options) {
    check_size("payload", payload.bytes.size(), payload_size_bytes_max);
    check_size("content type", payload.content_type.size(), content_type_size_bytes_max);
    check_size("key", options.key.size(), key_size_bytes_max);
    if (!has_headers(options))
        return;
    const auto headers = encode_event_headers(options);
    if (!headers)
        throw std::invalid_argument(headers.error().detail);
    check_size("list of headers, encoded,", headers->size(), headers_size_bytes_max);
}

} // namespace

void Emitter::operator()(std::string_view topic, const Payload& payload,
                         const EventOptions& options) {
    // Of many of one topic the first is looked at.
    const auto before = said();
    const bool is_known =
        !before.empty() && !before.back().is_entry && is_same_text(before.back().topic, topic);
    if (const auto checked = is_known ? Result<void>() : check_topic(topic); !checked)
        throw std::invalid_argument(checked.error().detail);
    if (!is_known && !allows(topic))
        throw Undeclared("handler \"" + std::string(handler_) + "\" emits \"" + std::string(topic) +
                         "\", which its `emits` does not declare");
    check_sizes(payload, options);
    say(topic, payload, options, false);
}

void Emitter::say_entry(std::string_view topic, const Payload& payload,
                        const EventOptions& options) {
    check_sizes(payload, options);
    say(topic, payload, options, true);
}

void Emitter::say(std::string_view topic, const Payload& payload, const EventOptions& options,
                  bool is_entry) {
    if (said_count_ == said_.size())
        said_.emplace_back();
    auto& one = said_[said_count_++];
    one.topic = topic;
    one.payload = payload;
    one.options = options;
    one.is_entry = is_entry;
    said_size_bytes_ += payload.bytes.size();
}

void Emitter::forget_said() {
    if (said_size_bytes_ > kept_size_bytes_max || said_count_ > kept_said_max) {
        said_ = {};
        said_count_ = 0;
    }
    // What is large is not kept, or a place each for one large event would add up.
    for (std::size_t i = 0; i < said_count_; ++i)
        if (said_[i].payload.bytes.capacity() > kept_payload_size_bytes_max)
            said_[i].payload.bytes = {};
    said_count_ = said_size_bytes_ = 0;
}

Store& Emitter::store() const {
    if (store_ == nullptr)
        throw std::logic_error("the handler \"" + std::string(handler_) + "\" was given no store");
    return *store_;
}

bool Emitter::allows(std::string_view topic) const {
    return std::ranges::any_of(*allowed_,
                               [&](const Pattern& pattern) { return pattern.matches(topic); });
}

void Emitter::reply(Payload payload) {
    check_size("reply", payload.bytes.size(), reply_payload_size_bytes_max);
    check_size("content type", payload.content_type.size(), content_type_size_bytes_max);
    reply_ = std::move(payload);
}

} // namespace mesh
