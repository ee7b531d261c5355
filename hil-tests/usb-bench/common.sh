# What the bench's scripts share. Sourced, not run.

# Exit code of a bench that cannot run here, after the reason as the last line.
cannot() {
    echo "usb-bench: not run: $*" >&2
    exit 77
}

# Runs a command as root, directly or by sudo; fails where neither can be.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo --non-interactive "$@"
    fi
}
