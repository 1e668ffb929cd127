#include "mesh/event/topic.hpp"

#include "mesh/event/tokens.hpp"

namespace mesh {

bool is_utf8(std::string_view text) {
    // Smallest code point that needs a sequence of 1, 2 and 3 continuation bytes.
    constexpr unsigned smallest[] = {0, 0x80, 0x800, 0x10000};
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const unsigned more = lead < 0x80            ? 0
                              : (lead >> 5U) == 0x6  ? 1
                              : (lead >> 4U) == 0xe  ? 2
                              : (lead >> 3U) == 0x1e ? 3
                                                     : 4;
        if (more == 4 || text.size() - i < more)
            return false;
        unsigned code = more == 0 ? lead : lead & (0x3fU >> more);
        for (unsigned k = 0; k < more; ++k) {
            const auto next = static_cast<unsigned char>(text[i++]);
            if ((next >> 6U) != 2)
                return false;
            code = code << 6U | (next & 0x3fU);
        }
        if (code < smallest[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
            return false;
    }
    return true;
}

Result<void> check_topic(std::string_view topic) {
    if (auto checked = check_tokens(topic, "topic"); !checked)
        return checked;
    for (const auto token : Tokens(topic))
        if (token == "*" || token == ">")
            return fail(ErrorCode::invalid,
                        "expected a topic without wildcards, got \"" + std::string(topic) + "\"");
    return {};
}

} // namespace mesh
