#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mesh {

/// A replica's lasting place: while this object lives, no other process has the same. A restarted
/// process that takes the place again has the same id and a higher incarnation.
class Instance {
public:
    /// Takes the place `name` of a service in a realm, or, with an empty name, the lowest number
    /// that is free. The state is kept in `folder`/REALM/SERVICE/NAME.
    /// Errors: `environment` when the folder cannot be used, `refused` when the named place is
    /// taken by a running process.
    static Result<Instance> claim(const std::string& folder, std::string_view realm,
                                  std::string_view service, const std::string& name);

    /// A place that nobody returns to: a random id, for tools and for nodes without state.
    static Instance passing();

    ~Instance();
    Instance(Instance&& other) noexcept;
    Instance& operator=(Instance&&) = delete;

    const std::string& name() const { return name_; }

    NodeId id() const { return id_; }

    std::uint32_t incarnation() const { return incarnation_; }

    /// The folder for what this instance keeps, `node.db` above all:
    /// `root`/REALM/SERVICE/NAME+data, where `root` is the state folder unless another one is
    /// given. It is made when missing, and then its names are on disk. Errors: `environment` when
    /// it cannot be made, `invalid` for a passing instance.
    Result<std::string> data_folder(const std::string& root = {}) const;

    /// Whether an earlier run left a `node.db` there.
    bool has_data(const std::string& root = {}) const;

private:
    std::string data_path(const std::string& root) const;
    Instance() = default;
    Result<void> load_and_rise(const std::string& path);

    std::string name_;
    std::string folder_;  ///< the state folder
    std::string subpath_; ///< of the data, below a root
    NodeId id_;
    std::uint32_t incarnation_ = 1;
    int lock_ = -1;
};

/// `$XDG_STATE_HOME/dagmesh`, else `~/.local/state/dagmesh`; empty without a home.
std::string default_state_folder();

} // namespace mesh
