#pragma once

// Private to http_server.cpp: what cpp-httplib reads a request from and writes its response to.

#include "mesh/base/time.hpp"
#include "nodes/gateway/http_limits.hpp"

#include <cerrno>
#include <cstring>
#include <httplib.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace nodes {

/// Reads from memory, so nobody waits for a client's request, and writes to the client's socket,
/// which does not block, within write_patience.
class RequestStream : public httplib::Stream {
public:
    RequestStream(std::string_view head, int fd) : left_(head), fd_(fd) {}

    bool is_readable() const override { return true; }

    /// Whether the client is still there: it closes at least its half when it goes.
    bool is_writable() const override {
        pollfd one{fd_, POLLRDHUP, 0};
        return !has_failed_ &&
               (poll(&one, 1, 0) <= 0 || (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0);
    }

    ssize_t read(char* to, std::size_t size) override {
        const auto part = left_.substr(0, size);
        std::memcpy(to, part.data(), part.size());
        left_.remove_prefix(part.size());
        return static_cast<ssize_t>(part.size());
    }

    /// All of it, or the connection is given up.
    ssize_t write(const char* from, std::size_t size) override {
        const auto deadline = mesh::now() + write_patience;
        std::string_view text(from, size);
        while (!text.empty() && !has_failed_) {
            const auto sent = send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0)
                text.remove_prefix(static_cast<std::size_t>(sent));
            else if (errno == EAGAIN)
                has_failed_ = is_stalled_ = !wait_writable(deadline);
            else if (errno != EINTR)
                has_failed_ = true;
        }
        return has_failed_ ? -1 : static_cast<ssize_t>(size);
    }

    void get_remote_ip_and_port(std::string&, int&) const override {}

    void get_local_ip_and_port(std::string&, int&) const override {}

    socket_t socket() const override { return fd_; }

    /// The client took nothing for too long.
    bool is_stalled() const { return is_stalled_; }

private:
    bool wait_writable(mesh::TimePoint deadline) const {
        using std::chrono::milliseconds;
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - mesh::now()).count();
        pollfd one{fd_, POLLOUT, 0};
        return left > 0 && poll(&one, 1, static_cast<int>(left)) > 0;
    }

    std::string_view left_;
    int fd_;
    bool has_failed_ = false;
    bool is_stalled_ = false;
};

} // namespace nodes
