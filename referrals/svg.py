"""A picture as one file of SVG: for `--as svg` and for print. Pages draw the same picture by a template."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from referrals.picture import Picture, PictureNode, short

# What XML 1.0 (fifth edition, production 2) does not allow, escaped or not.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# White on a fill, or dark on a light one: 4.5:1 and more, in both schemes.
_STYLE: Final = """
    text { font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-weight: 600; fill: #fff }
    .letter { text-anchor: middle; dominant-baseline: central }
    .name { font-weight: 400; fill: #14213d; dominant-baseline: central }
    .paper { fill: #fff }
    .link { fill: none; stroke: #b7cbe3; stroke-linecap: round }
    .level-0 { fill: #0a58ab } .level-1 { fill: #1f72c6 }
    .level-2 { fill: #93c1ef } .level-3 { fill: #c9e0f7 } .dot { fill: #3c86d3 }
    .open { fill: none; stroke: #3c86d3; stroke-width: 0.8 }
    .level-2 + .letter, .level-3 + .letter, .stub + .letter { fill: #0b2c55 }
    .stub { fill: #fff; stroke: #6d89ab; stroke-width: 1.5; stroke-dasharray: 3 3 }
    .halo { fill: none; stroke: #6d89ab; stroke-width: 1.2; stroke-dasharray: 2 3 }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #10161f } .name { fill: #e8eef7 } .link { stroke: #3f5878 }
      .stub { fill: #10161f } .stub + .letter { fill: #cfe0f5 }
    }
"""


def xml_safe(text: str) -> str:
    r"""The text without the characters that no XML file may hold, not even escaped.

    >>> xml_safe("Lan\x00 & \ud800Minh\x0b")
    'Lan & Minh'
    """
    return _NOT_XML.sub("", text)


def svg(picture: Picture, title: str = "") -> str:
    """The picture as the text of an SVG file that needs nothing else: no font, no style sheet, no script.

    `title` is read aloud in place of the picture. Names and titles are escaped; links are left out, for a
    file travels further than the site.
    """
    size = f'width="{short(picture.width)}" height="{short(picture.height)}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{picture.view_box}" {size} role="img"'
        + (f" aria-label={_attribute(title)}>" if title else ">"),
        *([f"  <title>{_text(title)}</title>"] if title else []),
        f"  <style>{_STYLE}  </style>",
        f'  <rect class="paper" {size}/>',
        *(
            f'  <path class="link" stroke-width="{short(link.width)}" d="{link.d}"/>'
            for link in picture.links
        ),
        *(_circle(node) for node in picture.nodes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _circle(node: PictureNode) -> str:
    x, y, r = short(node.x), short(node.y), short(node.r)
    kind = "dot" if node.r < 6 else "stub" if node.more else f"level-{min(node.level, 3)}"
    kind += " open" if node.more and kind == "dot" else ""
    parts = [f'<circle class="{kind}" cx="{x}" cy="{y}" r="{r}"/>']
    if node.label:
        size = short(node.font)
        parts.append(f'<text class="letter" x="{x}" y="{y}" font-size="{size}">{_text(node.label)}</text>')
    if node.hidden and node.r >= 6:
        parts.append(f'<circle class="halo" cx="{x}" cy="{y}" r="{short(node.r + 2.4)}"/>')
    if node.name:
        parts.append(
            f'<text class="name" x="{short(node.name_x)}" y="{y}" font-size="14">{_text(node.name)}</text>'
        )
    title = f"<title>{_text(node.title)}</title>" if node.title else ""
    return f"  <g>{title}{''.join(parts)}</g>"


def _text(text: str) -> str:
    return escape(xml_safe(text))


def _attribute(text: str) -> str:
    return quoteattr(xml_safe(text))
