"""Pictures of the sample's outputs as LibreOffice prints them: ``make preview``.

``tong-quan.png`` is the first sheet, which the README shows; ``bang-anh.png`` is a contact sheet with the first page of
every sheet of every kind of workbook. Needs ``soffice``, ``pdftoppm`` and ``pdftotext``.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image

from pipeline.plan.load import load_plan
from pipeline.run import run_period, write_templates
from pipeline.write.plan_book import write_plan
from tests.support import PLAN_2021, ROOT, convert

FOLDER = Path(__file__).resolve().parent
COLUMNS, CELL, GAP = 5, (440, 311), 6  # thumbnails in a row, the size of each, the space around
OVERVIEW_DPI, THUMB_DPI = 120, 60
COLOURS = 96


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = load_plan(PLAN_2021)
        written = run_period(PLAN_2021, "2021-Q2", ROOT / "input" / "2021-Q2", folder).written
        templates = write_templates(plan, plan.period("2021-Q3"), folder)
        write_plan(plan, folder / PLAN_2021.name)
        books = [*written, next(path for path in templates if path.stem == "STTTT"), folder / PLAN_2021.name]
        thumbs = [thumb for book in books for thumb in first_pages(book, folder / "pdf")]
        overview = picture(folder / "pdf" / f"{books[0].stem}.pdf", 1, OVERVIEW_DPI)
        save(overview, FOLDER / "tong-quan.png")
        save(contact_sheet(thumbs), FOLDER / "bang-anh.png")


def first_pages(book: Path, folder: Path) -> Iterator[Image.Image]:
    """The first page of each visible sheet; the footer says which sheet a page belongs to."""
    pdf = convert(book, "pdf", folder)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    footers = [page.rstrip().rsplit("\n", maxsplit=1)[-1].strip() for page in text.split("\f")]
    for sheet in load_workbook(book, read_only=True).worksheets:
        found = next((at for at, footer in enumerate(footers, start=1) if footer.startswith(f"{sheet.title} ")), None)
        if found is not None and sheet.sheet_state == "visible":
            yield picture(pdf, found, THUMB_DPI)


def picture(pdf: Path, page: int, dpi: int) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", "-png", str(pdf)]
    target = pdf.with_suffix(f".{page}.{dpi}")
    subprocess.run([*command, str(target)], check=True)
    return Image.open(f"{target}.png").convert("RGB")


def contact_sheet(thumbs: list[Image.Image]) -> Image.Image:
    rows = -(-len(thumbs) // COLUMNS)
    width, height = CELL[0] + GAP, CELL[1] + GAP
    sheet = Image.new("RGB", (COLUMNS * width + GAP, rows * height + GAP), "#8A949E")
    for number, thumb in enumerate(thumbs):
        thumb.thumbnail(CELL, Image.Resampling.LANCZOS)
        left, top = (number % COLUMNS) * width + GAP, (number // COLUMNS) * height + GAP
        sheet.paste(thumb, (left + (CELL[0] - thumb.width) // 2, top + (CELL[1] - thumb.height) // 2))
    return sheet


def save(picture: Image.Image, path: Path) -> None:
    """With few colours, so that the repository stays small."""
    method = Image.Quantize.MAXCOVERAGE  # keeps the fills of small cells, which an average would grey
    picture.quantize(COLOURS, method=method, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
