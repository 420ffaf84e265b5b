"""Pictures as SVG text: pure functions without Django, so that pages, mails and files draw alike.

Colours are classes of the style sheet, never attributes, so a picture follows the theme and prints. No picture needs
script.
"""
