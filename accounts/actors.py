"""In whose name something is written: a member, an API token, or the product itself."""

from dataclasses import dataclass

from accounts.models import ApiToken, Member


@dataclass(frozen=True)
class Actor:
    member: Member | None = None
    token: ApiToken | None = None

    def __str__(self) -> str:
        if self.member:
            return str(self.member)
        return f"token {self.token}" if self.token else "Ladder"


SYSTEM = Actor()
