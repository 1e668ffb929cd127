#include "mesh/base/paged_array.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace mesh {

namespace {

constexpr std::size_t huge_page_size_bytes = 2 << 20; // x86-64 and arm64 with small pages of 4 KiB
constexpr std::size_t paged_size_bytes_min = huge_page_size_bytes / 2;

/// Maps `size_bytes` that begin at a huge page. Null when the kernel has no room.
void* map_aligned(std::size_t size_bytes) {
    const auto mapped_bytes = size_bytes + huge_page_size_bytes;
    void* mapped = mmap(nullptr, mapped_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        return nullptr;
    const auto skipped_bytes =
        (huge_page_size_bytes - reinterpret_cast<std::uintptr_t>(mapped) % huge_page_size_bytes) %
        huge_page_size_bytes;
    auto* const begin = static_cast<std::byte*>(mapped) + skipped_bytes;
    if (skipped_bytes > 0)
        munmap(mapped, skipped_bytes);
    munmap(begin + size_bytes, huge_page_size_bytes - skipped_bytes);
    // Only a wish: without huge pages it is slower and no less right.
    madvise(begin, size_bytes, MADV_HUGEPAGE);
    return begin;
}

std::size_t whole_huge_pages(std::size_t size_bytes) {
    return (size_bytes + huge_page_size_bytes - 1) / huge_page_size_bytes * huge_page_size_bytes;
}

} // namespace

PagedMemory::PagedMemory(std::size_t size_bytes)
    : size_bytes_(size_bytes < paged_size_bytes_min ? size_bytes : whole_huge_pages(size_bytes)) {
    if (size_bytes_ == 0)
        return;
    data_ =
        size_bytes_ < paged_size_bytes_min ? std::calloc(size_bytes_, 1) : map_aligned(size_bytes_);
    if (data_ == nullptr)
        throw std::bad_alloc();
}

PagedMemory::~PagedMemory() {
    if (size_bytes_ < paged_size_bytes_min)
        std::free(data_);
    else if (data_ != nullptr)
        munmap(data_, size_bytes_);
}

} // namespace mesh
