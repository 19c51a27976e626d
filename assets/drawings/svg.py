"""Writes a picture as SVG for the web pages.

It must not know any particular picture.
"""

from xml.sax.saxutils import quoteattr

from assets.drawings.shapes import Picture, Shape


def to_svg(drawing: Picture, name: str) -> str:
    """SVG text of `drawing`; `name` makes its inner ids unique on a page that inlines several."""
    definitions: list[str] = []
    clips: dict[str, str] = {}
    body: list[str] = []
    for shape in drawing.shapes:
        attributes = _paint(shape)
        if shape.clip is not None:
            if shape.clip not in clips:
                clips[shape.clip] = f"{name}-c{len(clips) + 1}"
                definitions.append(
                    f'<clipPath id="{clips[shape.clip]}"><path d={quoteattr(shape.clip)}/></clipPath>'
                )
            attributes.append(f'clip-path="url(#{clips[shape.clip]})"')
        if shape.fade is not None:
            identifier = f"{name}-f{len(definitions) + 1}"
            definitions.append(_gradient(shape, identifier))
            attributes[0] = f'fill="url(#{identifier})"'
        body.append(f"<path d={quoteattr(shape.data)} {' '.join(attributes)}/>")
    inner = [f"<defs>{''.join(definitions)}</defs>"] if definitions else []
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height}"'
        ' stroke-linecap="round" stroke-linejoin="round" fill-rule="evenodd">'
    )
    return "\n".join([head, *inner, *body, "</svg>", ""])


def _paint(shape: Shape) -> list[str]:
    attributes = [f'fill="{shape.fill or "none"}"']
    if shape.stroke is not None:
        attributes.append(f'stroke="{shape.stroke}" stroke-width="{shape.width:g}"')
    if shape.opacity != 1.0:
        attributes.append(f'opacity="{shape.opacity:g}"')
    if shape.turn is not None:
        degrees, (x, y) = shape.turn
        attributes.append(f'transform="rotate({degrees:g} {x:g} {y:g})"')
    return attributes


def _gradient(shape: Shape, identifier: str) -> str:
    fade = shape.fade
    if fade is None:
        raise ValueError("the shape has no fade")
    start, end = (
        f'stop-color="{shape.fill}" stop-opacity="{opacity:g}"'
        for opacity in (fade.left_opacity, fade.right_opacity)
    )
    return (
        f'<linearGradient id="{identifier}" gradientUnits="userSpaceOnUse"'
        f' x1="{fade.left:g}" x2="{fade.right:g}" y1="0" y2="0">'
        f'<stop {start}/><stop offset="1" {end}/></linearGradient>'
    )
