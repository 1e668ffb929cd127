#pragma once

#include "mesh/base/time.hpp"
#include "mesh/wire/question.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace mesh {

/// Asks other nodes, again and again until they answer. The loop's thread.
class Asking {
public:
    using Answered = std::function<void(const Answer&)>;
    using Send = std::function<void(const NodeId& to, const Question& question)>;

    explicit Asking(Send send) : send_(std::move(send)) {}

    /// `answered` is called at most once.
    void ask(const NodeId& to, Question question, Answered answered);

    void receive(const NodeId& from, const Answer& answer);

    /// To be called every 100 ms or so.
    void tick(TimePoint now);

private:
    struct Open {
        NodeId to;
        Question question;
        Answered answered;
        TimePoint asked_at{};
    };

    Send send_;
    std::uint64_t last_number_ = 0;
    std::map<std::uint64_t, Open> open_; ///< by the question's number
};

} // namespace mesh
