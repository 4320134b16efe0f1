"""The people of the small car business: two sellers, their head, an administrator and a newcomer.

Sellers see and work on their own deals; the head on those of the whole branch, and sees the floor
price of cars; the newcomer has no role. Needs `make_garage` first.
"""

from dataclasses import dataclass

from tests.factories.people import make_department, make_person, make_role
from tests.factories.records import allow, allow_field

from trassa.access.actions import set_grants
from trassa.access.queries import Actor, actor_of
from trassa.access.types import Scope, Verb
from trassa.people.actions import assign_roles, issue_token
from trassa.people.models import Person
from trassa.people.queries import get_person


@dataclass(frozen=True)
class Team:
    """Everybody by what they are."""

    seller: Person
    other_seller: Person
    head: Person
    administrator: Person
    newcomer: Person

    def actor(self, who: str) -> Actor:
        """The rights of one of them."""
        return actor_of(get_person(getattr(self, who).id))

    def token(self, who: str, *scopes: str) -> str:
        """A new token of one of them."""
        person = getattr(self, who)
        return issue_token(person, "test", scopes or ("read", "write"), actor_id=None)


def make_team() -> Team:
    """Create departments, roles with grants, and the people."""
    company = make_department("company")
    branch = make_department("branch", company)
    sales, showroom = make_department("sales", branch), make_department("showroom", branch)
    seller_role, head_role = make_role("seller"), make_role("head")
    own = allow("deal", *Verb, scope=Scope.OWN)
    shared = allow("contact", *Verb) + allow("car", Verb.SEE, Verb.CREATE, Verb.EDIT)
    whole_branch = allow("deal", *Verb, scope=Scope.BRANCH) + allow_field("car", "floor_price")
    set_grants(seller_role, own + shared, actor_id=None)
    set_grants(head_role, whole_branch + shared, actor_id=None)
    team = Team(
        seller=make_person("seller", department=sales),
        other_seller=make_person("seller2", department=showroom),
        head=make_person("head", department=branch),
        administrator=make_person("admin", is_administrator=True),
        newcomer=make_person("newcomer", department=sales),
    )
    assign_roles(team.seller, [seller_role], actor_id=None)
    assign_roles(team.other_seller, [seller_role], actor_id=None)
    assign_roles(team.head, [head_role], actor_id=None)
    return team
