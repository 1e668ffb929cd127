#include "nodes/text/output_file.hpp"

#include "nodes/cli/file_descriptor.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace nodes {

namespace {

auto failed(const std::string& what) {
    return mesh::fail(mesh::ErrorCode::environment,
                      what + ": " + std::string(std::strerror(errno)));
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

mesh::Result<void> write_in_place(const std::string& path, std::string_view content) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.is_open() || !write_all(file.get(), content))
        return failed("cannot write");
    return {};
}

/// What a new file of this process may be, by its umask.
mode_t new_file_mode() {
    const auto mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

} // namespace

mesh::Result<void> write_file(const std::string& path, std::string_view content) {
    struct stat known {};

    const bool exists = ::stat(path.c_str(), &known) == 0;
    if (exists && !S_ISREG(known.st_mode))
        return write_in_place(path, content);
    // A link stays a link: what it leads to is written.
    std::error_code error;
    const auto target =
        exists ? std::filesystem::canonical(path, error) : std::filesystem::path(path);
    if (error)
        return mesh::fail(mesh::ErrorCode::environment, "cannot write: " + error.message());
    if (exists && ::access(target.c_str(), W_OK) != 0)
        return failed("cannot write");
    auto temporary = target.string() + ".XXXXXX";
    FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file.is_open())
        return failed("cannot write");
    const auto mode = exists ? known.st_mode & 0777U : new_file_mode();
    const bool is_done = write_all(file.get(), content) && ::fchmod(file.get(), mode) == 0 &&
                         std::rename(temporary.c_str(), target.c_str()) == 0;
    if (!is_done) {
        const auto result = failed("cannot write");
        ::unlink(temporary.c_str());
        return result;
    }
    return {};
}

} // namespace nodes
