#include "mesh/store/instance.hpp"

#include "mesh/store/file_name.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mesh {

namespace {

constexpr int instances_max = 4096;

tl::unexpected<Error> environment(const std::string& path) {
    return fail(ErrorCode::environment, path + ": " + std::strerror(errno));
}

} // namespace

Result<Instance> Instance::claim(const std::string& folder, std::string_view realm,
                                 std::string_view service, const std::string& name) {
    namespace fs = std::filesystem;
    const fs::path place = fs::path(folder) / file_name(realm) / file_name(service);
    std::error_code error;
    fs::create_directories(place, error);
    if (error)
        return fail(ErrorCode::environment, place.string() + ": " + error.message());
    for (int number = 1; number <= instances_max; ++number) {
        Instance instance;
        instance.name_ = name.empty() ? std::to_string(number) : name;
        const auto own_name = file_name(instance.name_);
        const auto path = (place / own_name).string();
        instance.folder_ = folder;
        // A `+` stands in no file name that is made of a name.
        instance.subpath_ =
            (fs::path(file_name(realm)) / file_name(service) / (own_name + "+data")).string();
        instance.lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (instance.lock_ < 0)
            return environment(path);
        if (flock(instance.lock_, LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK)
                return environment(path);
            if (!name.empty())
                return fail(ErrorCode::refused, "instance \"" + name + "\" of service \"" +
                                                    std::string(service) + "\" is running already");
            continue;
        }
        if (auto risen = instance.load_and_rise(path); !risen)
            return tl::unexpected(risen.error());
        return instance;
    }
    return fail(ErrorCode::limit,
                place.string() + ": all " + std::to_string(instances_max) + " places are taken");
}

Result<void> Instance::load_and_rise(const std::string& path) {
    // One line: the id and the last incarnation. A file cut short by a crash begins a new life.
    std::array<char, 64> text{};
    const auto size = pread(lock_, text.data(), text.size() - 1, 0);
    const std::string_view line(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto known = parse_node_id(line.substr(0, 32));
    std::uint32_t last = 0;
    if (known && line.size() > 33) {
        const auto [end, error] =
            std::from_chars(line.data() + 33, line.data() + line.size(), last);
        // Without its end the number may lack digits, and a lower incarnation is not believed.
        if (error != std::errc{} || end == line.data() + line.size() || *end != '\n')
            last = 0;
    }
    id_ = known && last > 0 ? *known : NodeId::random();
    incarnation_ = known && last > 0 ? last + 1 : 1;
    const auto next = to_string(id_) + " " + std::to_string(incarnation_) + "\n";
    if (pwrite(lock_, next.data(), next.size(), 0) != static_cast<ssize_t>(next.size()) ||
        ftruncate(lock_, static_cast<off_t>(next.size())) != 0)
        return environment(path);
    return {};
}

std::string Instance::data_path(const std::string& root) const {
    namespace fs = std::filesystem;
    std::error_code error;
    return (fs::absolute(root.empty() ? folder_ : root, error) / subpath_).string();
}

bool Instance::has_data(const std::string& root) const {
    std::error_code error;
    return !subpath_.empty() && std::filesystem::exists(data_path(root) + "/node.db", error);
}

Result<std::string> Instance::data_folder(const std::string& root) const {
    namespace fs = std::filesystem;
    if (subpath_.empty())
        return fail(ErrorCode::invalid, "expected an instance with a lasting place, got a passing "
                                        "one: it keeps nothing");
    std::error_code error;
    const fs::path folder = data_path(root);
    // A new folder is lost with the power until the one above it is on disk.
    std::vector<fs::path> made;
    for (auto path = folder; !fs::exists(path, error) && path.has_relative_path();
         path = path.parent_path())
        made.push_back(path.parent_path());
    fs::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::environment, folder.string() + ": " + error.message());
    for (const auto& above : made) {
        const int file = open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const bool is_synced = file >= 0 && fsync(file) == 0;
        const auto why = environment(above.string());
        if (file >= 0)
            close(file);
        if (!is_synced)
            return why;
    }
    return folder.string();
}

Instance Instance::passing() {
    Instance instance;
    instance.id_ = NodeId::random();
    instance.name_ = short_text(instance.id_);
    return instance;
}

Instance::Instance(Instance&& other) noexcept
    : name_(std::move(other.name_)),
      folder_(std::move(other.folder_)),
      subpath_(std::move(other.subpath_)),
      id_(other.id_),
      incarnation_(other.incarnation_),
      lock_(std::exchange(other.lock_, -1)) {}

Instance::~Instance() {
    if (lock_ >= 0)
        close(lock_);
}

std::string default_state_folder() {
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0')
        return std::string(state) + "/dagmesh";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0')
        return std::string(home) + "/.local/state/dagmesh";
    return {};
}

} // namespace mesh
