#include "nodes/cli/line_input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace nodes {

namespace {

constexpr std::size_t line_size_bytes_max = std::size_t{2} * 1024 * 1024;
constexpr std::size_t read_size_bytes = 64 * 1024;

} // namespace

LineInput::LineInput(int fd) : fd_(fd), stopped_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (stopped_.get() < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

std::optional<std::string> LineInput::take_line() {
    const auto end = buffer_.find('\n', start_);
    const auto size = (end == std::string::npos ? buffer_.size() : end) - start_;
    const bool is_complete =
        end != std::string::npos || size >= line_size_bytes_max || (is_at_end_ && size > 0);
    if (!is_complete)
        return std::nullopt;
    auto line = buffer_.substr(start_, size);
    start_ += size + (end == std::string::npos ? 0 : 1);
    return line;
}

std::optional<std::string> LineInput::next() {
    for (;;) {
        if (auto line = take_line())
            return line;
        if (is_at_end_)
            return std::nullopt;
        buffer_.erase(0, start_);
        start_ = 0;
        std::array<pollfd, 2> waiting{{{fd_, POLLIN, 0}, {stopped_.get(), POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR)
            return std::nullopt;
        if (waiting[1].revents != 0)
            return std::nullopt;
        const auto before = buffer_.size();
        buffer_.resize(before + read_size_bytes);
        const auto size = read(fd_, buffer_.data() + before, read_size_bytes);
        buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
        is_at_end_ = size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN);
    }
}

bool LineInput::wait_until(mesh::TimePoint moment) const {
    for (;;) {
        const auto left = moment - mesh::now();
        if (left <= mesh::Duration::zero())
            return true;
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec patience{whole.count(), std::chrono::nanoseconds(left - whole).count()};
        pollfd waiting{stopped_.get(), POLLIN, 0};
        if (ppoll(&waiting, 1, &patience, nullptr) > 0)
            return false;
    }
}

void LineInput::stop() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(stopped_.get(), &one, sizeof one);
}

} // namespace nodes
