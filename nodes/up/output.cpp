#include "nodes/up/output.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <ostream>

namespace nodes {

namespace {

constexpr std::string_view own_label = "up";

// ECMA-48: cyan, yellow, green, magenta, blue, and their bright forms. No red: it reads as an
// error.
constexpr std::array<std::string_view, 10> colors{"36", "33", "32", "35", "34",
                                                  "96", "93", "92", "95", "94"};

std::string prefix(std::string_view label, std::size_t width, std::string_view color) {
    auto text = "[" + std::string(label) + "]";
    if (!color.empty())
        text = "\x1b[" + std::string(color) + "m" + text + "\x1b[0m";
    text.append(width - label.size() + 1, ' ');
    return text;
}

} // namespace

Output::Output(std::ostream& out, std::ostream& err, std::span<const std::string> labels,
               bool has_color)
    : out_(out), err_(err), labels_(labels.begin(), labels.end()) {
    std::size_t width = own_label.size();
    for (const auto& label : labels_)
        width = std::max(width, label.size());
    own_prefix_ = prefix(own_label, width, has_color ? "1" : "");
    for (std::size_t i = 0; i < labels_.size(); ++i)
        prefixes_.push_back(prefix(labels_[i], width, has_color ? colors[i % colors.size()] : ""));
}

mesh::Result<void> Output::also_log_to(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return mesh::fail(mesh::ErrorCode::environment,
                          "cannot make the folder " + folder + ": " + error.message());
    for (auto name : labels_) {
        // A service may be named like a path, and must not write outside the folder.
        std::ranges::replace(name, '/', '_');
        const auto file = std::filesystem::path(folder) / (name + ".log");
        if (!logs_.emplace_back(file, std::ios::binary))
            return mesh::fail(mesh::ErrorCode::environment, "cannot write " + file.string());
    }
    return {};
}

void Output::write(std::ostream& stream, std::size_t index, std::string_view line) {
    stream << prefixes_[index] << line << '\n';
    if (!logs_.empty())
        logs_[index] << line << '\n';
}

void Output::say(std::string_view line) {
    err_ << own_prefix_ << line << '\n';
}

void Output::flush() {
    out_.flush();
    err_.flush();
    for (auto& log : logs_)
        log.flush();
}

} // namespace nodes
