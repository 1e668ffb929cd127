#include "mesh/net/context.hpp"

#include "mesh/base/hash.hpp"

#include <algorithm>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>

namespace mesh {

zmq::context_t make_context() {
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
