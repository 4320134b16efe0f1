"""The kinds of fields that come with Trassa, one class a file."""

from trassa.schema.kinds.address import Address
from trassa.schema.kinds.auto_number import AutoNumber
from trassa.schema.kinds.boolean import Boolean
from trassa.schema.kinds.choice import Choice
from trassa.schema.kinds.date import Date
from trassa.schema.kinds.dated_link import DatedLink
from trassa.schema.kinds.datetime import DateTime
from trassa.schema.kinds.department import Department
from trassa.schema.kinds.email import Email
from trassa.schema.kinds.inn import Inn
from trassa.schema.kinds.kind import FieldKind
from trassa.schema.kinds.kpp import Kpp
from trassa.schema.kinds.link import Link
from trassa.schema.kinds.links import Links
from trassa.schema.kinds.long_text import LongText
from trassa.schema.kinds.lookup import Lookup
from trassa.schema.kinds.money import Money
from trassa.schema.kinds.multi_choice import MultiChoice
from trassa.schema.kinds.number import Number
from trassa.schema.kinds.ogrn import Ogrn
from trassa.schema.kinds.percent import Percent
from trassa.schema.kinds.person import Person
from trassa.schema.kinds.phone import Phone
from trassa.schema.kinds.plate import Plate
from trassa.schema.kinds.text import Text
from trassa.schema.kinds.url import Url
from trassa.schema.kinds.vin import Vin

BUILT_IN: tuple[FieldKind, ...] = (
    Text(),
    LongText(),
    Number(),
    Money(),
    Percent(),
    Date(),
    DateTime(),
    Boolean(),
    Choice(),
    MultiChoice(),
    Person(),
    Department(),
    Link(),
    Links(),
    DatedLink(),
    Lookup(),
    Phone(),
    Email(),
    Address(),
    Url(),
    Vin(),
    Plate(),
    Inn(),
    Kpp(),
    Ogrn(),
    AutoNumber(),
)
