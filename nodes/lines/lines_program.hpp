#pragma once

#include "mesh/base/log.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/net/mailbox.hpp"
#include "mesh/node.hpp"
#include "nodes/lines/lines_message.hpp"
#include "nodes/lines/lines_publishing.hpp"
#include "nodes/process/backoff.hpp"
#include "nodes/process/line_splitter.hpp"
#include "nodes/process/process.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace nodes {

/// A program that speaks lines, through all its lives: gives it events, and takes what it says.
/// When it dies, it is started again, and gets the events that it was not done with once more.
class LinesProgram {
public:
    struct Options {
        ProcessStart start;
        bool restarts = false;        ///< when it failed; with 0 it ends for good
        bool is_acknowledging = true; ///< or an event is done once it is written
    };

    struct Hooks {
        /// Whether it may publish that while an event is under way.
        std::function<bool(const LinesMessage&)> may_publish_meanwhile;

        /// It publishes something, which may wait for credit. Errors: why it cannot.
        LinesPublishing::Publish publish;

        /// The key of what it says without one.
        std::function<std::string(const LinesMessage&)> key;

        /// It has ended for good.
        std::function<void(const ExitStatus&)> ended;
    };

    LinesProgram(Options options, Hooks hooks);

    /// As `finish`.
    ~LinesProgram();
    LinesProgram(const LinesProgram&) = delete;
    LinesProgram& operator=(const LinesProgram&) = delete;

    /// Starts it. Errors: as Process::start.
    mesh::Result<void> start();

    /// Gives it a handler's event, or beat, as a line, and returns when it is done with that; what
    /// it emitted because of it is said then. Any thread.
    /// Throws std::runtime_error when it failed, with what it said, and mesh::Abandoned when it has
    /// ended for good.
    void handle(const std::string& handler, std::string id, std::string line, mesh::Emitter& emit);

    /// Nobody is to wait for it any more: what it has is not acknowledged.
    void abandon();

    /// Nothing more is given to it: its stdin ends. Who does not end then is told to, and killed.
    void finish();

private:
    /// An event that it has.
    struct Flight {
        enum class State { open, done, failed };

        std::string id;
        std::string handler;
        std::string line;
        State state = State::open;
        std::string error;
        std::vector<LinesMessage> emitted;
        std::size_t emitted_size_bytes = 0;
        mesh::TimePoint given_at{};
        bool is_written = false;
        bool is_told_of = false; ///< that there is no answer
        std::condition_variable changed;
    };

    using Flights = std::list<Flight>;

    void run();
    bool begin_life(mesh::TimePoint now);
    void wait(mesh::TimePoint now);
    void write_some();
    bool read_some();
    void take_line(std::string_view line);
    mesh::Result<void> take(LinesMessage message);
    mesh::Result<void> take_publish(LinesMessage message);
    void take_emit(Flight& flight, LinesMessage message);
    static void land(Flight& flight, Flight::State state, std::string error);
    void fail_unclear(const std::string& why);
    Flight* flight_of(const LinesMessage& message);
    void end_life();
    void give_again();
    void tell_of_silence(mesh::TimePoint now);
    void close_input();
    void end(const ExitStatus& status);

    Options options_;
    Hooks hooks_;
    mesh::Mailbox mailbox_; ///< wakes the thread
    mesh::CountedWarning junk_{"the program says what cannot be understood"};
    LinesPublishing publishing_;

    // Of the thread.
    std::optional<Process> process_;
    LineSplitter lines_;
    Backoff backoff_;
    std::minstd_rand random_{std::random_device{}()};
    mesh::TimePoint started_at_{};
    mesh::TimePoint restart_at_{};
    mesh::TimePoint told_at_{};
    std::string writing_; ///< what is left of what is being written
    bool is_told_to_end_ = false;

    std::mutex mutex_; ///< guards the rest
    Flights flights_;
    std::string waiting_; ///< lines to be written
    bool is_finishing_ = false;
    bool is_abandoned_ = false;
    mesh::TimePoint finishing_since_{};

    std::thread thread_;
};

} // namespace nodes
