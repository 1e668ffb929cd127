#include "nodes/check/file_watch.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>

namespace nodes {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t news = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                               IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

} // namespace

FileWatch::FileWatch(const std::vector<std::string>& paths)
    : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (!fd_.is_open())
        throw std::system_error(errno, std::generic_category(), "--watch");
    for (const auto& path : paths) {
        std::error_code fault;
        add_around(path);
        // A link is watched at both ends.
        if (const auto real = fs::canonical(path, fault); !fault)
            add_around(real.string());
        if (fs::is_directory(path, fault))
            add_below(path);
    }
}

void FileWatch::drain() const {
    std::array<char, 4096> buffer{};
    while (read(fd_.get(), buffer.data(), buffer.size()) > 0)
        ;
}

void FileWatch::add(const std::string& folder) {
    std::error_code fault;
    const auto real = fs::canonical(folder, fault);
    if (fault || !seen_.insert(real.string()).second)
        return;
    // A folder that is gone by now is told of by the one above it.
    if (inotify_add_watch(fd_.get(), real.c_str(), news | IN_ONLYDIR) < 0 &&
        (errno == ENOSPC || errno == ENOMEM))
        throw std::system_error(errno, std::generic_category(),
                                "--watch: too many folders below " + folder);
}

void FileWatch::add_below(const std::string& top) {
    std::vector<std::string> waiting{top};
    std::set<std::string> listed;
    while (!waiting.empty()) {
        const auto folder = std::move(waiting.back());
        waiting.pop_back();
        std::error_code fault;
        const auto real = fs::canonical(folder, fault);
        if (fault || !listed.insert(real.string()).second)
            continue; // a folder may contain itself
        add(folder);
        fs::directory_iterator entries(folder, fault);
        for (; !fault && entries != fs::directory_iterator{}; entries.increment(fault)) {
            std::error_code ignored;
            if (fs::is_directory(entries->path(), ignored))
                waiting.push_back(entries->path().string());
        }
    }
}

void FileWatch::add_around(const std::string& path) {
    std::error_code fault;
    auto folder = fs::absolute(path, fault).lexically_normal().parent_path();
    while (!fs::is_directory(folder, fault) && folder.has_relative_path())
        folder = folder.parent_path();
    add(folder.string());
}

} // namespace nodes
