#!/bin/bash
# Makes the standard ticket with other programs: one line each, `name bytes`, or `name - why it is missing`.
#
#     peers/run.sh FOLDER FIXTURE
#
# FOLDER is where they are installed (by pip and npm, once); FIXTURE is standard-ticket.json.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
fixture=$(realpath "$2")
mkdir -p "$folder"
folder=$(realpath "$folder")

# peer NAMES INSTALL RUN: installs, runs, or says for each name why not.
peer() {
    local names=$1 log="$folder/install.log"
    if "$2" >"$log" 2>&1 && "$3" 2>"$log"; then
        return
    fi
    local why
    why=$({ grep -m 1 -i 'error' "$log" || tail -n 1 "$log"; } | cut -c 1-160)
    for name in $names; do
        echo "$name - ${why:-it did not run}"
    done
}

install_python() {
    [[ -x $folder/venv/bin/python ]] || python3 -m venv "$folder/venv" || return
    "$folder/venv/bin/python" -c 'import escpos, PIL' 2>/dev/null ||
        "$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-escpos==3.1 pillow
}
run_python() {
    "$folder/venv/bin/python" "$here/python_escpos.py" "$fixture" "$here/../../assets/fonts"
}
peer "python-escpos-text python-escpos-raster-80 python-escpos-raster-58" install_python run_python

install_node() {
    mkdir -p "$folder/node" || return
    [[ -d $folder/node/node_modules/@point-of-sale/receipt-printer-encoder ]] ||
        npm install --silent --no-audit --no-fund --prefix "$folder/node" @point-of-sale/receipt-printer-encoder@4.0.1
}
run_node() {
    (cd "$folder/node" && cp "$here/receipt_printer_encoder.mjs" . && node receipt_printer_encoder.mjs "$fixture")
}
peer "receipt-printer-encoder" install_node run_node
