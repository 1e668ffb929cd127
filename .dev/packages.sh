# shellcheck shell=bash
# Which Debian packages each step needs, and installing those that are missing.

# docs/dependencies.md says why each library is there.
build_packages=(
    meson ninja-build g++ pkgconf # the build
    libzmq3-dev cppzmq-dev        # sockets
    libmsgpack-cxx-dev            # control messages and payloads
    libexpected-dev               # results
    libspdlog-dev libfmt-dev      # the log
    libyaml-cpp-dev               # manifests
    libsqlite3-dev                # journals and stores
    zlib1g-dev                    # their checksums
    libzstd-dev                   # compression of payloads
    libboost-program-options-dev  # the command line
    nlohmann-json3-dev            # JSON in and out
    libgraphviz-dev               # the layout of pictures
    libcpp-httplib-dev            # the gateway
    catch2                        # the tests, which are configured with the rest
)
test_packages=(
    python3 python3-zmq # the examples in Python, and counting results
    python3-msgpack     # the node in Python
    python3-yaml        # reading the workflow in examples/ci
    iproute2 nftables   # network namespaces, and cuts between them
    python3-jsonschema  # what the checker prints, held against its schema
    apache2-utils       # load for the gateway
    valgrind            # counts the instructions of an event
)
fuzz_packages=(clang-14 libclang-rt-14-dev)
lint_packages=(clang-format-14 clang-tidy-14 python3 shellcheck)

has_apt() { command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; }

# Prints those of the packages that are installed, or those that are not, one a line.
packages() { # installed|missing NAME...
    local wanted=$1 status state name
    shift
    status=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true
    for name; do
        state=missing
        [[ $'\n'$status$'\n' != *$'\n'"$name installed"$'\n'* ]] || state=installed
        [[ $state != "$wanted" ]] || printf '%s\n' "$name"
    done
}

# Prints the package of the compiler that CXX names, when that is not there yet.
compiler_package() {
    local program=${CXX:-}
    program=${program##* }
    [[ -n $program ]] && ! command -v "$program" >/dev/null || return 0
    case $program in
    clang++) echo clang ;;
    clang++-*) echo "clang-${program#clang++-}" ;;
    g++-*) echo "$program" ;;
    esac
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif ! command -v sudo >/dev/null; then
        say "not root, and there is no sudo"
        return 1
    elif [[ -t 0 || -t 2 ]]; then
        sudo "$@"
    else
        sudo -n "$@" # nobody is there to type a password
    fi
}

say_missing_programs() {
    local program
    for program in meson ninja pkg-config python3 "${CXX:-c++}"; do
        command -v "${program##* }" >/dev/null || say "missing: $program"
    done
}

# Installs what is missing of the packages; calls apt only then. A failure is said and not fatal: what
# is missing may be optional, or be there in a form that apt knows nothing of.
install_packages() { # NAME...
    local missing apt output
    has_apt || { say_missing_programs && return 0; }
    mapfile -t missing < <(packages missing "$@" && compiler_package)
    ((${#missing[@]} > 0)) || return 0
    say "installing ${missing[*]}"
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
    if ! output=$({ as_root "${apt[@]}" update &&
        as_root "${apt[@]}" install --no-install-recommends "${missing[@]}"; } 2>&1 </dev/null); then
        printf '%s\n' "$output" >&2
        say "could not install; going on without. By hand: apt install ${missing[*]}"
    fi
}
