#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mesh {

/// Why a store could not do what it was asked, in SQLite's words.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One value of SQL: null, a whole number, a number, text or bytes. Made from what it is, so that
/// values can be written where they are used: `{42, "tea", nullptr}`.
class StoreValue {
public:
    using Blob = std::vector<std::byte>;
    using Data = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

    StoreValue(std::nullptr_t /*null*/ = nullptr) {}

    template <std::integral T>
    StoreValue(T value) : data_(static_cast<std::int64_t>(value)) {}

    StoreValue(double value) : data_(value) {}

    StoreValue(std::string text) : data_(std::move(text)) {}

    StoreValue(std::string_view text) : data_(std::string(text)) {}

    StoreValue(const char* text) : data_(std::string(text)) {}

    StoreValue(Blob bytes) : data_(std::move(bytes)) {}

    bool is_null() const { return std::holds_alternative<std::monostate>(data_); }

    // The value as what it is; throws StoreError when it is something else. A whole number is a
    // number too.
    std::int64_t integer() const;
    double number() const;
    const std::string& text() const;
    const Blob& bytes() const;

    const Data& data() const { return data_; }

    bool operator==(const StoreValue&) const = default;

private:
    Data data_;
};

/// A row of an answer.
using StoreRow = std::vector<StoreValue>;

} // namespace mesh
