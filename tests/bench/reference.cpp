// What dagmesh is compared with: raw libzmq that drops nothing, one frame a message, bare payload,
// a sender that blocks at the mark. Is led, paces and counts as a part of `dagmesh bench` does.

#include "nodes/bench/numbered_payload.hpp"
#include "nodes/bench/part_talk.hpp"

#include <zmq.hpp>

#include <thread>

/// Meanwhile somebody has to receive: only then a SUB subscribes at who connects to it.
static void send_all(const nodes::Part& part, zmq::socket_t& out) {
    for (const auto& address : nodes::hear_addresses())
        out.connect(address);
    zmq::message_t subscribed;
    for (std::uint32_t i = 0; i < part.process.receivers; ++i)
        static_cast<void>(out.recv(subscribed));
    nodes::say_line("ready");
    nodes::wait_for_go();
    if (part.process.receivers == 0)
        return;
    std::string payload(part.payload_size_bytes, 'x');
    const auto send = [&](std::uint64_t number, std::int64_t due_ns) {
        nodes::NumberedPayload::of(part.number, number, due_ns).write_to(payload);
        out.send(zmq::buffer(payload), zmq::send_flags::none);
    };
    nodes::Pace pace(part);
    std::uint64_t number = 0;
    for (; pace.wait(number); ++number)
        send(number, pace.due_ns());
    send(nodes::NumberedPayload::last, 0);
    nodes::say_published(number, pace);
}

static void receive_all(const nodes::Part& part, zmq::socket_t& in) {
    nodes::Receiving receiving(part);
    zmq::message_t message;
    while (in.recv(message) && !receiving.take({message.data<std::byte>(), message.size()}))
        continue;
    nodes::say_received(receiving);
}

int main(int argc, char** argv) { // NOLINT(bugprone-exception-escape): it ends, which is seen
    const auto part = nodes::begin_part({argv + 1, argv + argc});
    zmq::context_t context;
    zmq::socket_t in(context, ZMQ_SUB);
    zmq::socket_t out(context, ZMQ_XPUB);
    in.set(zmq::sockopt::subscribe, "");
    const bool is_tcp = part.transport == nodes::Transport::tcp;
    in.bind(is_tcp ? "tcp://127.0.0.1:*" : "ipc://@" + part.realm + std::to_string(part.number));
    out.set(zmq::sockopt::xpub_nodrop, true);
    out.set(zmq::sockopt::xpub_verbose, true); // tells of each subscription, also of equal ones
    nodes::say_line("at " + in.get(zmq::sockopt::last_endpoint));
    std::thread sender(send_all, std::cref(part), std::ref(out));
    if (!part.process.hears.empty())
        receive_all(part, in);
    sender.join();
    nodes::wait_for_end();
}
