#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// One address of a network interface.
struct Interface {
    std::string name;
    std::string address;
    std::string broadcast; ///< empty where there is none, as with IPv6
    unsigned index = 0;
    bool is_v6 = false;
};

/// The addresses of the interface that is called `name`; none when there is no such interface or
/// it is down.
std::vector<Interface> interfaces_named(std::string_view name);

} // namespace mesh
