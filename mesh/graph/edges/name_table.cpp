#include "mesh/graph/edges/name_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <string_view>

namespace mesh {

namespace {

constexpr std::size_t short_size_max = 12;
constexpr unsigned first_size_log2 = 10;

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// Two odd numbers without a pattern: the fractions of the golden ratio and of the root of 3.
constexpr std::uint64_t seed_low = 0x9e37'79b9'7f4a'7c15U;
constexpr std::uint64_t seed_high = 0xbb67'ae85'84ca'a73bU;

std::uint32_t hash_short(std::uint64_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(mix(low ^ seed_low, high ^ seed_high) >> 32U);
}

template <class Word>
Word load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

std::uint32_t hash_long(const char* data, std::size_t size) {
    auto hash = size * seed_low;
    for (; size > 8; data += 8, size -= 8)
        hash = mix(hash ^ load<std::uint64_t>(data), seed_high);
    std::uint64_t last = 0;
    std::memcpy(&last, data, size);
    return static_cast<std::uint32_t>(mix(hash ^ last, seed_high) >> 32U);
}

/// The masks that keep the first bytes of a word, by how many: 0 to 12 and on.
template <class Word, std::size_t first_byte>
constexpr auto make_masks() {
    std::array<Word, short_size_max + 1> masks{};
    for (std::size_t size = 0; size <= short_size_max; ++size) {
        std::array<unsigned char, sizeof(Word)> bytes{};
        for (std::size_t i = 0; i < sizeof(Word) && first_byte + i < size; ++i)
            bytes[i] = 0xff;
        masks[size] = std::bit_cast<Word>(bytes);
    }
    return masks;
}

constexpr auto low_masks = make_masks<std::uint64_t, 0>();
constexpr auto high_masks = make_masks<std::uint32_t, 8>();

} // namespace

NameTable::NameTable()
    : slots_(std::size_t{1} << first_size_log2), home_shift_(32 - first_size_log2) {}

NameTable::Key NameTable::key_of(const char* data, std::uint32_t size) {
    // Padding with zeros tells names apart unless they end in one.
    if (size > short_size_max || data[size - 1] == '\0') [[unlikely]]
        return {data, size, hash_long(data, size), 0, 0, false};
    const auto low = load<std::uint64_t>(data) & low_masks[size];
    const auto high = load<std::uint32_t>(data + 8) & high_masks[size];
    return {data, size, hash_short(low, high), low, high, true};
}

std::string_view NameTable::long_name(const Slot& slot) const {
    const char* const at = long_names_.data() + slot.low;
    return {at + sizeof(std::uint32_t), load<std::uint32_t>(at)};
}

void NameTable::fetch_long(const Key& key) const {
    const auto& slot = slots_[home(key.hash)];
    if ((slot.tag & long_flag) != 0 && slot.high == key.hash)
        __builtin_prefetch(long_names_.data() + slot.low);
}

bool NameTable::holds(const Slot& slot, const Key& key) const {
    if (key.is_short) [[likely]]
        return slot.low == key.low && slot.high == key.high && (slot.tag & long_flag) == 0;
    return (slot.tag & long_flag) != 0 && slot.high == key.hash &&
           long_name(slot) == std::string_view(key.data, key.size);
}

NameTable::Number NameTable::find_or_add(const Key& key) {
    for (auto at = home(key.hash);; at = (at + 1) & (slots_.size() - 1)) {
        auto& slot = slots_[at];
        if (slot.tag == 0)
            return add(slot, key);
        if (holds(slot, key))
            return (slot.tag & ~long_flag) - 1;
    }
}

NameTable::Number NameTable::add(Slot& slot, const Key& key) {
    assert(count_ < count_max);
    const auto number = count_++;
    if (key.is_short) {
        slot = {key.low, key.high, number + 1};
    } else {
        slot = {long_names_.size(), key.hash, (number + 1) | long_flag};
        long_names_.append(reinterpret_cast<const char*>(&key.size), sizeof key.size);
        long_names_.append(key.data, key.size);
    }
    // Linear probing stays short below two thirds: 1.5 slots looked at for a known name.
    if (count_ + std::size_t{count_} / 2 > slots_.size()) [[unlikely]]
        grow();
    return number;
}

void NameTable::grow() {
    // A home is the first bits of the hash, so the new table is filled from front to back.
    PagedArray<Slot> larger(slots_.size() * 2);
    --home_shift_;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const auto& slot = slots_[i];
        if (slot.tag == 0)
            continue;
        const bool is_short = (slot.tag & long_flag) == 0;
        auto at = home(is_short ? hash_short(slot.low, slot.high) : slot.high);
        while (larger[at].tag != 0)
            at = (at + 1) & (larger.size() - 1);
        larger[at] = slot;
    }
    slots_ = std::move(larger);
}

std::vector<std::string> NameTable::names(std::span<const Number> numbers) const {
    // Where each number stands in the answer; a name may be asked for twice.
    std::vector<Number> wanted(numbers.begin(), numbers.end());
    std::ranges::sort(wanted);
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    std::vector<std::string> found(wanted.size());
    PagedArray<Number> index(count_); // in `found`, plus one
    for (Number i = 0; i < wanted.size(); ++i)
        index[wanted[i]] = i + 1;
    for (std::size_t i = 0; i < slots_.size() && !wanted.empty(); ++i) {
        const auto& slot = slots_[i];
        if (slot.tag == 0 || index[(slot.tag & ~long_flag) - 1] == 0)
            continue;
        auto& name = found[index[(slot.tag & ~long_flag) - 1] - 1];
        if ((slot.tag & long_flag) != 0) {
            name = long_name(slot);
            continue;
        }
        name.resize(short_size_max);
        std::memcpy(name.data(), &slot.low, sizeof slot.low);
        std::memcpy(name.data() + sizeof slot.low, &slot.high, sizeof slot.high);
        name.resize(name.find_last_not_of('\0') + 1);
    }
    std::vector<std::string> result;
    result.reserve(numbers.size());
    for (const auto number : numbers)
        result.push_back(found[index[number] - 1]);
    return result;
}

} // namespace mesh
