#pragma once

#include "mesh/base/result.hpp"
#include "mesh/wire/question.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nodes {

/// A dead letter and where it lies.
struct FoundLetter {
    std::string service;
    std::string instance;
    mesh::LetterNote note;
    mesh::NodeId node = {}; ///< that was asked

    /// `SERVICE/INSTANCE/NUMBER`.
    std::string name() const {
        return service + "/" + instance + "/" + std::to_string(note.number);
    }
};

/// Which letters are listed; what is empty does not matter.
struct LetterFilter {
    std::string handler;
    std::string topic; ///< a pattern
    std::string reason;
};

/// Where dead letters lie: at the nodes that run, or in the files of instances that do not.
class LetterSource {
public:
    LetterSource() = default;
    LetterSource(const LetterSource&) = delete;
    LetterSource& operator=(const LetterSource&) = delete;
    virtual ~LetterSource() = default;

    /// Letters without headers and payload, in order of place and number.
    virtual std::vector<FoundLetter> list(const LetterFilter& filter) = 0;

    /// Every letter that has this number, whole, in order of place.
    virtual std::vector<FoundLetter> numbered(std::uint64_t number) = 0;

    /// Has its event handled once more; the letter is gone then. Errors: `refused` when it cannot
    /// be, or failed again; `invalid` when there is no such letter any more; `timed_out` when it is
    /// not known yet.
    virtual mesh::Result<void> retry(const FoundLetter& letter) = 0;

    /// Throws it away. Errors: as `retry`.
    virtual mesh::Result<void> drop(const FoundLetter& letter) = 0;

    /// Places that did not answer, or could not be read, and why; to be said to people.
    const std::vector<std::string>& troubles() const { return troubles_; }

protected:
    void note_trouble(std::string trouble);

private:
    std::vector<std::string> troubles_;
};

} // namespace nodes
