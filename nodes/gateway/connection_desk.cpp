#include "nodes/gateway/connection_desk.hpp"

#include "nodes/gateway/http_limits.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration sweep_interval = 250ms;
/// For a client to read why it is refused.
constexpr mesh::Duration leaving_patience = 2s;
/// Without descriptors, until it is tried again.
constexpr mesh::Duration accept_pause = 100ms;
constexpr int accepts_a_turn_max = 64;
constexpr std::size_t read_bytes = 64 * 1024;

std::string text_of(const HttpResponse& response) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) +
                       " \r\nContent-Type: " + response.content_type +
                       "\r\nContent-Length: " + std::to_string(response.body.size()) +
                       "\r\nConnection: close\r\n";
    for (const auto& [name, value] : response.headers)
        text.append(name).append(": ").append(value).append("\r\n");
    return text + "\r\n" + response.body;
}

/// Answers leave at once, and a client that is gone without a word is noticed while it is written
/// to, such as with a heartbeat, instead of after a quarter of an hour (tcp(7), TCP_USER_TIMEOUT).
void prepare(int fd) {
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    using std::chrono::milliseconds;
    const auto patience =
        static_cast<int>(std::chrono::duration_cast<milliseconds>(idle_patience).count());
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
}

/// What fits: a client that cannot take so little is not waited for.
void send_some(int fd, std::string_view text) {
    [[maybe_unused]] const auto sent =
        send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

} // namespace

ConnectionDesk::ConnectionDesk(mesh::Reactor& loop, FileDescriptor listener, Serve serve)
    : loop_(loop), listener_(std::move(listener)), serve_(std::move(serve)) {
    loop_.add(listener_.get(), [this] { accept_all(); });
    loop_.every(sweep_interval, [this] { sweep(); });
}

void ConnectionDesk::accept_all() {
    for (int i = 0; i < accepts_a_turn_max; ++i) {
        FileDescriptor socket(
            accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket.is_open()) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                return pause_accepting();
            if (errno == EAGAIN)
                return;
            continue; // it went before it was accepted
        }
        if (connections_.size() >= connections_max && !make_room())
            continue; // everybody is being answered
        prepare(socket.get());
        const auto number = next_++;
        const int fd = socket.get();
        connections_.emplace(number, Connection{std::move(socket), mesh::now()});
        watch(number, fd);
    }
}

/// The listener stays readable meanwhile: the loop would do nothing else.
void ConnectionDesk::pause_accepting() {
    make_room();
    loop_.remove(listener_.get());
    loop_.after(accept_pause, [this] {
        if (!is_closed_)
            loop_.add(listener_.get(), [this] { accept_all(); });
    });
}

bool ConnectionDesk::make_room() {
    auto oldest = connections_.end();
    for (auto one = connections_.begin(); one != connections_.end(); ++one)
        if (one->second.state != State::served &&
            (oldest == connections_.end() || one->second.since < oldest->second.since))
            oldest = one;
    if (oldest == connections_.end())
        return false;
    evicted_(std::to_string(connections_.size()) + " are open");
    drop(oldest);
    return true;
}

void ConnectionDesk::watch(std::uint64_t number, int fd) {
    loop_.add(fd, [this, number] { read(number); });
}

void ConnectionDesk::read(std::uint64_t number) {
    const auto found = connections_.find(number);
    if (found == connections_.end())
        return;
    auto& connection = found->second;
    std::array<char, read_bytes> bytes;
    const auto count = recv(connection.socket.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0)
        return drop(found);
    if (connection.state == State::leaving)
        return;
    if (connection.input.empty())
        connection.since = mesh::now();
    connection.input.append(bytes.data(), static_cast<std::size_t>(count));
    waiting_bytes_ += static_cast<std::size_t>(count);
    look(number, connection);
}

void ConnectionDesk::look(std::uint64_t number, Connection& connection) {
    const auto is_whole = connection.frame.look(connection.input);
    if (!is_whole)
        return turn_away(connection, is_whole.error());
    if (*is_whole)
        return hand_over(number, connection);
    if (waiting_bytes_ > waiting_bytes_max)
        return turn_away(connection, {503, "too many requests are under way"});
    if (connection.frame.awaits_continue() && !std::exchange(connection.is_told_to_continue, true))
        send_some(connection.socket.get(), "HTTP/1.1 100 Continue\r\n\r\n");
}

void ConnectionDesk::hand_over(std::uint64_t number, Connection& connection) {
    auto& frame = connection.frame;
    WholeRequest request{number, connection.socket.get(), std::string(frame.head(connection.input)),
                         frame.body(connection.input)};
    // What is behind it waits for its turn: a connection's requests are answered in order.
    waiting_bytes_ -= frame.size_bytes();
    connection.input.erase(0, frame.size_bytes());
    connection.input.shrink_to_fit();
    frame = {};
    connection.is_told_to_continue = false;
    connection.state = State::served;
    loop_.remove(connection.socket.get());
    ++busy_;
    serve_(std::move(request));
}

void ConnectionDesk::answered(std::uint64_t connection, bool keeps) {
    loop_.post([this, connection, keeps] { finish(connection, keeps); });
}

void ConnectionDesk::finish(std::uint64_t number, bool keeps) {
    const auto found = connections_.find(number);
    --busy_;
    auto& connection = found->second;
    connection.state = State::reading;
    connection.since = mesh::now();
    watch(number, connection.socket.get());
    if (!keeps || is_closed_)
        return drop(found);
    if (!connection.input.empty())
        look(number, connection);
}

void ConnectionDesk::turn_away(Connection& connection, const Refusal& refusal) {
    turned_away_(std::to_string(refusal.status) + " " + refusal.reason);
    send_some(connection.socket.get(), text_of(response_of(refusal)));
    // Closed with bytes unread, the kernel would take the response back (RFC 9112, section 9.6).
    shutdown(connection.socket.get(), SHUT_WR);
    waiting_bytes_ -= connection.input.size();
    connection.input = {};
    connection.state = State::leaving;
    connection.since = mesh::now();
}

void ConnectionDesk::drop(Connections::iterator connection) {
    waiting_bytes_ -= connection->second.input.size();
    loop_.remove(connection->second.socket.get());
    connections_.erase(connection);
}

void ConnectionDesk::sweep() {
    const auto now = mesh::now();
    for (auto one = connections_.begin(); one != connections_.end();) {
        const auto current = one++;
        auto& connection = current->second;
        const auto silent = now - connection.since;
        if (connection.state == State::leaving) {
            if (silent > leaving_patience)
                drop(current);
        } else if (connection.state == State::reading && connection.input.empty()) {
            if (silent > idle_patience)
                drop(current);
        } else if (connection.state == State::reading && silent > request_patience) {
            turn_away(connection, {408, "expected a whole request within 10 s"});
        }
    }
}

void ConnectionDesk::close() {
    if (std::exchange(is_closed_, true))
        return;
    loop_.remove(listener_.get());
    listener_.close();
    for (auto one = connections_.begin(); one != connections_.end();)
        if (const auto current = one++; current->second.state != State::served)
            drop(current);
}

} // namespace nodes
