#include "nodes/dead/asked_letters.hpp"

#include <algorithm>
#include <utility>

namespace nodes {

AskedLetters::AskedLetters(Survey& survey, const NodeChoice& choice)
    : survey_(survey), nodes_(survey.nodes(choice)) {
    if (!survey.has_seen_all())
        note_trouble("not everybody in view has told who it is");
}

std::vector<FoundLetter> AskedLetters::list(const LetterFilter& filter) {
    mesh::Question question;
    question.kind = mesh::Question::Kind::letters;
    question.handler = filter.handler;
    question.topic = filter.topic;
    question.reason = filter.reason;
    return ask_all(question);
}

std::vector<FoundLetter> AskedLetters::numbered(std::uint64_t number) {
    mesh::Question question;
    question.kind = mesh::Question::Kind::letter;
    question.letter = number;
    return ask_all(question);
}

// Page by page, all nodes at once.
std::vector<FoundLetter> AskedLetters::ask_all(const mesh::Question& question) {
    std::vector<std::vector<FoundLetter>> found(nodes_.size());
    std::vector<Survey::Asked> open;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        open.push_back({nodes_[i], question});
        places.push_back(i);
    }
    while (!open.empty()) {
        const auto answers = survey_.ask(open);
        std::vector<Survey::Asked> next;
        std::vector<std::size_t> next_places;
        for (std::size_t k = 0; k < open.size(); ++k) {
            const auto& node = open[k].node;
            auto& letters = found[places[k]];
            if (!answers[k] || !answers[k]->error.empty()) {
                note_trouble(label(node) + ": " +
                             (answers[k] ? answers[k]->error : "did not answer in time"));
                continue;
            }
            for (const auto& note : answers[k]->letters) {
                if (question.kind == mesh::Question::Kind::letter && !letters.empty())
                    letters.front().note.payload += note.payload;
                else
                    letters.push_back({node.service, node.instance, note, node.id});
            }
            if (!answers[k]->is_more || letters.empty())
                continue;
            auto on = open[k];
            on.question.after = question.kind == mesh::Question::Kind::letter
                                    ? letters.front().note.payload.size()
                                    : letters.back().note.number;
            next.push_back(std::move(on));
            next_places.push_back(places[k]);
        }
        open = std::move(next);
        places = std::move(next_places);
    }
    std::vector<FoundLetter> all;
    for (auto& letters : found)
        std::ranges::move(letters, std::back_inserter(all));
    return all;
}

mesh::Result<void> AskedLetters::retry(const FoundLetter& letter) {
    return order(letter, mesh::Question::Kind::retry);
}

mesh::Result<void> AskedLetters::drop(const FoundLetter& letter) {
    return order(letter, mesh::Question::Kind::drop);
}

mesh::Result<void> AskedLetters::order(const FoundLetter& letter, mesh::Question::Kind kind) {
    const auto node = std::ranges::find(nodes_, letter.node, &mesh::Peer::id);
    mesh::Question question;
    question.kind = kind;
    question.letter = letter.note.number;
    const auto answer = survey_.ask(*node, question);
    if (!answer)
        return mesh::fail(mesh::ErrorCode::timed_out,
                          kind == mesh::Question::Kind::retry
                              ? "not finished in time; it is still being handled"
                              : "no answer in time");
    if (answer->is_unknown)
        return mesh::fail(mesh::ErrorCode::invalid, "there is no such letter any more");
    if (!answer->error.empty())
        return mesh::fail(mesh::ErrorCode::refused, answer->error);
    return {};
}

} // namespace nodes
