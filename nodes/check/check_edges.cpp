#include "nodes/check/check_edges.hpp"

#include "mesh/base/time.hpp"
#include "mesh/graph/edges/check_edges.hpp"
#include "mesh/graph/edges/edge_reader.hpp"
#include "nodes/check/check_json.hpp"
#include "nodes/check/edges_text.hpp"
#include "nodes/cli/file_descriptor.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <ostream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace nodes {

namespace {

/// Says once a second how far the work is; nothing of work that takes less.
class Progress {
public:
    Progress(const std::string& path, bool is_quiet, std::ostream& err)
        : path_(path), is_quiet_(is_quiet), err_(err) {}

    void reading(const mesh::EdgeReader& reader) {
        if (!is_due())
            return;
        err_ << fmt::format("{}: {} MiB and {} edges read\n", path_,
                            reader.text_size_bytes() >> 20U, reader.edge_count());
        err_.flush();
    }

    void checking(const mesh::EdgeList& list) {
        if (!has_spoken_ || is_quiet_)
            return;
        err_ << fmt::format("{}: looking for cycles in {} edges of {} names\n", path_,
                            list.edges().size(), list.names.count());
        err_.flush();
    }

private:
    bool is_due() {
        const auto now = mesh::now();
        if (is_quiet_ || now < next_)
            return false;
        next_ = now + std::chrono::seconds(1);
        has_spoken_ = true;
        return true;
    }

    const std::string& path_;
    bool is_quiet_;
    std::ostream& err_;
    bool has_spoken_ = false;
    mesh::TimePoint next_ = mesh::now() + std::chrono::seconds(1);
};

mesh::Error read_error() {
    return {mesh::ErrorCode::invalid, "cannot be read: " + std::generic_category().message(errno)};
}

mesh::Result<mesh::EdgeList> read_edge_list(int fd, Progress& progress) {
    struct stat status {};

    const bool has_size = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    mesh::EdgeReader reader(has_size ? static_cast<std::size_t>(status.st_size) : 0);
    for (;;) {
        const auto room = reader.room();
        const auto size = read(fd, room.data(), room.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return tl::unexpected(read_error());
        if (size == 0)
            break;
        if (auto taken = reader.take(static_cast<std::size_t>(size)); !taken)
            return tl::unexpected(taken.error());
        progress.reading(reader);
    }
    auto list = reader.finish();
    if (list)
        progress.checking(*list);
    return list;
}

mesh::Result<mesh::EdgeList> read_edge_list(const std::string& path, Progress& progress) {
    if (path == "-")
        return read_edge_list(STDIN_FILENO, progress);
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open())
        return tl::unexpected(read_error());
    return read_edge_list(file.get(), progress);
}

} // namespace

int check_edge_list(const std::string& path, const CheckOptions& options, bool is_quiet,
                    std::ostream& out, std::ostream& err) {
    Progress progress(path, is_quiet, err);
    const auto list = read_edge_list(path, progress);
    if (!list) {
        const bool has_position = list.error().code != mesh::ErrorCode::invalid;
        err << path << (has_position ? ":" : ": error: ") << list.error().detail << '\n';
        return 2;
    }
    const RealmReport report{"", mesh::check_edges(*list, path)};
    if (options.is_json)
        // Names are bytes, and JSON is text.
        out << check_json({report}).dump(2, ' ', false,
                                         nlohmann::ordered_json::error_handler_t::replace)
            << '\n';
    else
        print_edge_check(report.graph, options.use_colour, out);
    return report.graph.is_acyclic ? 0 : 1;
}

} // namespace nodes
