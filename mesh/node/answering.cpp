#include "mesh/node/answering.hpp"

#include <algorithm>
#include <string>

namespace mesh {

namespace {

constexpr std::size_t remembered_max = 4096;

// What letters take in one answer, within the bound on control messages.
constexpr std::size_t letters_size_bytes_max = 512 * 1024;
constexpr std::size_t letter_fields_size_bytes = 400;

// A row with long names takes 1 KiB and a half.
constexpr std::size_t page_rows_max = 512;

LetterNote note_of(const StoredLetter& letter) {
    LetterNote note;
    note.number = letter.number;
    note.handler = letter.handler;
    note.reason = letter.reason;
    note.error = letter.error.substr(0, letter_error_size_bytes_max);
    note.attempts = letter.attempts;
    note.died_us = letter.died_us;
    note.topic = letter.topic;
    note.id = letter.id;
    note.service = letter.service;
    note.time_us = letter.time_us;
    note.key = letter.key;
    note.is_damaged = letter.is_damaged;
    note.payload_size_bytes = letter.payload.size();
    note.path = letter.path;
    return note;
}

/// Drops the first `count` rows, and tells how many more it was to drop.
template <class Rows>
std::size_t drop_first(Rows& rows, std::size_t count) {
    const auto dropped = std::min(count, rows.size());
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(dropped));
    return count - dropped;
}

/// Of all rows, those behind the first `after` that go into one answer.
void cut_to_page(Answer& answer, std::uint64_t after) {
    const auto all = answer.sent.size() + answer.handled.size();
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(after, all));
    drop_first(answer.handled, drop_first(answer.sent, skipped));
    answer.is_more = all - skipped > page_rows_max;
    if (answer.sent.size() > page_rows_max)
        answer.sent.resize(page_rows_max);
    if (answer.sent.size() + answer.handled.size() > page_rows_max)
        answer.handled.resize(page_rows_max - answer.sent.size());
}

bool is_done_once(Question::Kind kind) {
    return kind == Question::Kind::retry || kind == Question::Kind::drop ||
           kind == Question::Kind::cut;
}

} // namespace

Answering::Answering(Reactor& reactor, std::vector<std::unique_ptr<HandlerRunner>>& handlers,
                     Letters& letters, Hooks hooks)
    : reactor_(reactor),
      letters_(letters),
      hooks_(std::move(hooks)),
      retries_(reactor, handlers, letters) {}

void Answering::receive(const NodeId& from, const Question& question) {
    if (is_done_once(question.kind)) {
        const Asked asked{from, question.number};
        const auto [known, is_new] = done_.try_emplace(asked);
        if (!is_new) {
            if (known->second)
                hooks_.send(from, *known->second);
            return;
        }
        done_order_.push_back(asked);
        if (done_order_.size() > remembered_max) {
            done_.erase(done_order_.front());
            done_order_.pop_front();
        }
    }
    const bool is_taken = work_.post([this, from, question] { answer(from, question); });
    if (!is_taken && is_done_once(question.kind))
        done_.erase({from, question.number}); // it will be asked again
}

void Answering::send(const NodeId& to, Answer answer) {
    reactor_.post([this, to, answer = std::move(answer)] {
        if (const auto once = done_.find({to, answer.number}); once != done_.end())
            once->second = answer;
        hooks_.send(to, answer);
    });
}

void Answering::answer(const NodeId& to, const Question& question) {
    Answer answer;
    answer.number = question.number;
    switch (question.kind) {
    case Question::Kind::letters:
        list(answer, question);
        break;
    case Question::Kind::letter:
        show(answer, question);
        break;
    case Question::Kind::retry:
        return retry(to, question);
    case Question::Kind::drop:
        drop(answer, question);
        break;
    case Question::Kind::ledger:
        // Looks at the disk, so that the count is right from the start.
        static_cast<void>(letters_.list({}, 1, 0));
        reactor_.post([this, to, question, answer]() mutable {
            hooks_.tell_ledger(answer);
            cut_to_page(answer, question.after);
            hooks_.send(to, answer);
        });
        return;
    case Question::Kind::cut:
        reactor_.post([this, to, question, answer]() mutable {
            hooks_.cut(question, answer);
            send(to, std::move(answer));
        });
        return;
    }
    send(to, std::move(answer));
}

void Answering::list(Answer& answer, const Question& question) {
    DeadLetterFilter filter;
    if (!question.handler.empty())
        filter.handler = question.handler;
    if (!question.reason.empty())
        filter.reason = question.reason;
    if (!question.topic.empty()) {
        auto pattern = Pattern::parse(question.topic);
        if (!pattern) {
            answer.error = pattern.error().detail;
            return;
        }
        filter.topic = std::move(*pattern);
    }
    const auto letters = letters_.list(filter, answer_letters_max, question.after);
    if (!letters) {
        answer.error = letters.error().detail;
        return;
    }
    std::size_t size = 0;
    for (const auto& letter : *letters) {
        auto note = note_of(letter);
        size += letter_fields_size_bytes + note.error.size() + note.path.size() + note.key.size();
        if (size > letters_size_bytes_max)
            break;
        answer.letters.push_back(std::move(note));
    }
    // Fewer than asked for may be all, or all that were read in one go.
    answer.is_more = !letters->empty();
}

void Answering::show(Answer& answer, const Question& question) {
    const auto found = letters_.find(question.letter);
    if (!found) {
        answer.error = found.error().detail;
        return;
    }
    if (!*found) {
        answer.is_unknown = true;
        return;
    }
    const auto& letter = **found;
    auto note = note_of(letter);
    note.content_type = letter.content_type;
    note.headers = letter.headers;
    note.cause = letter.cause;
    const auto from = std::min<std::size_t>(question.after, letter.payload.size());
    note.payload = letter.payload.substr(from, answer_payload_size_bytes_max);
    answer.is_more = from + note.payload.size() < letter.payload.size();
    answer.letters.push_back(std::move(note));
}

void Answering::drop(Answer& answer, const Question& question) {
    if (letters_.is_retried(question.letter)) {
        answer.error = "its event is being handled: wait for that";
        return;
    }
    const auto dropped = letters_.drop(question.letter);
    if (!dropped)
        answer.error = dropped.error().detail;
    else
        answer.is_unknown = !*dropped;
}

void Answering::retry(const NodeId& to, const Question& question) {
    Answer answer;
    answer.number = question.number;
    const auto found = letters_.find(question.letter);
    if (!found || !*found) {
        if (!found)
            answer.error = found.error().detail;
        answer.is_unknown = found.has_value();
        return send(to, std::move(answer));
    }
    retries_.start(**found, [this, to, answer](const Result<void>& result) mutable {
        if (!result)
            answer.error = result.error().detail.substr(0, letter_error_size_bytes_max);
        send(to, std::move(answer));
    });
}

void Answering::note_progress() {
    if (retries_.has_ended())
        work_.post([this] { retries_.finish(); });
}

} // namespace mesh
