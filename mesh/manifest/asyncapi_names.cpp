#include "mesh/manifest/asyncapi_names.hpp"

#include "mesh/event/tokens.hpp"
#include "mesh/event/topic.hpp"

#include <algorithm>

namespace mesh {

namespace {

bool is_allowed(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && c != '/' && c != '*' && c != '>';
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
    for (const char c : text) {
        if (is_allowed(c))
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
        if (name.size() > topic_size_bytes_max)
            break;
    }
    while (name.size() > topic_size_bytes_max || !is_utf8(name))
        name.pop_back();
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return name;
}

} // namespace mesh
