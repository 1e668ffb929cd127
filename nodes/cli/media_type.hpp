#pragma once

#include <string_view>

namespace nodes {

/// `application/json; charset=utf-8` -> `application/json`.
inline std::string_view media_type(std::string_view content_type) {
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    return type;
}

} // namespace nodes
