"""What people and systems call their columns, in the languages we have seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_KNOWN = {
    "id": (
        "id accountid recordid salesforceid sfid accountid18 casesafeid accountcasesafeid "
        "leadid contactid opportunityid customerid custid clientid storeid siteid locationid "
        "outletid externalid uniqueid accountnumber accountno acctno customernumber "
        "customerno uuid guid kundennummer kundennr kundenid debitor debitorennummer "
        "numeroclient idclient codeclient codigocliente idcliente numerodecliente clave "
        "codicecliente klantnummer rowid objectid key"
    ),
    "name": (
        "name accountname customername companyname clientname storename sitename company "
        "account customer client organization organisation businessname fullname displayname "
        "title firma firmenname kunde kundenname unternehmen bezeichnung raisonsociale nom "
        "nomclient societe nombre nombrecliente empresa razonsocial ragionesociale nome naam "
        "klant"
    ),
    "postal": (
        "postalcode zippostalcode zip zipcode zip5 zcta zcta5 postcode postal billingpostalcode "
        "billingzippostalcode billingzip billingzipcode shippingpostalcode "
        "shippingzippostalcode shippingzip shippingzipcode mailingpostalcode "
        "mailingzippostalcode mailingzip primarypostalcode physicalzip zip4 zipplus4 "
        "countyzip countryzip plz postleitzahl codepostal cp codigopostal cap codicepostale "
        "postnummer postalkod codfiscalpostal fsa geoid fips countyfips fipscode statefips"
    ),
    "lat": (
        "latitude lat geolat geolatitude gpslat billinglatitude shippinglatitude "
        "mailinglatitude latitud breitengrad breite geobreite latitudine y ycoord ycoordinate"
    ),
    "lon": (
        "longitude lon lng long geolon geolng geolongitude gpslon gpslng billinglongitude "
        "shippinglongitude mailinglongitude longitud langengrad laengengrad lange laenge "
        "geolange longitudine x xcoord xcoordinate"
    ),
    "country": (
        "country countrycode billingcountry billingcountrycode shippingcountry "
        "shippingcountrycode mailingcountry mailingcountrycode countryname nation land "
        "landercode laendercode landeskennzeichen pays codepays pais codigopais paese"
    ),
    "state": (
        "state stateprovince statecode stateabbreviation stateabbr stateprovincecode province "
        "provincecode billingstate billingstateprovince billingstatecode shippingstate "
        "shippingstateprovince shippingstatecode mailingstate mailingstateprovince "
        "mailingstatecode bundesland estado provincia provincie"
    ),
    "city": (
        "city town cityname billingcity shippingcity mailingcity locality municipality ort stadt "
        "ville ciudad citta comune gemeente plaats"
    ),
    "owner": (
        "owner ownername ownerfullname accountowner accountownername owneremail owneralias "
        "salesrep salesrepname rep repname salesperson accountmanager accountexecutive "
        "assignedto ownerid owneruserid userid besitzer inhaber verkaufer verkaeufer betreuer "
        "aussendienst aussendienstmitarbeiter vertreter proprietaire commercial vendeur "
        "propietario vendedor representante proprietario venditore"
    ),
    "territory": (
        "territory territoryname salesterritory territory2 territory2name territoryid "
        "territorycode currentterritory assignedterritory area areaname patch gebiet "
        "verkaufsgebiet vertriebsgebiet bezirk territoire secteur territorio zonadeventas "
        "zona"
    ),
}
NAMES: Mapping[str, tuple[str, ...]] = {field: tuple(t.split()) for field, t in _KNOWN.items()}
"""By field, what it is called, the better name first; written as ``plain`` writes them."""

_NO_MEASURE = re.compile(
    r"(^|_)(id|ids|key|code|no|nr|nbr|number(?!_of)|phone|fax|mobile|tel|telefon|year|month|quarter|zip|"
    r"postal|postcode|plz|fips|geoid|sic|naics|duns|ein|vat|date|created|modified|row|index|lat|"
    r"latitude|lon|lng|longitude|level|rank)(_|$)"
)


def plain(header: str) -> str:
    """Return a header without case, accents, spaces, dots and signs."""
    bare = unicodedata.normalize("NFKD", header.replace("ß", "ss"))
    return "".join(c for c in bare if c.isalnum() and not unicodedata.combining(c)).lower()


def words(header: str) -> str:
    """Return the words of a header joined by ``_``; ``AnnualRevenue`` has two."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header)
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")


def called(field: str, headers: Iterable[str]) -> list[str]:
    """Return the headers that name a field, the best first; of equals, the first in the table."""
    known = {name: rank for rank, name in enumerate(NAMES[field])}
    found = [(_rank(plain(h), known), at, h) for at, h in enumerate(headers)]
    return [h for rank, _, h in sorted(f for f in found if f[0] < len(known))]


def may_be_measure(header: str) -> bool:
    """Tell whether numbers under this header can be added up."""
    return not _NO_MEASURE.search(words(header))


def _rank(name: str, known: Mapping[str, int]) -> int:
    """Return the place in the list; a custom field or a related object's comes after its like.

    ``Territory__c`` and ``Account.BillingPostalCode`` are found by their ends.
    """
    if name in known:
        return known[name]
    bare = name.removesuffix("c").removeprefix("account")
    return known.get(bare, len(known))
