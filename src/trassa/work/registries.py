"""What other rooms tell this one: kinds of things that people are told of, and ways of telling them."""

from trassa.kernel import Registry
from trassa.work.notice_types import Channel, NoticeKind

notice_kinds: Registry[NoticeKind] = Registry(
    "work.notice_kinds",
    description="Kinds of things that people are told of, by the code that notices carry. A room that adds "
    "one tells of it with `tell`.",
)

channels: Registry[Channel] = Registry(
    "work.channels",
    description="Ways to tell people past the screen. They send at least once, under a key that stays.",
)
