"""XMP side-cars: a small file beside a photo that gives photo libraries its class as a keyword.

The packet is that of the XMP specification, part 1 (ISO 16684-1), with one `dc:subject`.
"""

from html import escape

ENDING = ".xmp"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:subject>
    <rdf:Bag>
     <rdf:li>{keyword}</rdf:li>
    </rdf:Bag>
   </dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def packet(keyword: str) -> bytes:
    """The content of a side-car, UTF-8; characters that XML does not allow become spaces."""
    allowed = "".join(char if _is_xml(ord(char)) else " " for char in keyword)
    return _PACKET.format(keyword=escape(allowed, quote=False)).encode()


def _is_xml(code: int) -> bool:
    """Whether XML 1.0 takes the character (its section 2.2), line ends excepted: a keyword has none."""
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
