#include "mesh/wire/question_codec.hpp"

#include <cstring>
#include <string>
#include <vector>

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

/// One id after the other.
std::string bytes_of_nodes(const std::vector<NodeId>& nodes) {
    std::string bytes;
    for (const auto& node : nodes)
        bytes.append(text_of(node.bytes));
    return bytes;
}

std::vector<NodeId> take_nodes(Map& map, std::string_view field) {
    constexpr auto id_size_bytes = sizeof(NodeId::bytes);
    const auto bytes = map.text(field);
    if (bytes.size() % id_size_bytes != 0 || bytes.size() > cut_nodes_max * id_size_bytes) {
        map.refuse(field);
        return {};
    }
    std::vector<NodeId> nodes(bytes.size() / id_size_bytes);
    for (std::size_t i = 0; i < nodes.size(); ++i)
        std::memcpy(nodes[i].bytes.data(), bytes.data() + i * id_size_bytes, id_size_bytes);
    return nodes;
}

} // namespace

void pack_body(Packer& packer, const Question& question) {
    const bool is_cut = question.kind == Question::Kind::cut;
    Fields fields(packer, is_cut ? 9 : 7);
    fields.add("number", question.number)
        .add("kind", static_cast<std::uint8_t>(question.kind))
        .add("handler", question.handler)
        .add("topic", question.topic)
        .add("reason", question.reason)
        .add("letter", question.letter)
        .add("after", question.after);
    if (!is_cut)
        return;
    const auto nodes = bytes_of_nodes(question.nodes);
    fields
        .add("nodes",
             msgpack::type::raw_ref(nodes.data(), static_cast<std::uint32_t>(nodes.size())))
        .add("time", question.time_us);
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
    if (question.kind != Question::Kind::cut)
        return;
    question.nodes = take_nodes(map, "nodes");
    question.time_us = map.number("time");
    if (question.time_us > cut_time_us_max)
        map.refuse("time");
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
