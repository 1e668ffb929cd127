#include "tests/fuzz/sound_reading.hpp"

#include "mesh/event/topic.hpp"
#include "mesh/graph/check_graph.hpp"
#include "mesh/manifest/read.hpp"
#include "nodes/check/graph_input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace tests {

namespace {

void require(bool holds, const char* what, const std::string& found) {
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s: %s\n", what, found.c_str());
    std::abort();
}

/// Whether it can be shown: UTF-8 without control characters, which move the cursor of a terminal.
bool is_printable(std::string_view text) {
    if (!mesh::is_utf8(text))
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_c1 = byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || is_c1)
            return false;
    }
    return true;
}

bool is_inside(const mesh::Place& place, std::string_view text) {
    if (place.line == 0)
        return true; // of the file as a whole
    std::size_t start = 0;
    for (std::uint32_t line = 1; line < place.line; ++line) {
        start = text.find('\n', start);
        if (start == std::string_view::npos)
            return false;
        ++start;
    }
    const auto end = std::min(text.find('\n', start), text.size());
    return place.column >= 1 && place.column <= end - start + 1;
}

std::string to_text(const mesh::ManifestError& error) {
    return to_string(error.place) + ": " + error.message;
}

/// What the checker makes of a set, and what it is made of, as far as that is cheap to write down.
std::string summary(const mesh::ManifestSet& set) {
    std::string text;
    for (const auto& error : set.errors)
        text += to_text(error) + "\n";
    for (const auto& realm : set.realms) {
        text += "realm " + realm.realm + "\n";
        for (const auto& warning : realm.warnings)
            text += to_string(warning.place) + ": " + warning.message + "\n";
        for (const auto& event : realm.events)
            text += "event " + event.name.text() + " " + std::to_string(event.fields.size()) + "\n";
        for (const auto& service : realm.services)
            text += "service " + service.contract.service + " " +
                    std::to_string(service.handlers.size()) + "\n";
        if (!set.errors.empty())
            continue;
        for (const auto& finding : mesh::check_graph(nodes::graph_input(realm)).findings)
            text += finding.code + " " + to_string(finding.place) + ": " + finding.message + "\n";
    }
    return text;
}

} // namespace

void check_reading(const std::string& text, const std::string& file,
                   const std::map<std::string, std::string>& others) {
    const auto set = mesh::read_manifest_text(text, file, others);
    for (const auto& error : set.errors) {
        require(!error.message.empty() && is_printable(error.message), "the message of an error",
                to_text(error));
        const auto other = others.find(error.place.file);
        const bool is_known = error.place.file == file || other != others.end();
        require(is_known, "the file of an error", to_text(error));
        require(is_inside(error.place, error.place.file == file ? text : other->second),
                "the place of an error", to_text(error));
    }
    for (const auto& realm : set.realms)
        for (const auto& service : realm.services) {
            require(is_printable(service.contract.service), "the name of a service", realm.realm);
            const auto& contract = service.contract;
            require(contract.handlers.size() == service.handlers.size() &&
                        contract.loops.size() == service.loops.size(),
                    "handlers side by side", contract.service);
            for (std::size_t h = 0; h < contract.handlers.size(); ++h) {
                const auto& one = contract.handlers[h];
                const auto& places = service.handlers[h];
                const bool is_even =
                    one.on.size() == places.on_places.size() &&
                    one.after.size() == places.after_places.size() &&
                    (one.emits ? one.emits->size() : 0) == places.emits_places.size() &&
                    places.compensates.size() == places.compensates_places.size();
                require(is_even, "a place for each entry", one.name);
            }
        }
    const auto first = summary(set);
    const auto second = summary(mesh::read_manifest_text(text, file, others));
    require(first == second, "reading twice gives the same", first + "---\n" + second);
}

} // namespace tests
