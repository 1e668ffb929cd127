#include "mesh/net/context.hpp"

#include "mesh/base/hash.hpp"

#include <algorithm>
#include <fstream>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace mesh {

namespace {

/// ZeroMQ takes memory for each message that comes and gives it back. The heap would return that of
/// batches to the kernel and get it again page by page, which was a tenth of what receiving events
/// of 1 KiB cost (perf, 2026-11). This says how much of it may stay.
void keep_memory_of_messages() {
#if defined(__GLIBC__)
    constexpr int kept_bytes = 4 * 1024 * 1024; // more than what a link's queue of batches holds
    mallopt(M_MMAP_THRESHOLD, kept_bytes);
    mallopt(M_TRIM_THRESHOLD, kept_bytes);
#endif
}

} // namespace

zmq::context_t make_context() {
    keep_memory_of_messages();
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 65536);
        setrlimit(RLIMIT_NOFILE, &files);
    }
    zmq::context_t context(1);
    context.set(zmq::ctxopt::max_sockets, 65535);
    return context;
}

std::uint64_t machine_identity() {
    std::string identity;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> identity;

    struct stat space {};

    if (stat("/proc/self/ns/net", &space) == 0)
        identity += "/" + std::to_string(space.st_ino);
    return hash64(identity);
}

} // namespace mesh
