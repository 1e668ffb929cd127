#include "nodes/gateway/http_listener.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>

namespace nodes {

namespace {

[[noreturn]] void fail_at(const mesh::Endpoint& endpoint, const std::string& why) {
    throw std::runtime_error("cannot listen at " + to_string(endpoint) + ": " + why);
}

std::uint16_t port_of(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return 0;
    // Both families have the port in the same place.
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

} // namespace

HttpListener listen_at(const mesh::Endpoint& endpoint) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const auto port = std::to_string(endpoint.port);
    if (const int error = getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found))
        fail_at(endpoint, gai_strerror(error));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> address(found, freeaddrinfo);
    FileDescriptor socket(
        ::socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // Not SO_REUSEPORT: two gateways on one port would share its clients, and nobody would know.
    const int yes = 1;
    setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(socket.get(), address->ai_addr, address->ai_addrlen) != 0 ||
        listen(socket.get(), SOMAXCONN) != 0)
        fail_at(endpoint, std::strerror(errno));
    const auto real_port = port_of(socket.get());
    return {std::move(socket), {endpoint.host, real_port}};
}

} // namespace nodes
