"""The standard ticket by python-escpos 3.1: in text mode for an Epson, and as one picture for 80 and 58 mm.

    python python_escpos.py standard-ticket.json assets/fonts

Prints `name bytes`. The words and the sizes are those of our own ticket; each way is the usual one of
that program: the whole picture for raster, since it has no other for Vietnamese.
"""

import json
import sys
from pathlib import Path

import qrcode
from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

fixture, fonts = Path(sys.argv[1]), Path(sys.argv[2])
ticket = json.loads(fixture.read_text(encoding="utf-8"))
low, high = ticket["wait_minutes"]
date, time = ticket["issued_at"][:10], ticket["issued_at"][11:16]
details = [
    f"Quầy: {ticket['counters']}",
    f"Số người chờ trước: {ticket['people_ahead']}",
    f"Thời gian chờ: {low}–{high} phút",
    f"{time} {'/'.join(reversed(date.split('-')))}",
]


def text_mode():
    """An Epson with TCVN-3 pages; the dash is plain since no page has another."""
    printer = Dummy(profile="TM-T20II")
    printer.hw("INIT")

    def line(text, **style):
        printer.set(align="center", **style)
        # escpos-printer-db writes Đ as U+00D0.
        printer.textln(text.replace("–", "-").replace("Đ", "\u00d0"))

    line(ticket["hall"], bold=True)
    line(ticket["hall_line2"], bold=True)
    printer.textln("-" * 48)
    line(ticket["field"], bold=True, double_height=True)
    line(ticket["service"], bold=False, normal_textsize=True)
    line(ticket["number"], custom_size=True, width=8, height=8)
    line(ticket["class"], bold=True, normal_textsize=True)
    printer.set(bold=False)
    for detail in details:
        printer.textln(detail.replace("–", "-"))
    printer.textln("-" * 48)
    printer.qr(ticket["follow_url"], ec=1, size=6, native=True)
    printer.textln(ticket["closing"])
    printer.cut()
    return printer.output


def picture(dots, em):
    """The whole ticket as one picture, as wide as the paper."""

    def font(weight, size):
        return ImageFont.truetype(str(fonts / f"BeVietnamPro_{weight}.ttf"), size)

    bold, plain = "700Bold", "500Medium"
    image = Image.new("1", (dots, 4000), 1)
    draw = ImageDraw.Draw(image)
    y = 0

    def line(text, weight, size):
        nonlocal y
        face = font(weight, size)
        words, lines = text.split(" "), [""]
        for word in words:
            longer = f"{lines[-1]} {word}".strip()
            if draw.textlength(longer, font=face) > dots and lines[-1]:
                lines.append(word)
            else:
                lines[-1] = longer
        for part in lines:
            draw.text(((dots - draw.textlength(part, font=face)) // 2, y), part, font=face, fill=0)
            y += size * 7 // 6

    def rule():
        nonlocal y
        draw.rectangle((0, y + 4, dots, y + 5), fill=0)
        y += 10

    line(ticket["hall"], bold, em)
    line(ticket["hall_line2"], bold, em)
    rule()
    line(ticket["field"], bold, em * 4 // 3)
    line(ticket["service"], plain, em)
    line(ticket["number"], bold, 80)
    line(ticket["class"], bold, em)
    for detail in details:
        line(detail, plain, em)
    rule()
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=4, border=0)
    code.add_data(ticket["follow_url"])
    square = code.make_image().get_image().convert("1")
    image.paste(square, ((dots - square.width) // 2, y))
    y += square.height + 8
    line(ticket["closing"], plain, em)
    return image.crop((0, 0, dots, y))


def raster_mode(dots, em):
    printer = Dummy(profile="TM-T20II")
    printer.hw("INIT")
    printer.image(picture(dots, em), impl="bitImageRaster")
    printer.cut()
    return printer.output


print("python-escpos-text", len(text_mode()))
print("python-escpos-raster-80", len(raster_mode(576, 24)))
print("python-escpos-raster-58", len(raster_mode(384, 20)))
