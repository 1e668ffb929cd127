#include "mesh/net/message_buffers.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace mesh {

namespace {

// A full batch has 128 KiB. Small messages cost the heap nothing that could be saved; large ones
// are rare.
constexpr std::size_t size_bytes_min = 8 * 1024;
constexpr std::size_t capacity_bytes = 128 * 1024;

constexpr std::size_t spares_max = 8;

} // namespace

class MessageBuffers::Spares {
public:
    struct Buffer {
        std::shared_ptr<Spares> owner; ///< while it is out
        std::unique_ptr<std::byte[]> data =
            std::make_unique_for_overwrite<std::byte[]>(capacity_bytes);
    };

    std::unique_ptr<Buffer> take() {
        const std::lock_guard lock(mutex_);
        if (buffers_.empty())
            return std::make_unique<Buffer>();
        auto buffer = std::move(buffers_.back());
        buffers_.pop_back();
        return buffer;
    }

    void give(std::unique_ptr<Buffer> buffer) {
        const std::lock_guard lock(mutex_);
        if (buffers_.size() < spares_max)
            buffers_.push_back(std::move(buffer));
    }

private:
    std::mutex mutex_;                             ///< guards the next
    std::vector<std::unique_ptr<Buffer>> buffers_; ///< used last, last
};

MessageBuffers::MessageBuffers() : spares_(std::make_shared<Spares>()) {}

zmq::message_t MessageBuffers::message(std::size_t size_bytes) {
    if (size_bytes < size_bytes_min || size_bytes > capacity_bytes)
        return zmq::message_t(size_bytes);
    auto buffer = spares_->take();
    buffer->owner = spares_;
    const auto give_back = [](void*, void* hint) {
        std::unique_ptr<Spares::Buffer> done(static_cast<Spares::Buffer*>(hint));
        const auto owner = std::exchange(done->owner, nullptr);
        owner->give(std::move(done));
    };
    zmq::message_t message(buffer->data.get(), size_bytes, give_back, buffer.get());
    static_cast<void>(buffer.release());
    return message;
}

} // namespace mesh
