#!/usr/bin/env python3
"""Makes the golden bytes that tests/golden.rs compares with, by python-escpos 3.1:

    python3 -m venv /tmp/escpos && /tmp/escpos/bin/pip install python-escpos==3.1
    /tmp/escpos/bin/python make_golden.py

The files are committed: the Rust tests need no Python. A difference means a fault of ours or a
new version of python-escpos, never a reason to edit a file by hand.
"""

from pathlib import Path

from escpos.constants import TXT_STYLE
from escpos.printer import Dummy
from PIL import Image

HERE = Path(__file__).parent
LOWER = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"


def made(name, make):
    printer = Dummy(profile="TM-T20II")
    make(printer)
    (HERE / f"{name}.bin").write_bytes(printer.output)


def picture():
    """A small picture with ink in each corner and a diagonal: 24 by 10 dots."""
    image = Image.new("1", (24, 10), 1)
    for x, y in [(0, 0), (23, 0), (0, 9), (23, 9)] + [(2 * i + 2, i) for i in range(10)]:
        image.putpixel((x, y), 0)
    return image


def letters(printer, page, text):
    """One page of TCVN-3. escpos-printer-db writes Đ as U+00D0."""
    printer.charcode(page)
    printer.text(text.replace("Đ", "\u00d0"))


made("initialise", lambda printer: printer.hw("INIT"))
made("text", lambda printer: printer.text("A012 Quay 3\n"))
made("style", lambda printer: printer.set(
    align="center", bold=True, custom_size=True, width=8, height=8))
made("feed", lambda printer: printer.print_and_feed(3))
made("cut", lambda printer: printer.cut(feed=False))
made("qr", lambda printer: printer.qr("1234", ec=0, size=3, native=True))
made("qr_ticket", lambda printer: printer.qr("https://hall.local/t/A012", ec=1, size=6, native=True))
made("raster", lambda printer: printer.image(picture(), impl="bitImageRaster"))
made("modes", lambda printer: [printer._raw(TXT_STYLE["size"][size]) for size in ("2h", "2w", "2x")])
made("code128", lambda printer: printer.barcode(
    "{B1234A", "CODE128", height=80, width=2, pos="BELOW", function_type="B", align_ct=False))
made("tcvn3_lower", lambda printer: letters(printer, "TCVN-3-1", LOWER))
made("tcvn3_upper", lambda printer: letters(printer, "TCVN-3-2", LOWER.upper()))
