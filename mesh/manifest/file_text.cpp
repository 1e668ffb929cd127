#include "mesh/manifest/file_text.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mesh {

namespace {

/// Closes what it holds.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }

    int number() const { return number_; }

private:
    int number_;
};

tl::unexpected<Error> fail_by_errno() {
    return fail(ErrorCode::environment,
                "cannot read it: " + std::generic_category().message(errno));
}

std::string_view kind_text(mode_t mode) {
    if (S_ISDIR(mode))
        return "a folder";
    if (S_ISFIFO(mode))
        return "a named pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    return "a device";
}

Result<void> check_regular(const struct stat& status) {
    if (S_ISREG(status.st_mode))
        return {};
    return fail(ErrorCode::environment,
                "expected a file, got " + std::string(kind_text(status.st_mode)));
}

} // namespace

Result<std::string> read_file(const std::string& path, std::size_t size_bytes_max) {
    // Looked at before it is opened, because opening a device may do something; and again after it,
    // because by then it may be another one.
    struct stat status {};

    if (::stat(path.c_str(), &status) != 0)
        return fail_by_errno();
    if (auto checked = check_regular(status); !checked)
        return tl::unexpected(checked.error());
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.number() < 0 || ::fstat(file.number(), &status) != 0)
        return fail_by_errno();
    if (auto checked = check_regular(status); !checked)
        return tl::unexpected(checked.error());

    std::string text;
    std::string piece(std::size_t{64} << 10U, '\0');
    while (text.size() < size_bytes_max) {
        const auto count = ::read(file.number(), piece.data(),
                                  std::min(piece.size(), size_bytes_max - text.size()));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_by_errno();
        if (count == 0)
            break;
        text.append(piece, 0, static_cast<std::size_t>(count));
    }
    return text;
}

bool is_regular_file(const std::string& path) {
    struct stat status {};

    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

} // namespace mesh
