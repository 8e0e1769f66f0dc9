"""QR codes as SVG, drawn here: no picture of a learner's link ever leaves the house."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr_svg(text: str) -> Markup:
    """Return the QR code of a text as SVG without a size of its own, readable with 15% damaged (level M).

    Our own drawing: no part of the text becomes markup, so it is safe to show as it is.

    >>> qr_svg("https://example.vn/x/3f-1-abc").startswith("<svg")
    True
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=2, omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704  # see above
