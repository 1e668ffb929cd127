#include "mesh/manifest/asyncapi_names.hpp"

#include "mesh/event/tokens.hpp"
#include "mesh/event/topic.hpp"

#include <algorithm>

namespace mesh {

namespace {

/// How many bytes at the start of `text` are a character that no name may hold, or 0. The controls
/// of C1 are two bytes in UTF-8.
std::size_t refused_size(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0)
        return 2;
    const bool is_refused = byte <= 0x20 || byte == 0x7f || text.front() == '/' ||
                            text.front() == '*' || text.front() == '>';
    return is_refused ? 1 : 0;
}

bool has_parameter(std::string_view token) {
    const auto open = token.find('{');
    return open != std::string_view::npos && token.find('}', open) != std::string_view::npos;
}

} // namespace

Result<Pattern> pattern_of_address(std::string_view address) {
    const auto first = std::min(address.find_first_not_of('/'), address.size());
    std::string dotted(address.substr(first, address.find_last_not_of('/') + 1 - first));
    std::ranges::replace(dotted, '/', '.');
    std::string pattern;
    for (const auto token : Tokens(dotted)) {
        pattern += token.data() == dotted.data() ? "" : ".";
        pattern += has_parameter(token) ? "*" : token;
    }
    return Pattern::parse(pattern);
}

std::string name_of_text(std::string_view text) {
    std::string name;
    while (!text.empty() && name.size() <= topic_size_bytes_max) {
        const auto refused = refused_size(text);
        if (refused == 0)
            name += text.front();
        else if (!name.empty() && name.back() != '-')
            name += '-';
        text.remove_prefix(refused == 0 ? 1 : refused);
    }
    while (name.size() > topic_size_bytes_max || !is_utf8(name))
        name.pop_back();
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name;
}

} // namespace mesh
