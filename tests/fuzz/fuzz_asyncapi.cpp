#include "tests/fuzz/entry.hpp"
#include "tests/fuzz/sound_reading.hpp"

#include <map>
#include <string>

namespace {

constexpr const char* separator = "\n=== ";

/// What begins with a brace is taken for JSON; the reader goes by the name.
std::string with_suffix(const std::string& name, const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string::npos && text[first] == '{';
    return name + (is_json ? ".json" : ".yaml");
}

} // namespace

/// The bytes are a document, and behind lines that begin with `=== ` files that it may refer to:
/// `b.yaml` or `b.json`, `c...` and so on.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(data, data + size);
    std::map<std::string, std::string> others;
    auto cut = text.find(separator);
    auto rest = cut == std::string::npos ? std::string() : text.substr(cut + 1);
    text = text.substr(0, cut);
    for (char name = 'b'; !rest.empty() && name <= 'z'; ++name) {
        const auto line_end = rest.find('\n');
        rest = line_end == std::string::npos ? std::string() : rest.substr(line_end + 1);
        cut = rest.find(separator);
        auto other = rest.substr(0, cut);
        rest = cut == std::string::npos ? std::string() : rest.substr(cut + 1);
        others[with_suffix(std::string(1, name), other)] = other;
    }
    tests::check_reading(text, with_suffix("a", text), others);
    return 0;
}
