#include "nodes/commands/tool.hpp"
#include "nodes/text/escape.hpp"
#include "nodes/text/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration default_patience = 5s;
constexpr mesh::Duration look_interval = 20ms;

std::string contract_text(const mesh::Peer& peer) {
    std::ostringstream text;
    text << std::hex << std::setw(16) << std::setfill('0') << peer.contract_hash;
    return text.str();
}

/// Some of its handlers may be kept from running, for the cycle that they would close.
std::string_view state_text(const mesh::Peer& peer) {
    const bool is_whole = peer.state != mesh::PeerState::active || peer.quarantined.empty();
    return is_whole ? mesh::to_text(peer.state) : "quarantined";
}

std::string json_line(const mesh::Peer& peer) {
    nlohmann::ordered_json object;
    object["service"] = peer.service;
    object["instance"] = peer.instance;
    object["id"] = mesh::to_string(peer.id);
    object["incarnation"] = peer.incarnation;
    object["address"] = mesh::to_string(peer.control);
    object["state"] = state_text(peer);
    object["contract"] = contract_text(peer);
    return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string text_line(const mesh::Peer& peer) {
    return padded(escape_terminal(peer.service), 20) + ' ' +
           padded(escape_terminal(peer.instance), 10) + ' ' + mesh::short_text(peer.id) + ' ' +
           padded(std::to_string(peer.incarnation), 5) + ' ' +
           padded(escape_terminal(mesh::to_string(peer.control)), 22) + ' ' +
           padded(std::string(state_text(peer)), 11) + ' ' + contract_text(peer);
}

void print(const mesh::Peer& peer, bool is_json) {
    std::cout << (is_json ? json_line(peer) : text_line(peer)) << std::endl;
}

/// The nodes that count: introduced, and no tools.
std::vector<mesh::Peer> members(const mesh::Node& node) {
    auto peers = node.peers();
    std::erase_if(peers, [](const mesh::Peer& peer) {
        return peer.is_observer || peer.state == mesh::PeerState::joining;
    });
    return peers;
}

void print_header(bool is_json) {
    if (!is_json)
        std::cout
            << "service              instance   id       run   address                state       "
               "contract"
            << std::endl;
}

int watch(Tool& tool, const CommandLine& line) {
    const bool is_json = line.global.format == Format::json;
    print_header(is_json);
    tool.node().watch([&tool, is_json](const mesh::Peer& peer) {
        if (!peer.is_observer && peer.state != mesh::PeerState::joining)
            tool.loop().post([&tool, peer, is_json] {
                print(peer, is_json);
                if (!std::cout)
                    tool.finish(ExitCode::environment);
            });
    });
    return tool.run(line.global.timeout, ExitCode::done, [] {});
}

} // namespace

int run_nodes(const Invocation& invocation) {
    const auto& line = invocation.line;
    const bool is_json = line.global.format == Format::json;
    Tool tool(invocation, observer_options(line.global, "nodes"));
    if (line.options.has("watch"))
        return watch(tool, line);
    const auto expected = line.options.number("expect");
    const auto look = [&] {
        const bool is_ready = tool.node().wait_ready(0s);
        if (expected ? members(tool.node()).size() >= *expected : is_ready)
            tool.finish(ExitCode::done);
    };
    tool.on_signal([&] { tool.finish(ExitCode::timed_out); });
    const int code = tool.run(line.global.timeout.value_or(default_patience), ExitCode::timed_out,
                              [&] { tool.loop().every(look_interval, look); });
    const auto found = members(tool.node());
    print_header(is_json);
    for (const auto& peer : found)
        print(peer, is_json);
    const std::string_view how = tool.is_interrupted() ? "stopped" : "timed out";
    if (expected && found.size() < *expected)
        std::cerr << how << ": " << found.size() << " of " << *expected << " nodes\n";
    else if (!expected && code == to_int(ExitCode::timed_out))
        std::cerr << how << " before everybody in view was met\n";
    return code;
}

} // namespace nodes
