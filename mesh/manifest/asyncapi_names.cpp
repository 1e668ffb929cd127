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

/// One token of a topic or pattern for one of an address. A parameter that is all of it stands for
/// any token. One that is a part of it is text: as `*` it would meet everything that has as many
/// tokens, and both ends of a channel write it alike.
std::string token_of(std::string_view part) {
    if (part.starts_with('{') && part.find('}') + 1 == part.size())
        return "*";
    std::string token(part);
    std::erase_if(token, [](char c) { return c == '{' || c == '}'; });
    return token;
}

} // namespace

Result<Pattern> pattern_of_address(std::string_view address) {
    std::string pattern;
    // Slashes in a row are one, as in `https://`, and those at the ends are none.
    for (std::size_t at = address.find_first_not_of('/'); at < address.size();) {
        const auto end = std::min(address.find('/', at), address.size());
        const std::string level(address.substr(at, end - at));
        for (const auto token : Tokens(level))
            pattern += (pattern.empty() ? "" : ".") + token_of(token);
        at = address.find_first_not_of('/', end);
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
