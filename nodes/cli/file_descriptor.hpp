#pragma once

#include <unistd.h>
#include <utility>

namespace nodes {

/// Owns an open file descriptor and closes it.
class FileDescriptor {
public:
    FileDescriptor() = default;

    explicit FileDescriptor(int fd) : fd_(fd) {}

    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        if (this != &other) {
            close();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }

    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    ~FileDescriptor() { close(); }

    bool is_open() const { return fd_ >= 0; }

    /// -1 when closed.
    int get() const { return fd_; }

    void close() {
        if (is_open())
            ::close(std::exchange(fd_, -1));
    }

private:
    int fd_ = -1;
};

} // namespace nodes
