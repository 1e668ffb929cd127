#include "nodes/gateway/http_message.hpp"

#include "nodes/cli/json_convert.hpp"

#include <algorithm>

namespace nodes {

namespace {

constexpr std::size_t quote_bytes_max = 60;

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool is_same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return small(x) == small(y); });
}

std::string_view HttpRequest::header(std::string_view name) const {
    for (const auto& [given, value] : headers)
        if (is_same_name(given, name))
            return value;
    return {};
}

HttpResponse response_of(const Refusal& refusal, std::string_view more) {
    HttpResponse response{refusal.status,
                          "{\"error\":" + json_string(refusal.reason) + std::string(more) + "}\n"};
    if (!refusal.allowed.empty())
        response.headers.emplace_back("Allow", refusal.allowed);
    if (refusal.status == 429 || refusal.status == 503)
        response.headers.emplace_back("Retry-After", "1");
    return response;
}

std::string in_quotes(std::string_view text) {
    return json_string(text.substr(0, quote_bytes_max)) +
           (text.size() > quote_bytes_max ? "..." : "");
}

} // namespace nodes
