#include "mesh/store/store_value.hpp"

#include <array>

namespace mesh {

namespace {

template <class T>
const T& expect(const StoreValue::Data& data, const char* expected) {
    if (const auto* value = std::get_if<T>(&data))
        return *value;
    constexpr std::array<const char*, 5> names = {"null", "a whole number", "a number", "text",
                                                  "bytes"};
    throw StoreError(std::string("expected ") + expected + ", got " + names[data.index()]);
}

} // namespace

std::int64_t StoreValue::integer() const {
    return expect<std::int64_t>(data_, "a whole number");
}

double StoreValue::number() const {
    if (const auto* whole = std::get_if<std::int64_t>(&data_))
        return static_cast<double>(*whole);
    return expect<double>(data_, "a number");
}

const std::string& StoreValue::text() const {
    return expect<std::string>(data_, "text");
}

const StoreValue::Blob& StoreValue::bytes() const {
    return expect<Blob>(data_, "bytes");
}

} // namespace mesh
