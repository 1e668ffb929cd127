#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nodes {

/// One HTTP request, read whole: plain values, so that all that answers it can be tried without a
/// socket.
struct HttpRequest {
    std::string method;
    std::string target; ///< as it was sent: path and query, percent-encoded
    std::string body;

    /// In the order of their names; percent escapes in the values are decoded already.
    std::vector<std::pair<std::string, std::string>> headers;

    /// The value of the first header of that name, given in small letters; empty when there is
    /// none.
    std::string_view header(std::string_view name) const;
};

struct HttpResponse {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Why a request is not done, for whoever sent it: a status of RFC 9110 or 6585, and a sentence
/// that says what was expected and what was found.
struct Refusal {
    int status = 400;
    std::string reason;
    std::string allowed = {}; ///< with 405: the methods that there are
};

/// A value, or why the request is refused.
template <class T>
using OrRefusal = tl::expected<T, Refusal>;

/// Shorthand for returning a refusal.
inline tl::unexpected<Refusal> refuse(int status, std::string reason) {
    return tl::unexpected<Refusal>(Refusal{status, std::move(reason)});
}

/// `{"error": REASON}`, and behind it `more`, if anything, such as `,"ids":[]`. 429 and 503 say in
/// `Retry-After` when to come again, 405 in `Allow` what there is.
HttpResponse response_of(const Refusal& refusal, std::string_view more = {});

/// Whether two names of headers are the same: letters of ASCII count in either case.
bool is_same_name(std::string_view a, std::string_view b);

/// What a stranger sent, as part of a sentence: quoted, its first 60 bytes, no UTF-8 left broken.
std::string in_quotes(std::string_view text);

} // namespace nodes
