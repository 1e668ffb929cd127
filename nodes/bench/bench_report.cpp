#include "nodes/bench/bench_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <ostream>

namespace nodes {

namespace {

constexpr std::size_t number_width_min = 7;
constexpr std::size_t word_width_min = 8;
constexpr std::size_t first_width_min = 11; ///< of names, which differ most in length

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
    std::size_t width = is_word(field) ? std::max(bench_text(field.value).size(), word_width_min)
                                       : number_width_min;
    for (const auto& word : heading_words(field.name))
        width = std::max(width, word.size());
    return width;
}

/// Words begin at the left, numbers end at the right.
void add_cell(std::string& line, const BenchField& field, const std::string& text,
              std::size_t width) {
    line += is_word(field) ? fmt::format("{:<{}}  ", text, width)
                           : fmt::format("{:>{}}  ", text, width);
}

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

BenchRow shown_of(const BenchRow& row) {
    BenchRow shown;
    std::ranges::copy_if(row, std::back_inserter(shown),
                         [](const BenchField& field) { return !field.is_detail; });
    return shown;
}

std::string heading_of(const BenchRow& shown, const std::vector<std::size_t>& widths) {
    std::size_t height = 0;
    for (const auto& field : shown)
        height = std::max(height, heading_words(field.name).size());
    std::string heading;
    for (std::size_t i = 0; i < height; ++i) {
        std::string line;
        for (std::size_t column = 0; column < shown.size(); ++column) {
            const auto words = heading_words(shown[column].name);
            const auto missing = height - words.size(); // it stands at the bottom
            add_cell(line, shown[column], i < missing ? "" : words[i - missing], widths[column]);
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

nlohmann::ordered_json json_of(const BenchRow& row) {
    nlohmann::ordered_json json;
    for (const auto& field : row)
        json[field.name] = json_of(field.value);
    return json;
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

void BenchReport::rows(const std::string& section, const std::vector<BenchRow>& rows) {
    if (form_ == Form::text && section != section_)
        begin_section(section, rows);
    for (const auto& row : rows) {
        if (form_ == Form::text)
            text_row(row);
        else if (form_ == Form::csv)
            csv_row(row);
        else
            out_ << json_of(row).dump() << "\n";
    }
    out_.flush();
}

void BenchReport::begin_section(const std::string& section, const std::vector<BenchRow>& rows) {
    widths_.clear();
    for (const auto& row : rows) {
        const auto shown = shown_of(row);
        widths_.resize(shown.size());
        for (std::size_t i = 0; i < shown.size(); ++i)
            widths_[i] = std::max(widths_[i], width_of(shown[i]));
        if (is_word(shown.front()))
            widths_[0] = std::max(widths_[0], first_width_min);
    }
    out_ << (section_.empty() ? "" : "\n") << section << "\n"
         << heading_of(shown_of(rows.front()), widths_);
    section_ = section;
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

void BenchReport::text_row(const BenchRow& row) {
    const auto shown = shown_of(row);
    std::string line;
    for (std::size_t i = 0; i < shown.size(); ++i)
        add_cell(line, shown[i], bench_text(shown[i].value), widths_[i]);
    out_ << trimmed(line) << "\n";
}

} // namespace nodes
