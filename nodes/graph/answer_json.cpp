#include "nodes/graph/answer_json.hpp"

#include <ostream>
#include <utility>

namespace nodes {

void print_answers(std::string_view question, std::vector<Json> answers, std::ostream& out) {
    Json json{{"version", 1}, {"question", question}};
    if (answers.size() == 1)
        json.update(answers.front());
    else
        json["realms"] = std::move(answers);
    // The path of a file may hold any bytes.
    out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

} // namespace nodes
