#include "mesh/manifest/name.hpp"

#include "mesh/event/topic.hpp"
#include "mesh/manifest/source_text.hpp"

#include <cstddef>
#include <string>

namespace mesh {

Result<void> check_name(std::string_view name) {
    const auto refuse = [&](std::string_view why) {
        return fail(ErrorCode::invalid,
                    "expected a name, got " + in_quotes(name) + ": " + std::string(why));
    };
    if (name.empty())
        return refuse("it is empty");
    if (name.size() > topic_size_bytes_max)
        return refuse("it is longer than " + std::to_string(topic_size_bytes_max) + " bytes");
    if (!is_utf8(name))
        return refuse("it is not UTF-8");
    if (name == "." || name == "..")
        return refuse("it is a path");
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const auto byte = static_cast<unsigned char>(c);
        // The controls of C1 are two bytes in UTF-8.
        const bool is_c1 = byte == 0xc2 && static_cast<unsigned char>(name[i + 1]) < 0xa0;
        if (byte <= 0x20 || byte == 0x7f || is_c1)
            return refuse("it holds a blank or a control character");
        if (c == '/' || c == '*' || c == '>')
            return refuse(std::string("it holds `") + c + "`");
    }
    return {};
}

} // namespace mesh
