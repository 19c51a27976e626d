"""Text as pictures: cleaned, put in order, set in the faces of the lane. For the window and for paper alike.

It must not know screens, receipts or Kivy.
"""
