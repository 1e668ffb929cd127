#include "mesh/event/event.hpp"
#include "mesh/wire/question_codec.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

using packed::Fields;
using packed::Map;
using packed::Packer;

constexpr std::size_t subscription_size_bytes_max = 700; // three names, and what joins them
constexpr std::size_t reason_size_bytes_max = 40;

msgpack::type::raw_ref bin(std::string_view bytes) {
    return {bytes.data(), static_cast<std::uint32_t>(bytes.size())};
}

template <class Bytes16>
void take_16(Map& map, std::string_view field, Bytes16& bytes) {
    const auto text = map.text(field);
    if (text.size() != bytes.size())
        return map.refuse(field);
    std::ranges::copy(bytes_of(text), bytes.begin());
}

std::uint32_t take_32(Map& map, std::string_view field) {
    const auto number = map.number(field);
    if (number > UINT32_MAX)
        map.refuse(field);
    return static_cast<std::uint32_t>(number);
}

std::string take_text(Map& map, std::string_view field, std::size_t size_bytes_max) {
    auto text = map.text(field);
    if (text.size() > size_bytes_max)
        map.refuse(field);
    return text;
}

/// Calls `take` with each map of a list. What is wrong in one is wrong in all.
template <class Take>
void take_maps(Map& map, std::string_view field, std::size_t count_max, Take take) {
    const auto* list = map.list(field);
    if (list == nullptr)
        return;
    if (list->size > count_max)
        return map.refuse(field);
    for (std::uint32_t i = 0; i < list->size; ++i) {
        Map one(list->ptr[i]);
        take(one);
        if (!one.verdict())
            return map.refuse(field);
    }
}

template <class Rows, class Pack>
void pack_maps(Packer& packer, std::string_view field, const Rows& rows, Pack pack) {
    packer.pack(field);
    packer.pack_array(static_cast<std::uint32_t>(rows.size()));
    for (const auto& row : rows)
        pack(row);
}

/// Six fields.
void pack_cause(Fields& fields, const Cause& cause) {
    fields.add("cause_source", bin(text_of(cause.event.source.bytes)))
        .add("cause_incarnation", cause.event.incarnation)
        .add("cause_sequence", cause.event.sequence)
        .add("trace", bin(text_of(cause.trace)))
        .add("rank", cause.rank)
        .add("rounds", cause.rounds);
}

Cause take_cause(Map& map) {
    Cause cause;
    take_16(map, "cause_source", cause.event.source.bytes);
    cause.event.incarnation = take_32(map, "cause_incarnation");
    cause.event.sequence = map.number("cause_sequence");
    take_16(map, "trace", cause.trace);
    const auto rank = map.number("rank");
    const auto rounds = map.number("rounds");
    if (rank > UINT16_MAX)
        map.refuse("rank");
    if (rounds > UINT8_MAX)
        map.refuse("rounds");
    cause.rank = static_cast<std::uint16_t>(rank);
    cause.rounds = static_cast<std::uint8_t>(rounds);
    return cause;
}

void pack_letter(Packer& packer, const LetterNote& letter) {
    Fields fields(packer, letter.cause ? 24 : 18);
    fields.add("number", letter.number)
        .add("handler", letter.handler)
        .add("reason", letter.reason)
        .add("error", letter.error)
        .add("attempts", letter.attempts)
        .add("died", letter.died_us)
        .add("topic", letter.topic)
        .add("source", bin(text_of(letter.id.source.bytes)))
        .add("incarnation", letter.id.incarnation)
        .add("sequence", letter.id.sequence)
        .add("service", letter.service)
        .add("time", letter.time_us)
        .add("key", bin(letter.key))
        .add("damaged", letter.is_damaged)
        .add("size", letter.payload_size_bytes)
        .add("content_type", letter.content_type)
        .add("headers", bin(letter.headers))
        .add("path", letter.path);
    if (letter.cause)
        pack_cause(fields, *letter.cause);
}

LetterNote take_letter(Map& map) {
    LetterNote letter;
    letter.number = map.number("number");
    letter.handler = map.name("handler");
    letter.reason = map.name("reason", reason_size_bytes_max);
    letter.error = take_text(map, "error", letter_error_size_bytes_max);
    letter.attempts = take_32(map, "attempts");
    letter.died_us = map.number("died");
    letter.topic = map.name("topic");
    take_16(map, "source", letter.id.source.bytes);
    letter.id.incarnation = take_32(map, "incarnation");
    letter.id.sequence = map.number("sequence");
    letter.service = map.name("service");
    letter.time_us = map.number("time");
    letter.key = take_text(map, "key", key_size_bytes_max);
    letter.is_damaged = map.truth("damaged");
    letter.payload_size_bytes = map.number("size");
    letter.content_type = take_text(map, "content_type", content_type_size_bytes_max);
    letter.headers = take_text(map, "headers", headers_size_bytes_max);
    letter.path = take_text(map, "path", path_size_bytes_max);
    if (map.find("cause_source") != nullptr)
        letter.cause = take_cause(map);
    return letter;
}

void pack_sent(Packer& packer, const SentRow& row) {
    Fields(packer, 8)
        .add("node", bin(text_of(row.node.bytes)))
        .add("run", row.run)
        .add("handler", row.handler)
        .add("subscription", row.subscription)
        .add("durable", row.is_durable)
        .add("topic", row.topic)
        .add("counts", std::array<std::uint64_t, 2>{row.sent, row.waiting})
        .add("dropped", row.dropped);
}

/// Reads an array of exactly as many numbers.
template <std::size_t size>
std::array<std::uint64_t, size> take_numbers(Map& map, std::string_view field) {
    std::array<std::uint64_t, size> numbers{};
    const auto* list = map.list(field);
    if (list == nullptr || list->size != size) {
        map.refuse(field);
        return numbers;
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (list->ptr[i].type != msgpack::type::POSITIVE_INTEGER)
            map.refuse(field);
        else
            numbers[i] = list->ptr[i].via.u64;
    }
    return numbers;
}

SentRow take_sent(Map& map) {
    SentRow row;
    take_16(map, "node", row.node.bytes);
    row.run = take_32(map, "run");
    row.handler = map.name("handler");
    row.subscription = map.name("subscription", subscription_size_bytes_max);
    row.is_durable = map.truth("durable");
    row.topic = map.name("topic");
    const auto counts = take_numbers<2>(map, "counts");
    row.sent = counts[0];
    row.waiting = counts[1];
    row.dropped = take_numbers<4>(map, "dropped");
    return row;
}

void pack_handled(Packer& packer, const HandledRow& row) {
    Fields(packer, 6)
        .add("source", bin(text_of(row.source.bytes)))
        .add("run", row.run)
        .add("handler", row.handler)
        .add("durable", row.is_durable)
        .add("topic", row.topic)
        .add("counts", std::array<std::uint64_t, 5>{row.handled, row.dead, row.ignored, row.in_hand,
                                                    row.lost});
}

HandledRow take_handled(Map& map) {
    HandledRow row;
    take_16(map, "source", row.source.bytes);
    row.run = take_32(map, "run");
    row.handler = map.name("handler");
    row.is_durable = map.truth("durable");
    row.topic = map.name("topic");
    const auto counts = take_numbers<5>(map, "counts");
    row.handled = counts[0];
    row.dead = counts[1];
    row.ignored = counts[2];
    row.in_hand = counts[3];
    row.lost = counts[4];
    return row;
}

} // namespace

void pack_body(Packer& packer, const Answer& answer) {
    Fields(packer, 9)
        .add("number", answer.number)
        .add("error", answer.error)
        .add("unknown", answer.is_unknown)
        .add("more", answer.is_more)
        .add("figures", answer.figures)
        .add("payload", bin(answer.letters.size() == 1 ? answer.letters.front().payload : ""));
    pack_maps(packer, "letters", answer.letters,
              [&](const LetterNote& letter) { pack_letter(packer, letter); });
    pack_maps(packer, "sent", answer.sent, [&](const SentRow& row) { pack_sent(packer, row); });
    pack_maps(packer, "handled", answer.handled,
              [&](const HandledRow& row) { pack_handled(packer, row); });
}

void take_body(Map& map, Answer& answer) {
    answer.number = map.number("number");
    answer.error = take_text(map, "error", letter_error_size_bytes_max);
    answer.is_unknown = map.truth("unknown");
    answer.is_more = map.truth("more");
    if (const auto* figures = map.find("figures")) {
        if (figures->type != msgpack::type::MAP || figures->via.map.size > answer_figures_max)
            return map.refuse("figures");
        for (std::uint32_t i = 0; i < figures->via.map.size; ++i) {
            const auto& [key, value] = figures->via.map.ptr[i];
            if (key.type != msgpack::type::STR || value.type != msgpack::type::POSITIVE_INTEGER)
                return map.refuse("figures");
            const std::string_view name(key.via.str.ptr, key.via.str.size);
            if (!packed::is_name(name, reason_size_bytes_max))
                return map.refuse("figures");
            answer.figures[std::string(name)] = value.via.u64;
        }
    }
    take_maps(map, "letters", answer_letters_max,
              [&](Map& one) { answer.letters.push_back(take_letter(one)); });
    take_maps(map, "sent", answer_rows_max,
              [&](Map& one) { answer.sent.push_back(take_sent(one)); });
    take_maps(map, "handled", answer_rows_max,
              [&](Map& one) { answer.handled.push_back(take_handled(one)); });
    auto payload = take_text(map, "payload", answer_payload_size_bytes_max);
    if (answer.letters.size() == 1)
        answer.letters.front().payload = std::move(payload);
}

} // namespace mesh
