"""Makes the .bin files that the virtual printer must understand, with python-escpos 3.1.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install python-escpos==3.1 alphasignpy==0.1.1
    /tmp/v/bin/python make_escpos.py && /tmp/v/bin/python make_alpha.py

The files are committed: tests run without Python. They change only together with this script.
"""
from pathlib import Path

from escpos.printer import Dummy
from PIL import Image, ImageDraw

HERE = Path(__file__).parent


def save(name, printer):
    (HERE / f"{name}.bin").write_bytes(printer.output)


def picture():
    """A frame with a diagonal and a filled corner: mirrored or shifted dots show at once."""
    made = Image.new("1", (200, 96), 1)
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 0, 199, 95), outline=0, width=3)
    draw.line((0, 0, 199, 95), fill=0, width=3)
    draw.rectangle((10, 60, 40, 85), fill=0)
    return made


def text():
    p = Dummy(profile="TM-T88V")
    p.hw("INIT")
    p.set(align="center", bold=True, double_width=True, double_height=True)
    p.textln("PHIEU SO")
    p.set(align="center", custom_size=True, width=6, height=6, bold=True)
    p.textln("A012")
    p.set_with_default(align="left", underline=1)
    p.textln("Underlined left")
    p.set_with_default(align="right", invert=True)
    p.textln(" Inverse right ")
    p.set_with_default(font="b")
    p.textln("Font B small letters 0123456789")
    p.set_with_default(flip=True)
    p.textln("upside down")
    p.set_with_default()
    p.textln("a line that is much longer than the forty-eight columns of the paper wraps")
    p.ln(2)
    p.cut()
    save("text", p)


def vietnamese():
    p = Dummy(profile="TM-T88V")
    p.hw("INIT")
    p.textln("Mời số A012 đến quầy số 3")
    p.textln("ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH")
    p.textln("Đất đai, Hộ tịch, Chứng thực, Bảo hiểm")
    p.textln("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    p.cut()
    save("vietnamese", p)


def images():
    for way in ("bitImageRaster", "graphics", "bitImageColumn"):
        p = Dummy(profile="TM-T88V")
        p.hw("INIT")
        p.image(picture(), impl=way)
        p.textln(way)
        p.cut()
        save(f"image_{way}", p)


def codes():
    p = Dummy(profile="TM-T88V")
    p.hw("INIT")
    p.set(align="center")
    p.qr("https://dichvucong.gov.vn/?ma=000.00.01.H29-240115-0001", native=True, size=6, ec=1)
    p.textln("QR")
    p.barcode("{BH15-261008-0975", "CODE128", height=80, width=2, pos="BELOW", function_type="B")
    p.barcode("H15.261008", "CODE39", height=80, width=2, pos="BELOW", function_type="A")
    p.barcode("8931234567897", "EAN13", height=80, width=3, pos="ABOVE", function_type="B")
    p.cut()
    save("codes", p)


def status():
    p = Dummy(profile="TM-T88V")
    p.hw("INIT")
    p._raw(b"\x10\x04\x01")
    p.cashdraw(2)
    p.buzzer(1, 1)
    p.line_spacing(40)
    p.panel_buttons(False)
    p.control("HT")
    p.textln("after settings")
    p.cut(mode="FULL")
    save("settings", p)


if __name__ == "__main__":
    text()
    vietnamese()
    images()
    codes()
    status()
