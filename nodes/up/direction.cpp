#include "nodes/up/direction.hpp"

#include "nodes/up/supervisor.hpp"

#include <ostream>
#include <utility>

namespace nodes {

void Direction::order(Act act, std::vector<std::size_t> processes) {
    mailbox_.post([this, act, processes = std::move(processes)] {
        for (const auto index : processes)
            if (supervisor_ != nullptr)
                supervisor_->carry_out(act, index);
    });
}

void Direction::write(std::ostream& stream, std::string text) {
    mailbox_.post([&stream, text = std::move(text)] { stream << text << std::flush; });
}

Direction::View Direction::view() const {
    const std::lock_guard lock(mutex_);
    return view_;
}

bool Direction::wait(mesh::TimePoint until,
                     const std::function<bool(const View&)>& condition) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [&] { return view_.is_stopping || condition(view_); });
}

void Direction::end(int code) {
    {
        const std::lock_guard lock(mutex_);
        code_ = code;
    }
    mailbox_.wake();
}

void Direction::run(Supervisor* supervisor) {
    supervisor_ = supervisor;
    mailbox_.run();
}

void Direction::show(View view) {
    {
        const std::lock_guard lock(mutex_);
        view_ = std::move(view);
    }
    changed_.notify_all();
}

void Direction::stop() {
    {
        const std::lock_guard lock(mutex_);
        view_.is_stopping = true;
    }
    changed_.notify_all();
}

std::optional<int> Direction::ended_with() const {
    const std::lock_guard lock(mutex_);
    return code_;
}

} // namespace nodes
