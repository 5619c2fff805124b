#!/bin/sh
# Finds what building (`run`) or testing (`check`) needs and is not there, and installs it with the machine's own package
# manager, after printing the command. sudo only when not root. With nothing missing it starts no program but the probes.
set -u
what=${1:-run}
lists="build"
[ "$what" = check ] && lists="build test"
[ "$what" = ci ] && lists="build test ci"
[ "$what" = bench ] && lists="build test bench"

# need: kind|probe|apt|dnf|pacman|apk|zypper|brew      ("-": not needed or not to be had there)
# kinds: cmd = a program on the path; pc = a pkg-config name; hdr = a header the compiler finds; opt = one that may be
# missing where there is no package; certs, term, rt = see have().
build='cmd|cc|gcc libc6-dev|gcc|gcc|build-base|gcc|gcc
cmd|make|make|make|make|make|make|make
cmd|pkg-config|pkg-config|pkgconf-pkg-config|pkgconf|pkgconf|pkg-config|pkg-config
pc|ncursesw|libncurses-dev|ncurses-devel|ncurses|ncurses-dev|ncurses-devel|ncurses
pc|libcurl|libcurl4-openssl-dev|libcurl-devel|curl|curl-dev|libcurl-devel|curl
pc|libxml-2.0|libxml2-dev|libxml2-devel|libxml2|libxml2-dev|libxml2-devel|libxml2
pc|libmarkdown|libmarkdown2-dev|libmarkdown-devel|discount|discount-dev|libmarkdown-devel|discount
pc|sqlite3|libsqlite3-dev|sqlite-devel|sqlite|sqlite-dev|sqlite3-devel|sqlite
pc|libzstd|libzstd-dev|libzstd-devel|zstd|zstd-dev|libzstd-devel|zstd
pc|jansson|libjansson-dev|jansson-devel|jansson|jansson-dev|libjansson-devel|jansson
pc|uchardet|libuchardet-dev|uchardet-devel|uchardet|uchardet-dev|libuchardet-devel|uchardet
pc|fribidi|libfribidi-dev|fribidi-devel|fribidi|fribidi-dev|fribidi-devel|fribidi
pc|zlib|zlib1g-dev|zlib-devel|zlib|zlib-dev|zlib-devel|zlib
certs|certificates|ca-certificates|ca-certificates|ca-certificates|ca-certificates|ca-certificates|-
pc|libdeflate|libdeflate-dev|libdeflate-devel|libdeflate|libdeflate-dev|libdeflate-devel|libdeflate
pc|libbrotlidec|libbrotli-dev|brotli-devel|brotli|brotli-dev|libbrotli-devel|brotli
opt|qrencode.h|libqrencode-dev|qrencode-devel|qrencode|libqrencode-dev|qrencode-devel|qrencode
pc|libzip|libzip-dev|libzip-devel|libzip|libzip-dev|libzip-devel|libzip
pc|yaml-0.1|libyaml-dev|libyaml-devel|libyaml|yaml-dev|libyaml-devel|libyaml
opt|csv.h|libcsv-dev|libcsv-devel|libcsv|libcsv-dev|libcsv-devel|libcsv
opt|thai/thbrk.h|libthai-dev|libthai-devel|libthai|-|libthai-devel|libthai
opt|hyphen.h|libhyphen-dev|hyphen-devel|hyphen|-|hyphen-devel|-
hdr|unilbrk.h|libunistring-dev|libunistring-devel|libunistring|libunistring-dev|libunistring-devel|libunistring'
test='pc|cmocka|libcmocka-dev|libcmocka-devel|cmocka|cmocka-dev|libcmocka-devel|cmocka
pc|libmicrohttpd|libmicrohttpd-dev|libmicrohttpd-devel|libmicrohttpd|libmicrohttpd-dev|libmicrohttpd-devel|libmicrohttpd
pc|zbar|libzbar-dev|zbar-devel|zbar|zbar-dev|libzbar-devel|zbar
pc|vterm|libvterm-dev|libvterm-devel|libvterm|libvterm-dev|libvterm-devel|libvterm
cmd|mpv|mpv|mpv|mpv|mpv|mpv|mpv
cmd|openssl|openssl|openssl|openssl|openssl|openssl|openssl
term|tmux-256color|ncurses-term|ncurses-term|-|ncurses-terminfo|terminfo|-'
ci='cmd|clang|clang|clang|clang|clang|clang|llvm
rt|fuzzer|libclang-rt-14-dev|compiler-rt|compiler-rt|compiler-rt|clang|-
cmd|clang-format|clang-format|clang-tools-extra|clang|clang-extra-tools|clang-tools|clang-format
cmd|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck
cmd|mandoc|mandoc|mandoc|mandoc|mandoc|mandoc|mandoc
cmd|git|git|git|git|git|git|git
cmd|newsboat|newsboat|newsboat|newsboat|newsboat|newsboat|newsboat
cmd|sfeed_update|sfeed|sfeed|-|sfeed|-|sfeed'
bench='cmd|newsboat|newsboat|newsboat|newsboat|newsboat|newsboat|newsboat
cmd|sfeed_update|sfeed|sfeed|-|sfeed|-|sfeed
cmd|nginx|nginx-light|nginx|nginx|nginx|nginx|nginx
cmd|w3m|w3m|w3m|w3m|w3m|w3m|w3m
cmd|lynx|lynx|lynx|lynx|lynx|lynx|lynx
cmd|sqlite3|sqlite3|sqlite|sqlite|sqlite|sqlite3|sqlite'

have() {
    case $1 in
    cmd) command -v "$2" >/dev/null 2>&1 ;;
    pc) pkg-config --exists "$2" 2>/dev/null ;;
    # What https is trusted by; without it no feed on https can be fetched.
    certs) [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ] || [ -s /etc/ssl/ca-bundle.pem ] ||
        [ -s /etc/ssl/cert.pem ] || [ -d /etc/ca-certificates/extracted ] ;;
    hdr | opt) printf '#include <%s>\n' "$2" | cc -E -x c - >/dev/null 2>&1 ;;
    term) infocmp "$2" >/dev/null 2>&1 ;;
    rt) echo 'int LLVMFuzzerTestOneInput(const char *d, long n); int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' |
        clang -fsanitize=fuzzer,address -x c - -o /dev/null >/dev/null 2>&1 ;;
    esac
}

if command -v apt-get >/dev/null 2>&1; then column=3
elif command -v dnf >/dev/null 2>&1; then column=4
elif command -v pacman >/dev/null 2>&1; then column=5
elif command -v apk >/dev/null 2>&1; then column=6
elif command -v zypper >/dev/null 2>&1; then column=7
elif command -v brew >/dev/null 2>&1; then column=8
else column=0
fi

missing='' packages=''
for list in $lists; do
    eval "rows=\$$list"
    old=$IFS
    IFS='
'
    for row in $rows; do
        IFS='|'
        # shellcheck disable=SC2086
        set -- $row
        IFS=$old
        if ! have "$1" "$2"; then
            package=-
            [ "$column" -eq 0 ] || eval "package=\${$column}"
            if [ "$1" = opt ] && [ "$package" = - ]; then
                IFS='
'
                continue
            fi
            missing="$missing $2"
            [ "$column" -eq 0 ] || [ "$package" = - ] || packages="$packages $package"
        fi
        IFS='
'
    done
    IFS=$old
done
[ -n "$missing" ] || exit 0
echo "missing:$missing"
if [ "$column" -eq 0 ] || [ -z "$packages" ]; then
    echo "Install these with your package manager; their names on Debian and others are in $0." >&2
    exit 1
fi

sudo=
if [ "$(id -u)" -ne 0 ] && [ "$column" -ne 8 ]; then
    sudo=sudo
    if ! command -v sudo >/dev/null 2>&1; then
        echo "This needs root and there is no sudo here. As root, install:$packages" >&2
        exit 1
    fi
fi
show() {
    echo "+ $*"
    "$@"
}
# shellcheck disable=SC2086
case $column in
3)
    # A bare machine has no package lists yet, and old lists name files that are gone.
    show $sudo apt-get update -q || exit 1
    show $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
    ;;
4) show $sudo dnf install -y $packages ;;
5) show $sudo pacman -S --needed --noconfirm $packages ;;
6) show $sudo apk add $packages ;;
7) show $sudo zypper --non-interactive install $packages ;;
8) show brew install $packages ;;
esac || {
    echo "That did not work. What is missing:$missing" >&2
    exit 1
}
