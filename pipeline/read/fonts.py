"""Vietnamese text of before Unicode: told by the cell's font, converted letter by letter.

TCVN3 (fonts ``.Vn…``) has one byte a letter; a font whose name ends in H draws capitals from the same codes.
VNI (fonts ``VNI-…``) writes most accents as a second character after the vowel.
"""

import re
import unicodedata

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_PAIRS = {  # vowel → its second characters and what each pair is
    "a": ("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ"),
    "e": ("øùûõïâàáåãä", "èéẻẽẹêềếểễệ"),
    "o": ("øùûõïâàáåãä", "òóỏõọôồốổỗộ"),
    "ô": ("øùûõï", "ờớởỡợ"),
    "u": ("øùûõï", "ùúủũụ"),
    "ö": ("øùûõï", "ừứửữự"),
    "y": ("øùûõ", "ỳýỷỹ"),
}
_VNI = {vowel + mark: letter for vowel, (marks, letters) in _PAIRS.items() for mark, letter in zip(marks, letters)}  # noqa: B905
_VNI |= dict(zip("ìíæóòîñôö", "ìíỉĩịỵđơư", strict=True))
_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_VNI_TOKEN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE)


def is_legacy(font: str) -> bool:
    name = font.casefold()
    return name.startswith((".vn", "vni-", "vni "))


def to_unicode(text: str, font: str) -> str:
    """The text as its author saw it in that font, in NFC; one with letters that no such font has is Unicode already."""
    if _UNICODE.search(unicodedata.normalize("NFC", text)):
        return text
    if font.casefold().startswith(".vn"):
        made = "".join(_TCVN3.get(letter, letter) for letter in text)
        return made.upper() if font.endswith("H") else made
    return _VNI_TOKEN.sub(_vni, unicodedata.normalize("NFC", text))


def _vni(found: re.Match[str]) -> str:
    pair = found[0]
    letter = _VNI[pair.lower()]
    return letter.upper() if pair[0].isupper() else letter
