"""Owns small goods files of every format for tests, and the reading of one.

It must not know what any test expects.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from inventory.formats.detect import open_reading
from inventory.formats.entries import Entry, LeftOut, Line, Reading, ReadOptions, RowError, StockLine
from tests.support.store_samples import gtin

SOAP, ROPE, TEA = gtin(11), gtin(12), gtin(13)
EURO = ReadOptions("EUR", store_id="corner")


class Read:
    """A file that was read whole."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lines: list[Line] = list(reading.lines)
        self.entries = [line for line in self.lines if isinstance(line, Entry)]
        self.stock = [line for line in self.lines if isinstance(line, StockLine)]
        self.errors = [str(line) for line in self.lines if isinstance(line, RowError)]
        self.left_out = [(line.line_no, line.reason) for line in self.lines if isinstance(line, LeftOut)]
        self.notes = reading.notes.sentences()

    @property
    def prices(self) -> list[tuple[str, str, int]]:
        return [(each.item.gtin, each.item.name("en"), each.item.price_minor) for each in self.entries]


def read(raw: bytes | str, options: ReadOptions = EURO) -> Read:
    encoded = raw.encode() if isinstance(raw, str) else raw
    return Read(open_reading(io.BytesIO(encoded), options))


def workbook(*rows: list[Any], merged: str = "") -> bytes:
    """An Excel file of one sheet."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    sheet = book.add_worksheet("Goods")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if merged:
        sheet.merge_range(merged, "merged")
    book.close()
    return packed.getvalue()


SHOPIFY_OLDER = f"""\
Handle,Title,Type,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Barcode,Gift Card\
,Status
soap,Soap,Household,Default Title,S-1,7,1.50,'{SOAP[1:]},false,active
soap,,,,,,,,,
rope,Rope,Garden,5 m,R-5,-2,12.90,{ROPE[1:]},false,active
rope,,,10 m,R-10,0,20.00,,,
card,Card,,Default Title,,,10.00,{TEA[1:]},true,active
"""
SHOPIFY_CURRENT = f"""\
Title,URL handle,Type,Status,SKU,Barcode,Option1 value,Price,Inventory quantity,Gift card
Soap,soap,Household,Active,S-1,{SOAP[1:]},Default Title,1.50,7,FALSE
Rope,rope,Garden,Draft,R-5,{ROPE[1:]},5 m,12.90,,FALSE
"""
SQUARE = f"""\
\ufeffItem Name,Variation Name,SKU,Category,GTIN,Price,Sellable,Current Quantity Main street,Tax - VAT (22%)
Soap,Regular,S-1,Household,{SOAP[1:]},"1,50",Y,7,Y
Rope,Long,R-5,Garden,{ROPE[1:]},"1.012,90",Y,,N
Tea,Regular,,Drinks,{TEA[1:]},variable,Y,,N
Twine,Regular,,Garden,,"2,00",Y,,N
"""
LOYVERSE = f"""\
Handle,SKU,Name,Category,Sold by weight,Option 1 value,Default price,Cost,Barcode,In stock [Main]
soap,10001,Soap,Household,N,,1.50,0.70,{SOAP[1:]},7
tea,10002,Tea,Drinks,Y,green,12.00,5,{TEA[1:]},1.250
"""
ODOO = f"""\
id,name,default_code,barcode,list_price,categ_id,to_weight,available_in_pos,qty_available
__a.1,Soap,S-1,{SOAP[1:]},1.5,All / Household,False,True,7.0
__a.2,Tea,T-1,{TEA[1:]},12.0,All / Drinks,True,True,
__a.3,Cable,C-1,{ROPE[1:]},3.0,All,False,False,
"""
ODOO_LABELS = f"External ID,Name,Internal Reference,Barcode,Sales Price,Cost\n1,Soap,S-1,{SOAP[1:]},1.5,1\n"
OPEN_FOOD_FACTS = (
    "code\turl\tcreator\tproduct_name\tquantity\tbrands\tmain_category\tproduct_name_it\n"
    f"{SOAP[1:]}\tx\ty\tMilk\t1 L\tAurora\ten:whole-milks\tLatte\n"
    "123\tx\ty\tMade up\t\t\t\t\n"
)
OPEN_FOOD_FACTS_JSON = (
    f'{{"code":"{SOAP[1:]}","product_name":"Milk","quantity":"1,5 l","product_name_it":"Latte"}}\n'
)
PRICAT = (
    "UNA:+.? '\nUNB+UNOC:3+5412345000013:14+8712345000004:14+260501:0900+77'\n"
    "UNH+1+PRICAT:D:01B:UN:EAN009'\nBGM+9+PC-1+9'\nDTM+137:20260501:102'\nCUX+2:EUR:8'\n"
    f"LIN+1+1+{SOAP[1:]}:SRV'\nPIA+1+S-1:SA'\nIMD+F++:::So?'ap:bar'\nPRI+AAA:0.70'\nPRI+AAE:1.50::SRP'\n"
    f"LIN+2+3+{TEA[1:]}:SRV'\nIMD+F++:::Tea'\nPRI+AAE:12::RTP:1:KGM'\n"
    f"LIN+3+1+{ROPE[1:]}:SRV'\nIMD+F++:::Rope'\nPRI+AAA:0.70'\n"
    f"LIN+4+2+{ROPE[1:]}:SRV'\nUNT+17+1'\nUNZ+1+77'\n"
)
INVRPT = (
    "UNB+UNOC:3+5412345000013:14+8712345000004:14+260501:0900+78'\n"
    "UNH+1+INVRPT:D:01B:UN:EAN007'\nBGM+35+IR-1+9'\nDTM+366:202605040900:203'\n"
    f"LIN+1++{SOAP[1:]}:SRV'\nQTY+145:7:PCE'\nLIN+2++{TEA[1:]}:SRV'\nQTY+17:1.25:KGM'\n"
    f"LIN+3++{ROPE[1:]}:SRV'\nQTY+21:5:PCE'\nUNT+10+1'\nUNZ+1+78'\n"
)
EPCIS = f"""{{
 "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
 "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-05-04T09:00:00Z",
 "epcisBody": {{"eventList": [
  {{"type": "ObjectEvent", "eventID": "urn:uuid:1", "eventTime": "2026-05-04T11:00:00.000+02:00",
    "eventTimeZoneOffset": "+02:00", "action": "OBSERVE", "bizStep": "receiving",
    "quantityList": [{{"epcClass": "https://id.gs1.org/01/{SOAP}/10/LOT", "quantity": 12}},
                     {{"epcClass": "urn:epc:class:lgtin:952000.0000001.L7", "quantity": 1.5,
                       "uom": "KGM"}}]}},
  {{"type": "ObjectEvent", "eventTime": "2026-05-04T09:00:00Z", "eventTimeZoneOffset": "+00:00",
    "action": "DELETE", "bizStep": "urn:epcglobal:cbv:bizstep:destroying",
    "epcList": ["https://id.gs1.org/01/{SOAP}/21/A1", "https://id.gs1.org/01/{SOAP}/21/A2"]}},
  {{"type": "AggregationEvent", "eventTime": "2026-05-04T09:00:00Z", "eventTimeZoneOffset": "+00:00",
    "action": "ADD", "bizStep": "packing", "childEPCs": []}},
  {{"type": "ObjectEvent", "eventTime": "yesterday", "eventTimeZoneOffset": "+00:00", "action": "ADD",
    "bizStep": "receiving", "quantityList": [{{"epcClass": "https://id.gs1.org/01/{SOAP}", "quantity": 1}}]}}
 ]}}
}}"""
