#pragma once

#include "mesh/base/log.hpp"
#include "mesh/net/reactor.hpp"
#include "nodes/cli/file_descriptor.hpp"
#include "nodes/gateway/request_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace nodes {

/// A request that is whole, for whoever answers it on a thread of his own.
struct WholeRequest {
    std::uint64_t connection = 0; ///< its number, for ConnectionDesk::answered
    int fd = -1;                  ///< to write the response to; the desk closes it
    std::string head;
    std::string body;
};

/// Has the connections on which nobody answers: accepts them, and reads from all of them on one
/// loop until a request is whole. So clients that are slow, silent or half gone hold no thread, and
/// when there are too many connections, the one silent longest makes room. The loop's thread,
/// except where said.
class ConnectionDesk {
public:
    using Serve = std::function<void(WholeRequest)>;

    /// Made before the loop runs.
    ConnectionDesk(mesh::Reactor& loop, FileDescriptor listener, Serve serve);
    ConnectionDesk(const ConnectionDesk&) = delete;
    ConnectionDesk& operator=(const ConnectionDesk&) = delete;

    /// Any thread: a request is answered; `keeps`: the connection may bring another one.
    void answered(std::uint64_t connection, bool keeps);

    /// Accepts no more, and closes what is not being answered.
    void close();

    /// Whether something is being answered.
    bool is_busy() const { return busy_ > 0; }

private:
    enum class State {
        reading, ///< until a request is whole
        served,  ///< somebody writes to it; it is not read
        leaving, ///< told why, and read until it is closed, so that it can read that
    };

    struct Connection {
        FileDescriptor socket;
        mesh::TimePoint since{}; ///< silent or reading or leaving
        State state = State::reading;
        std::string input = {}; ///< from the first byte of a request on
        RequestFrame frame = {};
        bool is_told_to_continue = false;
    };

    using Connections = std::map<std::uint64_t, Connection>; ///< by number

    void accept_all();
    void pause_accepting();
    bool make_room();
    void watch(std::uint64_t number, int fd);
    void read(std::uint64_t number);
    void look(std::uint64_t number, Connection& connection);
    void hand_over(std::uint64_t number, Connection& connection);
    void finish(std::uint64_t number, bool keeps);
    void turn_away(Connection& connection, const Refusal& refusal);
    void drop(Connections::iterator connection);
    void sweep();

    mesh::Reactor& loop_;
    FileDescriptor listener_;
    Serve serve_;
    Connections connections_;
    std::uint64_t next_ = 1;
    std::size_t busy_ = 0;
    std::size_t waiting_bytes_ = 0; ///< all inputs together
    bool is_closed_ = false;
    mesh::CountedWarning turned_away_{"request refused"};
    mesh::CountedWarning evicted_{"connection closed to make room"};
};

} // namespace nodes
