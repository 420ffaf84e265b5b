"""In whose name something is written: a member, an API token, or the product itself."""

from dataclasses import dataclass

from accounts.models import ApiToken, Member


@dataclass(frozen=True)
class Actor:
    member: Member | None = None
    token: ApiToken | None = None

    @property
    def person(self) -> Member | None:
        """Who stands behind it: a token acts for whoever made it."""
        return self.member or (self.token.created_by if self.token else None)

    def __str__(self) -> str:
        if self.member:
            return str(self.member)
        return f"token {self.token}" if self.token else "Ladder"


SYSTEM = Actor()
