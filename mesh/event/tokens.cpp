#include "mesh/event/tokens.hpp"

#include "mesh/event/topic.hpp"

#include <string>

namespace mesh {

Result<void> check_tokens(std::string_view text, std::string_view kind) {
    const auto refuse = [&](std::string_view why) {
        std::string shown;
        for (const char c : text.substr(0, topic_size_bytes_max))
            shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
        return fail(ErrorCode::invalid, "expected a " + std::string(kind) + ", got \"" + shown +
                                            "\": " + std::string(why));
    };
    if (text.empty())
        return refuse("it is empty");
    if (text.size() > topic_size_bytes_max)
        return refuse("it is longer than " + std::to_string(topic_size_bytes_max) + " bytes");
    if (!is_utf8(text))
        return refuse("it is not UTF-8");
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            return refuse("it holds a control character");
        if (c == ' ')
            return refuse("it holds a blank");
    }
    for (const auto token : Tokens(text)) {
        if (token.empty())
            return refuse("it has an empty token");
        if (token.size() > 1 && token.find_first_of("*>") != std::string_view::npos)
            return refuse("`*` and `>` stand for whole tokens");
    }
    return {};
}

} // namespace mesh
