#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace mesh {

/// A piece of zeroed memory. A large one comes straight from the kernel, in huge pages where it
/// gives them: what is never touched costs nothing, and looking around in it does not wait for the
/// translation of addresses. Throws std::bad_alloc.
class PagedMemory {
public:
    PagedMemory() = default;
    explicit PagedMemory(std::size_t size_bytes);

    PagedMemory(PagedMemory&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_bytes_(other.size_bytes_) {}

    PagedMemory& operator=(PagedMemory&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_bytes_, other.size_bytes_);
        return *this;
    }

    PagedMemory(const PagedMemory&) = delete;
    PagedMemory& operator=(const PagedMemory&) = delete;
    ~PagedMemory();

    void* data() const { return data_; }

private:
    void* data_ = nullptr;
    std::size_t size_bytes_ = 0;
};

/// An array of plain values in such memory, zero at first. Values are neither constructed nor
/// destroyed.
template <class T>
class PagedArray {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copy_constructible_v<T>);

public:
    PagedArray() = default;

    explicit PagedArray(std::size_t size) : memory_(size * sizeof(T)), size_(size) {}

    PagedArray(PagedArray&& other) noexcept
        : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)) {}

    PagedArray& operator=(PagedArray&& other) noexcept {
        memory_ = std::move(other.memory_);
        std::swap(size_, other.size_);
        return *this;
    }

    std::size_t size() const { return size_; }

    T* data() { return static_cast<T*>(memory_.data()); }

    const T* data() const { return static_cast<const T*>(memory_.data()); }

    // Unchecked, as in std::vector: these are the inner loops.
    T& operator[](std::size_t i) { return data()[i]; }

    const T& operator[](std::size_t i) const { return data()[i]; }

    /// The first `count` values.
    std::span<const T> first(std::size_t count) const { return {data(), count}; }

    /// Moves to an array of `size`, keeping the first `count` values.
    void grow(std::size_t size, std::size_t count) {
        assert(count <= size_ && size_ <= size);
        PagedArray larger(size);
        for (std::size_t i = 0; i < count; ++i)
            larger.data()[i] = data()[i];
        *this = std::move(larger);
    }

private:
    PagedMemory memory_;
    std::size_t size_ = 0;
};

} // namespace mesh
