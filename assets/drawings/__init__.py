"""Every picture of the lane as shapes: one description, written as SVG and as PNG by ``assets.draw``.

It must not know where a picture is shown, nor any window or web library.
"""
