#include "mesh/node.hpp"

#include "mesh/base/log.hpp"
#include "mesh/node/core.hpp"

#include <csignal>
#include <pthread.h>
#include <stdexcept>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace mesh {

namespace {

/// SIGINT and SIGTERM as a readable descriptor, while it lives.
class SignalGate {
public:
    SignalGate() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, &before_);
        fd_ = signalfd(-1, &signals_, SFD_CLOEXEC | SFD_NONBLOCK);
    }

    ~SignalGate() {
        close(fd_);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

    SignalGate(const SignalGate&) = delete;
    SignalGate& operator=(const SignalGate&) = delete;

    int fd() const { return fd_; }

    void take() const {
        signalfd_siginfo info{};
        [[maybe_unused]] const auto size = read(fd_, &info, sizeof info);
    }

    /// From now on a signal does what it does by default: it ends the process.
    void open() const { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

private:
    sigset_t signals_{};
    sigset_t before_{};
    int fd_;
};

} // namespace

Node::Node(NodeOptions options) : core_(std::make_unique<NodeCore>(std::move(options))) {}

Node::~Node() {
    stop();
}

Result<void> Node::publish(std::string_view topic, const Payload& payload,
                           const EventOptions& options) {
    return core_->publish(topic, payload, options, true);
}

Result<void> Node::try_publish(std::string_view topic, const Payload& payload,
                               const EventOptions& options) {
    return core_->publish(topic, payload, options, false);
}

void Node::publish_later(std::string_view topic, const Payload& payload,
                         const EventOptions& options,
                         std::function<void(const Result<void>&)> done) {
    core_->publish_later(topic, payload, options, std::move(done));
}

std::future<Result<void>> Node::publish_later(std::string_view topic, const Payload& payload,
                                              const EventOptions& options) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    auto future = promise->get_future();
    publish_later(topic, payload, options, [promise = std::move(promise)](const auto& result) {
        promise->set_value(result);
    });
    return future;
}

Result<void> Node::publish_all(std::span<const NewEvent> events) {
    return core_->publish_all(events);
}

Result<void> Node::publish_and_wait(std::string_view topic, const Payload& payload,
                                    Duration patience, const EventOptions& options) {
    return core_->publish_and_wait(topic, payload, options, patience);
}

void Node::with_store(const std::function<void(Store&)>& work) {
    core_->with_store(work);
}

Result<Payload> Node::request(std::string_view topic, const Payload& payload,
                              const RequestOptions& options) {
    return core_->request(topic, payload, options);
}

std::future<Result<Payload>> Node::request_later(std::string_view topic, const Payload& payload,
                                                 const RequestOptions& options) {
    return core_->request_later(topic, payload, options);
}

void Node::open() {
    if (std::exchange(is_running_, true))
        throw std::logic_error("a node is started once");
    core_->open();
    for (const auto& starter : starters_)
        starter();
}

void Node::run() {
    open();
    const SignalGate signals;
    core_->reactor().add(signals.fd(), [&] {
        signals.take();
        signals.open();
        core_->stop();
    });
    core_->loop();
    core_->reactor().remove(signals.fd());
    if (core_->is_refused())
        throw Refused("refused: \"" + options().service + "\" would close a cycle of events");
}

void Node::start() {
    open();
    // Signals are the main thread's matter.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    thread_ = std::thread([this] { core_->loop(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Node::stop() {
    if (!is_running_)
        return;
    core_->stop();
    const auto* emitter = Emitter::current();
    const bool is_own_thread =
        core_->reactor().is_inside() || (emitter != nullptr && emitter->owner() == core_.get());
    if (thread_.joinable() && !is_own_thread)
        thread_.join();
}

bool Node::wait_ready(Duration patience) {
    return core_->wait_ready(now() + patience);
}

bool Node::wait_dry(Duration patience, Whom whom) {
    return core_->is_open() && core_->wait_dry(now() + patience, whom);
}

std::vector<Unacknowledged> Node::unacknowledged() const {
    return core_->is_open() ? core_->unacknowledged() : std::vector<Unacknowledged>{};
}

bool Node::wait_subscribers(std::string_view topic, std::size_t count, Duration patience) {
    return core_->is_open() && core_->wait_subscribers(topic, count, now() + patience);
}

std::size_t Node::subscriber_count(std::string_view topic) const {
    return core_->is_open() ? core_->subscriber_count(topic) : 0;
}

std::vector<Peer> Node::peers() const {
    return core_->peers();
}

const Identity& Node::identity() const {
    return core_->identity();
}

const NodeOptions& Node::options() const {
    return core_->options();
}

void Node::watch(std::function<void(const Peer&)> function) {
    core_->watchers.push_back(std::move(function));
}

void Node::on_ready(std::function<void()> function) {
    core_->on_ready = std::move(function);
}

void Node::on_refused(std::function<void()> function) {
    core_->on_refused = std::move(function);
}

void Node::on_unreachable(std::function<void(const std::string&)> function) {
    core_->on_unreachable = std::move(function);
}

void Node::tap(std::function<void(const Event&)> function) {
    core_->tap = std::move(function);
}

void Node::on_dead_letter(DeadLetterSink sink) {
    core_->on_dead_letter = std::move(sink);
}

void Node::every(Duration interval, std::function<void()> function) {
    core_->reactor().every(interval, std::move(function));
}

void Node::after(Duration delay, std::function<void()> function) {
    core_->reactor().after(delay, std::move(function));
}

void Node::on_readable(int fd, std::function<void()> function) {
    core_->reactor().add(fd, std::move(function));
}

void Node::before_leaving(std::function<void()> function) {
    core_->leavers.push_back(std::move(function));
}

void Node::at_start(std::function<void()> function) {
    starters_.push_back(std::move(function));
}

void Node::listen_for(Duration time) {
    core_->readiness().listen_for(time);
}

void Node::sight(const Sighting& sighting) {
    if (core_->is_open())
        core_->sight(sighting);
}

void Node::connect(const Endpoint& control) {
    core_->add_address(control);
}

void Node::forget(const NodeId& id, std::uint32_t incarnation) {
    if (core_->is_open())
        core_->neighbours().leave(id, incarnation);
}

void Node::ask(const NodeId& node, const Question& question,
               std::function<void(const Answer&)> answered) {
    core_->ask(node, question, std::move(answered));
}

Duration Node::lateness() const {
    return core_->reactor().lateness();
}

} // namespace mesh
