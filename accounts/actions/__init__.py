"""What can be done to organizations, departments, members, invitations and tokens: one verb per function.

Each verb writes its row and its audit entry in the caller's transaction, inside the organization's context. It raises
``ValidationError`` for input that cannot be right, ``PermissionDenied`` for what the actor may not do, and
``ConflictError`` for what does not fit the state of things.
"""
