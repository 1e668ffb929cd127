#include "nodes/dead/letter_text.hpp"

#include "mesh/base/quantity.hpp"
#include "mesh/wire/payload.hpp"
#include "mesh/wire/reserved_headers.hpp"
#include "nodes/cli/event_json.hpp"
#include "nodes/text/escape.hpp"
#include "nodes/text/table.hpp"
#include "nodes/text/utf8.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <sstream>

namespace nodes {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t error_columns_max = 80;

std::string time_text_of(std::uint64_t time_us) {
    return time_text(mesh::WallTime(std::chrono::microseconds(time_us)));
}

mesh::Event event_of(const mesh::LetterNote& note) {
    mesh::Event event;
    event.topic = note.topic;
    event.id = note.id;
    event.service = note.service;
    event.time = mesh::WallTime(std::chrono::microseconds(note.time_us));
    event.key = note.key;
    event.content_type = note.content_type;
    event.headers = mesh::bytes_of(note.headers);
    event.cause = note.cause;
    event.payload = mesh::bytes_of(note.payload);
    return event;
}

/// The topics on the way, its own last.
std::vector<std::string> way_of(const mesh::LetterNote& note) {
    std::vector<std::string> topics;
    std::istringstream words(note.path);
    for (std::string topic; words >> topic;)
        topics.push_back(topic);
    topics.push_back(note.topic);
    return topics;
}

ordered_json json_of(const FoundLetter& letter) {
    const auto& note = letter.note;
    ordered_json object;
    object["letter"] = letter.name();
    object["service"] = letter.service;
    object["instance"] = letter.instance;
    object["number"] = note.number;
    object["handler"] = note.handler;
    object["reason"] = note.reason;
    object["attempts"] = note.attempts;
    object["error"] = note.error;
    object["died"] = time_text_of(note.died_us);
    object["topic"] = note.topic;
    object["id"] = mesh::to_string(note.id);
    object["source"] = note.service;
    object["time"] = time_text_of(note.time_us);
    object["key"] = note.key;
    object["size"] = note.payload_size_bytes;
    object["path"] = way_of(note);
    object["damaged"] = note.is_damaged;
    return object;
}

std::string line_of(const ordered_json& object) {
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

std::string letters_table(const std::vector<FoundLetter>& letters) {
    if (letters.empty())
        return {};
    std::vector<std::vector<std::string>> rows{
        {"letter", "died", "handler", "reason", "attempts", "topic", "key", "error"}};
    for (const auto& letter : letters) {
        const auto& note = letter.note;
        rows.push_back({letter.name(), time_text_of(note.died_us), note.handler,
                        note.is_damaged ? "(damaged)" : note.reason, std::to_string(note.attempts),
                        note.topic, note.key,
                        shortened(escape_terminal(note.error), error_columns_max)});
    }
    return table(rows);
}

std::string letter_json(const FoundLetter& letter) {
    return line_of(json_of(letter));
}

std::string letter_text(const FoundLetter& letter) {
    const auto& note = letter.note;
    const auto event = event_of(note);
    const auto reserved = mesh::reserved_headers(event.headers);
    std::vector<std::vector<std::string>> rows;
    const auto add = [&](std::string name, std::string value) {
        if (!value.empty())
            rows.push_back({std::move(name), std::move(value)});
    };
    add("letter", letter.name());
    add("damaged", note.is_damaged ? "its checksum is not right: do not believe it" : "");
    add("handler", letter.service + "." + note.handler);
    add("reason", note.reason);
    add("attempts", std::to_string(note.attempts));
    add("error", note.error);
    add("died", time_text_of(note.died_us));
    add("topic", note.topic);
    add("event", mesh::to_string(note.id));
    add("published", time_text_of(note.time_us) + " by " + note.service);
    add("key", note.key);
    if (note.cause)
        add("cause", mesh::to_string(note.cause->event));
    std::string way;
    for (const auto& topic : way_of(note))
        way += (way.empty() ? "" : " -> ") + topic;
    add("path", way);
    if (reserved.time_to_live)
        add("time to live", mesh::to_text(*reserved.time_to_live));
    if (reserved.priority != 0)
        add("priority", std::to_string(reserved.priority));
    add("idempotency key", reserved.idempotency_key);
    for (const auto& [name, value] : mesh::headers_of(event))
        add("header", std::string(name).append(": ").append(value));
    add("data", data_text(event));
    return table(rows);
}

std::string whole_letter_json(const FoundLetter& letter, std::string_view realm) {
    auto object = json_of(letter);
    const auto event = event_of(letter.note);
    object["headers"] = ordered_json::object();
    for (const auto& [name, value] : mesh::headers_of(event))
        object["headers"][name] = value;
    if (letter.note.cause)
        object["cause"] = mesh::to_string(letter.note.cause->event);
    auto line = line_of(object);
    line.pop_back();
    return line + R"(,"event":)" + cloud_event(event, realm) + "}";
}

} // namespace nodes
