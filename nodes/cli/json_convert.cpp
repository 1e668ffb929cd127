#include "nodes/cli/json_convert.hpp"

#include "mesh/event/topic.hpp"
#include "nodes/cli/base64.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <vector>

namespace nodes {

namespace {

using nlohmann::json;

/// Both converters work while parsing and build no document: that would cost a search through
/// all keys for every key, and a recursion as deep as a stranger likes.
class Converter {
public:
    // The names and signatures are those that nlohmann::json::sax_parse calls.
    using number_integer_t = json::number_integer_t;
    using number_unsigned_t = json::number_unsigned_t;
    using number_float_t = json::number_float_t;
    using string_t = json::string_t;
    using binary_t = json::binary_t;

    static bool parse_error(std::size_t, const std::string&, const json::exception&) {
        return false;
    }

protected:
    Converter() = default;
};

class JsonWriter : public Converter {
public:
    bool null() { return value("null"); }

    bool boolean(bool is_true) { return value(is_true ? "true" : "false"); }

    bool number_integer(number_integer_t number) { return value(std::to_string(number)); }

    bool number_unsigned(number_unsigned_t number) { return value(std::to_string(number)); }

    bool number_float(number_float_t number, const string_t&) { return value(json(number).dump()); }

    bool string(string_t& text) { return mesh::is_utf8(text) && value(json_string(text)); }

    bool binary(binary_t& bytes) {
        return value('"' + base64_of(std::as_bytes(std::span{bytes.data(), bytes.size()})) + '"');
    }

    bool start_object(std::size_t) { return open('{'); }

    bool start_array(std::size_t) { return open('['); }

    bool end_object() { return close('}'); }

    bool end_array() { return close(']'); }

    bool key(string_t& name) {
        separate();
        text_ += json_string(name) + ':';
        is_after_key_ = true;
        return mesh::is_utf8(name);
    }

    std::string take() { return std::move(text_); }

private:
    void separate() {
        if (!is_first_ && !is_after_key_)
            text_ += ',';
        is_first_ = is_after_key_ = false;
    }

    bool value(std::string_view text) {
        separate();
        text_ += text;
        return true;
    }

    bool open(char bracket) {
        separate();
        text_ += bracket;
        is_first_ = true;
        return ++depth_ <= json_depth_max;
    }

    bool close(char bracket) {
        text_ += bracket;
        is_first_ = false;
        --depth_;
        return true;
    }

    std::string text_;
    std::size_t depth_ = 0;
    bool is_first_ = true;
    bool is_after_key_ = false;
};

class MsgpackWriter : public Converter {
public:
    bool null() { return value(nullptr); }

    bool boolean(bool is_true) { return value(is_true); }

    bool number_integer(number_integer_t number) { return value(number); }

    bool number_unsigned(number_unsigned_t number) { return value(number); }

    bool number_float(number_float_t number, const string_t&) { return value(number); }

    bool string(string_t& text) { return value(text); }

    bool binary(binary_t&) { return false; } // JSON text has none

    bool start_object(std::size_t) { return open(); }

    bool start_array(std::size_t) { return open(); }

    // 0x8_ fixmap, 0xde map 16, 0xdf map 32; 0x9_ fixarray, 0xdc, 0xdd:
    // https://github.com/msgpack/msgpack/blob/master/spec.md
    bool end_object() { return close(0x80, 0xde); }

    bool end_array() { return close(0x90, 0xdc); }

    bool key(string_t& name) {
        write(name);
        return true;
    }

    std::string take() { return std::move(open_.front().bytes); }

private:
    struct Container {
        std::string bytes;
        std::size_t size = 0;
    };

    void write(const json& scalar) {
        const auto bytes = json::to_msgpack(scalar);
        open_.back().bytes.append(bytes.begin(), bytes.end());
    }

    bool value(const json& scalar) {
        write(scalar);
        ++open_.back().size;
        return true;
    }

    bool open() {
        open_.emplace_back();
        return open_.size() <= json_depth_max + 1;
    }

    bool close(unsigned fix_code, unsigned code16) {
        const auto inner = std::move(open_.back());
        open_.pop_back();
        auto& outer = open_.back();
        const auto put = [&](std::size_t byte) { outer.bytes += static_cast<char>(byte & 0xffU); };
        if (inner.size < 16) {
            put(fix_code | inner.size);
        } else if (inner.size <= 0xffff) {
            put(code16);
            put(inner.size >> 8U);
            put(inner.size);
        } else {
            put(code16 + 1);
            for (const unsigned shift : {24U, 16U, 8U, 0U})
                put(inner.size >> shift);
        }
        outer.bytes += inner.bytes;
        ++outer.size;
        return true;
    }

    /// The text itself, and inside it the arrays and objects that are still open.
    std::vector<Container> open_{1};
};

template <class Writer>
std::optional<std::string> convert(std::string_view text, json::input_format_t format) {
    Writer writer;
    if (!json::sax_parse(text, &writer, format))
        return std::nullopt;
    return writer.take();
}

} // namespace

std::optional<std::string> json_of_msgpack(mesh::Bytes bytes) {
    return convert<JsonWriter>(mesh::text_of(bytes), json::input_format_t::msgpack);
}

std::optional<std::string> compact_json(std::string_view text) {
    return convert<JsonWriter>(text, json::input_format_t::json);
}

std::optional<std::string> msgpack_of_json(std::string_view text) {
    return convert<MsgpackWriter>(text, json::input_format_t::json);
}

std::string json_string(std::string_view text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace nodes
