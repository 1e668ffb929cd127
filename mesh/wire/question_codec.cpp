#include "mesh/wire/question_codec.hpp"

#include <string>

namespace mesh {

namespace {

using packed::Fields;
using packed::Map;
using packed::Packer;

constexpr std::size_t label_size_bytes_max = 401; // two names and a dot
constexpr std::size_t reason_size_bytes_max = 40;

std::string take_text(Map& map, std::string_view field, std::size_t size_bytes_max) {
    auto text = map.text(field);
    if (text.size() > size_bytes_max)
        map.refuse(field);
    return text;
}

} // namespace

void pack_body(Packer& packer, const Question& question) {
    Fields(packer, 7)
        .add("number", question.number)
        .add("kind", static_cast<std::uint8_t>(question.kind))
        .add("handler", question.handler)
        .add("topic", question.topic)
        .add("reason", question.reason)
        .add("letter", question.letter)
        .add("after", question.after);
}

void take_body(Map& map, Question& question) {
    question.number = map.number("number");
    const auto kind = map.number("kind");
    if (kind >= Question::kind_count)
        return map.refuse("kind");
    question.kind = static_cast<Question::Kind>(kind);
    question.handler = map.name("handler");
    question.topic = map.name("topic");
    question.reason = map.name("reason", reason_size_bytes_max);
    question.letter = map.number("letter");
    question.after = map.number("after");
}

void pack_body(Packer& packer, const Reply& reply) {
    Fields(packer, 5)
        .add("request", reply.request)
        .add("handler", reply.handler)
        .add("failure", reply.is_failure)
        .add("content_type", reply.content_type)
        .add("payload", msgpack::type::raw_ref(reply.payload.data(),
                                               static_cast<std::uint32_t>(reply.payload.size())));
}

void take_body(Map& map, Reply& reply) {
    reply.request = map.number("request");
    reply.handler = map.name("handler", label_size_bytes_max);
    reply.is_failure = map.truth("failure");
    reply.content_type = take_text(map, "content_type", content_type_size_bytes_max);
    reply.payload = take_text(map, "payload", reply_payload_size_bytes_max);
}

} // namespace mesh
