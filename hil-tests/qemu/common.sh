# What the benches in QEMU share. Sourced, not run; $bench is who speaks.
bench=${bench:-qemu}

# Exit code of a bench that cannot run here, after the reason as the last line.
cannot() {
    echo "$bench: not run: $*" >&2
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

# Longest life of a guest is its bench's business; KVM is not used: it is missing or broken where tests run, and the guest
# is to be the same everywhere. no_timer_check: on a busy machine the emulated timer is late, and the kernel would give up.
#
#   boot SECONDS BASE IMAGE CONSOLE QEMU_ARGUMENTS...
boot() {
    local limit=$1 base=$2 image=$3 console=$4
    shift 4
    timeout --foreground "$limit" qemu-system-x86_64 \
        -machine pc -accel tcg,thread=multi -smp 2 -m 1536 -nodefaults -no-user-config -no-reboot -display none \
        -kernel "$base/vmlinuz" -initrd "$image" -append 'console=ttyS0 quiet panic=-1 no_timer_check' \
        -serial "file:$console" "$@" >&2 || echo "$bench: QEMU ended with $?" >&2
}

# Adds a guest's own root behind the base's: two archives one behind the other are one to the kernel. Uncompressed, since
# unpacking costs more than reading.
#
#   image BASE ROOT FILE
image() {
    (cd "$2" && find . | busybox cpio -o -H newc 2>/dev/null) | cat "$1/base.cpio" - > "$3"
}
