#include "nodes/bench/part.hpp"

#include "nodes/cli/given.hpp"
#include "nodes/cli/value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <limits>
#include <string_view>

namespace nodes {

namespace {

auto invalid(std::string detail) {
    return mesh::fail(mesh::ErrorCode::invalid, std::move(detail));
}

template <class Number>
bool take_number(std::string_view text, Number& number) {
    const auto parsed = parse_number(text);
    if (!parsed || *parsed > std::numeric_limits<Number>::max())
        return false;
    number = static_cast<Number>(*parsed);
    return true;
}

bool take_hears(std::string_view text, std::vector<std::uint32_t>& hears) {
    for (const auto& number : split_at_commas(text))
        if (!take_number(number, hears.emplace_back()))
            return false;
    return true;
}

/// False for a name or a value that it does not know.
bool take(Part& part, std::string_view name, std::string_view value) {
    if (name == "number")
        return take_number(value, part.number);
    if (name == "hears")
        return take_hears(value, part.process.hears);
    if (name == "receivers")
        return take_number(value, part.process.receivers);
    if (name == "nodes")
        return take_number(value, part.nodes);
    if (name == "topics")
        return take_number(value, part.topics);
    if (name == "emitted")
        return take_number(value, part.emitted_per_event);
    if (name == "size")
        return take_number(value, part.payload_size_bytes);
    if (name == "inline")
        return take_number(value, part.is_inline);
    if (name == "time") {
        std::int64_t ns = 0;
        const bool is_taken = take_number(value, ns);
        part.time = mesh::Duration(ns);
        return is_taken;
    }
    if (name == "rate") {
        const auto rate = parse_rate(value);
        part.rate = rate.value_or(0);
        return rate.has_value();
    }
    if (name == "transport") {
        const auto transport = parse_transport(value);
        part.transport = transport.value_or(Transport::ipc);
        return transport.has_value();
    }
    if (name == "level") {
        const auto level = mesh::parse_level(value);
        part.level = level.value_or(mesh::Level::reliable);
        return level.has_value();
    }
    if (name == "beacon") {
        const auto port = parse_port(value);
        if (port)
            part.beacon_port = *port;
        return port.has_value();
    }
    if (name == "realm")
        part.realm = value;
    else if (name == "folder")
        part.folder = value;
    else
        return false;
    return true;
}

} // namespace

std::string name_of(Transport transport) {
    return transport == Transport::tcp ? "tcp" : "ipc";
}

mesh::Result<Transport> parse_transport(std::string_view text) {
    for (const auto transport : {Transport::tcp, Transport::ipc})
        if (text == name_of(transport))
            return transport;
    return invalid("expected tcp or ipc, got \"" + std::string(text) + "\"");
}

std::vector<std::string> words_of(const Part& part) {
    std::vector<std::string> words{
        fmt::format("number={}", part.number),
        fmt::format("hears={}", fmt::join(part.process.hears, ",")),
        fmt::format("receivers={}", part.process.receivers),
        fmt::format("nodes={}", part.nodes),
        fmt::format("topics={}", part.topics),
        fmt::format("emitted={}", part.emitted_per_event),
        fmt::format("size={}", part.payload_size_bytes),
        fmt::format("time={}", std::chrono::nanoseconds(part.time).count()),
        fmt::format("transport={}", name_of(part.transport)),
        fmt::format("level={}", mesh::name_of(part.level)),
        fmt::format("inline={}", part.is_inline ? 1 : 0),
        "realm=" + part.realm};
    if (part.rate > 0)
        words.push_back(fmt::format("rate={}", part.rate));
    if (!part.folder.empty())
        words.push_back("folder=" + part.folder);
    if (part.beacon_port)
        words.push_back(fmt::format("beacon={}", *part.beacon_port));
    return words;
}

std::vector<std::string> command_of(const Part& part, const std::string& other_program) {
    std::vector<std::string> command{other_program};
    if (other_program.empty())
        command = {std::filesystem::read_symlink("/proc/self/exe").string(), "bench", "part", "-q"};
    const auto words = words_of(part);
    command.insert(command.end(), words.begin(), words.end());
    return command;
}

mesh::Result<Part> parse_part(std::span<const std::string> words) {
    Part part;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || !take(part, std::string_view(word).substr(0, equals),
                                                 std::string_view(word).substr(equals + 1)))
            return invalid("not a part of a benchmark: \"" + word + "\"");
    }
    return part;
}

} // namespace nodes
