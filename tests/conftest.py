"""What holds for every test: how long an example takes says nothing of whether it is right."""

from hypothesis import settings

settings.register_profile("project", deadline=None)
settings.load_profile("project")
