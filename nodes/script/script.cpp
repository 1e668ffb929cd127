#include "nodes/script/script.hpp"

#include "mesh/base/quantity.hpp"

namespace nodes {

std::string to_string(const Target& target) {
    return target.replica ? target.service + "/" + std::to_string(*target.replica) : target.service;
}

std::string to_string(const Expectation& expectation) {
    std::string text = expectation.pattern.text();
    for (const auto& condition : expectation.where) {
        text += &condition == &expectation.where.front() ? " where " : " ";
        for (const auto& part : condition.path)
            text += (&part == &condition.path.front() ? "" : ".") + part;
        text += "==" + condition.value;
    }
    return text;
}

std::string typed_text(mesh::Duration time) {
    using namespace std::chrono_literals;
    if (time % 1s == 0s)
        return std::to_string(time / 1s) + "s";
    if (time % 1ms == 0s)
        return std::to_string(time / 1ms) + "ms";
    return mesh::to_text(time);
}

} // namespace nodes
