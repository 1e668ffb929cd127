#include "mesh/net/worker_threads.hpp"

#include <csignal>
#include <pthread.h>

namespace mesh {

void WorkerThreads::start(std::size_t count, const std::function<void()>& work) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    try {
        for (std::size_t i = 0; i < count; ++i)
            threads_.emplace_back(work);
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void WorkerThreads::join() {
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

} // namespace mesh
