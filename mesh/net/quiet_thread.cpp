#include "mesh/net/quiet_thread.hpp"

#include <csignal>
#include <pthread.h>
#include <utility>

namespace mesh {

std::thread quiet_thread(std::function<void()> work) {
    // A thread begins with the mask of the one that makes it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    std::thread made(std::move(work));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return made;
}

} // namespace mesh
