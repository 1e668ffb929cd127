#include "mesh/net/interfaces.hpp"

#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace mesh {

namespace {

std::string text_of_address(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text.data(),
                  text.size());
    else
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text.data(),
                  text.size());
    return text.data();
}

} // namespace

std::vector<Interface> interfaces_named(std::string_view name) {
    std::vector<Interface> found;
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0)
        return found;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, freeifaddrs);
    for (const auto* one = first; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || name != one->ifa_name || (one->ifa_flags & IFF_UP) == 0)
            continue;
        const auto family = one->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6)
            continue;
        Interface here;
        here.name = one->ifa_name;
        here.address = text_of_address(one->ifa_addr);
        here.index = if_nametoindex(one->ifa_name);
        here.is_v6 = family == AF_INET6;
        if (!here.is_v6 && (one->ifa_flags & IFF_BROADCAST) != 0 && one->ifa_broadaddr != nullptr)
            here.broadcast = text_of_address(one->ifa_broadaddr);
        if (here.is_v6)
            here.address += "%" + here.name; // link-local addresses mean nothing without it
        found.push_back(std::move(here));
    }
    return found;
}

} // namespace mesh
