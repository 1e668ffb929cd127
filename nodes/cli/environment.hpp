#pragma once

#include <map>
#include <string>

namespace nodes {

/// The variables of a process.
using Environment = std::map<std::string, std::string>;

/// What `main` gets or `environ` holds: `NAME=VALUE` strings, then a null. An entry without `=` is
/// left out.
inline Environment read_environment(const char* const* entries) {
    Environment variables;
    for (; entries != nullptr && *entries != nullptr; ++entries) {
        const std::string entry = *entries;
        const auto equals = entry.find('=');
        if (equals != std::string::npos)
            variables.insert_or_assign(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return variables;
}

} // namespace nodes
