#include "mesh/node/handling/emitter.hpp"

#include "mesh/event/topic.hpp"
#include "mesh/wire/question.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

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

void Emitter::operator()(std::string_view topic, Payload payload, EventOptions options) {
    // Of many of one topic the first is looked at.
    const bool is_known = !said_.empty() && !said_.back().is_entry && said_.back().topic == topic;
    if (const auto checked = is_known ? Result<void>() : check_topic(topic); !checked)
        throw std::invalid_argument(checked.error().detail);
    if (!is_known && !allows(topic))
        throw Undeclared("handler \"" + std::string(handler_) + "\" emits \"" + std::string(topic) +
                         "\", which its `emits` does not declare");
    check_sizes(payload, options);
    said_.push_back({std::string(topic), std::move(payload), std::move(options)});
}

void Emitter::say_entry(std::string_view topic, Payload payload, EventOptions options) {
    check_sizes(payload, options);
    said_.push_back({std::string(topic), std::move(payload), std::move(options), true});
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
