#pragma once

#include "nodes/gateway/http_limits.hpp"
#include "nodes/gateway/http_message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nodes {

/// Finds where a request ends in what a connection has sent, so that no thread has to wait for a
/// slow client: only a request that is whole is answered. Strict where readers of HTTP differ
/// (RFC 9112): what could be read in two ways is refused.
class RequestFrame {
public:
    /// Whether the request is whole. `bytes` is everything since its first byte; give it all
    /// again, longer, when more has come. After a refusal the connection has to be closed: nobody
    /// knows where the next request begins.
    /// Errors: 400, 413, 414, 415, 431, 501, 505.
    OrRefusal<bool> look(std::string_view bytes);

    /// How many bytes it takes, once it is whole.
    std::size_t size_bytes() const { return end_; }

    /// Its first line and headers, with the blank line behind them, once it is whole.
    std::string_view head(std::string_view bytes) const { return bytes.substr(0, body_begin_); }

    /// Its content without the frames of chunks, once it is whole.
    std::string body(std::string_view bytes) const;

    /// Whether the client waits to be told to send the body (RFC 9110, section 10.1.1).
    bool awaits_continue() const { return is_head_read_ && awaits_continue_; }

private:
    OrRefusal<void> read_head(std::string_view head);
    OrRefusal<void> read_header(std::string_view line);
    OrRefusal<bool> look_for_chunks(std::string_view bytes);

    std::size_t scanned_ = 0; ///< in the head: where no end is; in chunks: where the next begins
    bool is_head_read_ = false;
    bool awaits_continue_ = false;
    bool is_chunked_ = false;
    bool has_host_ = false;
    std::optional<std::size_t> length_;
    std::size_t body_begin_ = 0;
    std::size_t chunks_size_bytes_ = 0;
    std::size_t end_ = 0;
};

} // namespace nodes
