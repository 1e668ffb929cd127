#pragma once

#include "mesh/net/reactor.hpp"
#include "mesh/node/disk_work.hpp"
#include "mesh/node/handling/letters.hpp"
#include "mesh/node/handling/retries.hpp"
#include "mesh/wire/question.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace mesh {

/// Answers what tools ask of a node. The loop's thread takes the questions; what needs the disk is
/// done on another one.
class Answering {
public:
    struct Hooks {
        std::function<void(const NodeId& to, const Answer& answer)> send; ///< on the loop
        std::function<void(Answer&)> tell_ledger;                         ///< on the loop
        std::function<void(const Question&, Answer&)> cut;                ///< on the loop
    };

    Answering(Reactor& reactor, std::vector<std::unique_ptr<HandlerRunner>>& handlers,
              Letters& letters, Hooks hooks);

    void receive(const NodeId& from, const Question& question);

    /// Any thread: a handler has made progress.
    void note_progress();

    /// Does something that waits for the disk, in order. False when too much waits.
    bool post(std::function<void()> piece) { return work_.post(std::move(piece)); }

private:
    /// Who asked, and his number for the question.
    using Asked = std::pair<NodeId, std::uint64_t>;

    void answer(const NodeId& to, const Question& question);
    void list(Answer& answer, const Question& question);
    void show(Answer& answer, const Question& question);
    void drop(Answer& answer, const Question& question);
    void retry(const NodeId& to, const Question& question);
    void send(const NodeId& to, Answer answer);

    Reactor& reactor_;
    Letters& letters_;
    Hooks hooks_;
    Retries retries_;

    // Of the loop: what is done once, however often it is asked for.
    std::map<Asked, std::optional<Answer>> done_; ///< nothing: it is under way
    std::deque<Asked> done_order_;

    DiskWork work_; ///< last, so that its thread ends first
};

} // namespace mesh
