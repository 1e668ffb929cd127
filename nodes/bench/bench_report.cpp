#include "nodes/bench/bench_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace nodes {

namespace {

constexpr std::size_t number_width_min = 7;

bool is_word(const BenchField& field) {
    return std::holds_alternative<std::string>(field.value);
}

/// The words of a name stand below each other.
std::vector<std::string> heading_words(const std::string& name) {
    std::vector<std::string> words(1);
    for (const char c : name)
        if (c == '_')
            words.emplace_back();
        else
            words.back() += c;
    return words;
}

std::size_t width_of(const BenchField& field) {
    std::size_t width = is_word(field) ? bench_text(field.value).size() : number_width_min;
    for (const auto& word : heading_words(field.name))
        width = std::max(width, word.size());
    return width;
}

/// Words begin at the left, numbers end at the right.
void add_cell(std::string& line, const BenchField& field, const std::string& text) {
    line += is_word(field) ? fmt::format("{:<{}}  ", text, width_of(field))
                           : fmt::format("{:>{}}  ", text, width_of(field));
}

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string heading_of(const BenchRow& row) {
    std::size_t height = 0;
    for (const auto& field : row)
        if (!field.is_detail)
            height = std::max(height, heading_words(field.name).size());
    std::string heading;
    for (std::size_t i = 0; i < height; ++i) {
        std::string line;
        for (const auto& field : row) {
            if (field.is_detail)
                continue;
            const auto words = heading_words(field.name);
            const auto missing = height - words.size(); // it stands at the bottom
            add_cell(line, field, i < missing ? "" : words[i - missing]);
        }
        heading += trimmed(line) + "\n";
    }
    return heading;
}

std::string number_text(double number) {
    if ((number == std::floor(number) && std::abs(number) < 1e12) || std::abs(number) >= 1000)
        return fmt::format("{:.0f}", number);
    return fmt::format("{:.4g}", number);
}

nlohmann::ordered_json json_of(const BenchValue& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<double>(&value))
        return *number == std::floor(*number) && std::abs(*number) < 1e15
                   ? nlohmann::ordered_json(static_cast<std::int64_t>(*number))
                   : nlohmann::ordered_json(*number);
    if (const auto* numbers = std::get_if<std::vector<double>>(&value))
        return *numbers;
    return nullptr;
}

std::string csv_of(const BenchValue& value) {
    if (std::holds_alternative<std::monostate>(value))
        return "";
    auto text = bench_text(value);
    if (text.find_first_of(",\"\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

} // namespace

std::string bench_text(const BenchValue& value) {
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<double>(&value))
        return number_text(*number);
    if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
        std::string text;
        for (const auto one : *numbers)
            text += (text.empty() ? "" : ";") + number_text(one);
        return text;
    }
    return "-";
}

void BenchReport::row(const std::string& section, const BenchRow& row) {
    if (form_ == Form::json) {
        nlohmann::ordered_json json;
        for (const auto& field : row)
            json[field.name] = json_of(field.value);
        out_ << json.dump() << "\n";
    } else if (form_ == Form::csv) {
        csv_row(row);
    } else {
        text_row(section, row);
    }
    out_.flush();
}

void BenchReport::csv_row(const BenchRow& row) {
    std::string heading;
    std::string line;
    for (const auto& field : row) {
        heading += (heading.empty() ? "" : ",") + field.name;
        line += (&field == row.data() ? "" : ",") + csv_of(field.value);
    }
    if (heading != csv_heading_)
        out_ << heading << "\n";
    csv_heading_ = heading;
    out_ << line << "\n";
}

void BenchReport::text_row(const std::string& section, const BenchRow& row) {
    if (section != section_)
        out_ << (section_.empty() ? "" : "\n") << section << "\n" << heading_of(row);
    section_ = section;
    std::string line;
    for (const auto& field : row)
        if (!field.is_detail)
            add_cell(line, field, bench_text(field.value));
    out_ << trimmed(line) << "\n";
}

} // namespace nodes
