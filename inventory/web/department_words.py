"""Owns what the usual departments of a shop are called in a shopper's language.

It must not know which departments a store has: a name that is not usual is said as the store writes it.
"""

from __future__ import annotations

from inventory.web.texts import Texts


def department_words(name: str, texts: Texts) -> str:
    """The department's name for a shopper."""
    t = texts.text
    usual = {
        "alcohol": t("Beer, wine and spirits"),
        "bakery": t("Bakery"),
        "dairy": t("Milk, cheese and eggs"),
        "deli": t("Deli counter"),
        "drinks": t("Drinks"),
        "frozen": t("Frozen food"),
        "fruit": t("Fruit"),
        "household": t("Household"),
        "meat-fish": t("Meat and fish"),
        "pantry": t("Pasta, rice and tins"),
        "personal-care": t("Care and hygiene"),
        "produce": t("Fruit and vegetables"),
        "sweets-snacks": t("Sweets and snacks"),
    }
    return usual.get(name.casefold(), name)
